//! RFC 3986 section 2.1: percent-encoding.

use zeroize::{Zeroize, Zeroizing};

use super::{Flaw, ParseError};

/// The text that is meant. A plus sign is a plus sign.
///
/// # Errors
/// A percent sign without two hex digits behind it, or bytes that are not UTF-8.
pub(super) fn decode(text: &str) -> Result<Zeroizing<String>, ParseError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let byte = rest
            .get(at + 1..at + 3)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else {
            return Err(ParseError::at(text, &rest[at..], Flaw::PercentSign));
        };
        bytes.push(byte);
        rest = &rest[at + 3..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            error.into_bytes().zeroize();
            Err(ParseError::at(text, text, Flaw::NotUtf8))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn what_is_encoded_is_decoded_once() {
        for (text, meant) in [
            ("", ""),
            ("plain+text", "plain+text"),
            ("p%40ss%2Fw%3a%25", "p@ss/w:%"),
            ("%2541", "%41"),
            ("gr%C3%B6%c3%9fe", "größe"),
            ("ö%20", "ö "),
        ] {
            assert!(decode(text).is_ok_and(|read| *read == meant), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_where_it_stands() {
        for (text, position) in [
            ("100%", 3),
            ("%4", 0),
            ("a%zz", 1),
            ("ö%+1", 2),
            ("%4ö", 0),
            ("%ff", 0),
        ] {
            let error = decode(text).map(|_| ()).unwrap_err();
            assert_eq!(error.position, position, "{text}");
        }
    }
}
