//! How connection strings name the kinds of data store. Ids of kinds stand here only.

use super::meaning::same;

/// The ids of the kinds that a text may be for, the likeliest first. Empty: any kind.
pub(super) type Family = &'static [&'static str];

pub(super) const ANY: Family = &[];
const SQL_SERVER: Family = &["OnPremisesSqlServer", "AzureSqlDatabase", "AzureSqlDW"];
pub(super) const ORACLE: Family = &["OnPremisesOracle"];
const MYSQL: Family = &["OnPremisesMySql"];
pub(super) const POSTGRESQL: Family = &["OnPremisesPostgreSql", "AmazonRedshift"];
const REDSHIFT: Family = &["AmazonRedshift"];
const DB2: Family = &["OnPremisesDb2"];
const SYBASE: Family = &["OnPremisesSybase"];
const TERADATA: Family = &["OnPremisesTeradata"];
const SAP_HANA: Family = &["SapHana"];
const CASSANDRA: Family = &["OnPremisesCassandra"];
const MONGODB: Family = &["OnPremisesMongoDb"];
pub(super) const ODBC: Family = &["OnPremisesOdbc"];
const SFTP: Family = &["Sftp"];
const FTP: Family = &["FtpServer"];
const WEB: Family = &[
    "Http",
    "OData",
    "Web",
    "Hdfs",
    "AzureDataLakeStore",
    "Salesforce",
];
pub(super) const STORAGE: Family = &["AzureStorage"];

/// How what follows a scheme is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `//user:password@host:port,host:port/path?option=value&…`, percent-encoded.
    Url,
    /// `//host:port/path?option=value&…`, as it is.
    Plain,
    /// `//host\instance:port/path;option={value};…`
    Braces,
    /// `//host:port/path:option=value;…`
    Colon,
    /// `//host/option=value,option='value'`
    Commas,
    /// `user/password@` and one of Oracle's own forms.
    Oracle,
    /// A web address, which stays one.
    Web,
}

/// A scheme that a URL can begin with.
pub(super) struct Scheme {
    /// In lower case, without the colon at the end.
    pub(super) name: &'static str,
    pub(super) family: Family,
    pub(super) style: Style,
    /// The keyword that stands for the path.
    pub(super) path: &'static str,
}

const fn scheme(name: &'static str, family: Family, style: Style, path: &'static str) -> Scheme {
    Scheme {
        name,
        family,
        style,
        path,
    }
}

/// Of two schemes for one family, the one that is written comes first.
pub(super) const SCHEMES: &[Scheme] = &[
    scheme("postgresql", POSTGRESQL, Style::Url, "database"),
    scheme("postgres", POSTGRESQL, Style::Url, "database"),
    scheme("redshift", REDSHIFT, Style::Url, "database"),
    scheme("mysql", MYSQL, Style::Url, "database"),
    scheme("mariadb", MYSQL, Style::Url, "database"),
    scheme("mongodb", MONGODB, Style::Url, "database"),
    scheme("mongodb+srv", MONGODB, Style::Url, "database"),
    scheme("sftp", SFTP, Style::Url, "path"),
    scheme("ftp", FTP, Style::Url, "path"),
    scheme("ftps", FTP, Style::Url, "path"),
    scheme("https", WEB, Style::Web, ""),
    scheme("http", WEB, Style::Web, ""),
    scheme("sqlserver", SQL_SERVER, Style::Url, "instance"),
    scheme("mssql", SQL_SERVER, Style::Url, "database"),
    scheme("oracle", ORACLE, Style::Url, "servicename"),
    scheme("db2", DB2, Style::Url, "database"),
    scheme("hana", SAP_HANA, Style::Url, "database"),
    scheme("cassandra", CASSANDRA, Style::Url, "keyspace"),
    scheme("teradata", TERADATA, Style::Url, "database"),
    scheme("jdbc:sqlserver", SQL_SERVER, Style::Braces, "path"),
    scheme("jdbc:jtds:sqlserver", SQL_SERVER, Style::Braces, "database"),
    scheme("jdbc:postgresql", POSTGRESQL, Style::Url, "database"),
    scheme("jdbc:redshift", REDSHIFT, Style::Url, "database"),
    scheme("jdbc:redshift:iam", REDSHIFT, Style::Url, "database"),
    scheme("jdbc:mysql", MYSQL, Style::Url, "database"),
    scheme("jdbc:mysql:loadbalance", MYSQL, Style::Url, "database"),
    scheme("jdbc:mysql:replication", MYSQL, Style::Url, "database"),
    scheme("jdbc:mariadb", MYSQL, Style::Url, "database"),
    scheme("jdbc:mariadb:sequential", MYSQL, Style::Url, "database"),
    scheme("jdbc:mariadb:loadbalance", MYSQL, Style::Url, "database"),
    scheme("jdbc:db2", DB2, Style::Colon, "database"),
    scheme("jdbc:sybase:tds", SYBASE, Style::Plain, "database"),
    scheme("jdbc:jtds:sybase", SYBASE, Style::Braces, "database"),
    scheme("jdbc:teradata", TERADATA, Style::Commas, ""),
    scheme("jdbc:sap", SAP_HANA, Style::Url, "path"),
    scheme("jdbc:cassandra", CASSANDRA, Style::Url, "keyspace"),
    scheme("jdbc:mongodb", MONGODB, Style::Url, "database"),
    scheme("jdbc:oracle:thin", ORACLE, Style::Oracle, ""),
    scheme("jdbc:oracle:oci", ORACLE, Style::Oracle, ""),
    scheme("jdbc:oracle:oci8", ORACLE, Style::Oracle, ""),
];

/// Words in the names of ODBC drivers and OLE DB providers, in lower case.
const DRIVERS: &[(&str, Family)] = &[
    ("sql server", SQL_SERVER),
    ("sqloledb", SQL_SERVER),
    ("msoledbsql", SQL_SERVER),
    ("sqlncli", SQL_SERVER),
    ("freetds", SQL_SERVER),
    ("oracle", ORACLE),
    ("oraoledb", ORACLE),
    ("mysql", MYSQL),
    ("mariadb", MYSQL),
    ("redshift", REDSHIFT),
    ("postgres", POSTGRESQL),
    ("psqlodbc", POSTGRESQL),
    ("db2", DB2),
    ("adaptive server", SYBASE),
    ("sybase", SYBASE),
    ("teradata", TERADATA),
    ("hdbodbc", SAP_HANA),
    ("cassandra", CASSANDRA),
    ("mongo", MONGODB),
    ("msdasql", ODBC),
];

/// The names of the drivers that are written.
pub(super) const WRITTEN_DRIVERS: &[(&str, Family)] = &[
    ("ODBC Driver 18 for SQL Server", SQL_SERVER),
    ("Oracle in OraClient19Home1", ORACLE),
    ("MySQL ODBC 8.0 Unicode Driver", MYSQL),
    ("Amazon Redshift (x64)", REDSHIFT),
    ("PostgreSQL Unicode", POSTGRESQL),
    ("IBM DB2 ODBC DRIVER", DB2),
    ("Adaptive Server Enterprise", SYBASE),
    ("Teradata", TERADATA),
    ("HDBODBC", SAP_HANA),
    ("Simba Cassandra ODBC Driver", CASSANDRA),
    ("MongoDB ODBC Driver", MONGODB),
];

/// Keywords that only one family has, separated by `|`.
const OWN_KEYWORDS: &[(&str, Family)] = &[
    (
        "accountname|accountkey|sharedaccesssignature|blobendpoint|endpointsuffix|usedevelopmentstorage",
        STORAGE,
    ),
    (
        "multipleactiveresultsets|marsconnection|applicationintent|multisubnetfailover|attachdbfilename|columnencryptionsetting|typesystemversion",
        SQL_SERVER,
    ),
    (
        "dbaprivilege|statementcachesize|validateconnection|incrpoolsize",
        ORACLE,
    ),
    (
        "allowpublickeyretrieval|allowuservariables|convertzerodatetime|allowzerodatetime|treattinyasboolean|oldguids|useaffectedrows",
        MYSQL,
    ),
    (
        "searchpath|gssencmode|channelbinding|includeerrordetail|noresetonclose|maxautoprepare",
        POSTGRESQL,
    ),
    ("servernode", SAP_HANA),
];

/// What decides if nobody has said which kind is wanted: a keyword with a value, or with any if that is empty.
const HINTS: &[(&str, &str, Family)] = &[
    ("port", "1433", SQL_SERVER),
    ("port", "1521", ORACLE),
    ("port", "3306", MYSQL),
    ("port", "5432", POSTGRESQL),
    ("port", "5439", REDSHIFT),
    ("port", "50000", DB2),
    ("port", "5000", SYBASE),
    ("port", "1025", TERADATA),
    ("port", "30015", SAP_HANA),
    ("port", "9042", CASSANDRA),
    ("port", "27017", MONGODB),
    ("initialcatalog", "", SQL_SERVER),
    ("trustservercertificate", "", SQL_SERVER),
    ("integratedsecurity", "", SQL_SERVER),
    ("trustedconnection", "", SQL_SERVER),
    ("sid", "", ORACLE),
    ("servicename", "", ORACLE),
    ("host", "", POSTGRESQL),
    ("sslmode", "", MYSQL),
    ("charset", "", MYSQL),
    ("currentschema", "", DB2),
];

/// Ends of host names that tell a service.
const DOMAINS: &[(&str, &str)] = &[
    (".database.windows.net", "AzureSqlDatabase"),
    (".sql.azuresynapse.net", "AzureSqlDW"),
    (".redshift.amazonaws.com", "AmazonRedshift"),
    (".azuredatalakestore.net", "AzureDataLakeStore"),
    (".salesforce.com", "Salesforce"),
    (".force.com", "Salesforce"),
];

/// The scheme that a text begins with, and what follows its colon.
pub(super) fn scheme_of(text: &str) -> Option<(&'static Scheme, &str)> {
    let mut found: Option<(&Scheme, &str)> = None;
    for scheme in SCHEMES {
        let rest = text
            .get(..scheme.name.len())
            .filter(|begin| begin.eq_ignore_ascii_case(scheme.name))
            .and_then(|_| text[scheme.name.len()..].strip_prefix(':'));
        // The longest: `jdbc:mysql` also begins `jdbc:mysql:replication`.
        if let Some(rest) = rest
            && found.is_none_or(|(longest, _)| longest.name.len() < scheme.name.len())
        {
            found = Some((scheme, rest));
        }
    }
    found
}

/// The family that an ODBC driver or OLE DB provider of this name is for.
pub(super) fn family_of_driver(name: &str) -> Option<Family> {
    let name = name.to_ascii_lowercase();
    let found = DRIVERS.iter().find(|(word, _)| name.contains(word));
    found.map(|(_, family)| *family)
}

/// The only family that has this keyword.
pub(super) fn family_of_keyword(keyword: &str) -> Option<Family> {
    let found = OWN_KEYWORDS
        .iter()
        .find(|(words, _)| words.split('|').any(|word| same(word, keyword)));
    found.map(|(_, family)| *family)
}

/// The family that this keyword and value are likeliest for, and how good a hint that is: less is better.
pub(super) fn hint(keyword: &str, value: &str) -> Option<(usize, Family)> {
    let at = HINTS.iter().position(|(word, wanted, _)| {
        same(word, keyword) && (wanted.is_empty() || *wanted == value)
    })?;
    Some((at, HINTS[at].2))
}

/// The kind whose service has this host name, or a web address with one.
pub(super) fn kind_of_host(value: &str) -> Option<&'static str> {
    let host = match value.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?']).next().unwrap_or_default(),
        None => value,
    };
    let host = host.split([',', ':']).find(|part| part.contains('.'))?;
    let host = host.to_ascii_lowercase();
    let found = DOMAINS.iter().find(|(end, _)| host.ends_with(end));
    found.map(|(_, kind)| *kind)
}
