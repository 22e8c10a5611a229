### What is said of a test of the credential. Served to whoever tests one.

## The report

# Heads the report of a test that passed.
test-passed = Der Verbindungstest war erfolgreich
# The form was edited since.
test-outdated = Sie haben das Formular seither geändert: Dies gilt für den Stand davor.
# A stage and how it ended.
test-stage = { $stage }: { $result }
# How long a stage took.
test-milliseconds = { $count } ms

## The stages

stage-policy = Ziel erlaubt
stage-resolve = Namensauflösung
stage-connect = Verbindung
stage-tls = Verschlüsselung
stage-authenticate = Anmeldung
stage-authorise = Berechtigung
stage-query = Abfrage

## How a stage ended

result-passed = erfolgreich
result-failed = fehlgeschlagen
result-skipped = übersprungen

## What the data store said and showed

# Label: the data store's own code.
store-code = Code des Datenspeichers
# Label: the data store's own words.
store-said = Worte des Datenspeichers
# Label: whom the certificate names.
certificate-subject = Zertifikat für
# Label: who signed it.
certificate-issuer = Ausgestellt von
# Label: when it ends.
certificate-until = Gültig bis
# Trusts it from now on.
trust-certificate = Diesem Zertifikat vertrauen
# When to do that.
trust-certificate-hint = Nur wenn die Administration des Datenspeichers Ihnen denselben SHA-256-Wert nennt. Das Vertrauen gilt für diesen verknüpften Dienst und keinen anderen.

## What went wrong before the first stage

trouble-tests-off = Das Gateway führt keine Tests aus
    .advice = Es wurde nichts getestet oder gespeichert. Laden Sie die Seite mit einem neuen Link neu.
