### What the kinds of data store ask for, and what can be wrong with it.

## Authentication types

auth-access-key = Access key
auth-sql-authentication = SQL authentication
auth-account-key = Account key
auth-sas = Shared access signature (SAS)
auth-service-principal = Service principal
auth-digest = User name and password (digest)
auth-client-certificate = Client certificate
auth-user-name-and-password = User name and password
auth-with-security-token = User name, password and security token
auth-private-key = Private key (SSH)
auth-windows-authentication = Windows authentication
auth-anonymous = None (anonymous)
auth-sql-server-authentication = SQL Server authentication

## Labels of fields, and choices

label-host = Host
label-server = Server
label-port = Port
label-database = Database
label-check-certificate = Check the server's certificate
label-access-key-id = Access key ID
label-secret-access-key = Secret access key
label-connection-timeout = Connection timeout in seconds
label-account-name = Account name
label-protocol = Protocol
label-http-not-encrypted = HTTP, not encrypted
label-account-key = Account key
label-hosts = Hosts
label-store = Store
label-tenant = Tenant
label-application-id = Application id
label-application-key = Application key
label-subscription-id = Subscription id
label-resource-group = Resource group
label-share = Share
label-encrypt = Encrypt connection (TLS)
label-certificate-thumbprint = Certificate thumbprint
label-certificate-file = Certificate file
label-base-url = Base URL
label-authentication-database = Authentication database
label-connection-string = Connection string
label-credential = Credential
label-service-name = Service name
label-user-name = User name
label-password = Password
label-driver = Driver
label-schema = Schema
label-environment = Environment
label-security-token = Security token
label-system-number = System number
label-client = Client
label-private-key = Private key
label-passphrase = Passphrase
label-host-key-fingerprint = Host key fingerprint
label-skip-host-key-validation = Skip host key validation
label-trust-any-server-certificate = Trust any server certificate

## Hints: an example or an explanation, never a default

hint-db2-server = db01.corp.example, or with another port than the usual one db01.corp.example:5001
hint-database = sales, for example
hint-without-check-of-certificate = Without it another machine could pass for the server and read the password.
hint-azure-sql-server = tcp:sales.database.windows.net,1433. The connection is always encrypted (Encrypt=True).
hint-storage-account = salesfiles, for example
hint-without-https = Without HTTPS the files can be read on the network.
hint-sas-uri = The whole address with its signature: https://….blob.core.windows.net/…?sv=…&sig=…
hint-cassandra-hosts = One or more, with commas between them: cas01.corp.example,cas02.corp.example
hint-tenant = Its domain name or id: corp.onmicrosoft.com, for example
hint-file-share = \\files01\exports, or Local for the gateway's own machine
hint-without-it-files-can-be-read = Without it the password and the files can be read on the network.
hint-kerberos-user = DOMAIN\user, or user@domain.example for Kerberos
hint-hadoop-user = Whom Hadoop is to take the gateway for: hadoop, for example
hint-certificate-thumbprint = 40 hex digits, for a certificate in the certificate store of the gateway's machine
hint-certificate-file = Drop or choose the PFX file of a certificate that is not in that store
hint-authentication-database = The database that knows the user, if it is neither admin nor the one above
hint-mysql-server = mysql01.corp.example, or with a port other than 3306, mysql01.corp.example:3307
hint-odbc-connection-string = Without user name and password: Driver=SQL Server;Server=sql01;Database=Sales, or DSN=Sales
hint-odbc-credential = The secret part of the connection string, if the driver wants more: Uid=…;Pwd=…;RefreshToken=…
hint-listener-port = The listener's port
hint-service-name = sales.corp.example. Give the service name or the SID, not both.
hint-sid = ORCL, for a database that is known by its system identifier
hint-user-upper-case = ETL_READER, for example
hint-oracle-driver = Oracle's own driver must be installed on the gateway's machine; Microsoft's only reads.
hint-postgresql-server = pg01.corp.example, or with a port other than 5432, pg01.corp.example:5433
hint-database-case-differs = sales, for example. Upper and lower case differ.
hint-schema-case-differs = public, for example. Upper and lower case differ.
hint-salesforce-environment = https://test.salesforce.com for a sandbox, or your own domain
hint-security-token = Salesforce sends it by mail when it is reset
hint-two-digits = Two digits, 00 for example
hint-three-digits = Three digits, 800 for example
hint-private-key = Paste, drop or choose the key file: PEM, DER, OpenSSH or PuTTY
hint-ssh-port = The SSH server's port
hint-host-key-fingerprint = What ssh-keygen -l prints for the server's key: SHA256:… or ssh-rsa 2048 aa:bb:…
hint-without-check-of-host-key = Another machine could pass for the server and read the password.
hint-user-for-example = etl_reader, for example
hint-sql-server-login = A SQL Server login, etl_reader for example
hint-windows-user-or-service-account = DOMAIN\user. Leave user name and password empty to use the gateway's service account.
hint-sql-server = sql01.corp.example, or with a port sql01.corp.example,1433, or with an instance sql01\SALES
hint-database-capital = Sales, for example
hint-without-it-rows-can-be-read = Without it the password and the rows can be read on the network.
hint-trust-any-certificate = Only for a server whose certificate the gateway cannot check: another machine could pass for it.
hint-sink = Needed to copy into the store

## Rules

rule-required = Fill this in.
rule-too-long = Too long: the limit is { $limit }.
rule-control-character = Remove control characters and line breaks.
rule-outer-space = Remove the space at the beginning or the end.
rule-not-a-number = Use a whole number, in digits only.
rule-out-of-range = Use a number from 1 to 65535.
rule-not-a-host = Use a host name or an IP address.
rule-not-a-host-list = Use host names or IP addresses with commas between them, without spaces.
rule-not-a-data-source = Use host, host,port or host\instance.
rule-not-a-url = Use a web address that begins with https:// or http://.
rule-not-an-https-url = Use a web address that begins with https://.
rule-credential-in-url = Take the user name and password out of the address; they have fields of their own.
rule-not-an-identifier = Use letters, digits and _ $ # . - only.
rule-not-a-fingerprint = Use the host key's fingerprint: SHA256:… or aa:bb:cc:… with 16 pairs.
rule-not-a-thumbprint = Use the certificate's thumbprint: 40 hex digits without spaces.
rule-not-a-sha256 = Use the certificate's SHA-256: 64 lower-case hex digits.
rule-not-a-file-share = Use \\server\share without a backslash at the end, or Local.
rule-not-a-connection-string = Use keyword=value pairs with semicolons between them.
rule-credential-in-connection-string = Take user name, password and tokens out of this; they have fields of their own.
rule-not-a-storage-account = Use 3 to 24 lower-case letters and digits.
rule-not-a-guid = Use 32 hex digits in groups of 8, 4, 4, 4 and 12 with hyphens between.
rule-not-two-digits = Use exactly two digits.
rule-not-three-digits = Use exactly three digits.
rule-not-a-choice = Choose one of the values offered.
rule-not-a-switch = Choose yes or no.
rule-unknown-field = There is no such field here.
rule-must-be-secret = This is a secret and must be sent as one.
rule-must-not-be-secret = This is not a secret and cannot be sent as one.
rule-exactly-one = Fill in exactly one of these: { $fields }.
rule-together = Give or leave out together: { $fields }.
rule-unknown-kind = There is no such kind of data store.
rule-unknown-auth-type = This kind of data store has no such authentication type.
