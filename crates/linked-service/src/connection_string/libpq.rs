//! libpq's `keyword = value` with white space between, apostrophes around a value and backslashes in it.

use zeroize::Zeroizing;

use super::{Flaw, Pair, ParseError};

/// The keywords with which such a text begins. What else it has may be anything.
const KEYWORDS: &str = "host|hostaddr|port|dbname|user|password|sslmode|application_name|connect_timeout|\
    client_encoding|options|target_session_attrs|service|passfile|sslrootcert|gssencmode|channel_binding";

/// Whether the text is in this form: a known keyword, a value without a semicolon, and another keyword.
pub(super) fn is_libpq(text: &str) -> bool {
    let Some((keyword, rest)) = text.split_once('=') else {
        return false;
    };
    if !KEYWORDS.split('|').any(|known| known == keyword.trim()) {
        return false;
    }
    let rest = rest.trim_start();
    let rest = match rest
        .strip_prefix('\'')
        .map(|quoted| parse_value(quoted, true))
    {
        Some(Some((_, rest))) => rest,
        Some(None) => return true, // A quote that is not closed, to be told as such.
        None => {
            let end = rest.find(|c: char| c.is_whitespace() || c == ';');
            &rest[end.unwrap_or(rest.len())..]
        }
    };
    rest.starts_with(char::is_whitespace)
        && rest.split_once('=').is_some_and(|(keyword, _)| {
            let mut bytes = keyword.trim().bytes();
            bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

/// Reads the pairs, in the order in which they are written.
pub(super) fn parse(text: &str) -> Result<Vec<Pair>, ParseError> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let fail = |flaw| ParseError::at(text, rest, flaw);
        let (keyword, after) = rest.split_once('=').ok_or(fail(Flaw::NoEqualsSign))?;
        let keyword = keyword.trim();
        if keyword.is_empty() {
            return Err(fail(Flaw::NoKeyword));
        }
        if keyword.contains(char::is_whitespace) {
            return Err(fail(Flaw::NoEqualsSign));
        }
        let after = after.trim_start();
        let quoted = after.strip_prefix('\'');
        let (value, after) =
            parse_value(quoted.unwrap_or(after), quoted.is_some()).ok_or(fail(Flaw::OpenQuote))?;
        if quoted.is_some() && !after.is_empty() && !after.starts_with(char::is_whitespace) {
            return Err(fail(Flaw::AfterQuote));
        }
        let keyword = keyword.to_owned();
        pairs.push(Pair { keyword, value });
        rest = after.trim_start();
    }
    Ok(pairs)
}

/// Up to the closing apostrophe, or else to white space. Nothing if there is none.
fn parse_value(text: &str, quoted: bool) -> Option<(Zeroizing<String>, &str)> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str();
        match chars.next() {
            Some('\'') if quoted => return Some((value, chars.as_str())),
            Some(c) if !quoted && c.is_whitespace() => return Some((value, rest)),
            Some('\\') => value.extend(chars.next()),
            Some(c) => value.push(c),
            None if quoted => return None,
            None => return Some((value, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Flaw, is_libpq, parse};

    #[test]
    fn reads_what_people_write() {
        for (text, expected) in [
            ("", &[][..]),
            ("host=a  port = 5", &[("host", "a"), ("port", "5")]),
            (
                "user='it\\'s' password=a\\ b\\\\;c'd",
                &[("user", "it's"), ("password", "a b\\;c'd")],
            ),
            ("password='' host=b\n", &[("password", ""), ("host", "b")]),
            ("password= host=b", &[("password", "host=b")]), // As libpq does.
        ] {
            let read = parse(text).unwrap();
            let read: Vec<_> = read
                .iter()
                .map(|pair| (pair.keyword.as_str(), pair.value.as_str()))
                .collect();
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn says_where_and_why_it_cannot_be_read() {
        for (text, position, flaw) in [
            ("host=a x y=1", 7, Flaw::NoEqualsSign),
            ("host=a x", 7, Flaw::NoEqualsSign),
            ("host=a =b", 7, Flaw::NoKeyword),
            ("host='a", 0, Flaw::OpenQuote),
            ("host='a\\'", 0, Flaw::OpenQuote),
            ("host='a'b", 0, Flaw::AfterQuote),
        ] {
            let error = parse(text).map(|_| ()).unwrap_err();
            assert_eq!((error.position, error.flaw), (position, flaw), "{text}");
        }
    }

    #[test]
    fn is_told_from_ado_net() {
        for text in [
            "host=a port=1",
            "dbname='x;y' user=b",
            "user = a\nhost = b",
            "host='a",
        ] {
            assert!(is_libpq(text), "{text}");
        }
        for text in [
            "",
            "host=a",
            "host=a;port=1",
            "Host=a port=1",
            "host=a;user id=b",
            "host=a b c;d=e",
            "server=a user=b",
        ] {
            assert!(!is_libpq(text), "{text}");
        }
    }
}
