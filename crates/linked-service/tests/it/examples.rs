//! Filled-in forms of every kind and authentication type, with their secrets.

/// What somebody has filled in.
pub(crate) struct Example {
    /// The golden files' name.
    pub(crate) file: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) auth: &'static str,
    pub(crate) properties: &'static [(&'static str, &'static str)],
    pub(crate) secrets: &'static [(&'static str, &'static str)],
}

const KEY: &str =
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA=\n-----END RSA PRIVATE KEY-----\n";

/// The form of a certificate file in base64; no certificate.
const CERTIFICATE: &str = "MIIKWAIBAzCCChIGCSqGSIb3DQEHAaCCCgMEggn/";

/// At least one for each kind and authentication type; `golden.rs` says so.
pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        file: "sql-server.sql",
        kind: "OnPremisesSqlServer",
        auth: "SQL",
        properties: &[
            ("Data Source", "sql01.corp.example,1433"),
            ("Initial Catalog", "Sales 2026"),
            ("User ID", "etl_reader"),
        ],
        secrets: &[("password", "it's \"quoted\"; {braced}=%41")],
    },
    Example {
        file: "sql-server.windows",
        kind: "OnPremisesSqlServer",
        auth: "Windows",
        properties: &[
            ("Data Source", "sql01\\SALES"),
            ("Initial Catalog", "Sales"),
            ("Encrypt", "false"),
            ("TrustServerCertificate", "true"),
        ],
        secrets: &[("username", "CORP\\etl"), ("password", "plain")],
    },
    Example {
        file: "sql-server.windows-service-account",
        kind: "OnPremisesSqlServer",
        auth: "Windows",
        properties: &[("Data Source", "."), ("Initial Catalog", "Sales")],
        secrets: &[],
    },
    Example {
        file: "oracle.basic-sid",
        kind: "OnPremisesOracle",
        auth: "Basic",
        properties: &[
            ("Host", "ora01.corp.example"),
            ("Sid", "ORCL"),
            ("User Id", "ETL_READER"),
        ],
        secrets: &[("Password", "say \"when\"")],
    },
    Example {
        file: "oracle.basic-odp-service-name",
        kind: "OnPremisesOracle",
        auth: "Basic",
        properties: &[
            ("Host", "ora01.corp.example"),
            ("Port", "1522"),
            ("ServiceName", "sales.corp.example"),
            ("User Id", "ETL_READER"),
            ("driverType", "ODP"),
        ],
        secrets: &[("Password", "a=b")],
    },
    Example {
        file: "postgresql.basic",
        kind: "OnPremisesPostgreSql",
        auth: "Basic",
        properties: &[
            ("server", "pg01.corp.example:5433"),
            ("database", "sales"),
            ("schema", "public"),
            ("username", "etl_reader"),
        ],
        secrets: &[("password", "pass;word")],
    },
    Example {
        file: "mysql.basic",
        kind: "OnPremisesMySql",
        auth: "Basic",
        properties: &[
            ("server", "mysql01.corp.example"),
            ("database", "sales"),
            ("userName", "etl \"reader\""),
        ],
        secrets: &[("password", " outer spaces ")],
    },
    Example {
        file: "sftp.basic",
        kind: "Sftp",
        auth: "Basic",
        properties: &[
            ("host", "sftp.corp.example"),
            (
                "hostKeyFingerprint",
                "ssh-rsa 2048 00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff",
            ),
            ("username", "etl"),
        ],
        secrets: &[("password", "O'Neill")],
    },
    Example {
        file: "sftp.ssh-public-key",
        kind: "Sftp",
        auth: "SshPublicKey",
        properties: &[
            ("host", "sftp.corp.example"),
            ("port", "2222"),
            ("skipHostKeyValidation", "true"),
            ("username", "etl"),
        ],
        secrets: &[("privateKeyContent", KEY), ("passPhrase", "correct horse")],
    },
    Example {
        file: "http.basic",
        kind: "Http",
        auth: "Basic",
        properties: &[
            ("url", "https://files.corp.example:8443/export/"),
            ("userName", "etl"),
        ],
        secrets: &[("password", "Größe\t1")],
    },
    Example {
        file: "postgresql.windows",
        kind: "OnPremisesPostgreSql",
        auth: "Windows",
        properties: &[
            ("server", "pg01"),
            ("database", "sales"),
            ("username", "CORP\\etl"),
        ],
        secrets: &[("password", "a\\b")],
    },
    Example {
        file: "postgresql.anonymous",
        kind: "OnPremisesPostgreSql",
        auth: "Anonymous",
        properties: &[("server", "pg01"), ("database", "sales")],
        secrets: &[],
    },
    Example {
        file: "db2.basic",
        kind: "OnPremisesDb2",
        auth: "Basic",
        properties: &[
            ("server", "db2.corp.example:50000"),
            ("database", "SALES"),
            ("schema", "ETL"),
            ("username", "etl_reader"),
        ],
        secrets: &[("password", "{p=w}")],
    },
    Example {
        file: "db2.windows",
        kind: "OnPremisesDb2",
        auth: "Windows",
        properties: &[
            ("server", "db2.corp.example:50000"),
            ("database", "SALES"),
            ("username", "CORP\\etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "db2.anonymous",
        kind: "OnPremisesDb2",
        auth: "Anonymous",
        properties: &[("server", "db2.corp.example:50000"), ("database", "SALES")],
        secrets: &[],
    },
    Example {
        file: "sybase.basic",
        kind: "OnPremisesSybase",
        auth: "Basic",
        properties: &[
            ("server", "ase01.corp.example:5000"),
            ("database", "SALES"),
            ("schema", "ETL"),
            ("username", "etl_reader"),
        ],
        secrets: &[("password", "{p=w}")],
    },
    Example {
        file: "sybase.windows",
        kind: "OnPremisesSybase",
        auth: "Windows",
        properties: &[
            ("server", "ase01.corp.example:5000"),
            ("database", "SALES"),
            ("username", "CORP\\etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "sybase.anonymous",
        kind: "OnPremisesSybase",
        auth: "Anonymous",
        properties: &[("server", "ase01.corp.example:5000"), ("database", "SALES")],
        secrets: &[],
    },
    Example {
        file: "teradata.basic",
        kind: "OnPremisesTeradata",
        auth: "Basic",
        properties: &[("server", "td01.corp.example"), ("username", "etl_reader")],
        secrets: &[("password", "it's")],
    },
    Example {
        file: "teradata.windows",
        kind: "OnPremisesTeradata",
        auth: "Windows",
        properties: &[("server", "td01.corp.example"), ("username", "CORP\\etl")],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "teradata.anonymous",
        kind: "OnPremisesTeradata",
        auth: "Anonymous",
        properties: &[("server", "td01.corp.example")],
        secrets: &[],
    },
    Example {
        file: "sap-hana.basic",
        kind: "SapHana",
        auth: "Basic",
        properties: &[("server", "hana01.corp.example:30015"), ("username", "ETL")],
        secrets: &[("password", "P;w")],
    },
    Example {
        file: "sap-hana.windows",
        kind: "SapHana",
        auth: "Windows",
        properties: &[
            ("server", "hana01.corp.example:30015"),
            ("username", "CORP\\etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "sap-bw.basic",
        kind: "SapBw",
        auth: "Basic",
        properties: &[
            ("server", "bw01.corp.example"),
            ("systemNumber", "00"),
            ("clientId", "800"),
            ("username", "ETL"),
        ],
        secrets: &[("password", "P w")],
    },
    Example {
        file: "cassandra.basic",
        kind: "OnPremisesCassandra",
        auth: "Basic",
        properties: &[
            ("host", "cas01.corp.example,cas02.corp.example"),
            ("username", "etl"),
        ],
        secrets: &[("password", "p,w")],
    },
    Example {
        file: "cassandra.anonymous",
        kind: "OnPremisesCassandra",
        auth: "Anonymous",
        properties: &[("host", "10.0.0.1"), ("port", "9043")],
        secrets: &[],
    },
    Example {
        file: "mongodb.basic",
        kind: "OnPremisesMongoDb",
        auth: "Basic",
        properties: &[
            ("server", "mongo01.corp.example"),
            ("databaseName", "sales"),
            ("authSource", "people"),
            ("username", "etl"),
        ],
        secrets: &[("password", "p@ss:w/rd")],
    },
    Example {
        file: "mongodb.anonymous",
        kind: "OnPremisesMongoDb",
        auth: "Anonymous",
        properties: &[
            ("server", "mongo01.corp.example"),
            ("port", "27018"),
            ("databaseName", "sales"),
        ],
        secrets: &[],
    },
    Example {
        file: "odbc.basic",
        kind: "OnPremisesOdbc",
        auth: "Basic",
        properties: &[
            (
                "connectionString",
                "Driver={SQL Server};Server=sql01.corp.example; Database=Sales;",
            ),
            ("userName", "etl"),
        ],
        secrets: &[("password", "p}w;x")],
    },
    Example {
        file: "odbc.basic-credential",
        kind: "OnPremisesOdbc",
        auth: "Basic",
        properties: &[("connectionString", "DSN=Sales"), ("userName", "etl")],
        secrets: &[
            ("password", "plain"),
            ("credential", "RefreshToken=abc123;"),
        ],
    },
    Example {
        file: "odbc.anonymous",
        kind: "OnPremisesOdbc",
        auth: "Anonymous",
        properties: &[("connectionString", "Driver={Sales;Driver};Server=sales01")],
        secrets: &[("credential", "Uid=etl;Pwd={a;b};RefreshToken=abc123")],
    },
    Example {
        file: "odata.basic",
        kind: "OData",
        auth: "Basic",
        properties: &[
            ("url", "https://odata.corp.example/sales.svc"),
            ("username", "etl"),
        ],
        secrets: &[("password", "p\"w")],
    },
    Example {
        file: "odata.windows",
        kind: "OData",
        auth: "Windows",
        properties: &[
            ("url", "https://odata.corp.example/sales.svc"),
            ("username", "CORP\\etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "odata.anonymous",
        kind: "OData",
        auth: "Anonymous",
        properties: &[("url", "https://odata.corp.example/sales.svc")],
        secrets: &[],
    },
    Example {
        file: "hdfs.windows",
        kind: "Hdfs",
        auth: "Windows",
        properties: &[
            ("url", "http://namenode01.corp.example:50070/webhdfs/v1/"),
            ("userName", "etl@corp.example"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "hdfs.anonymous",
        kind: "Hdfs",
        auth: "Anonymous",
        properties: &[
            ("url", "http://namenode01.corp.example:50070/webhdfs/v1/"),
            ("userName", "hadoop"),
        ],
        secrets: &[],
    },
    Example {
        file: "file-server.windows",
        kind: "OnPremisesFileServer",
        auth: "Windows",
        properties: &[("host", "\\\\files01\\exports"), ("userid", "CORP\\etl")],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "file-server.windows-local",
        kind: "OnPremisesFileServer",
        auth: "Windows",
        properties: &[("host", "Local"), ("userid", "CORP\\etl")],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "ftp.basic",
        kind: "FtpServer",
        auth: "Basic",
        properties: &[("host", "ftp.corp.example"), ("username", "etl")],
        secrets: &[("password", "p w")],
    },
    Example {
        file: "ftp.anonymous",
        kind: "FtpServer",
        auth: "Anonymous",
        properties: &[
            ("host", "ftp.corp.example"),
            ("port", "2121"),
            ("enableSsl", "false"),
            ("enableServerCertificateValidation", "false"),
        ],
        secrets: &[],
    },
    Example {
        file: "http.digest",
        kind: "Http",
        auth: "Digest",
        properties: &[
            ("url", "https://files.corp.example:8443/export/"),
            ("userName", "etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "http.windows",
        kind: "Http",
        auth: "Windows",
        properties: &[
            ("url", "https://files.corp.example:8443/export/"),
            ("userName", "CORP\\etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "http.client-certificate",
        kind: "Http",
        auth: "ClientCertificate",
        properties: &[("url", "https://files.corp.example:8443/export/")],
        secrets: &[
            ("embeddedCertData", CERTIFICATE),
            ("password", "of the PFX"),
        ],
    },
    Example {
        file: "http.client-certificate-thumbprint",
        kind: "Http",
        auth: "ClientCertificate",
        properties: &[
            ("url", "https://files.corp.example:8443/export/"),
            ("certThumbprint", "00112233445566778899AABBCCDDEEFF00112233"),
        ],
        secrets: &[],
    },
    Example {
        file: "http.anonymous",
        kind: "Http",
        auth: "Anonymous",
        properties: &[
            ("url", "http://files.corp.example/"),
            ("enableServerCertificateValidation", "false"),
        ],
        secrets: &[],
    },
    Example {
        file: "web-table.anonymous",
        kind: "Web",
        auth: "Anonymous",
        properties: &[("url", "https://www.example.org/tables/")],
        secrets: &[],
    },
    Example {
        file: "azure-storage.account-key",
        kind: "AzureStorage",
        auth: "AccountKey",
        properties: &[("AccountName", "salesfiles")],
        secrets: &[("AccountKey", "c2VjcmV0IGtleSBvZiBzYWxlcw==")],
    },
    Example {
        file: "azure-storage.account-key-http",
        kind: "AzureStorage",
        auth: "AccountKey",
        properties: &[
            ("AccountName", "salesfiles"),
            ("DefaultEndpointsProtocol", "http"),
        ],
        secrets: &[("AccountKey", "c2VjcmV0")],
    },
    Example {
        file: "azure-storage.sas",
        kind: "AzureStorage",
        auth: "SAS",
        properties: &[],
        secrets: &[(
            "sasUri",
            "https://salesfiles.blob.core.windows.net/exports?sv=2024-11-04&sp=rl&sig=abc%2B123%3D",
        )],
    },
    Example {
        file: "azure-sql-database.sql",
        kind: "AzureSqlDatabase",
        auth: "SQL",
        properties: &[
            ("Server", "tcp:sales.database.windows.net,1433"),
            ("Database", "Sales"),
            ("User ID", "etl@sales"),
        ],
        secrets: &[("Password", "p;w")],
    },
    Example {
        file: "azure-sql-dw.sql",
        kind: "AzureSqlDW",
        auth: "SQL",
        properties: &[
            ("Server", "tcp:sales.database.windows.net,1433"),
            ("Database", "Sales"),
            ("User ID", "etl@sales"),
            ("Connection Timeout", "60"),
        ],
        secrets: &[("Password", "plain")],
    },
    Example {
        file: "data-lake-store.service-principal",
        kind: "AzureDataLakeStore",
        auth: "ServicePrincipal",
        properties: &[
            (
                "dataLakeStoreUri",
                "https://sales.azuredatalakestore.net/webhdfs/v1",
            ),
            ("tenant", "corp.onmicrosoft.com"),
            ("servicePrincipalId", "01234567-89ab-cdef-0123-456789abcdef"),
            ("subscriptionId", "fedcba98-7654-3210-fedc-ba9876543210"),
            ("resourceGroupName", "sales-rg"),
        ],
        secrets: &[("servicePrincipalKey", "k=e/y")],
    },
    Example {
        file: "amazon-s3.access-key",
        kind: "AwsAccessKey",
        auth: "AccessKey",
        properties: &[("accessKeyID", "AKIAIOSFODNN7EXAMPLE")],
        secrets: &[(
            "secretAccessKey",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        )],
    },
    Example {
        file: "amazon-redshift.basic",
        kind: "AmazonRedshift",
        auth: "Basic",
        properties: &[
            ("server", "sales.abc123.eu-west-1.redshift.amazonaws.com"),
            ("database", "sales"),
            ("username", "etl"),
        ],
        secrets: &[("password", "plain")],
    },
    Example {
        file: "salesforce.basic",
        kind: "Salesforce",
        auth: "Basic",
        properties: &[("username", "etl@corp.example")],
        secrets: &[("password", "plain"), ("securityToken", "AbC123xyz")],
    },
];
