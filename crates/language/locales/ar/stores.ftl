### What the kinds of data store ask for, and what can be wrong with it.

## Authentication types

auth-access-key = مفتاح الوصول
auth-sql-authentication = مصادقة SQL
auth-account-key = مفتاح الحساب
auth-sas = توقيع الوصول المشترك (SAS)
auth-service-principal = كيان الخدمة
auth-digest = اسم المستخدم وكلمة المرور (Digest)
auth-client-certificate = شهادة العميل
auth-user-name-and-password = اسم المستخدم وكلمة المرور
auth-with-security-token = اسم المستخدم وكلمة المرور ورمز الأمان
auth-private-key = المفتاح الخاص (SSH)
auth-windows-authentication = مصادقة Windows
auth-anonymous = بلا (مجهول)
auth-sql-server-authentication = مصادقة SQL Server

## Labels of fields, and choices

label-host = المضيف
label-server = الخادم
label-port = المنفذ
label-database = قاعدة البيانات
label-check-certificate = التحقق من شهادة الخادم
label-access-key-id = معرّف مفتاح الوصول
label-secret-access-key = مفتاح الوصول السري
label-connection-timeout = مهلة الاتصال بالثواني
label-account-name = اسم الحساب
label-protocol = البروتوكول
label-http-not-encrypted = HTTP، غير مشفّر
label-account-key = مفتاح الحساب
label-hosts = المضيفون
label-store = المخزن
label-tenant = المستأجر
label-application-id = معرّف التطبيق
label-application-key = مفتاح التطبيق
label-subscription-id = معرّف الاشتراك
label-resource-group = مجموعة الموارد
label-share = المشاركة
label-encrypt = تشفير الاتصال (TLS)
label-certificate-thumbprint = بصمة الشهادة
label-certificate-file = ملف الشهادة
label-base-url = عنوان URL الأساسي
label-authentication-database = قاعدة بيانات المصادقة
label-connection-string = سلسلة الاتصال
label-credential = بيانات الاعتماد
label-service-name = اسم الخدمة
label-user-name = اسم المستخدم
label-password = كلمة المرور
label-driver = برنامج التشغيل
label-schema = المخطط
label-environment = البيئة
label-security-token = رمز الأمان
label-system-number = رقم النظام
label-client = العميل
label-private-key = المفتاح الخاص
label-passphrase = عبارة المرور
label-host-key-fingerprint = بصمة مفتاح المضيف
label-skip-host-key-validation = تخطي التحقق من مفتاح المضيف
label-trust-any-server-certificate = الوثوق بأي شهادة خادم

## Hints: an example or an explanation, never a default

hint-db2-server = ⁦db01.corp.example⁩، أو مع منفذ غير المعتاد ⁦db01.corp.example:5001⁩
hint-database = مثال: ⁦sales⁩
hint-without-check-of-certificate = من دون هذا التحقق، يمكن لجهاز آخر أن ينتحل صفة الخادم ويقرأ كلمة المرور.
hint-azure-sql-server = ⁦tcp:sales.database.windows.net,1433⁩. الاتصال مشفّر دائمًا (⁦Encrypt=True⁩).
hint-storage-account = مثال: ⁦salesfiles⁩
hint-without-https = من دون HTTPS، يمكن قراءة الملفات على الشبكة.
hint-sas-uri = العنوان كاملًا مع توقيعه: ⁦https://….blob.core.windows.net/…?sv=…&sig=…⁩
hint-cassandra-hosts = مضيف واحد أو أكثر، تفصل بينها فواصل: ⁦cas01.corp.example,cas02.corp.example⁩
hint-tenant = اسم مجاله أو معرّفه، مثل ⁦corp.onmicrosoft.com⁩
hint-file-share = ⁦\\files01\exports⁩، أو ⁦Local⁩ لجهاز البوابة نفسه
hint-without-it-files-can-be-read = من دون التشفير، يمكن قراءة كلمة المرور والملفات على الشبكة.
hint-kerberos-user = ⁦DOMAIN\user⁩، أو ⁦user@domain.example⁩ مع Kerberos
hint-hadoop-user = المستخدم الذي تظهر به البوابة أمام Hadoop، مثل ⁦hadoop⁩
hint-certificate-thumbprint = 40 رقمًا سداسيًا عشريًا، لشهادة في مخزن الشهادات على جهاز البوابة
hint-certificate-file = أفلت ملف PFX لشهادة غير موجودة في ذلك المخزن أو اختره
hint-authentication-database = قاعدة البيانات التي تعرف المستخدم، إذا لم تكن ⁦admin⁩ ولا القاعدة المذكورة أعلاه
hint-mysql-server = ⁦mysql01.corp.example⁩، أو مع منفذ غير 3306: ⁦mysql01.corp.example:3307⁩
hint-odbc-connection-string = من دون اسم المستخدم وكلمة المرور: ⁦Driver=SQL Server;Server=sql01;Database=Sales⁩، أو ⁦DSN=Sales⁩
hint-odbc-credential = الجزء السري من سلسلة الاتصال، إذا كان برنامج التشغيل يتطلب المزيد: ⁦Uid=…;Pwd=…;RefreshToken=…⁩
hint-listener-port = منفذ وحدة الإصغاء (listener)
hint-service-name = ⁦sales.corp.example⁩. أدخل اسم الخدمة أو SID، وليس كليهما.
hint-sid = ⁦ORCL⁩، لقاعدة بيانات تُعرَف بمعرّف النظام (SID)
hint-user-upper-case = مثال: ⁦ETL_READER⁩
hint-oracle-driver = يجب تثبيت برنامج التشغيل الخاص بشركة Oracle على جهاز البوابة؛ أما الخاص بشركة Microsoft فيقرأ فقط.
hint-postgresql-server = ⁦pg01.corp.example⁩، أو مع منفذ غير 5432: ⁦pg01.corp.example:5433⁩
hint-database-case-differs = مثال: ⁦sales⁩. حالة الأحرف مهمة.
hint-schema-case-differs = مثال: ⁦public⁩. حالة الأحرف مهمة.
hint-salesforce-environment = ⁦https://test.salesforce.com⁩ لبيئة الاختبار (sandbox)، أو المجال الخاص بك
hint-security-token = يرسله Salesforce بالبريد الإلكتروني عند إعادة تعيينه
hint-two-digits = رقمان، مثل 00
hint-three-digits = ثلاثة أرقام، مثل 800
hint-private-key = الصق ملف المفتاح أو أفلته أو اختره: PEM أو DER أو OpenSSH أو PuTTY
hint-ssh-port = منفذ خادم SSH
hint-host-key-fingerprint = ما يطبعه ⁦ssh-keygen -l⁩ لمفتاح الخادم: ⁦SHA256:…⁩ أو ⁦ssh-rsa 2048 aa:bb:…⁩
hint-without-check-of-host-key = يمكن لجهاز آخر أن ينتحل صفة الخادم ويقرأ كلمة المرور.
hint-user-for-example = مثال: ⁦etl_reader⁩
hint-sql-server-login = حساب تسجيل دخول إلى SQL Server، مثل ⁦etl_reader⁩
hint-windows-user-or-service-account = ⁦DOMAIN\user⁩. اترك اسم المستخدم وكلمة المرور فارغين لاستخدام حساب خدمة البوابة.
hint-sql-server = ⁦sql01.corp.example⁩، أو مع منفذ ⁦sql01.corp.example,1433⁩، أو مع مثيل ⁦sql01\SALES⁩
hint-database-capital = مثال: ⁦Sales⁩
hint-without-it-rows-can-be-read = من دون التشفير، يمكن قراءة كلمة المرور والصفوف على الشبكة.
hint-trust-any-certificate = فقط لخادم لا يمكن للبوابة التحقق من شهادته: يمكن لجهاز آخر أن ينتحل صفته.
hint-sink = مطلوب للنسخ إلى المخزن

## Rules

rule-required = املأ هذا الحقل.
rule-too-long = أطول من اللازم: الحد هو { $limit }.
rule-control-character = أزل أحرف التحكم وفواصل الأسطر.
rule-outer-space = أزل المسافة من البداية أو النهاية.
rule-not-a-number = استخدم عددًا صحيحًا، بالأرقام فقط.
rule-out-of-range = استخدم عددًا من 1 إلى 65535.
rule-not-a-host = استخدم اسم مضيف أو عنوان IP.
rule-not-a-host-list = استخدم أسماء مضيفين أو عناوين IP تفصل بينها فواصل، دون مسافات.
rule-not-a-data-source = استخدم ⁦host⁩ أو ⁦host,port⁩ أو ⁦host\instance⁩.
rule-not-a-url = استخدم عنوان ويب يبدأ بـ ⁦https://⁩ أو ⁦http://⁩.
rule-not-an-https-url = استخدم عنوان ويب يبدأ بـ ⁦https://⁩.
rule-credential-in-url = أزل اسم المستخدم وكلمة المرور من العنوان؛ فلهما حقلان خاصان.
rule-not-an-identifier = استخدم الأحرف والأرقام و⁦_ $ # . -⁩ فقط.
rule-not-a-fingerprint = استخدم بصمة مفتاح المضيف: ⁦SHA256:…⁩ أو ⁦aa:bb:cc:…⁩ من 16 زوجًا.
rule-not-a-thumbprint = استخدم بصمة الشهادة: 40 رقمًا سداسيًا عشريًا دون مسافات.
rule-not-a-sha256 = استخدم SHA-256 للشهادة: 64 رقمًا سداسيًا عشريًا بأحرف صغيرة.
rule-not-a-file-share = استخدم ⁦\\server\share⁩ دون شرطة مائلة عكسية في النهاية، أو ⁦Local⁩.
rule-not-a-connection-string = استخدم أزواج ⁦keyword=value⁩ تفصل بينها فواصل منقوطة.
rule-credential-in-connection-string = أزل اسم المستخدم وكلمة المرور والرموز المميزة من هنا؛ فلها حقول خاصة.
rule-not-a-storage-account = استخدم من 3 إلى 24 من الأحرف اللاتينية الصغيرة والأرقام.
rule-not-a-guid = استخدم 32 رقمًا سداسيًا عشريًا في مجموعات من 8 و4 و4 و4 و12 تفصل بينها واصلات.
rule-not-two-digits = استخدم رقمين بالضبط.
rule-not-three-digits = استخدم ثلاثة أرقام بالضبط.
rule-not-a-choice = اختر إحدى القيم المتاحة.
rule-not-a-switch = اختر نعم أو لا.
rule-unknown-field = لا يوجد حقل كهذا هنا.
rule-must-be-secret = هذه قيمة سرية ويجب إرسالها على هذا الأساس.
rule-must-not-be-secret = هذه ليست قيمة سرية ولا يمكن إرسالها على هذا الأساس.
rule-exactly-one = املأ حقلًا واحدًا فقط من هذه: { $fields }.
rule-together = أدخل هذه معًا أو اتركها كلها: { $fields }.
rule-unknown-kind = لا يوجد نوع كهذا من مخازن البيانات.
rule-unknown-auth-type = لا يدعم هذا النوع من مخازن البيانات نوع المصادقة هذا.
