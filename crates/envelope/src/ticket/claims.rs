//! Reading the claims of a ticket.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::TicketClaims;
use crate::context::MAX_NAME_CHARS;
use crate::error::TicketError;
use crate::strict_json::Object;

/// Reads the claims, which are exactly those of [`TicketClaims`].
pub(super) fn parse(json: &[u8]) -> Result<TicketClaims, TicketError> {
    match serde_json::from_slice::<Object<TicketClaims>>(json) {
        Ok(Object(claims)) => Ok(claims),
        Err(error) => Err(TicketError::Claims {
            column: error.column(),
        }),
    }
}

/// One line of text: 1 to [`MAX_NAME_CHARS`] characters, no control character.
pub(super) fn line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty()
        || text.chars().count() > MAX_NAME_CHARS
        || text.chars().any(char::is_control)
    {
        return Err(D::Error::custom("expected one line of text"));
    }
    Ok(text)
}

/// The same for an optional claim that is there.
pub(super) fn optional_line<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    line(deserializer).map(Some)
}

/// A web origin as browsers write it (RFC 6454 section 6.2). It becomes the target of a `postMessage`, where `*`, `null`
/// or a path would mean something else.
pub(super) fn origin<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = line(deserializer)?;
    if is_origin(&text) {
        Ok(Some(text))
    } else {
        Err(D::Error::custom("expected a web origin"))
    }
}

fn is_origin(text: &str) -> bool {
    let host_and_port = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    host_and_port.is_some_and(|rest| {
        !rest.is_empty()
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
