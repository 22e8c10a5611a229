//! Values that do not fit a field, with the rule that each breaks.

use linked_service::{Field, Grammar, Input, Rule};

/// For a field of this sort.
pub(crate) fn wrong(field: &Field) -> &'static [(&'static str, Rule)] {
    match (field.input, field.grammar) {
        (Input::Port, _) => &[
            ("0", Rule::OutOfRange),
            ("65536", Rule::OutOfRange),
            ("99999", Rule::OutOfRange),
            ("x", Rule::NotANumber),
            ("-1", Rule::NotANumber),
            ("+22", Rule::NotANumber),
            ("022", Rule::NotANumber),
            ("2 2", Rule::NotANumber),
            ("٢٢", Rule::NotANumber),
        ],
        (Input::Url, Grammar::Https) => &[
            ("files.corp.example", Rule::NotAnHttpsUrl),
            ("http://files.corp.example", Rule::NotAnHttpsUrl),
            ("https://u:p@files.corp.example/", Rule::CredentialInUrl),
        ],
        (Input::Url, _) => &[
            ("files.corp.example", Rule::NotAUrl),
            ("ftp://files.corp.example", Rule::NotAUrl),
            ("javascript:alert(1)", Rule::NotAUrl),
            ("https://", Rule::NotAUrl),
            ("https://u:p@files.corp.example/", Rule::CredentialInUrl),
        ],
        (Input::Choice(_), _) => &[("other", Rule::NotAChoice), ("microsoft", Rule::NotAChoice)],
        (Input::Switch, _) => &[
            ("True", Rule::NotASwitch),
            ("yes", Rule::NotASwitch),
            ("1", Rule::NotASwitch),
            ("truefalse", Rule::NotASwitch),
        ],
        (_, Grammar::Host | Grammar::HostAndPort) => &[
            ("a b", Rule::NotAHost),
            ("host/path", Rule::NotAHost),
            ("user@host", Rule::NotAHost),
            ("host;x=y", Rule::NotAHost),
            ("bücher.example", Rule::NotAHost),
        ],
        (_, Grammar::HostList) => &[
            ("a,b c", Rule::NotAHostList),
            ("a, b", Rule::NotAHostList),
            ("a,", Rule::NotAHostList),
            ("a:9042", Rule::NotAHostList),
            ("user@a,b", Rule::NotAHostList),
        ],
        (_, Grammar::DataSource) => &[
            ("a b", Rule::NotADataSource),
            ("host;Encrypt=False", Rule::NotADataSource),
            ("np:\\\\host\\pipe", Rule::NotADataSource),
            ("host,x", Rule::NotANumber),
            ("host,0", Rule::OutOfRange),
        ],
        (_, Grammar::Sha256) => &[
            ("ab", Rule::NotASha256),
            (
                "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
                Rule::NotASha256,
            ),
        ],
        (_, Grammar::Identifier) => &[
            ("a b", Rule::NotAnIdentifier),
            ("a)(b", Rule::NotAnIdentifier),
            ("ä", Rule::NotAnIdentifier),
        ],
        (_, Grammar::Fingerprint) => &[
            ("ssh-rsa", Rule::NotAFingerprint),
            ("SHA256:short", Rule::NotAFingerprint),
        ],
        (_, Grammar::Thumbprint) => &[
            ("0011", Rule::NotAThumbprint),
            (
                "0011223344556677889900112233445566778g99",
                Rule::NotAThumbprint,
            ),
        ],
        (_, Grammar::FileShare) => &[
            ("files01", Rule::NotAFileShare),
            ("D:\\", Rule::NotAFileShare),
            ("\\\\files01\\..\\x", Rule::NotAFileShare),
        ],
        (_, Grammar::Odbc) => &[
            ("Sales", Rule::NotAConnectionString),
            ("Driver={x", Rule::NotAConnectionString),
            ("DSN=x;Pwd=y", Rule::CredentialInConnectionString),
            ("DSN=x;Uid=y", Rule::CredentialInConnectionString),
        ],
        (_, Grammar::StorageAccount) => &[
            ("ab", Rule::NotAStorageAccount),
            ("Sales", Rule::NotAStorageAccount),
            ("sales.blob", Rule::NotAStorageAccount),
        ],
        (_, Grammar::Guid) => &[
            ("sales", Rule::NotAGuid),
            ("0123456789abcdef0123456789abcdef", Rule::NotAGuid),
        ],
        (_, Grammar::Number) => &[
            ("x", Rule::NotANumber),
            ("-1", Rule::NotANumber),
            ("1.5", Rule::NotANumber),
            ("030", Rule::NotANumber),
        ],
        (_, Grammar::TwoDigits) => &[
            ("0", Rule::NotTwoDigits),
            ("0x", Rule::NotTwoDigits),
            ("é", Rule::NotTwoDigits),
        ],
        (_, Grammar::ThreeDigits) => &[("80", Rule::NotThreeDigits), ("80x", Rule::NotThreeDigits)],
        (_, Grammar::Line | Grammar::Https) => &[],
    }
}
