### What is said of what was pasted or dropped. Served to whoever pastes something, with the module that reads it.

## Pasting a connection string

# Before the names of fields that were filled.
paste-filled = Filled in
# Before the names of secrets that were filled.
paste-sealed = Will be sealed
# Before the keywords without a field.
paste-ignored = Not used
# Before the form of the text.
paste-recognised = Recognised

## Names of forms

form-ado-net = ADO.NET connection string
form-azure-storage = Azure Storage connection string
form-odbc = ODBC connection string
form-libpq = libpq connection string
form-uri = URL
form-jdbc = JDBC URL
form-easy-connect = Oracle Easy Connect string
form-descriptor = Oracle connect descriptor
form-linked-service = linked service's JSON

## Why a text was not recognised

unrecognised = This is not a connection string that can be read here.
malformed = This { $form } cannot be read: the part at position { $position }: { $why }.
other-kind = This is for { $found }; this linked service is { $wanted }.
no-such-kind = This is for a kind of data store that is not offered here.
nothing-fits = Nothing in this text is a field of { $kind }.

## What is wrong with the part: the end of “malformed”

flaw-no-equals-sign = it has no equals sign
flaw-no-keyword = it has no keyword
flaw-open-brace = a brace is not closed
flaw-open-quote = a quote is not closed
flaw-after-quote = something follows the closing quote
flaw-control-character = a control character stands outside quotes
flaw-after-document = something follows the document
flaw-too-deep = it is nested too deeply
flaw-no-colon = a colon is missing
flaw-no-value = a value is missing
flaw-no-comma = a comma is missing
flaw-no-string = a string is missing
flaw-not-an-escape = it is not an escape
flaw-control-character-in-string = a control character stands in a string
flaw-not-a-word = its keyword is not a word
flaw-neither-tcp-nor-tcps = it is neither tcp nor tcps
flaw-not-a-host = it is not a host name or address
flaw-tns-name = a name from tnsnames.ora: paste what the name stands for
flaw-nothing-to-close = nothing is closed by it
flaw-not-in-brackets = it is not in brackets
flaw-open-bracket = a bracket is not closed
flaw-percent-sign = a percent sign that stands for itself is written %25
flaw-not-utf8 = what is percent-encoded is not UTF-8
flaw-inner-string = the connection string in it cannot be read
flaw-not-a-port-or-password = its port is not a number; in a password / ? # and @ are written %2F %3F %23 and %40
flaw-not-a-port = its port is not a number
flaw-not-encoded = there / ? # and @ are written %2F %3F %23 and %40
flaw-no-slashes = it does not begin with two slashes

## What the fields do not say as the text does

warning-tls = There is no field for a TLS setting of this text. Check that the connection is protected as you want it.
warning-stricter-tls = The text asks for a stricter check of the server than the form can. TLS is on.
warning-several-hosts = Only the first of several hosts is used.
warning-seed-list = A mongodb+srv address is looked up in the DNS. Give the name of one server, and its port.
warning-tns-name = The data source is a name from a tnsnames.ora file. Give host, port and service name.
warning-empty-secret = A secret has no value in this text.
warning-mask = A secret is hidden behind asterisks in this text. Type it.
warning-placeholder = A secret is only a placeholder in this text. Type it.
warning-encrypted-credential = The text has an encrypted credential, which cannot be used again. Type the secret.
warning-windows-authentication = The text asks for Windows authentication, which there is not for this kind.
warning-secret-in-url = The address seems to have a secret in its query, where it is readable.

## Key files

# Beside the passphrase, at Save.
key-needed = The key file needs it.
# $algorithm is “RSA 3072, ” or nothing, $format “PKCS#8, SHA256:…; AES-256-CBC, …”.
key-open = { $algorithm }{ $format }; not encrypted, so it needs no passphrase.
key-open-certificate = { $algorithm }{ $format }; { $subject }, until { $day }, thumbprint { $thumbprint }; not encrypted, so it needs no passphrase.
key-sealed = { $algorithm }encrypted { $format }; its passphrase is needed.
key-opened = { $algorithm }encrypted { $format }; the passphrase opens it.
key-opened-certificate = { $algorithm }encrypted { $format }; { $subject }, until { $day }, thumbprint { $thumbprint }; the passphrase opens it.
key-wrong-passphrase = This passphrase does not open the key file.
key-untried-unsupported = The passphrase could not be tried: { $name } cannot be opened here. Save again to store it untried.
key-untried-work = The passphrase could not be tried: the file demands too much work for its passphrase. Save again to store it untried.
key-damaged-inside = The passphrase is right, but what it opens cannot be read.
key-no-key = This PKCS#12 file has certificates only, no private key.
key-security-key = This is the handle of a security key: the private key itself stays in the device.
# The end of the messages below: $wanted.
key-wanted-private-key = A private key is needed here.
key-wanted-certificate = A PKCS#12 file (PFX, P12) is needed here.
key-is-pfx = This is a PKCS#12 file. { $wanted }
key-is-private-key = This is a private key ({ $container }). { $wanted }
key-is-empty = There is nothing in it. { $wanted }
key-is-too-long = { $bytes } bytes are more than a key file has. { $wanted }
key-is-text = This text is no key. { $wanted }
key-is-binary = These bytes are no key. { $wanted }
key-is-public-key = This is a public key. { $wanted }
key-is-open-ssh-public-key = This is an OpenSSH public key. { $wanted }
key-is-ssh2-public-key = This is a public key in SSH2 format, as PuTTYgen saves it. { $wanted }
key-is-ssh2-private-key = This is a private key in the format of SSH.COM. { $wanted }
key-is-open-ssh-certificate = This is an OpenSSH certificate. { $wanted }
key-is-known-hosts = This is a line of known_hosts. { $wanted }
key-is-fingerprint = This is a fingerprint. { $wanted }
key-is-old-ppk = This is a PuTTY key of version 1. { $wanted }
key-is-ssh1-private-key = This is a private key of SSH version 1. { $wanted }
key-is-certificate = This is a certificate. { $wanted }
key-is-certificate-request = This is a certificate request. { $wanted }
key-is-revocation-list = This is a certificate revocation list. { $wanted }
key-is-pkcs7 = This is a PKCS#7 file with certificates. { $wanted }
key-is-parameters = This is a file of key parameters. { $wanted }
key-is-pgp = This is a PGP file. { $wanted }
key-is-java-keystore = This is a Java keystore. { $wanted }
key-is-jwk = This is a key in JSON. { $wanted }
key-is-xml-key = This is a key in XML. { $wanted }
key-is-path = This is the name of a file. { $wanted }
key-is-other-pem = This is a PEM file of another kind. { $wanted }
key-is-other-der = This is a DER file of another kind. { $wanted }
key-damaged = This { $container } file cannot be read: { $flaw }. { $wanted }
key-damaged-base64 = This { $container } file cannot be read: character { $position } of its base64 does not belong there. { $wanted }
key-damaged-field = This { $container } file cannot be read: its field { $field } is missing or wrong. { $wanted }
# The end of “key-damaged”: $flaw.
key-flaw-no-beginning = its first line is missing
key-flaw-no-end = its end is missing
key-flaw-several-keys = it holds more than one private key
key-flaw-structure = its bytes are not those of such a file
key-flaw-checksum = its checksum does not match
