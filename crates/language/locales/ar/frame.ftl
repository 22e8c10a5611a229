### What only the page in a portal's frame says. It stands in that document.

# Nobody has introduced themselves to the frame: it is not in a portal, or not in the one that the ticket is for.
unframed = لا تعمل هذه الصفحة إلا داخل مدخل مسجَّل لدى هذه البوابة. ارجع إلى المدخل الخاص بك وابدأ من هناك من جديد.
# A button of the form was pressed while not all of it was in plain sight.
covered = لم يُرسَل أي شيء، لأن شيئًا ما يغطي هذا النموذج أو لأنه تحرّك للتو. تأكد من أنك تراه كاملًا، ثم اضغط الزر مرة أخرى.
