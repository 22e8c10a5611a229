### What is said of what was pasted or dropped. Served to whoever pastes something, with the module that reads it.

## Pasting a connection string

# Before the names of fields that were filled.
paste-filled = تم ملء
# Before the names of secrets that were filled.
paste-sealed = سيتم ختم
# Before the keywords without a field.
paste-ignored = لم يُستخدم
# Before the form of the text.
paste-recognised = تم التعرّف على

## Names of forms

form-ado-net = سلسلة اتصال ADO.NET
form-azure-storage = سلسلة اتصال Azure Storage
form-odbc = سلسلة اتصال ODBC
form-libpq = سلسلة اتصال libpq
form-uri = عنوان URL
form-jdbc = عنوان JDBC URL
form-easy-connect = سلسلة Oracle Easy Connect
form-descriptor = واصف اتصال Oracle
form-linked-service = JSON خدمة مرتبطة

## Why a text was not recognised

unrecognised = هذه ليست سلسلة اتصال يمكن قراءتها هنا.
malformed = تتعذّر قراءة هذا النص بصيغة «{ $form }». الخطأ في الجزء الذي يبدأ عند الموضع { $position }: { $why }.
other-kind = هذا النص مخصص لـ { $found }؛ وهذه الخدمة المرتبطة من نوع { $wanted }.
no-such-kind = هذا النص مخصص لنوع من مخازن البيانات غير متاح هنا.
nothing-fits = لا شيء في هذا النص يطابق حقلًا من حقول { $kind }.

## What is wrong with the part: the end of “malformed”

flaw-no-equals-sign = علامة المساواة مفقودة
flaw-no-keyword = الكلمة الأساسية مفقودة
flaw-open-brace = قوس متعرّج غير مغلق
flaw-open-quote = علامة اقتباس غير مغلقة
flaw-after-quote = يوجد شيء بعد علامة الاقتباس الختامية
flaw-control-character = يوجد حرف تحكم خارج علامات الاقتباس
flaw-after-document = يوجد شيء بعد نهاية المستند
flaw-too-deep = مستويات التداخل كثيرة جدًا
flaw-no-colon = النقطتان الرأسيتان مفقودتان
flaw-no-value = القيمة مفقودة
flaw-no-comma = الفاصلة مفقودة
flaw-no-string = السلسلة النصية مفقودة
flaw-not-an-escape = ليس تسلسل إفلات صحيحًا
flaw-control-character-in-string = يوجد حرف تحكم داخل سلسلة نصية
flaw-not-a-word = الكلمة الأساسية ليست كلمة
flaw-neither-tcp-nor-tcps = ليس tcp ولا tcps
flaw-not-a-host = ليس اسم مضيف ولا عنوانًا
flaw-tns-name = اسم من tnsnames.ora؛ الصق ما يشير إليه الاسم
flaw-nothing-to-close = لا يوجد ما يُغلَق هنا
flaw-not-in-brackets = ليس بين قوسين
flaw-open-bracket = قوس غير مغلق
flaw-percent-sign = علامة النسبة المئوية المقصودة لذاتها تُكتب ⁦%25⁩
flaw-not-utf8 = ما تم ترميزه بعلامة النسبة المئوية ليس UTF-8
flaw-inner-string = تتعذّر قراءة سلسلة الاتصال الموجودة فيه
flaw-not-a-port-or-password = المنفذ ليس رقمًا؛ وفي كلمة المرور تُكتب ⁦/ ? #⁩ و⁦@⁩ هكذا: ⁦%2F %3F %23⁩ و⁦%40⁩
flaw-not-a-port = المنفذ ليس رقمًا
flaw-not-encoded = هنا تُكتب ⁦/ ? #⁩ و⁦@⁩ هكذا: ⁦%2F %3F %23⁩ و⁦%40⁩
flaw-no-slashes = لا يبدأ بشرطتين مائلتين

## What the fields do not say as the text does

warning-tls = لا يوجد حقل لأحد إعدادات TLS في هذا النص. تحقق من أن الاتصال محمي كما تريد.
warning-stricter-tls = يطلب النص تحققًا من الخادم أكثر صرامة مما يتيحه النموذج. TLS مفعّل.
warning-several-hosts = لا يُستخدم من بين عدة مضيفين إلا الأول.
warning-seed-list = يُبحث عن عنوان mongodb+srv في DNS. أدخل اسم خادم واحد ومنفذه.
warning-tns-name = مصدر البيانات اسم من ملف tnsnames.ora. أدخل المضيف والمنفذ واسم الخدمة.
warning-empty-secret = توجد في هذا النص قيمة سرية فارغة.
warning-mask = توجد في هذا النص قيمة سرية مخفية خلف علامات نجمية. اكتبها.
warning-placeholder = توجد في هذا النص قيمة سرية هي مجرد عنصر نائب. اكتبها.
warning-encrypted-credential = يحتوي النص على بيانات اعتماد مشفّرة لا يمكن استخدامها مرة أخرى. اكتب القيمة السرية.
warning-windows-authentication = يطلب النص مصادقة Windows، وهي غير متاحة لهذا النوع.
warning-secret-in-url = يبدو أن استعلام العنوان يحتوي على قيمة سرية، وهي مقروءة هناك.

## Key files

# Beside the passphrase, at Save.
key-needed = يحتاج إليها ملف المفتاح.
# $algorithm is “RSA 3072, ” or nothing, $format “PKCS#8, SHA256:…; AES-256-CBC, …”.
key-open = ⁦{ $algorithm }{ $format }⁩؛ غير مشفّر، فلا يحتاج إلى عبارة مرور.
key-open-certificate = ⁦{ $algorithm }{ $format }⁩؛ { $subject }، حتى { $day }، البصمة { $thumbprint }؛ غير مشفّر، فلا يحتاج إلى عبارة مرور.
key-sealed = ⁦{ $algorithm }{ $format }⁩؛ مشفّر، وتلزم عبارة المرور الخاصة به.
key-opened = ⁦{ $algorithm }{ $format }⁩؛ مشفّر، وعبارة المرور تفتحه.
key-opened-certificate = ⁦{ $algorithm }{ $format }⁩؛ { $subject }، حتى { $day }، البصمة { $thumbprint }؛ مشفّر، وعبارة المرور تفتحه.
key-wrong-passphrase = عبارة المرور هذه لا تفتح ملف المفتاح.
key-untried-unsupported = تعذّرت تجربة عبارة المرور: لا يمكن هنا فتح { $name }. اضغط «حفظ» مرة أخرى للحفظ دون تجربتها.
key-untried-work = تعذّرت تجربة عبارة المرور: يتطلب الملف قدرًا كبيرًا جدًا من الحساب للتحقق منها. اضغط «حفظ» مرة أخرى للحفظ دون تجربتها.
key-damaged-inside = عبارة المرور صحيحة، لكن تتعذّر قراءة ما تفتحه.
key-no-key = لا يحتوي ملف PKCS#12 هذا إلا على شهادات، وليس فيه مفتاح خاص.
key-security-key = هذا مجرد مرجع إلى مفتاح أمان: المفتاح الخاص نفسه يبقى داخل الجهاز.
# The end of the messages below: $wanted.
key-wanted-private-key = يلزم هنا مفتاح خاص.
key-wanted-certificate = يلزم هنا ملف PKCS#12 (PFX أو P12).
key-is-pfx = هذا ملف PKCS#12. { $wanted }
key-is-private-key = هذا مفتاح خاص ({ $container }). { $wanted }
key-is-empty = لا يوجد أي محتوى. { $wanted }
key-is-too-long = عدد البايتات { $bytes }، وهو أكبر مما يحتويه ملف مفتاح. { $wanted }
key-is-text = هذا النص ليس مفتاحًا. { $wanted }
key-is-binary = هذه البايتات ليست مفتاحًا. { $wanted }
key-is-public-key = هذا مفتاح عام. { $wanted }
key-is-open-ssh-public-key = هذا مفتاح OpenSSH عام. { $wanted }
key-is-ssh2-public-key = هذا مفتاح عام بتنسيق SSH2، كما يحفظه PuTTYgen. { $wanted }
key-is-ssh2-private-key = هذا مفتاح خاص بتنسيق SSH.COM. { $wanted }
key-is-open-ssh-certificate = هذه شهادة OpenSSH. { $wanted }
key-is-known-hosts = هذا سطر من known_hosts. { $wanted }
key-is-fingerprint = هذه بصمة. { $wanted }
key-is-old-ppk = هذا مفتاح PuTTY من الإصدار 1. { $wanted }
key-is-ssh1-private-key = هذا مفتاح خاص من الإصدار 1 من SSH. { $wanted }
key-is-certificate = هذه شهادة. { $wanted }
key-is-certificate-request = هذا طلب شهادة. { $wanted }
key-is-revocation-list = هذه قائمة إبطال شهادات. { $wanted }
key-is-pkcs7 = هذا ملف PKCS#7 يحتوي على شهادات. { $wanted }
key-is-parameters = هذا ملف معلمات مفتاح. { $wanted }
key-is-pgp = هذا ملف PGP. { $wanted }
key-is-java-keystore = هذا مخزن مفاتيح Java. { $wanted }
key-is-jwk = هذا مفتاح بتنسيق JSON. { $wanted }
key-is-xml-key = هذا مفتاح بتنسيق XML. { $wanted }
key-is-path = هذا اسم ملف. { $wanted }
key-is-other-pem = هذا ملف PEM من نوع آخر. { $wanted }
key-is-other-der = هذا ملف DER من نوع آخر. { $wanted }
key-damaged = تتعذّر قراءة هذا الملف ({ $container }): { $flaw }. { $wanted }
key-damaged-base64 = تتعذّر قراءة هذا الملف ({ $container }): الحرف { $position } من نص base64 فيه ليس في موضعه. { $wanted }
key-damaged-field = تتعذّر قراءة هذا الملف ({ $container }): الحقل { $field } مفقود أو غير صحيح. { $wanted }
# The end of “key-damaged”: $flaw.
key-flaw-no-beginning = سطره الأول مفقود
key-flaw-no-end = نهايته مفقودة
key-flaw-several-keys = يحتوي على أكثر من مفتاح خاص واحد
key-flaw-structure = محتواه ليس محتوى ملف من هذا النوع
key-flaw-checksum = المجموع الاختباري غير مطابق
