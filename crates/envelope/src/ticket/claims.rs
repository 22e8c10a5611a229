//! Reading the claims of a ticket.

use super::TicketClaims;
use crate::context::{MAX_NAME_CHARS, UnixSeconds};
use crate::error::TicketError;
use crate::strict_json::{Fault, Members};

/// Reads the claims, which are exactly those of [`TicketClaims`].
pub(super) fn parse(json: &[u8]) -> Result<TicketClaims, TicketError> {
    read(json).map_err(|claim| TicketError::Claims { claim })
}

fn read(json: &[u8]) -> Result<TicketClaims, Fault> {
    let mut claims = Members::parse(json)?;
    let read = TicketClaims {
        iss: line("iss", claims.text("iss")?)?,
        aud: name("aud", &mut claims)?,
        sub: line("sub", claims.text("sub")?)?,
        jti: name("jti", &mut claims)?,
        iat: time("iat", &mut claims)?,
        nbf: time("nbf", &mut claims)?,
        exp: time("exp", &mut claims)?,
        op: name("op", &mut claims)?,
        df: name("df", &mut claims)?,
        ls: name("ls", &mut claims)?,
        kind: claims
            .optional_text("kind")?
            .map(|kind| line("kind", kind))
            .transpose()?,
        thp: name("thp", &mut claims)?,
        org: claims.optional_text("org")?,
    };
    claims.end()?;
    // It becomes the target of a `postMessage`, where `*`, `null` or a path would mean something else.
    if read.org.as_deref().is_some_and(|origin| !is_origin(origin)) {
        return Err("org");
    }
    Ok(read)
}

fn name<T: TryFrom<String>>(claim: Fault, claims: &mut Members) -> Result<T, Fault> {
    T::try_from(claims.text(claim)?).map_err(|_| claim)
}

fn time(claim: Fault, claims: &mut Members) -> Result<UnixSeconds, Fault> {
    UnixSeconds::try_from(claims.number(claim)?).map_err(|_| claim)
}

/// One line of text: 1 to [`MAX_NAME_CHARS`] characters, no control character.
fn line(claim: Fault, text: String) -> Result<String, Fault> {
    if text.is_empty()
        || text.chars().count() > MAX_NAME_CHARS
        || text.chars().any(char::is_control)
    {
        return Err(claim);
    }
    Ok(text)
}

/// A web origin as browsers write it (RFC 6454 section 6.2).
fn is_origin(text: &str) -> bool {
    let host_and_port = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host_and_port.is_some_and(|rest| {
        !rest.is_empty()
            && text.len() <= MAX_NAME_CHARS
            && !rest.ends_with(':')
            && rest.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' | b':' | b'[' | b']'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for origin in [
            "https://portal.example",
            "http://localhost:8051",
            "https://[::1]:8443",
            "https://10.0.0.1",
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        for text in [
            "*",
            "null",
            "",
            "https://",
            "https://*",
            "https://a/",
            "https://a/b",
            "https://a?b",
            "https://a#b",
            "https://a:",
            "https://u@a",
            "HTTPS://a",
            "https://A",
            "ftp://a",
            "javascript:alert",
            "https://a b",
            "https://ä",
            "//a",
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }
}
