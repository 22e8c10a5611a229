//! The part of RFC 3986 that a store's address needs.

use super::host;
use crate::Rule;

/// An `http` or `https` URL with a host, without credentials, without a fragment.
pub(super) fn check(value: &str) -> Result<(), Rule> {
    let (authority, rest) = split(value).ok_or(Rule::NotAUrl)?;
    if authority.contains('@') {
        return Err(Rule::CredentialInUrl);
    }
    // A backslash is a path separator to browsers and not to others; a fragment never reaches a server.
    let odd = |c: char| c.is_whitespace() || matches!(c, '\\' | '#' | '<' | '>' | '"');
    if rest.contains(odd) {
        return Err(Rule::NotAUrl);
    }
    if authority.matches(':').count() > 1 && !authority.starts_with('[') {
        return Err(Rule::NotAUrl); // RFC 3986 section 3.2.2: an IPv6 address stands in brackets.
    }
    host::check_host_and_port(authority).map_err(|rule| match rule {
        Rule::OutOfRange => rule,
        _ => Rule::NotAUrl,
    })
}

/// The same with `https` only, for a store that nobody reaches in the clear.
pub(super) fn check_https(value: &str) -> Result<(), Rule> {
    let scheme = value.get(..6).unwrap_or_default();
    match check(value) {
        Ok(()) if scheme.eq_ignore_ascii_case("https:") => Ok(()),
        Ok(()) | Err(Rule::NotAUrl) => Err(Rule::NotAnHttpsUrl),
        Err(rule) => Err(rule),
    }
}

/// Scheme and host in lower case, the rest as typed.
pub(super) fn canonical(value: &str) -> String {
    let rest = split(value).map_or("", |(_, rest)| rest);
    let before = value.len() - rest.len();
    let mut out = value[..before].to_ascii_lowercase();
    out.push_str(rest);
    out
}

/// Authority and what follows it.
fn split(value: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = value.split_once(':')?;
    let rest = rest.strip_prefix("//")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    Some(rest.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::{canonical, check, check_https};
    use crate::Rule;

    #[test]
    fn addresses_of_web_servers() {
        for url in [
            "https://a",
            "HTTP://a/",
            "https://files.corp.example:8443/export/?year=2026&x=a@b",
            "http://10.0.0.1:80/a:b@c/",
            "https://[2001:db8::1]/",
            "https://[::1]:8443",
            "https://a/Größe",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for url in [
            "",
            "a",
            "a/b",
            "//a",
            "https:",
            "https:/a",
            "https:a",
            "https://",
            "https:///a",
            "https://?x",
            "https://#",
            "ftp://a",
            "file:///etc",
            " https://a",
            "https://a b/",
            "https://a/b c",
            "https://a#b",
            "https://a/#b",
            "https://a\\b",
            "https://a/\\b",
            "https:\\\\a",
            "https://::1/",
            "https://1:2:3:4:5:6:7:8/",
            "https://a:b/",
            "https://a:/",
            "https://bücher/",
            "https://a%2Fb/",
            "https://a/<b>",
            "https://-a/",
            "https://user:pa#ss@a/",
            "https://user:pa/ss@a/",
            "https://256.0.0.1/",
        ] {
            assert_eq!(check(url), Err(Rule::NotAUrl), "{url}");
        }
        assert_eq!(check("https://a:0/"), Err(Rule::OutOfRange));
        assert_eq!(check("https://a:65536/"), Err(Rule::OutOfRange));
    }

    #[test]
    fn an_address_may_have_to_be_encrypted() {
        assert_eq!(check_https("HTTPS://a/"), Ok(()));
        for url in ["http://a/", "", "a", "adl://a/", "https:a", "https"] {
            assert_eq!(check_https(url), Err(Rule::NotAnHttpsUrl), "{url}");
        }
        assert_eq!(check_https("https://u@a/"), Err(Rule::CredentialInUrl));
        assert_eq!(check_https("https://a:0/"), Err(Rule::OutOfRange));
    }

    #[test]
    fn credentials_in_an_address_are_refused_as_such() {
        for url in [
            "https://u@a/",
            "https://u:p@a/",
            "https://:p@a",
            "https://@a",
            "http://u:p@[::1]:8080/x",
            "https://u:p@b@a?q",
        ] {
            assert_eq!(check(url), Err(Rule::CredentialInUrl), "{url}");
        }
    }

    #[test]
    fn only_scheme_and_host_lose_their_letter_case() {
        assert_eq!(
            canonical("HTTPS://Files.EXAMPLE:8443/Path?Q=A"),
            "https://files.example:8443/Path?Q=A"
        );
        assert_eq!(canonical("HTTP://A"), "http://a");
    }
}
