//! What a value has to look like.

mod address;
mod host;
mod odbc;
mod share;
mod url;

use crate::{Field, Grammar, Input, Rule};

pub(crate) use host::{bracketed, is_host};
pub(crate) use odbc::is_word;

/// Checks the value of a field that is not a secret.
pub(crate) fn check(field: &Field, value: &str) -> Result<(), Rule> {
    if value.chars().any(reorders_or_controls) {
        return Err(Rule::ControlCharacter);
    }
    if value.chars().nth(field.max_chars).is_some() {
        return Err(Rule::TooLong {
            limit: field.max_chars,
        });
    }
    if value.starts_with(char::is_whitespace) || value.ends_with(char::is_whitespace) {
        return Err(Rule::OuterSpace);
    }
    match field.input {
        Input::Text | Input::Host => check_grammar(field.grammar, value),
        Input::Port => check_port(value),
        Input::Url if field.grammar == Grammar::Https => url::check_https(value),
        Input::Url => url::check(value),
        Input::Choice(choices) => holds(
            choices.iter().any(|choice| choice.value == value),
            Rule::NotAChoice,
        ),
        Input::Switch => holds(matches!(value, "true" | "false"), Rule::NotASwitch),
        // A secret's text never comes here; a table that says otherwise is refused rather than trusted.
        Input::Secret | Input::KeyFile(_) => Err(Rule::MustBeSecret),
    }
}

/// The spelling under which two values that certainly mean the same place compare equal: host names do not
/// distinguish upper and lower case. Anything less certain stays as typed.
pub(crate) fn canonical(field: &Field, value: &str) -> String {
    match (field.input, field.grammar) {
        (Input::Url, _) => url::canonical(value),
        (Input::Host, _) => value.to_ascii_lowercase(),
        _ => value.to_owned(),
    }
}

fn check_grammar(grammar: Grammar, value: &str) -> Result<(), Rule> {
    match grammar {
        // Of these, the one belongs to a URL, which has been checked as such.
        Grammar::Line | Grammar::Https => Ok(()),
        Grammar::Host => holds(host::is_host(value), Rule::NotAHost),
        Grammar::HostAndPort => host::check_host_and_port(value),
        Grammar::HostList => holds(value.split(',').all(host::is_host), Rule::NotAHostList),
        Grammar::DataSource => host::check_data_source(value),
        Grammar::Identifier => holds(value.bytes().all(identifies), Rule::NotAnIdentifier),
        Grammar::Fingerprint => holds(is_fingerprint(value), Rule::NotAFingerprint),
        Grammar::Thumbprint => holds(
            is_made_of(40, u8::is_ascii_hexdigit, value),
            Rule::NotAThumbprint,
        ),
        Grammar::Sha256 => holds(is_made_of(64, is_lower_hexdigit, value), Rule::NotASha256),
        Grammar::FileShare => holds(share::is_share(value), Rule::NotAFileShare),
        Grammar::Odbc => odbc::check(value),
        Grammar::StorageAccount => holds(is_storage_account(value), Rule::NotAStorageAccount),
        Grammar::Guid => holds(is_guid(value), Rule::NotAGuid),
        Grammar::Number => check_number(value),
        Grammar::TwoDigits => holds(is_made_of(2, u8::is_ascii_digit, value), Rule::NotTwoDigits),
        Grammar::ThreeDigits => holds(
            is_made_of(3, u8::is_ascii_digit, value),
            Rule::NotThreeDigits,
        ),
    }
}

fn check_number(value: &str) -> Result<(), Rule> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let padded = value.len() > 1 && value.starts_with('0');
    holds(!value.is_empty() && digits && !padded, Rule::NotANumber)
}

fn check_port(value: &str) -> Result<(), Rule> {
    check_number(value)?;
    holds(
        value.parse::<u16>().is_ok_and(|port| port > 0),
        Rule::OutOfRange,
    )
}

/// Whether the value is exactly so many of such bytes.
fn is_made_of(count: usize, fits: fn(&u8) -> bool, value: &str) -> bool {
    value.len() == count && value.as_bytes().iter().all(fits)
}

fn is_lower_hexdigit(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_storage_account(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=24).contains(&value.len()) && value.bytes().all(inner)
}

fn is_guid(value: &str) -> bool {
    let mut groups = value.split('-');
    let known = [8, 4, 4, 4, 12].into_iter().all(|count| {
        groups
            .next()
            .is_some_and(|group| is_made_of(count, u8::is_ascii_hexdigit, group))
    });
    known && groups.next().is_none()
}

fn identifies(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'.' | b'-')
}

/// `ssh-rsa 2048 aa:bb:…`, `SHA256:…` or the fingerprint alone.
fn is_fingerprint(value: &str) -> bool {
    let words: Vec<&str> = value.split(' ').collect();
    let fingerprint = match words[..] {
        [fingerprint] => fingerprint,
        [kind, bits, fingerprint] if !kind.is_empty() && check_port(bits).is_ok() => fingerprint,
        _ => return false,
    };
    let md5 = fingerprint.strip_prefix("MD5:").unwrap_or(fingerprint);
    let sha256 = fingerprint.strip_prefix("SHA256:").unwrap_or(fingerprint);
    let sha256 = sha256.strip_suffix('=').unwrap_or(sha256);
    let pairs = || {
        md5.split(':')
            .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let base64 =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_');
    md5.len() == 16 * 3 - 1 && pairs() || sha256.len() == 43 && sha256.bytes().all(base64)
}

/// Control characters, line and paragraph separators, and the marks that make text read in another order than
/// it is stored: a target must look like what it is.
fn reorders_or_controls(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn holds(fact: bool, otherwise: Rule) -> Result<(), Rule> {
    if fact { Ok(()) } else { Err(otherwise) }
}

#[cfg(test)]
mod tests {
    use super::{is_fingerprint, is_guid, is_storage_account};

    #[test]
    fn guids() {
        for good in [
            "01234567-89ab-cdef-0123-456789abcdef",
            "01234567-89AB-CDEF-0123-456789ABCDEF",
        ] {
            assert!(is_guid(good), "{good}");
        }
        for bad in [
            "",
            "0123456789abcdef0123456789abcdef",
            "{01234567-89ab-cdef-0123-456789abcdef}",
            "01234567-89ab-cdef-0123-456789abcde",
            "01234567-89ab-cdef-0123-456789abcdef-",
            "01234567-89ab-cdef-0123",
            "0123456789-ab-cdef-0123-456789abcdef",
            "g1234567-89ab-cdef-0123-456789abcdef",
        ] {
            assert!(!is_guid(bad), "{bad}");
        }
    }

    #[test]
    fn storage_accounts() {
        let (longest, too_long) = ("a".repeat(24), "a".repeat(25));
        for good in ["abc", "sales2026", "123", &longest] {
            assert!(is_storage_account(good), "{good}");
        }
        for bad in ["", "ab", &too_long, "Sales", "sa-les", "sa les", "säles"] {
            assert!(!is_storage_account(bad), "{bad}");
        }
    }

    #[test]
    fn fingerprints() {
        let md5 = "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:EE:FF";
        let sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";
        for good in [
            md5.to_owned(),
            sha256.to_owned(),
            format!("{sha256}="),
            format!("MD5:{md5}"),
            format!("SHA256:{sha256}"),
            format!("ssh-rsa 2048 {md5}"),
            format!("ssh-ed25519 256 {sha256}="),
        ] {
            assert!(is_fingerprint(&good), "{good}");
        }
        for bad in [
            String::new(),
            md5[3..].to_owned(),
            md5.replace("aa", "ag"),
            md5.replace(':', "-"),
            sha256[1..].to_owned(),
            format!("{sha256}x"),
            format!("SHA256:{}", sha256.replace('+', "!")),
            format!("ssh-rsa {md5}"),
            format!("ssh-rsa x {md5}"),
            format!(" 2048 {md5}"),
            format!("ssh-rsa  2048 {md5}"),
            format!("ssh-rsa 2048 {md5} root@host"),
        ] {
            assert!(!is_fingerprint(&bad), "{bad}");
        }
    }
}
