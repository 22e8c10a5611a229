### What the kinds of data store ask for, and what can be wrong with it.

## Authentication types

auth-access-key = Zugriffsschlüssel
auth-sql-authentication = SQL-Authentifizierung
auth-account-key = Kontoschlüssel
auth-sas = Shared Access Signature (SAS)
auth-service-principal = Dienstprinzipal
auth-digest = Benutzername und Kennwort (Digest)
auth-client-certificate = Clientzertifikat
auth-user-name-and-password = Benutzername und Kennwort
auth-with-security-token = Benutzername, Kennwort und Sicherheitstoken
auth-private-key = Privater Schlüssel (SSH)
auth-windows-authentication = Windows-Authentifizierung
auth-anonymous = Keine (anonym)
auth-sql-server-authentication = SQL Server-Authentifizierung

## Labels of fields, and choices

label-host = Host
label-server = Server
label-port = Port
label-database = Datenbank
label-check-certificate = Zertifikat des Servers prüfen
label-access-key-id = Zugriffsschlüssel-ID
label-secret-access-key = Geheimer Zugriffsschlüssel
label-connection-timeout = Zeitlimit der Verbindung in Sekunden
label-account-name = Kontoname
label-protocol = Protokoll
label-http-not-encrypted = HTTP, unverschlüsselt
label-account-key = Kontoschlüssel
label-hosts = Hosts
label-store = Speicher
label-tenant = Mandant
label-application-id = Anwendungs-ID
label-application-key = Anwendungsschlüssel
label-subscription-id = Abonnement-ID
label-resource-group = Ressourcengruppe
label-share = Freigabe
label-encrypt = Verbindung verschlüsseln (TLS)
label-certificate-thumbprint = Fingerabdruck des Zertifikats
label-certificate-file = Zertifikatdatei
label-base-url = Basis-URL
label-authentication-database = Authentifizierungsdatenbank
label-connection-string = Verbindungszeichenfolge
label-credential = Anmeldedaten
label-service-name = Dienstname
label-user-name = Benutzername
label-password = Kennwort
label-driver = Treiber
label-schema = Schema
label-environment = Umgebung
label-security-token = Sicherheitstoken
label-system-number = Systemnummer
label-client = Mandant
label-private-key = Privater Schlüssel
label-passphrase = Passphrase
label-host-key-fingerprint = Fingerabdruck des Hostschlüssels
label-skip-host-key-validation = Prüfung des Hostschlüssels überspringen
label-trust-any-server-certificate = Jedem Serverzertifikat vertrauen

## Hints: an example or an explanation, never a default

hint-db2-server = db01.corp.example oder mit einem anderen als dem üblichen Port db01.corp.example:5001
hint-database = zum Beispiel sales
hint-without-check-of-certificate = Ohne diese Prüfung könnte sich ein anderer Computer als der Server ausgeben und das Kennwort lesen.
hint-azure-sql-server = tcp:sales.database.windows.net,1433. Die Verbindung ist immer verschlüsselt (Encrypt=True).
hint-storage-account = zum Beispiel salesfiles
hint-without-https = Ohne HTTPS können die Dateien im Netzwerk gelesen werden.
hint-sas-uri = Die ganze Adresse mit ihrer Signatur: https://….blob.core.windows.net/…?sv=…&sig=…
hint-cassandra-hosts = Einer oder mehrere, durch Kommas getrennt: cas01.corp.example,cas02.corp.example
hint-tenant = Sein Domänenname oder seine ID: zum Beispiel corp.onmicrosoft.com
hint-file-share = \\files01\exports oder Local für den Computer des Gateways selbst
hint-without-it-files-can-be-read = Ohne Verschlüsselung können das Kennwort und die Dateien im Netzwerk gelesen werden.
hint-kerberos-user = DOMAIN\user oder für Kerberos user@domain.example
hint-hadoop-user = Als wer das Gateway gegenüber Hadoop auftritt: zum Beispiel hadoop
hint-certificate-thumbprint = 40 Hexadezimalziffern, für ein Zertifikat im Zertifikatspeicher des Gateway-Computers
hint-certificate-file = PFX-Datei eines Zertifikats ablegen oder auswählen, das nicht in diesem Speicher liegt
hint-authentication-database = Die Datenbank, die den Benutzer kennt, wenn es weder admin noch die obige ist
hint-mysql-server = mysql01.corp.example oder mit einem anderen Port als 3306 mysql01.corp.example:3307
hint-odbc-connection-string = Ohne Benutzername und Kennwort: Driver=SQL Server;Server=sql01;Database=Sales oder DSN=Sales
hint-odbc-credential = Der geheime Teil der Verbindungszeichenfolge, wenn der Treiber mehr braucht: Uid=…;Pwd=…;RefreshToken=…
hint-listener-port = Der Port des Listeners
hint-service-name = sales.corp.example. Geben Sie den Dienstnamen oder die SID an, nicht beides.
hint-sid = ORCL, für eine Datenbank, die unter ihrer Systemkennung (SID) bekannt ist
hint-user-upper-case = zum Beispiel ETL_READER
hint-oracle-driver = Der Treiber von Oracle muss auf dem Computer des Gateways installiert sein; der von Microsoft liest nur.
hint-postgresql-server = pg01.corp.example oder mit einem anderen Port als 5432 pg01.corp.example:5433
hint-database-case-differs = zum Beispiel sales. Groß- und Kleinschreibung werden unterschieden.
hint-schema-case-differs = zum Beispiel public. Groß- und Kleinschreibung werden unterschieden.
hint-salesforce-environment = https://test.salesforce.com für eine Sandbox oder Ihre eigene Domäne
hint-security-token = Salesforce sendet es per E-Mail, wenn es zurückgesetzt wird
hint-two-digits = Zwei Ziffern, zum Beispiel 00
hint-three-digits = Drei Ziffern, zum Beispiel 800
hint-private-key = Schlüsseldatei einfügen, ablegen oder auswählen: PEM, DER, OpenSSH oder PuTTY
hint-ssh-port = Der Port des SSH-Servers
hint-host-key-fingerprint = Was ssh-keygen -l für den Schlüssel des Servers ausgibt: SHA256:… oder ssh-rsa 2048 aa:bb:…
hint-without-check-of-host-key = Ein anderer Computer könnte sich als der Server ausgeben und das Kennwort lesen.
hint-user-for-example = zum Beispiel etl_reader
hint-sql-server-login = Eine SQL Server-Anmeldung, zum Beispiel etl_reader
hint-windows-user-or-service-account = DOMAIN\user. Lassen Sie Benutzername und Kennwort leer, um das Dienstkonto des Gateways zu verwenden.
hint-sql-server = sql01.corp.example oder mit einem Port sql01.corp.example,1433 oder mit einer Instanz sql01\SALES
hint-database-capital = zum Beispiel Sales
hint-without-it-rows-can-be-read = Ohne Verschlüsselung können das Kennwort und die Zeilen im Netzwerk gelesen werden.
hint-trust-any-certificate = Nur für einen Server, dessen Zertifikat das Gateway nicht prüfen kann: Ein anderer Computer könnte sich als dieser Server ausgeben.
hint-sink = Nötig, um in den Speicher zu kopieren

## Rules

rule-required = Füllen Sie dieses Feld aus.
rule-too-long = Zu lang: Die Grenze ist { $limit }.
rule-control-character = Entfernen Sie Steuerzeichen und Zeilenumbrüche.
rule-outer-space = Entfernen Sie das Leerzeichen am Anfang oder am Ende.
rule-not-a-number = Verwenden Sie eine ganze Zahl, nur in Ziffern.
rule-out-of-range = Verwenden Sie eine Zahl von 1 bis 65535.
rule-not-a-host = Verwenden Sie einen Hostnamen oder eine IP-Adresse.
rule-not-a-host-list = Verwenden Sie Hostnamen oder IP-Adressen, durch Kommas getrennt, ohne Leerzeichen.
rule-not-a-data-source = Verwenden Sie Host, Host,Port oder Host\Instanz.
rule-not-a-url = Verwenden Sie eine Webadresse, die mit https:// oder http:// beginnt.
rule-not-an-https-url = Verwenden Sie eine Webadresse, die mit https:// beginnt.
rule-credential-in-url = Nehmen Sie Benutzername und Kennwort aus der Adresse; dafür gibt es eigene Felder.
rule-not-an-identifier = Außer Buchstaben und Ziffern sind nur _ $ # . - erlaubt.
rule-not-a-fingerprint = Verwenden Sie den Fingerabdruck des Hostschlüssels: SHA256:… oder aa:bb:cc:… mit 16 Paaren.
rule-not-a-thumbprint = Verwenden Sie den Fingerabdruck des Zertifikats: 40 Hexadezimalziffern ohne Leerzeichen.
rule-not-a-sha256 = Verwenden Sie den SHA-256 des Zertifikats: 64 Hexadezimalziffern in Kleinbuchstaben.
rule-not-a-file-share = Verwenden Sie \\Server\Freigabe ohne umgekehrten Schrägstrich am Ende oder Local.
rule-not-a-connection-string = Verwenden Sie Paare der Form Schlüsselwort=Wert, durch Semikolons getrennt.
rule-credential-in-connection-string = Nehmen Sie Benutzername, Kennwort und Token heraus; dafür gibt es eigene Felder.
rule-not-a-storage-account = Verwenden Sie 3 bis 24 Kleinbuchstaben und Ziffern.
rule-not-a-guid = Verwenden Sie 32 Hexadezimalziffern in Gruppen von 8, 4, 4, 4 und 12 mit Bindestrichen dazwischen.
rule-not-two-digits = Verwenden Sie genau zwei Ziffern.
rule-not-three-digits = Verwenden Sie genau drei Ziffern.
rule-not-a-choice = Wählen Sie einen der angebotenen Werte aus.
rule-not-a-switch = Wählen Sie Ja oder Nein.
rule-unknown-field = Ein solches Feld gibt es hier nicht.
rule-must-be-secret = Das ist ein Geheimnis und muss als solches gesendet werden.
rule-must-not-be-secret = Das ist kein Geheimnis und kann nicht als solches gesendet werden.
rule-exactly-one = Füllen Sie genau eines dieser Felder aus: { $fields }.
rule-together = Nur zusammen angeben oder weglassen: { $fields }.
rule-unknown-kind = Diesen Datenspeichertyp gibt es nicht.
rule-unknown-auth-type = Diese Authentifizierung gibt es für diesen Datenspeichertyp nicht.
