### What the page says: its labels, buttons and states.

## Before the program runs, and when it cannot

page-title = تعيين بيانات الاعتماد · Credential Setter
# The page is late; shown after some seconds.
late = لم تبدأ هذه الصفحة بعد. إذا لم يحدث شيء، فلن تتمكن من البدء: افتحها برابط جديد، وإذا لم يفد ذلك، فأبلغ مسؤول البوابة بأن أحد ملفات الصفحة ربما تم تغييره.
stopped = توقفت هذه الصفحة بسبب خطأ فيها. لن يُرسَل أي شيء بعد الآن. أغلقها وابدأ من جديد من المدخل الخاص بك.
page-build = الصفحة
too-old = لا يمكن لهذا المتصفح تشغيل الصفحة: فهو لا يدعم WebAssembly أو أن WebAssembly معطّل فيه. استخدم إصدارًا حديثًا من Chrome أو Edge أو Firefox أو Safari، أو أداة سطر الأوامر credset.
not-loaded = لا يمكن لهذه الصفحة أن تبدأ: لم يصل جزء منها، أو أنه ليس ما نشرته البوابة. لم يُرسَل أي شيء. افتح الرابط مرة أخرى، وإذا لم يفد ذلك، فأبلغ مسؤول البوابة.
no-script = لا يمكن لهذه الصفحة أن تبدأ: البرامج النصية معطّلة. تختم الصفحة بيانات الاعتماد داخل هذا المتصفح، وهذا يتطلب تشغيل برنامج.

## The form and what is around it

# Explains the gateway's name in the band at the top.
served-by = هذه الصفحة مقدَّمة من هذه البوابة
# Names the panel above the form.
context = ما تقوم بتعيينه
# Above the linked service's name.
set-credential = تعيين بيانات الاعتماد للخدمة المرتبطة
# Label: the data factory.
data-factory = مصنع البيانات
# Label: the gateway.
gateway = البوابة
# Label: the gateway's identity, for comparing.
fingerprint = بصمة البوابة
# Label: the certificate's hash as browsers show it.
certificate = بصمة SHA-256 للشهادة
# Label: who the ticket was issued to.
requested-by = مقدِّم الطلب
# Label: the rest of the ticket's life.
ticket-left = صلاحية الرابط
# Behind “Link valid for”: it is over.
time-over = منتهية
# Behind “Link valid for”.
time-less-than-a-minute = أقل من دقيقة
# Behind “Link valid for”.
time-minutes = { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتان
    [few] { $minutes } دقائق
    [many] { $minutes } دقيقة
   *[other] { $minutes } دقيقة
}
# Label: what is stored already.
stored = المخزَّن
# Behind “Stored”: what is there, who has set it, and when.
stored-version = الإصدار { $version }، بواسطة { $by }، { $at }
# It is known that there is nothing.
nothing-stored = لا شيء بعد
# It is not known whether there is something.
stored-unread = تعذّرت قراءة الإعدادات المخزَّنة. إن وُجدت، فسيحل محلها ما تحفظه.
# Label: the certificate that is trusted whoever signed it.
trusted-certificate = بصمة SHA-256 للشهادة الموثوق بها
# Copies what the form shows.
copy-settings = نسخ الإعدادات دون القيم السرية
# Section: kind and authentication.
data-store = مخزن البيانات
# Section: where to.
destination = الوجهة
# Section: who, and the secrets.
sign-in = تسجيل الدخول
# Section: the rest.
options = الخيارات
# Label: the kind of data store.
kind = النوع
# Label: the authentication type.
auth = المصادقة
# Where nothing is chosen yet.
choose = اختر…
# Behind the label of a field that may stay empty.
optional = اختياري
# Sends.
save = حفظ
# Has the gateway try what is in the form, and stores nothing.
test = اختبار الاتصال
# Stores without that.
save-untested = الحفظ دون اختبار
# Gives up.
cancel = إلغاء
# Closes the window.
close = إغلاق النافذة
# Label: a new link.
new-link = رابط جديد
# Takes the new link.
use-link = استخدام الرابط
# Heads the receipt.
saved-title = تم حفظ بيانات الاعتماد
# Label: the words of the identity key that was there before.
words-before = سابقًا
# Label: the words of the identity key that is there now.
words-now = الآن
# Accepts it.
trust = قارنتُ الكلمات: الوثوق بهذه البوابة من الآن فصاعدًا
# Stops the countdown.
keep-open = إبقاء النافذة مفتوحة
# The countdown after a save.
closes-in = { $seconds ->
    [zero] تُغلَق هذه النافذة الآن.
    [one] تُغلَق هذه النافذة بعد ثانية واحدة.
    [two] تُغلَق هذه النافذة بعد ثانيتين.
    [few] تُغلَق هذه النافذة بعد { $seconds } ثوانٍ.
    [many] تُغلَق هذه النافذة بعد { $seconds } ثانية.
   *[other] تُغلَق هذه النافذة بعد { $seconds } ثانية.
}
# Beside the close button.
saved-close = يمكنك إغلاق هذه النافذة.
# Label: the linked service.
linked-service = الخدمة المرتبطة
# Label: the far end.
target = الهدف
# Label: the account on the data store.
account = الحساب
# Label: how often it has been set.
version = الإصدار
# Label: the key.
key-id = معرّف المفتاح
# Label: who has set it.
saved-by = تم الحفظ بواسطة
# Label: when.
saved-at = وقت الحفظ
# Label: whether it was tested. Heads the report while a test goes on, too: there before the report's other words.
tested = اختبار الاتصال
# Behind “Test of the connection”.
tested-passed = نجح
# Behind “Test of the connection”.
tested-failed = فشل
# Behind “Test of the connection”.
tested-none = لم يُختبر
# Label: the linked service's JSON.
json = JSON الخدمة المرتبطة
# Copies it.
copy = نسخ
# It is on the clipboard.
copied = تم النسخ.
# The browser did not allow it; the text is selected instead.
not-copied = لم يسمح المتصفح بالنسخ. النص محدَّد: اضغط ⁦Ctrl+C⁩ أو ⁦⌘C⁩.
# Heads the screen after Cancel.
cancelled-title = لم يُحفَظ أي شيء
# The screen after Cancel.
cancelled = تم محو ما كتبته. يمكنك إغلاق هذه النافذة؛ وللبدء من جديد، اضغط «تعيين بيانات الاعتماد» في المدخل الخاص بك.
# No kind was chosen.
choose-kind = اختر نوع مخزن البيانات.
# The part of the page that seals is not there yet.
starting = لحظة من فضلك: جزء الصفحة الذي يختم البيانات لا يزال قيد التحميل.
# Save was pressed, the key is not there yet.
step-key = جارٍ جلب مفتاح البوابة…
# The gateway tries the credential.
step-testing = تم الختم. تجرّبه البوابة لدى مخزن البيانات…
# The envelope is on its way.
step-posting = تم الختم. جارٍ إرسال المظروف لتخزّنه البوابة…
# No answer came.
step-posting-again = لا رد بعد. جارٍ إرسال المظروف نفسه مرة أخرى…
# Stops what goes on; the form stays.
stop = إيقاف
# The receipt has arrived.
saved = فتحت البوابة المظروف وخزّنت بيانات الاعتماد. ومحت هذه الصفحة نسختها.
# Above a list of faults.
faults-title = لم يُرسَل أي شيء. تحقق من هذه الحقول:

## About and beside secret fields

# Makes a secret readable.
secret-show = إظهار
# Goes to the browser's own password field.
secret-plain = حقل عادي
# Explains the former.
secret-plain-title = لأساليب الإدخال وبرامج إدارة كلمات المرور
# Describes a captured field to a screen reader.
secret-captured = مخفي: لا يُعلَن إلا عدد الأحرف. إذا كان قارئ الشاشة ينطق المفاتيح، فاضغط «حقل عادي» أولًا.
# Describes a plain one.
secret-in-plain-field = حقل كلمة المرور الخاص بالمتصفح.
# Takes a secret from a file.
secret-choose-file = اختيار ملف…
# A chosen file is not UTF-8.
secret-not-a-text-file = هذا الملف ليس نصًا (UTF-8).
# A chosen file is longer than any envelope.
secret-file-too-long = هذا الملف أطول من أن يكون بيانات اعتماد. اختر ملف المفتاح نفسه.
# A chosen file could not be read.
secret-file-unreadable = تعذّر على المتصفح قراءة هذا الملف. اختره مرة أخرى أو الصق نصه.
# An insertion is longer than what is left of the field's room.
secret-no-room = هذا أطول مما يتسع له الحقل: لم يُؤخذ منه شيء.
# An input method has begun.
secret-composing = أسلوب إدخال قيد الاستخدام: يحتفظ المتصفح بنسخة مما يركّبه. «حقل عادي» مخصص لذلك.
# Something has changed the field behind the page's back.
secret-overwritten = لم يُؤخذ بما ملأه برنامج آخر هنا. لاستخدام برنامج إدارة كلمات المرور، اضغط «حقل عادي».
# A cut, a copy or a drag.
secret-not-copied-out = لا يمكن نسخ قيمة سرية أو قصها من هذا الحقل.
# The other mode could not be had.
secret-not-plain = لم يتغير شيء: الحقل العادي سيغيّر المحتوى الموجود هنا.
# Caps Lock is on.
secret-caps-lock = مفتاح Caps Lock مفعّل.
# A field holds half of a surrogate pair.
secret-not-text = يوجد هنا نصف حرف لا يمكن إرساله كما هو. اكتب النص أو الصقه مرة أخرى.
# Keeps secrets that would be wiped.
secret-keep-secrets = الاحتفاظ بها
# In the place of a secret that is kept.
secret-stored-unchanged = مخزَّنة دون تغيير
# In the place of one that is cleared.
secret-will-be-removed = ستُزال
# Types another one.
secret-replace = استبدال
# Stores none.
secret-clear = إزالة
# Goes back to what is stored.
secret-keep-stored = الاحتفاظ بالمخزَّنة
# The same where that is not possible any more.
secret-type-again = إعادة الكتابة
# Puts the stored values back.
secret-move-back = التراجع عن التغيير
# How long a secret is.
secret-characters = { $count ->
    [zero] لا أحرف
    [one] حرف واحد
    [two] حرفان
    [few] { $count } أحرف
    [many] { $count } حرفًا
   *[other] { $count } حرف
}
# Why stored secrets have to be typed again: labels of fields, as “list-quoted” and “list-last” join them.
secret-moved = { $count ->
    [one] تغيّر الحقل { $fields }. حتى لا تُرسَل قيمة سرية مخزَّنة إلى مكان آخر، اكتبها مرة أخرى.
    [two] تغيّر الحقلان { $fields }. حتى لا تُرسَل قيمة سرية مخزَّنة إلى مكان آخر، اكتبها مرة أخرى.
    [few] تغيّرت الحقول { $fields }. حتى لا تُرسَل قيمة سرية مخزَّنة إلى مكان آخر، اكتبها مرة أخرى.
    [many] تغيّرت الحقول { $fields }. حتى لا تُرسَل قيمة سرية مخزَّنة إلى مكان آخر، اكتبها مرة أخرى.
   *[other] تغيّرت الحقول { $fields }. حتى لا تُرسَل قيمة سرية مخزَّنة إلى مكان آخر، اكتبها مرة أخرى.
}
# Nobody has gone on for a while.
secret-absence-ending = بعد دقيقة ستُمحى القيم السرية التي كتبتها، لأنه لم يحدث أي نشاط هنا منذ مدة. اضغط أي مفتاح للاحتفاظ بها.
# Nobody has gone on for five minutes.
secret-absence-ended = تم محو القيم السرية التي كتبتها، لأنه لم يحدث أي نشاط هنا لمدة خمس دقائق. اكتبها مرة أخرى؛ وكل ما عداها لا يزال هنا.
# The page was left and came back.
secret-absence-left = تم محو القيم السرية التي كتبتها عندما غادرت هذه الصفحة. اكتبها مرة أخرى؛ وكل ما عداها لا يزال هنا.

## Pasting, before what reads it is there

# Label of the place to paste into.
paste-label = لصق سلسلة اتصال
# What can be pasted.
paste-hint = أو أفلِت ملفًا: ADO.NET أو ODBC أو JDBC أو URL أو libpq أو Oracle أو JSON خدمة مرتبطة. تُملأ به الحقول أدناه.
# Something was typed there.
paste-only-pasted = لا يمكن كتابة شيء هنا: الصق باستخدام ⁦Ctrl+V⁩ أو ⁦⌘V⁩.
# The module did not come.
paste-unavailable = لم يُحمَّل الجزء الذي يقرأ هذا. الصق مرة أخرى.
# The module that reads them is at work.
key-reading = جارٍ فحص ملف المفتاح…
# It did not come.
key-unavailable = لم يُفحَص: لم يُحمَّل الجزء الذي يقرأ ملفات المفاتيح. حاول مرة أخرى، أو احفظ الملف كما هو.

## Lists of names in a sentence

# A name in a list.
list-quoted = «{ $name }»
# Between two names.
list-between = {"، "}
# Between the last two.
list-last = {" و"}
