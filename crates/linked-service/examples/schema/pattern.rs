//! What a value has to look like, as regular expressions that every dialect of JSON Schema's validators reads. They take
//! all that the gateway takes and refuse nearly all that it refuses: of an address they know the form only.

use linked_service::{Field, Grammar, Input};
use serde_json::{Map, Value, json};

/// Control characters and those that reorder text.
const UNSAFE: &str = r"\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF";

const NAME: &str = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\.?";

const IPV6: &str = r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*";

const PORT: &str =
    "(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";

/// The definition for a field of this sort.
pub(super) fn name(field: &Field) -> &'static str {
    match (field.input, field.grammar) {
        (Input::Port, _) => "text.port",
        (Input::Url, Grammar::Https) => "text.https",
        (Input::Url, _) => "text.url",
        (_, Grammar::Host) => "text.host",
        (_, Grammar::HostAndPort) => "text.hostAndPort",
        (_, Grammar::HostList) => "text.hostList",
        (_, Grammar::DataSource) => "text.dataSource",
        (_, Grammar::Identifier) => "text.identifier",
        (_, Grammar::Fingerprint) => "text.fingerprint",
        (_, Grammar::Thumbprint) => "text.thumbprint",
        (_, Grammar::Sha256) => "text.sha256",
        (_, Grammar::FileShare) => "text.fileShare",
        (_, Grammar::Odbc) => "text.odbc",
        (_, Grammar::StorageAccount) => "text.storageAccount",
        (_, Grammar::Guid) => "text.guid",
        (_, Grammar::Number) => "text.number",
        (_, Grammar::TwoDigits) => "text.twoDigits",
        (_, Grammar::ThreeDigits) => "text.threeDigits",
        (_, Grammar::Line | Grammar::Https) => "text.line",
    }
}

/// All of them.
pub(super) fn definitions() -> Map<String, Value> {
    let host = format!(r"(?:{NAME}|{IPV6}|\[{IPV6}\])");
    let authority = format!(r"(?:{NAME}|\[{IPV6}\])(?::{PORT})?");
    let behind = format!(r#"(?:[/?][^\s\\#<>"{UNSAFE}]*)?"#);
    let folder = format!(r#"\\[^\\/:*?"<>|{UNSAFE}]*[^\\/:*?"<>|. {UNSAFE}]"#);
    let patterns = [
        (
            "line",
            format!(r"[^\s{UNSAFE}](?:[^{UNSAFE}]*[^\s{UNSAFE}])?"),
        ),
        ("port", PORT.to_owned()),
        (
            "url",
            format!("[Hh][Tt][Tt][Pp][Ss]?://{authority}{behind}"),
        ),
        (
            "https",
            format!("[Hh][Tt][Tt][Pp][Ss]://{authority}{behind}"),
        ),
        ("host", host.clone()),
        ("hostAndPort", format!("(?:{host}|{authority})")),
        ("hostList", format!("{host}(?:,{host})*")),
        (
            "dataSource",
            format!(
                r"(?:[Tt][Cc][Pp]:)?(?:\.|\([Ll][Oo][Cc][Aa][Ll]\)|{host})(?:\\[A-Za-z0-9_$#]{{1,16}})?(?:,{PORT})?"
            ),
        ),
        ("identifier", "[A-Za-z0-9_$#.-]+".to_owned()),
        (
            "fingerprint",
            format!(
                r"(?:\S+ {PORT} )?(?:(?:MD5:)?[0-9A-Fa-f]{{2}}(?::[0-9A-Fa-f]{{2}}){{15}}|(?:SHA256:)?[A-Za-z0-9+/_-]{{43}}=?)"
            ),
        ),
        ("thumbprint", "[0-9A-Fa-f]{40}".to_owned()),
        ("sha256", "[0-9a-f]{64}".to_owned()),
        ("fileShare", format!(r"(?:Local|\\\\{NAME}(?:{folder})*)")),
        ("odbc", odbc()),
        ("storageAccount", "[a-z0-9]{3,24}".to_owned()),
        (
            "guid",
            "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}".to_owned(),
        ),
        ("number", "(?:0|[1-9][0-9]*)".to_owned()),
        ("twoDigits", "[0-9]{2}".to_owned()),
        ("threeDigits", "[0-9]{3}".to_owned()),
    ];
    let definition = |(name, pattern): (&str, String)| {
        let schema = json!({ "type": "string", "pattern": format!("^{pattern}$") });
        (format!("text.{name}"), schema)
    };
    patterns.into_iter().map(definition).collect()
}

/// `keyword=value` pairs without the keywords of credentials.
fn odbc() -> String {
    let account = ["uid", "user", "userid", "username", "logonid"].map(any_case);
    let secret = [
        "pwd",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "accesskey",
        "credential",
    ]
    .map(any_case);
    let (account, secret) = (account.join("|"), secret.join("|"));
    let no_credential = format!("(?![ _]*(?:{account})=|[^;={{}}]*(?:{secret})=)");
    let keyword = format!("[^;={{}}{UNSAFE}]*[^;={{}} _{UNSAFE}][^;={{}}{UNSAFE}]*");
    let braces = format!(r"\{{(?:[^}}{UNSAFE}]|\}}\}})*\}} *");
    let pair = format!("{no_credential}{keyword}= *(?:{braces}|[^{{; {UNSAFE}][^;{UNSAFE}]*)?");
    format!(r"(?!\s)[; ]*{pair}(?:;[; ]*{pair})*;*")
}

/// A word in any letter case, with spaces and underscores anywhere behind its letters.
fn any_case(word: &str) -> String {
    let letter = |letter: char| format!("[{letter}{}][ _]*", letter.to_ascii_uppercase());
    word.chars().map(letter).collect()
}
