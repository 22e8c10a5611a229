//! The forms that a text can take where no secret may be.

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
use serde_json::Value;

/// One form of a text.
pub(crate) struct Spelling {
    pub(crate) form: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every form that is looked for, in the same order for each text. Some may be the same bytes.
pub(crate) fn spellings(value: &str) -> Vec<Spelling> {
    let mut spellings = Vec::new();
    let mut add = |form: &str, bytes: Vec<u8>| {
        spellings.push(Spelling {
            form: form.to_owned(),
            bytes,
        });
    };
    let utf16le: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16be: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (name, bytes) in [
        ("UTF-8", value.as_bytes()),
        ("UTF-16LE", &utf16le),
        ("UTF-16BE", &utf16be),
    ] {
        add(name, bytes.to_vec());
        add(&format!("hex of {name}"), hex(bytes, "0123456789abcdef"));
        add(&format!("HEX of {name}"), hex(bytes, "0123456789ABCDEF"));
        for offset in 0..3 {
            add(
                &format!("base64 of {name} at {offset}"),
                base64_inside(bytes, offset, Base64Unpadded::encode_string),
            );
            add(
                &format!("base64url of {name} at {offset}"),
                base64_inside(bytes, offset, Base64UrlUnpadded::encode_string),
            );
        }
    }
    add(
        "percent encoding, needed characters",
        percent(value, "0123456789ABCDEF", is_unreserved),
    );
    add(
        "percent encoding, needed characters, lower case",
        percent(value, "0123456789abcdef", is_unreserved),
    );
    add(
        "percent encoding, all characters",
        percent(value, "0123456789ABCDEF", |_| false),
    );
    add(
        "percent encoding, all characters, lower case",
        percent(value, "0123456789abcdef", |_| false),
    );
    add(
        "form encoding",
        percent(value, "0123456789ABCDEF", is_unreserved_or_space)
            .iter()
            .map(|&b| if b == b' ' { b'+' } else { b })
            .collect(),
    );
    add("JSON string", json_inside(value));
    spellings
}

fn hex(bytes: &[u8], digits: &str) -> Vec<u8> {
    let digits = digits.as_bytes();
    bytes
        .iter()
        .flat_map(|&byte| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        })
        .collect()
}

/// The characters of a base64 text that depend on `bytes` alone, when they begin at `offset` in a group of three.
fn base64_inside(bytes: &[u8], offset: usize, encode: fn(&[u8]) -> String) -> Vec<u8> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let text = encode(&padded);
    // Characters that also hold bits of the bytes before or after differ from place to place.
    let first = (offset * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    text.as_bytes()[first..last].to_vec()
}

fn percent(value: &str, digits: &str, plain: fn(u8) -> bool) -> Vec<u8> {
    let escape = |byte: u8| [vec![b'%'], hex(&[byte], digits)].concat();
    value
        .bytes()
        .flat_map(|byte| {
            if plain(byte) {
                vec![byte]
            } else {
                escape(byte)
            }
        })
        .collect()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

fn is_unreserved_or_space(byte: u8) -> bool {
    is_unreserved(byte) || byte == b' '
}

fn json_inside(value: &str) -> Vec<u8> {
    let quoted = Value::from(value).to_string();
    quoted.as_bytes()[1..quoted.len() - 1].to_vec()
}
