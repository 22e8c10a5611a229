//! What keywords mean. One table serves for the keywords that people write and for the names of the fields.

/// What the value of a keyword is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Host,
    Port,
    Url,
    Instance,
    Database,
    Schema,
    User,
    Password,
    Service,
    Sid,
    /// Whether the connection is encrypted.
    Encrypt,
    /// Whether a certificate is believed without a check.
    Trust,
    /// Whether Windows authentication is used.
    Integrated,
    /// The name of an authentication type.
    Authentication,
    /// A credential that somebody else has sealed.
    Sealed,
}

/// Spellings in lower case, without spaces, underscores and hyphens, separated by `|`.
const SPELLINGS: &[(Meaning, &str)] = &[
    (
        Meaning::Host,
        "host|server|hostname|datasource|address|addr|networkaddress|servername|hostaddr|servernode|dbcname|dbq|contactpoints|systemname",
    ),
    (Meaning::Port, "port|portnumber|dbsport|serverport|tcpport"),
    (
        Meaning::Url,
        "url|environmenturl|datalakestoreuri|serviceurl|baseurl",
    ),
    (Meaning::Instance, "instance|instancename"),
    (
        Meaning::Database,
        "database|initialcatalog|databasename|dbname|db|catalog|keyspace|defaultkeyspace|defaultdatabase|dbalias",
    ),
    (
        Meaning::Schema,
        "schema|currentschema|searchpath|defaultschema",
    ),
    (
        Meaning::User,
        "username|user|userid|uid|usr|login|loginid|logonid",
    ),
    (Meaning::Password, "password|pwd|pass|passwd"),
    (Meaning::Service, "servicename"),
    (Meaning::Sid, "sid"),
    (
        Meaning::Encrypt,
        "encrypt|ssl|sslmode|usessl|tls|enablessl|requiressl|usetls|encryption|useencryption",
    ),
    (Meaning::Trust, "trustservercertificate"),
    (
        Meaning::Integrated,
        "integratedsecurity|trustedconnection|usewindowsauthentication",
    ),
    (Meaning::Authentication, "authenticationtype"),
    (Meaning::Sealed, "encryptedcredential"),
];

impl Meaning {
    /// What a keyword, or the name of a field, means.
    pub(super) fn of(keyword: &str) -> Option<Meaning> {
        let found = SPELLINGS
            .iter()
            .find(|(_, words)| words.split('|').any(|word| same(word, keyword)));
        found.map(|(meaning, _)| *meaning)
    }
}

/// Whether a keyword is this word, which is in lower case and has no spaces, underscores and hyphens.
pub(super) fn same(word: &str, keyword: &str) -> bool {
    let letters = keyword
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'_' | b'-'));
    letters
        .map(|byte| byte.to_ascii_lowercase())
        .eq(word.bytes())
}

/// Whether a keyword has to do with the protection of the connection.
pub(super) fn concerns_tls(keyword: &str) -> bool {
    has_one_of(keyword, "ssl|tls|cert|trust|encrypt")
}

/// Whether the value of a keyword looks like something that nobody may see.
pub(super) fn concerns_secret(keyword: &str) -> bool {
    has_one_of(
        keyword,
        "password|pwd|passwd|passphrase|secret|token|signature|apikey|api_key|accesskey|access_key|accountkey|privatekey|credential",
    )
}

fn has_one_of(keyword: &str, words: &str) -> bool {
    let keyword = keyword.to_ascii_lowercase();
    words.split('|').any(|word| keyword.contains(word))
}

/// A yes or no, in any of the ways to say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    /// Yes, and the server is checked more strictly than usual.
    StrictYes,
    No,
}

impl Answer {
    pub(super) fn of(value: &str) -> Option<Answer> {
        const ANSWERS: &[(Answer, &str)] = &[
            (Answer::Yes, "true|yes|1|on|sspi|mandatory|require|required"),
            (
                Answer::StrictYes,
                "strict|verifyca|verifyfull|verifyidentity",
            ),
            (Answer::No, "false|no|0|off|optional|disable|disabled|none"),
        ];
        let found = ANSWERS
            .iter()
            .find(|(_, words)| words.split('|').any(|word| same(word, value)));
        found.map(|(answer, _)| *answer)
    }
}
