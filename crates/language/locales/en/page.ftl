### What the page says: its labels, buttons and states.

## Before the program runs, and when it cannot

page-title = Set credential · Credential Setter
# The page is late; shown after some seconds.
late = This page has not started yet. If nothing happens, it cannot start: reload it with a new link, and if that does not help, tell the gateway's administrator that a file of the page may have been changed.
stopped = This page has stopped because of an error in it. Nothing more is sent. Close it and start again from your portal.
# Before the hash of the page.
page-build = Page
too-old = This browser cannot start the page: it has no WebAssembly, or it is switched off. Use a current Chrome, Edge, Firefox or Safari, or the command-line tool credset.
not-loaded = This page cannot start: a part of it did not arrive, or is not what the gateway published. Nothing was sent. Open your link again, and if that does not help, tell the gateway's administrator.
no-script = This page cannot start: scripts are switched off. It seals your credential in this browser, which takes a program.

## The form and what is around it

# Explains the gateway's name in the band at the top.
served-by = This page comes from this gateway
# Names the panel above the form.
context = What you are setting
# Above the linked service's name.
set-credential = Set credential for
# Label: the data factory.
data-factory = Data factory
# Label: the gateway.
gateway = Gateway
# Label: the gateway's identity, for comparing.
fingerprint = Gateway fingerprint
# Label: the certificate's hash as browsers show it.
certificate = Certificate SHA-256
# Label: who the ticket was issued to.
requested-by = Requested by
# Label: the rest of the ticket's life.
ticket-left = Link valid for
# Behind “Link valid for”: it is over.
time-over = expired
# Behind “Link valid for”.
time-less-than-a-minute = less than a minute
# Behind “Link valid for”.
time-minutes = { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}
# Label: what is stored already.
stored = Stored
# Behind “Stored”: what is there, who has set it, and when.
stored-version = version { $version }, by { $by }, { $at }
# It is known that there is nothing.
nothing-stored = nothing yet
# It is not known whether there is something.
stored-unread = The stored settings could not be read. If there are any, what you save replaces them.
# Label: the certificate that is trusted whoever signed it.
trusted-certificate = Trusted certificate SHA-256
# Copies what the form shows.
copy-settings = Copy settings without secrets
# Section: kind and authentication.
data-store = Data store
# Section: where to.
destination = Destination
# Section: who, and the secrets.
sign-in = Sign-in
# Section: the rest.
options = Options
# Label: the kind of data store.
kind = Kind
# Label: the authentication type.
auth = Authentication
# Where nothing is chosen yet.
choose = Choose…
# Behind the label of a field that may stay empty.
optional = optional
# Sends.
save = Save
# Has the gateway try what is in the form, and stores nothing.
test = Test connection
# Stores without that.
save-untested = Save without testing
# Gives up.
cancel = Cancel
# Closes the window.
close = Close window
# Label: a new link.
new-link = New link
# Takes the new link.
use-link = Use link
# Heads the receipt.
saved-title = Credential saved
# Label: the words of the identity key that was there before.
words-before = Before
# Label: the words of the identity key that is there now.
words-now = Now
# Accepts it.
trust = I have compared the words: trust this gateway from now on
# Stops the countdown.
keep-open = Keep open
# The countdown after a save.
closes-in = { $seconds ->
    [one] This window closes in { $seconds } second.
   *[other] This window closes in { $seconds } seconds.
}
# Beside the close button.
saved-close = You can close this window.
# Label: the linked service.
linked-service = Linked service
# Label: the far end.
target = Target
# Label: the account on the data store.
account = Account
# Label: how often it has been set.
version = Version
# Label: the key.
key-id = Key id
# Label: who has set it.
saved-by = Saved by
# Label: when.
saved-at = Saved at
# Label: whether it was tested. Heads the report while a test goes on, too: there before the report's other words.
tested = Test of the connection
# Behind “Test of the connection”.
tested-passed = passed
# Behind “Test of the connection”.
tested-failed = failed
# Behind “Test of the connection”.
tested-none = not tested
# Label: the linked service's JSON.
json = Linked service JSON
# Copies it.
copy = Copy
# It is on the clipboard.
copied = Copied.
# The browser did not allow it; the text is selected instead.
not-copied = The browser did not allow copying. The text is selected: press Ctrl+C or ⌘C.
# Heads the screen after Cancel.
cancelled-title = Nothing was saved
# The screen after Cancel.
cancelled = What you typed has been wiped. You can close this window; to begin again, press “Set credential” in your portal.
# No kind was chosen.
choose-kind = Choose the kind of data store.
# The part of the page that seals is not there yet.
starting = One moment: the part of this page that seals is still loading.
# Save was pressed, the key is not there yet.
step-key = Fetching the gateway's key…
# The gateway tries the credential.
step-testing = Sealed. The gateway is trying it at the data store…
# The envelope is on its way.
step-posting = Sealed. Sending the envelope for the gateway to store…
# No answer came.
step-posting-again = No answer yet. Sending the same envelope again…
# Stops what goes on; the form stays.
stop = Stop
# The receipt has arrived.
saved = The gateway has opened the envelope and stored the credential. This page has wiped its copy.
# Above a list of faults.
faults-title = Nothing was sent. Check these fields:

## About and beside secret fields

# Makes a secret readable.
secret-show = Show
# Goes to the browser's own password field.
secret-plain = Plain field
# Explains the former.
secret-plain-title = For input methods and password managers
# Describes a captured field to a screen reader.
secret-captured = Hidden: only the number of characters is announced. If your screen reader speaks the keys, press “Plain field” first.
# Describes a plain one.
secret-in-plain-field = Your browser's own password field.
# Takes a secret from a file.
secret-choose-file = Choose a file…
# A chosen file is not UTF-8.
secret-not-a-text-file = This file is not text (UTF-8).
# A chosen file is longer than any envelope.
secret-file-too-long = This file is too long for a credential. Choose the key file itself.
# A chosen file could not be read.
secret-file-unreadable = The browser could not read this file. Choose it again or paste its text.
# An insertion is longer than what is left of the field's room.
secret-no-room = This is too long: nothing of it was taken.
# An input method has begun.
secret-composing = An input method is in use: the browser keeps a copy of what it composes. “Plain field” is made for it.
# Something has changed the field behind the page's back.
secret-overwritten = What another program filled in here was not taken. For a password manager press “Plain field”.
# A cut, a copy or a drag.
secret-not-copied-out = A secret cannot be copied or cut out of this field.
# The other mode could not be had.
secret-not-plain = Not changed: a plain field would alter what is in here.
# Caps Lock is on.
secret-caps-lock = Caps Lock is on.
# A field holds half of a surrogate pair.
secret-not-text = This contains half of a character, which cannot be sent as it is. Type or paste it again.
# Keeps secrets that would be wiped.
secret-keep-secrets = Keep them
# In the place of a secret that is kept.
secret-stored-unchanged = Stored, unchanged
# In the place of one that is cleared.
secret-will-be-removed = Will be removed
# Types another one.
secret-replace = Replace
# Stores none.
secret-clear = Clear
# Goes back to what is stored.
secret-keep-stored = Keep the stored one
# The same where that is not possible any more.
secret-type-again = Type it again
# Puts the stored values back.
secret-move-back = Change it back
# How long a secret is.
secret-characters = { $count ->
    [one] { $count } character
   *[other] { $count } characters
}
# Why stored secrets have to be typed again: labels of fields, as “list-quoted” and “list-last” join them.
secret-moved = { $count ->
    [one] { $fields } has changed. So that a stored secret cannot be sent elsewhere, type it again.
   *[other] { $fields } have changed. So that a stored secret cannot be sent elsewhere, type it again.
}
# Nobody has gone on for a while.
secret-absence-ending = The secrets that you typed will be wiped in a minute, because nothing has been done here for a while. Press any key to keep them.
# Nobody has gone on for five minutes.
secret-absence-ended = The secrets that you typed were wiped, because nothing was done here for five minutes. Type them again; everything else is still here.
# The page was left and came back.
secret-absence-left = The secrets that you typed were wiped when you left this page. Type them again; everything else is still here.

## Pasting, before what reads it is there

# Label of the place to paste into.
paste-label = Paste a connection string
# What can be pasted.
paste-hint = Or drop a file: ADO.NET, ODBC, JDBC, URL, libpq, Oracle, or a linked service's JSON. It fills the fields below.
# Something was typed there.
paste-only-pasted = Nothing can be typed here: paste with Ctrl+V or ⌘V.
# The module did not come.
paste-unavailable = What reads this did not load. Paste again.
# The module that reads them is at work.
key-reading = Looking at the key file…
# It did not come.
key-unavailable = Not looked at: what reads key files did not load. Try again, or save it as it is.

## Lists of names in a sentence

# A name in a list.
list-quoted = “{ $name }”
# Between two names.
list-between = {", "}
# Between the last two.
list-last = {" and "}
