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
    host::check_host_and_port(authority).map_err(|rule| match rule {
        Rule::OutOfRange => rule,
        _ => Rule::NotAUrl,
    })
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
    let (scheme, rest) = value.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    Some(rest.split_at(end))
}
