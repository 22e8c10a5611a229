### What is said of a test of the credential. Served to whoever tests one.

## The report

# Heads the report of a test that passed.
test-passed = نجح اختبار الاتصال
# The form was edited since.
test-outdated = غيّرت النموذج بعد ذلك: هذه النتيجة تخص ما كان فيه من قبل.
# A stage and how it ended.
test-stage = { $stage }: { $result }
# How long a stage took.
test-milliseconds = { $count } مللي ثانية

## The stages

stage-policy = السماح بالوجهة
stage-resolve = البحث عن الاسم
stage-connect = الاتصال
stage-tls = التشفير
stage-authenticate = تسجيل الدخول
stage-authorise = الإذن
stage-query = الاستعلام

## How a stage ended

result-passed = نجح
result-failed = فشل
result-skipped = تم التخطي

## What the data store said and showed

# Label: the data store's own code.
store-code = رمز من مخزن البيانات
# Label: the data store's own words.
store-said = كلام مخزن البيانات
# Label: whom the certificate names.
certificate-subject = الشهادة صادرة إلى
# Label: who signed it.
certificate-issuer = صادرة عن
# Label: when it ends.
certificate-until = صالحة حتى
# Trusts it from now on.
trust-certificate = الوثوق بهذه الشهادة
# When to do that.
trust-certificate-hint = فقط إذا أخبرك مسؤول مخزن البيانات ببصمة SHA-256 نفسها. يقتصر الوثوق بها على هذه الخدمة المرتبطة دون غيرها.

## What went wrong before the first stage

trouble-tests-off = البوابة لا تُجري اختبارات
    .advice = لم يُختبر أو يُخزَّن أي شيء. أعد تحميل الصفحة برابط جديد.
