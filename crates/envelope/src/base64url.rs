//! Base64url without padding (RFC 4648 section 5), one spelling only: no `=`, no white space, trailing bits zero.

use base64ct::{Base64UrlUnpadded, Encoding};

/// Encodes bytes that are not secret.
pub(crate) fn encode(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Decodes the canonical spelling; `None` for any other.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_spelling_only() {
        assert_eq!(decode("AQ").unwrap(), [1]);
        assert_eq!(decode("AQI").unwrap(), [1, 2]);
        assert_eq!(decode("-_-_").unwrap(), [0xfb, 0xff, 0xbf]);
        assert_eq!(decode("").unwrap(), [0_u8; 0]);
        for text in [
            "AR", "AQJ", "AQ==", "AQ=", "A", "AQIDB", "+/+/", "AQ\n", " AQ", "A Q", "AQ.", "ÄQ",
            "AQ\0",
        ] {
            assert!(decode(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn every_last_character_with_trailing_bits_is_refused() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (index, &last) in ALPHABET.iter().enumerate() {
            let last = char::from(last);
            assert_eq!(
                decode(&format!("A{last}")).is_some(),
                index % 16 == 0,
                "two characters, {last}"
            );
            assert_eq!(
                decode(&format!("AA{last}")).is_some(),
                index % 4 == 0,
                "three characters, {last}"
            );
        }
    }
}
