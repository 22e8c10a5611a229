//! What to look for where no secret may be.

use std::fmt::Write;

use base64ct::{Base64, Base64UrlUnpadded, Encoding};

/// The same text in every spelling that a careless program might leave behind.
pub(crate) fn spellings(secret: &str) -> Vec<(String, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let hex = bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let percent = bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = if byte.is_ascii_alphanumeric() {
            write!(text, "{}", char::from(*byte))
        } else {
            write!(text, "%{byte:02X}")
        };
        text
    });
    let json = serde_json::to_string(secret).unwrap();
    let mut spellings = vec![
        ("plain".to_owned(), bytes.to_vec()),
        (
            "JSON".to_owned(),
            json.trim_matches('"').as_bytes().to_vec(),
        ),
        ("hex".to_owned(), hex.clone().into_bytes()),
        (
            "hex, upper case".to_owned(),
            hex.to_uppercase().into_bytes(),
        ),
        ("percent".to_owned(), percent.into_bytes()),
        (
            "UTF-16, little end first".to_owned(),
            secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        (
            "UTF-16, big end first".to_owned(),
            secret.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ];
    // Within a longer text base64 depends on where the secret begins: the whole groups of each of the three shifts.
    for shift in 0..3 {
        let whole = &bytes[shift..shift + (bytes.len() - shift) / 3 * 3];
        spellings.push((
            format!("base64, shift {shift}"),
            Base64::encode_string(whole).into_bytes(),
        ));
        spellings.push((
            format!("base64url, shift {shift}"),
            Base64UrlUnpadded::encode_string(whole).into_bytes(),
        ));
    }
    spellings
}
