//! The forms in which a secret could be hidden in a text without being sealed, and the search for them.

use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding as _};
use zeroize::Zeroizing;

/// Shorter ones are found by chance: three letters are in every fifth text of base64 that is as long as an envelope. In bytes.
pub(crate) const SHORTEST: usize = 6;

/// What is looked for.
struct Spelling {
    form: String,
    bytes: Zeroizing<Vec<u8>>,
}

/// How bytes are written as others.
struct Writing {
    name: &'static str,
    write: fn(&[u8]) -> Vec<u8>,
    /// Bytes that become one unit, so that it matters where in the text they begin.
    unit: usize,
    /// Characters of a unit.
    characters: usize,
}

const WRITINGS: [Writing; 6] = [
    Writing {
        name: "as it is",
        write: |bytes| bytes.to_vec(),
        unit: 1,
        characters: 1,
    },
    Writing {
        name: "hex",
        write: |bytes| hex(bytes, b"0123456789abcdef"),
        unit: 1,
        characters: 2,
    },
    Writing {
        name: "hex in capitals",
        write: |bytes| hex(bytes, b"0123456789ABCDEF"),
        unit: 1,
        characters: 2,
    },
    Writing {
        name: "base64",
        write: |bytes| Base64Unpadded::encode_string(bytes).into_bytes(),
        unit: 3,
        characters: 4,
    },
    Writing {
        name: "base64url",
        write: |bytes| Base64UrlUnpadded::encode_string(bytes).into_bytes(),
        unit: 3,
        characters: 4,
    },
    Writing {
        name: "percent encoding",
        write: percent,
        unit: 1,
        characters: 3,
    },
];

/// Everything that one secret is looked for as.
pub(crate) struct Search(Vec<Spelling>);

impl Search {
    /// For a secret of at least [`SHORTEST`] bytes.
    pub(crate) fn new(secret: &[u8]) -> Self {
        let mut spellings = Vec::new();
        for (encoding, bytes) in encodings(secret) {
            for writing in &WRITINGS {
                for offset in 0..writing.unit {
                    spellings.push(Spelling {
                        form: format!("{encoding}, {}", writing.name),
                        bytes: inside(&bytes, writing, offset),
                    });
                }
            }
        }
        Self(spellings)
    }

    /// How many forms there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The form in which the secret is in `text`, if it is.
    pub(crate) fn find(&self, text: &[u8]) -> Option<&str> {
        let is_in = |spelling: &&Spelling| {
            let needle = spelling.bytes.as_slice();
            !needle.is_empty() && text.windows(needle.len()).any(|window| window == needle)
        };
        self.0.iter().find(is_in).map(|found| found.form.as_str())
    }

    /// Whether the search finds the secret where it is: written in every way, as a part of something longer, at every place in a unit.
    pub(crate) fn is_proven(&self, secret: &[u8]) -> bool {
        encodings(secret).iter().all(|(_, bytes)| {
            WRITINGS.iter().all(|writing| {
                (0..3).all(|before| {
                    let mut longer = Zeroizing::new(vec![b'~'; before]);
                    longer.extend_from_slice(bytes);
                    longer.extend_from_slice(b"~~");
                    let written = Zeroizing::new((writing.write)(&longer));
                    self.find(&written).is_some()
                })
            })
        })
    }
}

fn encodings(secret: &[u8]) -> Vec<(&'static str, Zeroizing<Vec<u8>>)> {
    let mut encodings = vec![("as its bytes", Zeroizing::new(secret.to_vec()))];
    if let Ok(text) = str::from_utf8(secret) {
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        encodings.push(("as UTF-16", Zeroizing::new(little)));
        encodings.push(("as UTF-16 with the big end first", Zeroizing::new(big)));
    }
    encodings
}

/// What the secret is written as when `offset` bytes of something else come before: without the characters that these and what follows have
/// a share in.
fn inside(bytes: &[u8], writing: &Writing, offset: usize) -> Zeroizing<Vec<u8>> {
    let mut shifted = Zeroizing::new(vec![0; offset]);
    shifted.extend_from_slice(bytes);
    let mut written = Zeroizing::new((writing.write)(&shifted));
    if writing.unit > 1 {
        let whole = shifted.len() / writing.unit * writing.characters;
        written.truncate(whole);
        if offset > 0 {
            let shared = writing.characters.min(written.len());
            written.drain(..shared);
        }
    }
    written
}

fn hex(bytes: &[u8], digits: &[u8; 16]) -> Vec<u8> {
    let pair = |byte: &u8| {
        [
            digits[usize::from(byte >> 4)],
            digits[usize::from(byte & 15)],
        ]
    };
    bytes.iter().flat_map(pair).collect()
}

/// Everything encoded but what never is (RFC 3986 section 2.3).
fn percent(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() * 3);
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(*byte),
            _ => {
                out.push(b'%');
                out.extend(hex(&[*byte], b"0123456789ABCDEF"));
            }
        }
    }
    out
}

/// The segments of a compact serialization, decoded: what is in them may be hidden by where a unit begins.
pub(crate) fn decoded_segments(compact: &str) -> Vec<Vec<u8>> {
    let decoded = |segment: &str| {
        Base64UrlUnpadded::decode_vec(segment)
            .or_else(|_| Base64::decode_vec(segment))
            .unwrap_or_default()
    };
    compact.split('.').map(decoded).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_it_is_and_nowhere_else() {
        for secret in ["secret", "pässwörd", "a b\"c%d\u{1f511}"] {
            let search = Search::new(secret.as_bytes());
            assert!(search.is_proven(secret.as_bytes()), "{secret}");
            assert!(search.find(b"eyJhbGciOiJSU0EtT0FFUC0yNTYi").is_none());
        }
        let search = Search::new(b"secret");
        assert_eq!(search.find(b"xx736563726574"), Some("as its bytes, hex"));
        // It is a part of another word of base64 that begins a byte earlier.
        let written = Base64UrlUnpadded::encode_string(b"?secret!");
        assert_eq!(
            search.find(written.as_bytes()),
            Some("as its bytes, base64")
        );
    }

    /// Bytes that are no text have no UTF-16.
    #[test]
    fn bytes_are_looked_for_as_bytes() {
        let secret = b"\xff\xfe\0\x01\x02\x03\x04";
        assert!(Search::new(secret).is_proven(secret));
    }
}
