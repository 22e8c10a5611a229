### What is said of what was pasted or dropped. Served to whoever pastes something, with the module that reads it.

## Pasting a connection string

# Before the names of fields that were filled.
paste-filled = Ausgefüllt
# Before the names of secrets that were filled.
paste-sealed = Wird versiegelt
# Before the keywords without a field.
paste-ignored = Nicht verwendet
# Before the form of the text.
paste-recognised = Erkannt

## Names of forms

form-ado-net = ADO.NET-Verbindungszeichenfolge
form-azure-storage = Azure Storage-Verbindungszeichenfolge
form-odbc = ODBC-Verbindungszeichenfolge
form-libpq = libpq-Verbindungszeichenfolge
form-uri = URL
form-jdbc = JDBC-URL
form-easy-connect = Oracle Easy Connect-Zeichenfolge
form-descriptor = Oracle-Verbindungsdeskriptor
form-linked-service = JSON eines verknüpften Diensts

## Why a text was not recognised

unrecognised = Das ist keine Verbindungszeichenfolge, die hier gelesen werden kann.
malformed = Dieser Text ist als { $form } nicht lesbar. Fehler im Teil ab Position { $position }: { $why }.
other-kind = Dieser Text gilt für { $found }; dieser verknüpfte Dienst ist vom Typ { $wanted }.
no-such-kind = Dieser Text gilt für einen Datenspeichertyp, der hier nicht angeboten wird.
nothing-fits = Nichts in diesem Text passt in ein Feld von { $kind }.

## What is wrong with the part: the end of “malformed”

flaw-no-equals-sign = Das Gleichheitszeichen fehlt
flaw-no-keyword = Das Schlüsselwort fehlt
flaw-open-brace = Eine geschweifte Klammer ist nicht geschlossen
flaw-open-quote = Ein Anführungszeichen ist nicht geschlossen
flaw-after-quote = Nach dem schließenden Anführungszeichen folgt noch etwas
flaw-control-character = Ein Steuerzeichen steht außerhalb von Anführungszeichen
flaw-after-document = Nach dem Dokument folgt noch etwas
flaw-too-deep = Der Text ist zu tief verschachtelt
flaw-no-colon = Ein Doppelpunkt fehlt
flaw-no-value = Ein Wert fehlt
flaw-no-comma = Ein Komma fehlt
flaw-no-string = Eine Zeichenfolge fehlt
flaw-not-an-escape = Das ist keine Escapesequenz
flaw-control-character-in-string = Ein Steuerzeichen steht in einer Zeichenfolge
flaw-not-a-word = Das Schlüsselwort ist kein Wort
flaw-neither-tcp-nor-tcps = Das ist weder tcp noch tcps
flaw-not-a-host = Das ist weder ein Hostname noch eine Adresse
flaw-tns-name = Das ist ein Name aus tnsnames.ora; fügen Sie ein, wofür der Name steht
flaw-nothing-to-close = Hier gibt es nichts zu schließen
flaw-not-in-brackets = Die Klammern fehlen
flaw-open-bracket = Eine Klammer ist nicht geschlossen
flaw-percent-sign = Ein Prozentzeichen, das für sich selbst steht, wird %25 geschrieben
flaw-not-utf8 = Der prozentcodierte Inhalt ist kein UTF-8
flaw-inner-string = Die Verbindungszeichenfolge darin ist nicht lesbar
flaw-not-a-port-or-password = Der Port ist keine Zahl; in einem Kennwort werden / ? # und @ als %2F %3F %23 und %40 geschrieben
flaw-not-a-port = Der Port ist keine Zahl
flaw-not-encoded = Hier werden / ? # und @ als %2F %3F %23 und %40 geschrieben
flaw-no-slashes = Die zwei Schrägstriche am Anfang fehlen

## What the fields do not say as the text does

warning-tls = Für eine TLS-Einstellung dieses Texts gibt es kein Feld. Prüfen Sie, ob die Verbindung so geschützt ist, wie Sie es wünschen.
warning-stricter-tls = Der Text verlangt eine strengere Prüfung des Servers, als das Formular sie bietet. TLS ist eingeschaltet.
warning-several-hosts = Von mehreren Hosts wird nur der erste verwendet.
warning-seed-list = Eine mongodb+srv-Adresse wird im DNS nachgeschlagen. Geben Sie den Namen eines einzelnen Servers und dessen Port an.
warning-tns-name = Die Datenquelle ist ein Name aus einer Datei tnsnames.ora. Geben Sie Host, Port und Dienstnamen an.
warning-empty-secret = Ein Geheimnis hat in diesem Text keinen Wert.
warning-mask = Ein Geheimnis ist in diesem Text durch Sternchen verdeckt. Geben Sie es ein.
warning-placeholder = Ein Geheimnis ist in diesem Text nur ein Platzhalter. Geben Sie es ein.
warning-encrypted-credential = Der Text enthält verschlüsselte Anmeldedaten, die nicht noch einmal verwendet werden können. Geben Sie das Geheimnis ein.
warning-windows-authentication = Der Text verlangt Windows-Authentifizierung, die es für diesen Typ nicht gibt.
warning-secret-in-url = In der Abfrage der Adresse scheint ein Geheimnis zu stehen, wo es lesbar ist.

## Key files

# Beside the passphrase, at Save.
key-needed = Die Schlüsseldatei lässt sich nur damit öffnen.
# $algorithm is “RSA 3072, ” or nothing, $format “PKCS#8, SHA256:…; AES-256-CBC, …”.
key-open = { $algorithm }{ $format }; nicht verschlüsselt, daher ist keine Passphrase nötig.
key-open-certificate = { $algorithm }{ $format }; { $subject }, gültig bis { $day }, Fingerabdruck { $thumbprint }; nicht verschlüsselt, daher ist keine Passphrase nötig.
key-sealed = { $algorithm }{ $format }; verschlüsselt, die Passphrase wird benötigt.
key-opened = { $algorithm }{ $format }; verschlüsselt, die Passphrase öffnet die Datei.
key-opened-certificate = { $algorithm }{ $format }; { $subject }, gültig bis { $day }, Fingerabdruck { $thumbprint }; verschlüsselt, die Passphrase öffnet die Datei.
key-wrong-passphrase = Diese Passphrase öffnet die Schlüsseldatei nicht.
key-untried-unsupported = Die Passphrase konnte nicht geprüft werden: { $name } kann hier nicht geöffnet werden. Wählen Sie noch einmal „Speichern“, um ohne diese Prüfung zu speichern.
key-untried-work = Die Passphrase konnte nicht geprüft werden: Die Datei verlangt dafür zu viel Rechenaufwand. Wählen Sie noch einmal „Speichern“, um ohne diese Prüfung zu speichern.
key-damaged-inside = Die Passphrase ist richtig, aber der Inhalt, den sie öffnet, ist nicht lesbar.
key-no-key = Diese PKCS#12-Datei enthält nur Zertifikate, keinen privaten Schlüssel.
key-security-key = Das ist nur der Verweis auf einen Sicherheitsschlüssel: Der private Schlüssel selbst bleibt im Gerät.
# The end of the messages below: $wanted.
key-wanted-private-key = Hier wird ein privater Schlüssel benötigt.
key-wanted-certificate = Hier wird eine PKCS#12-Datei (PFX, P12) benötigt.
key-is-pfx = Das ist eine PKCS#12-Datei. { $wanted }
key-is-private-key = Das ist ein privater Schlüssel ({ $container }). { $wanted }
key-is-empty = Der Inhalt ist leer. { $wanted }
key-is-too-long = { $bytes } Byte sind mehr, als eine Schlüsseldatei haben kann. { $wanted }
key-is-text = Dieser Text ist kein Schlüssel. { $wanted }
key-is-binary = Diese Binärdaten sind kein Schlüssel. { $wanted }
key-is-public-key = Das ist ein öffentlicher Schlüssel. { $wanted }
key-is-open-ssh-public-key = Das ist ein öffentlicher OpenSSH-Schlüssel. { $wanted }
key-is-ssh2-public-key = Das ist ein öffentlicher Schlüssel im SSH2-Format, wie PuTTYgen ihn speichert. { $wanted }
key-is-ssh2-private-key = Das ist ein privater Schlüssel im Format von SSH.COM. { $wanted }
key-is-open-ssh-certificate = Das ist ein OpenSSH-Zertifikat. { $wanted }
key-is-known-hosts = Das ist eine Zeile aus known_hosts. { $wanted }
key-is-fingerprint = Das ist ein Fingerabdruck. { $wanted }
key-is-old-ppk = Das ist ein PuTTY-Schlüssel der Version 1. { $wanted }
key-is-ssh1-private-key = Das ist ein privater Schlüssel der SSH-Version 1. { $wanted }
key-is-certificate = Das ist ein Zertifikat. { $wanted }
key-is-certificate-request = Das ist eine Zertifikatanforderung. { $wanted }
key-is-revocation-list = Das ist eine Zertifikatsperrliste. { $wanted }
key-is-pkcs7 = Das ist eine PKCS#7-Datei mit Zertifikaten. { $wanted }
key-is-parameters = Das ist eine Datei mit Schlüsselparametern. { $wanted }
key-is-pgp = Das ist eine PGP-Datei. { $wanted }
key-is-java-keystore = Das ist ein Java-Keystore. { $wanted }
key-is-jwk = Das ist ein Schlüssel in JSON. { $wanted }
key-is-xml-key = Das ist ein Schlüssel in XML. { $wanted }
key-is-path = Das ist der Name einer Datei. { $wanted }
key-is-other-pem = Das ist eine PEM-Datei anderer Art. { $wanted }
key-is-other-der = Das ist eine DER-Datei anderer Art. { $wanted }
key-damaged = Diese Datei ({ $container }) ist nicht lesbar: { $flaw }. { $wanted }
key-damaged-base64 = Diese Datei ({ $container }) ist nicht lesbar: Zeichen { $position } des Base64-Texts gehört nicht dorthin. { $wanted }
key-damaged-field = Diese Datei ({ $container }) ist nicht lesbar: Das Feld { $field } fehlt oder ist falsch. { $wanted }
# The end of “key-damaged”: $flaw.
key-flaw-no-beginning = Die erste Zeile fehlt
key-flaw-no-end = Das Ende fehlt
key-flaw-several-keys = Sie enthält mehr als einen privaten Schlüssel
key-flaw-structure = Der Inhalt ist nicht so aufgebaut wie in einer solchen Datei
key-flaw-checksum = Die Prüfsumme stimmt nicht
