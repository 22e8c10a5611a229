### What the page says: its labels, buttons and states.

## Before the program runs, and when it cannot

page-title = Anmeldedaten festlegen · Credential Setter
# The page is late; shown after some seconds.
late = Diese Seite ist noch nicht gestartet. Wenn nichts geschieht, kann sie nicht starten: Öffnen Sie sie mit einem neuen Link. Hilft das nicht, teilen Sie der Gateway-Administration mit, dass eine Datei der Seite verändert worden sein könnte.
stopped = Diese Seite wurde wegen eines internen Fehlers angehalten. Es wird nichts mehr gesendet. Schließen Sie sie, und beginnen Sie in Ihrem Portal von vorn.
page-build = Seite
too-old = Dieser Browser kann die Seite nicht starten: WebAssembly fehlt oder ist ausgeschaltet. Verwenden Sie ein aktuelles Chrome, Edge, Firefox oder Safari oder das Befehlszeilenprogramm credset.
not-loaded = Diese Seite kann nicht starten: Ein Teil von ihr ist nicht angekommen oder ist nicht das, was das Gateway veröffentlicht hat. Es wurde nichts gesendet. Öffnen Sie Ihren Link noch einmal. Hilft das nicht, informieren Sie die Gateway-Administration.
no-script = Diese Seite kann nicht starten: Skripte sind ausgeschaltet. Sie versiegelt Ihre Anmeldedaten in diesem Browser, und dafür braucht sie ein Programm.

## The form and what is around it

# Explains the gateway's name in the band at the top.
served-by = Diese Seite kommt von diesem Gateway
# Names the panel above the form.
context = Was Sie festlegen
# Above the linked service's name.
set-credential = Anmeldedaten festlegen für
# Label: the data factory.
data-factory = Data Factory
# Label: the gateway.
gateway = Gateway
# Label: the gateway's identity, for comparing.
fingerprint = Fingerabdruck des Gateways
# Label: the certificate's hash as browsers show it.
certificate = SHA-256 des Zertifikats
# Label: who the ticket was issued to.
requested-by = Angefordert von
# Label: the rest of the ticket's life.
ticket-left = Gültigkeit des Links
# Behind “Link valid for”: it is over.
time-over = abgelaufen
# Behind “Link valid for”.
time-less-than-a-minute = weniger als eine Minute
# Behind “Link valid for”.
time-minutes = { $minutes ->
    [one] { $minutes } Minute
   *[other] { $minutes } Minuten
}
# Label: what is stored already.
stored = Gespeichert
# Behind “Stored”: what is there, who has set it, and when.
stored-version = Version { $version }, von { $by }, { $at }
# It is known that there is nothing.
nothing-stored = noch nichts
# It is not known whether there is something.
stored-unread = Die gespeicherten Einstellungen konnten nicht gelesen werden. Falls es welche gibt, werden sie durch das ersetzt, was Sie speichern.
# Label: the certificate that is trusted whoever signed it.
trusted-certificate = SHA-256 des vertrauten Zertifikats
# Copies what the form shows.
copy-settings = Einstellungen ohne Geheimnisse kopieren
# Section: kind and authentication.
data-store = Datenspeicher
# Section: where to.
destination = Ziel
# Section: who, and the secrets.
sign-in = Anmeldung
# Section: the rest.
options = Optionen
# Label: the kind of data store.
kind = Typ
# Label: the authentication type.
auth = Authentifizierung
# Where nothing is chosen yet.
choose = Auswählen…
# Behind the label of a field that may stay empty.
optional = optional
# Sends.
save = Speichern
# Has the gateway try what is in the form, and stores nothing.
test = Verbindung testen
# Stores without that.
save-untested = Ohne Test speichern
# Gives up.
cancel = Abbrechen
# Closes the window.
close = Fenster schließen
# Label: a new link.
new-link = Neuer Link
# Takes the new link.
use-link = Link verwenden
# Heads the receipt.
saved-title = Anmeldedaten gespeichert
# Label: the words of the identity key that was there before.
words-before = Bisher
# Label: the words of the identity key that is there now.
words-now = Jetzt
# Accepts it.
trust = Ich habe die Wörter verglichen: diesem Gateway ab jetzt vertrauen
# Stops the countdown.
keep-open = Geöffnet lassen
# The countdown after a save.
closes-in = { $seconds ->
    [one] Dieses Fenster schließt sich in { $seconds } Sekunde.
   *[other] Dieses Fenster schließt sich in { $seconds } Sekunden.
}
# Beside the close button.
saved-close = Sie können dieses Fenster schließen.
# Label: the linked service.
linked-service = Verknüpfter Dienst
# Label: the far end.
target = Ziel
# Label: the account on the data store.
account = Konto
# Label: how often it has been set.
version = Version
# Label: the key.
key-id = Schlüssel-ID
# Label: who has set it.
saved-by = Gespeichert von
# Label: when.
saved-at = Gespeichert am
# Label: whether it was tested. Heads the report while a test goes on, too: there before the report's other words.
tested = Test der Verbindung
# Behind “Test of the connection”.
tested-passed = erfolgreich
# Behind “Test of the connection”.
tested-failed = fehlgeschlagen
# Behind “Test of the connection”.
tested-none = nicht getestet
# Label: the linked service's JSON.
json = JSON des verknüpften Diensts
# Copies it.
copy = Kopieren
# It is on the clipboard.
copied = Kopiert.
# The browser did not allow it; the text is selected instead.
not-copied = Der Browser hat das Kopieren nicht zugelassen. Der Text ist markiert: Drücken Sie Ctrl+C oder ⌘C.
# Heads the screen after Cancel.
cancelled-title = Es wurde nichts gespeichert
# The screen after Cancel.
cancelled = Ihre Eingaben wurden gelöscht. Sie können dieses Fenster schließen. Um neu zu beginnen, wählen Sie in Ihrem Portal „Anmeldedaten festlegen“.
# No kind was chosen.
choose-kind = Wählen Sie den Typ des Datenspeichers aus.
# The part of the page that seals is not there yet.
starting = Einen Moment: Der Teil dieser Seite, der versiegelt, wird noch geladen.
# Save was pressed, the key is not there yet.
step-key = Schlüssel des Gateways wird abgerufen…
# The gateway tries the credential.
step-testing = Versiegelt. Das Gateway probiert es am Datenspeicher aus…
# The envelope is on its way.
step-posting = Versiegelt. Umschlag wird gesendet, damit das Gateway ihn speichert…
# No answer came.
step-posting-again = Noch keine Antwort. Derselbe Umschlag wird noch einmal gesendet…
# Stops what goes on; the form stays.
stop = Anhalten
# The receipt has arrived.
saved = Das Gateway hat den Umschlag geöffnet und die Anmeldedaten gespeichert. Diese Seite hat ihre Kopie gelöscht.
# Above a list of faults.
faults-title = Es wurde nichts gesendet. Prüfen Sie diese Felder:

## About and beside secret fields

# Makes a secret readable.
secret-show = Anzeigen
# Goes to the browser's own password field.
secret-plain = Normales Feld
# Explains the former.
secret-plain-title = Für Eingabemethoden und Kennwort-Manager
# Describes a captured field to a screen reader.
secret-captured = Verborgen: Nur die Anzahl der Zeichen wird angesagt. Wenn Ihr Screenreader die Tasten vorliest, wählen Sie zuerst „Normales Feld“.
# Describes a plain one.
secret-in-plain-field = Das Kennwortfeld Ihres Browsers.
# Takes a secret from a file.
secret-choose-file = Datei auswählen…
# A chosen file is not UTF-8.
secret-not-a-text-file = Diese Datei ist kein Text (UTF-8).
# A chosen file is longer than any envelope.
secret-file-too-long = Diese Datei ist zu lang für Anmeldedaten. Wählen Sie die Schlüsseldatei selbst aus.
# A chosen file could not be read.
secret-file-unreadable = Der Browser konnte diese Datei nicht lesen. Wählen Sie sie noch einmal aus, oder fügen Sie ihren Text ein.
# An insertion is longer than what is left of the field's room.
secret-no-room = Das ist zu lang: Nichts davon wurde übernommen.
# An input method has begun.
secret-composing = Eine Eingabemethode ist aktiv: Der Browser behält eine Kopie dessen, was sie zusammensetzt. Dafür ist „Normales Feld“ gedacht.
# Something has changed the field behind the page's back.
secret-overwritten = Was ein anderes Programm hier eingetragen hat, wurde nicht übernommen. Wählen Sie für einen Kennwort-Manager „Normales Feld“.
# A cut, a copy or a drag.
secret-not-copied-out = Ein Geheimnis kann aus diesem Feld weder kopiert noch ausgeschnitten werden.
# The other mode could not be had.
secret-not-plain = Nicht umgeschaltet: Ein normales Feld würde den Inhalt verändern.
# Caps Lock is on.
secret-caps-lock = Die Feststelltaste ist aktiv.
# A field holds half of a surrogate pair.
secret-not-text = Darin steht ein halbes Zeichen, das so nicht gesendet werden kann. Geben Sie den Text noch einmal ein, oder fügen Sie ihn noch einmal ein.
# Keeps secrets that would be wiped.
secret-keep-secrets = Behalten
# In the place of a secret that is kept.
secret-stored-unchanged = Gespeichert, unverändert
# In the place of one that is cleared.
secret-will-be-removed = Wird entfernt
# Types another one.
secret-replace = Ersetzen
# Stores none.
secret-clear = Entfernen
# Goes back to what is stored.
secret-keep-stored = Gespeichertes behalten
# The same where that is not possible any more.
secret-type-again = Neu eingeben
# Puts the stored values back.
secret-move-back = Änderung zurücknehmen
# How long a secret is.
secret-characters = { $count ->
    [one] { $count } Zeichen
   *[other] { $count } Zeichen
}
# Why stored secrets have to be typed again: labels of fields, as “list-quoted” and “list-last” join them.
secret-moved = { $count ->
    [one] { $fields } wurde geändert. Damit ein gespeichertes Geheimnis nicht an eine andere Stelle gesendet werden kann, geben Sie es neu ein.
   *[other] { $fields } wurden geändert. Damit ein gespeichertes Geheimnis nicht an eine andere Stelle gesendet werden kann, geben Sie es neu ein.
}
# Nobody has gone on for a while.
secret-absence-ending = Die eingegebenen Geheimnisse werden in einer Minute gelöscht, weil hier seit einiger Zeit nichts geschehen ist. Drücken Sie eine beliebige Taste, um sie zu behalten.
# Nobody has gone on for five minutes.
secret-absence-ended = Die eingegebenen Geheimnisse wurden gelöscht, weil hier fünf Minuten lang nichts geschehen ist. Geben Sie sie neu ein; alles andere ist noch da.
# The page was left and came back.
secret-absence-left = Die eingegebenen Geheimnisse wurden gelöscht, als Sie diese Seite verlassen haben. Geben Sie sie neu ein; alles andere ist noch da.

## Pasting, before what reads it is there

# Label of the place to paste into.
paste-label = Verbindungszeichenfolge einfügen
# What can be pasted.
paste-hint = Oder eine Datei hierher ziehen: ADO.NET, ODBC, JDBC, URL, libpq, Oracle oder JSON eines verknüpften Diensts. Damit werden die Felder unten ausgefüllt.
# Something was typed there.
paste-only-pasted = Hier kann nichts eingegeben werden: Fügen Sie mit Ctrl+V oder ⌘V ein.
# The module did not come.
paste-unavailable = Der Teil, der dies liest, wurde nicht geladen. Fügen Sie noch einmal ein.
# The module that reads them is at work.
key-reading = Schlüsseldatei wird geprüft…
# It did not come.
key-unavailable = Nicht geprüft: Der Teil, der Schlüsseldateien liest, wurde nicht geladen. Versuchen Sie es noch einmal, oder speichern Sie die Datei so, wie sie ist.

## Lists of names in a sentence

# A name in a list.
list-quoted = „{ $name }“
# Between two names.
list-between = {", "}
# Between the last two.
list-last = {" und "}
