//! The catalogue beside a table written by hand from the connectors' documentation: what a secret is, how each name is
//! spelled and where the reference goes changes on purpose only.

use std::collections::BTreeSet;

use linked_service::{Placement, catalogue, kind};

use Placement::{ConnectionString as Cs, EncryptedCredential as Ec, Nowhere};

struct Row {
    kind: &'static str,
    auth: &'static str,
    /// The JSON `type`.
    json_type: &'static str,
    /// The JSON's `authenticationType`; empty where it has none.
    authentication_type: &'static str,
    placement: Placement,
    /// Names of the secrets with spaces between them, in the form's order.
    secrets: &'static [&'static str],
    /// Names of the rest.
    properties: &'static [&'static str],
}

const fn row(
    [kind, auth, json_type, authentication_type]: [&'static str; 4],
    placement: Placement,
    secrets: &'static [&'static str],
    properties: &'static [&'static str],
) -> Row {
    Row {
        kind,
        auth,
        json_type,
        authentication_type,
        placement,
        secrets,
        properties,
    }
}

/// A kind whose `type` is its id and whose authentication types are the JSON's.
const fn plain(
    kind: &'static str,
    auth: &'static str,
    secrets: &'static [&'static str],
    properties: &'static [&'static str],
) -> Row {
    row([kind, auth, kind, auth], Ec, secrets, properties)
}

const SQL_TLS: &[&str] = &[
    "Data Source",
    "Initial Catalog",
    "Encrypt",
    "TrustServerCertificate",
];
const SQL_LOGIN: &[&str] = &[
    "Data Source",
    "Initial Catalog",
    "User ID",
    "Encrypt",
    "TrustServerCertificate",
];
const ORACLE: &[&str] = &[
    "Host",
    "Port",
    "ServiceName",
    "Sid",
    "User Id",
    "driverType",
];
const RELATIONAL: &[&str] = &["server", "database", "schema", "username"];
const RELATIONAL_ANONYMOUS: &[&str] = &["server", "database", "schema"];
const SFTP: &[&str] = &[
    "host",
    "port",
    "hostKeyFingerprint",
    "skipHostKeyValidation",
    "username",
];
const FTP: &[&str] = &[
    "host",
    "port",
    "enableSsl",
    "enableServerCertificateValidation",
    "username",
];
const FTP_ANONYMOUS: &[&str] = &[
    "host",
    "port",
    "enableSsl",
    "enableServerCertificateValidation",
];
const HTTP: &[&str] = &["url", "enableServerCertificateValidation", "userName"];
const MONGO: &[&str] = &["server", "port", "databaseName", "authSource", "username"];
const AZURE_SQL: &[&str] = &["Server", "Database", "User ID", "Connection Timeout"];
const DATA_LAKE: &[&str] = &[
    "dataLakeStoreUri",
    "tenant",
    "servicePrincipalId",
    "subscriptionId",
    "resourceGroupName",
];
const PASSWORD: &[&str] = &["password"];
const KEY: &[&str] = &["privateKeyContent", "passPhrase"];

const TABLE: &[Row] = &[
    row(
        ["OnPremisesSqlServer", "SQL", "OnPremisesSqlServer", ""],
        Cs,
        PASSWORD,
        SQL_LOGIN,
    ),
    row(
        ["OnPremisesSqlServer", "Windows", "OnPremisesSqlServer", ""],
        Cs,
        &["username", "password"],
        SQL_TLS,
    ),
    row(
        ["OnPremisesOracle", "Basic", "OnPremisesOracle", ""],
        Cs,
        &["Password"],
        ORACLE,
    ),
    plain(
        "OnPremisesMySql",
        "Basic",
        PASSWORD,
        &["server", "database", "schema", "userName"],
    ),
    plain("OnPremisesPostgreSql", "Basic", PASSWORD, RELATIONAL),
    plain("OnPremisesPostgreSql", "Windows", PASSWORD, RELATIONAL),
    plain(
        "OnPremisesPostgreSql",
        "Anonymous",
        &[],
        RELATIONAL_ANONYMOUS,
    ),
    plain("OnPremisesDb2", "Basic", PASSWORD, RELATIONAL),
    plain("OnPremisesDb2", "Windows", PASSWORD, RELATIONAL),
    plain("OnPremisesDb2", "Anonymous", &[], RELATIONAL_ANONYMOUS),
    plain("OnPremisesSybase", "Basic", PASSWORD, RELATIONAL),
    plain("OnPremisesSybase", "Windows", PASSWORD, RELATIONAL),
    plain("OnPremisesSybase", "Anonymous", &[], RELATIONAL_ANONYMOUS),
    plain(
        "OnPremisesTeradata",
        "Basic",
        PASSWORD,
        &["server", "username"],
    ),
    plain(
        "OnPremisesTeradata",
        "Windows",
        PASSWORD,
        &["server", "username"],
    ),
    plain("OnPremisesTeradata", "Anonymous", &[], &["server"]),
    plain("SapHana", "Basic", PASSWORD, &["server", "username"]),
    plain("SapHana", "Windows", PASSWORD, &["server", "username"]),
    row(
        ["SapBw", "Basic", "SapBw", ""],
        Ec,
        PASSWORD,
        &["server", "systemNumber", "clientId", "username"],
    ),
    plain(
        "OnPremisesCassandra",
        "Basic",
        PASSWORD,
        &["host", "port", "username"],
    ),
    plain("OnPremisesCassandra", "Anonymous", &[], &["host", "port"]),
    plain("OnPremisesMongoDb", "Basic", PASSWORD, MONGO),
    plain(
        "OnPremisesMongoDb",
        "Anonymous",
        &[],
        &["server", "port", "databaseName"],
    ),
    row(
        ["OnPremisesOdbc", "Basic", "OnPremisesOdbc", "Basic"],
        Cs,
        &["password", "credential"],
        &["connectionString", "userName"],
    ),
    row(
        ["OnPremisesOdbc", "Anonymous", "OnPremisesOdbc", "Anonymous"],
        Cs,
        &["credential"],
        &["connectionString"],
    ),
    plain("OData", "Basic", PASSWORD, &["url", "username"]),
    plain("OData", "Windows", PASSWORD, &["url", "username"]),
    plain("OData", "Anonymous", &[], &["url"]),
    plain("Hdfs", "Windows", PASSWORD, &["url", "userName"]),
    plain("Hdfs", "Anonymous", &[], &["url", "userName"]),
    row(
        [
            "OnPremisesFileServer",
            "Windows",
            "OnPremisesFileServer",
            "",
        ],
        Ec,
        PASSWORD,
        &["host", "userid"],
    ),
    plain("FtpServer", "Basic", PASSWORD, FTP),
    plain("FtpServer", "Anonymous", &[], FTP_ANONYMOUS),
    plain("Sftp", "Basic", PASSWORD, SFTP),
    plain("Sftp", "SshPublicKey", KEY, SFTP),
    plain("Http", "Basic", PASSWORD, HTTP),
    plain("Http", "Digest", PASSWORD, HTTP),
    plain("Http", "Windows", PASSWORD, HTTP),
    plain(
        "Http",
        "ClientCertificate",
        &["embeddedCertData", "password"],
        &["url", "enableServerCertificateValidation", "certThumbprint"],
    ),
    plain(
        "Http",
        "Anonymous",
        &[],
        &["url", "enableServerCertificateValidation"],
    ),
    row(
        ["Web", "Anonymous", "Web", "Anonymous"],
        Nowhere,
        &[],
        &["url"],
    ),
    row(
        ["AzureStorage", "AccountKey", "AzureStorage", ""],
        Cs,
        &["AccountKey"],
        &["AccountName", "DefaultEndpointsProtocol"],
    ),
    row(
        ["AzureStorage", "SAS", "AzureStorageSas", ""],
        Ec,
        &["sasUri"],
        &[],
    ),
    row(
        ["AzureSqlDatabase", "SQL", "AzureSqlDatabase", ""],
        Cs,
        &["Password"],
        AZURE_SQL,
    ),
    row(
        ["AzureSqlDW", "SQL", "AzureSqlDW", ""],
        Cs,
        &["Password"],
        AZURE_SQL,
    ),
    row(
        [
            "AzureDataLakeStore",
            "ServicePrincipal",
            "AzureDataLakeStore",
            "",
        ],
        Ec,
        &["servicePrincipalKey"],
        DATA_LAKE,
    ),
    row(
        ["AwsAccessKey", "AccessKey", "AwsAccessKey", ""],
        Ec,
        &["secretAccessKey"],
        &["accessKeyID"],
    ),
    row(
        ["AmazonRedshift", "Basic", "AmazonRedshift", ""],
        Ec,
        PASSWORD,
        &["server", "port", "database", "username"],
    ),
    row(
        ["Salesforce", "Basic", "Salesforce", ""],
        Ec,
        &["password", "securityToken"],
        &["environmentUrl", "username"],
    ),
];

#[test]
fn the_catalogue_is_this_table() {
    let mut rows = TABLE.iter();
    for kind in catalogue() {
        for auth in kind.auth_types {
            let row = rows
                .next()
                .unwrap_or_else(|| panic!("{}/{} is not in the table", kind.id, auth.id));
            let names = |secret: bool| {
                let fields = auth
                    .fields
                    .iter()
                    .filter(move |field| field.is_secret() == secret);
                fields.map(|field| field.name).collect::<Vec<_>>()
            };
            assert_eq!([kind.id, auth.id], [row.kind, row.auth]);
            let place = format!("{}/{}", kind.id, auth.id);
            assert_eq!(auth.json_type.unwrap_or(kind.id), row.json_type, "{place}");
            assert_eq!(
                auth.authentication_type.unwrap_or_default(),
                row.authentication_type,
                "{place}"
            );
            assert_eq!(auth.placement, row.placement, "{place}");
            assert_eq!(names(true), row.secrets, "{place}");
            assert_eq!(names(false), row.properties, "{place}");
        }
    }
    assert_eq!(
        rows.next().map(|row| row.kind),
        None,
        "the catalogue ends before the table"
    );
}

#[test]
fn all_twenty_six_kinds_are_there() {
    let documented = [
        "OnPremisesSqlServer",
        "OnPremisesOracle",
        "OnPremisesMySql",
        "OnPremisesPostgreSql",
        "OnPremisesDb2",
        "OnPremisesSybase",
        "OnPremisesTeradata",
        "SapHana",
        "SapBw",
        "OnPremisesCassandra",
        "OnPremisesMongoDb",
        "OnPremisesOdbc",
        "OData",
        "Hdfs",
        "OnPremisesFileServer",
        "FtpServer",
        "Sftp",
        "Http",
        "Web",
        "AzureStorage",
        "AzureSqlDatabase",
        "AzureSqlDW",
        "AzureDataLakeStore",
        "AwsAccessKey",
        "AmazonRedshift",
        "Salesforce",
    ];
    let ids: Vec<_> = catalogue().iter().map(|kind| kind.id).collect();
    assert_eq!(ids, documented);
    assert_eq!(ids.len(), 26);
    let names: BTreeSet<_> = catalogue().iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), 26, "two kinds are called the same");
}

/// Spellings of the documentation and of the old cmdlet.
#[test]
fn a_kind_is_found_under_every_documented_type() {
    for (spelling, id) in [
        ("OnPremisesMongoDB", "OnPremisesMongoDb"),
        ("OnPremisesDB2", "OnPremisesDb2"),
        ("OnPremisesSqlLinkedService", "OnPremisesSqlServer"),
        ("OnPremisesFileSystemLinkedService", "OnPremisesFileServer"),
        ("OnPremisesOracleLinkedService", "OnPremisesOracle"),
        ("OnPremisesOdbcLinkedService", "OnPremisesOdbc"),
        ("OnPremisesPostgreSqlLinkedService", "OnPremisesPostgreSql"),
        ("OnPremisesTeradataLinkedService", "OnPremisesTeradata"),
        ("OnPremisesMySQLLinkedService", "OnPremisesMySql"),
        ("OnPremisesDB2LinkedService", "OnPremisesDb2"),
        ("OnPremisesSybaseLinkedService", "OnPremisesSybase"),
        ("HdfsLinkedService", "Hdfs"),
        ("AzureStorageSas", "AzureStorage"),
        ("azurestoragesas", "AzureStorage"),
    ] {
        assert_eq!(kind(spelling).map(|kind| kind.id), Some(id), "{spelling}");
    }
}

#[test]
fn a_json_type_can_name_the_authentication_type_too() {
    let storage = kind("AzureStorageSas").unwrap_or_else(|| panic!("no Azure Storage"));
    let of = |json_type: &str| storage.auth_type_of_json(json_type).map(|auth| auth.id);
    assert_eq!(of("AzureStorageSas"), Some("SAS"));
    assert_eq!(of("AZURESTORAGESAS"), Some("SAS"));
    assert_eq!(of("AzureStorage"), None);
}

/// The four documented spellings of a user name are all read, wherever there is a user name.
#[test]
fn a_user_name_is_read_in_every_spelling() {
    let mut found = BTreeSet::new();
    for kind in catalogue() {
        for auth in kind.auth_types {
            let of = |spelling: &str| auth.field_spelled(spelling).map(|field| field.name);
            if let Some(name) = of("username") {
                found.insert(name);
                assert_eq!(of("userName"), Some(name), "{}/{}", kind.id, auth.id);
                assert_eq!(of("userid"), Some(name), "{}/{}", kind.id, auth.id);
                assert_eq!(of("User Id"), Some(name), "{}/{}", kind.id, auth.id);
            }
        }
    }
    assert_eq!(
        found,
        BTreeSet::from(["User ID", "User Id", "userName", "userid", "username"])
    );
    let sftp = kind("Sftp").and_then(|kind| kind.auth_types.first());
    let fingerprint = sftp.and_then(|auth| auth.field_spelled("hostKeyFingerPrint"));
    assert_eq!(
        fingerprint.map(|field| field.name),
        Some("hostKeyFingerprint")
    );
}
