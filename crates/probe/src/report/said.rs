//! What may be repeated of a server's words: clipped, without characters that do something, and without the request's secrets.

mod spelled;

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding as _};
use envelope::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use spelled::{Read, Spelling};

/// As much as is repeated, in characters.
pub const MAX_CHARS: usize = 200;
/// Shorter than this, in characters, an encoded secret is like too many other texts.
const MIN_ENCODED: usize = 4;
/// What stands for a secret.
const REDACTED: &str = "•••";

/// A short text of somebody else's: at most [`MAX_CHARS`] characters, none of which controls or turns anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Clipped(String);

impl Clipped {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Clipped {
    fn from(text: String) -> Self {
        Self(visible(&text).take(MAX_CHARS).collect())
    }
}

/// Takes secrets out of texts.
pub(crate) struct Scrubber {
    /// Longest first, as they read without control characters: one may be a part of another. Their encoded forms are among them.
    secrets: Vec<Zeroizing<String>>,
}

impl Scrubber {
    /// Knows these secrets.
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a Secret>) -> Self {
        let mut scrubber = Self {
            secrets: Vec::new(),
        };
        for secret in secrets {
            // EXPOSE: what a server says is searched for it, and it is replaced.
            scrubber.learn(secret.expose());
        }
        scrubber
    }

    /// Knows this, too: a secret's part, for one.
    pub(crate) fn learn(&mut self, secret: &str) {
        if secret.is_empty() {
            return;
        }
        // A key of many lines may come back line by line.
        let lines = secret
            .lines()
            .filter(|line| line.len() >= 8 && line.len() < secret.len());
        for text in std::iter::once(secret).chain(lines) {
            self.secrets
                .push(Zeroizing::new(visible(text).collect::<String>()));
            let encoded = encoded(text).filter(|form| form.len() >= MIN_ENCODED);
            self.secrets.extend(encoded);
        }
        self.secrets.retain(|secret| !secret.is_empty());
        self.secrets
            .sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    }

    /// The text without them. Control characters go first: they could part a secret that is whole again without them.
    pub(crate) fn scrub(&self, text: &str) -> Clipped {
        let mut text = Zeroizing::new(visible(text).collect::<String>());
        let mut readings = readings(&text);
        // One secret in every spelling before the next: a shorter one may be the beginning of a longer.
        for secret in &self.secrets {
            for number in 0..readings.len() {
                let places = readings[number].as_ref().map(|read| read.places_of(secret));
                let places = places.unwrap_or_default();
                for place in places.iter().rev() {
                    let without = [&text[..place.start], REDACTED, &text[place.end..]].concat();
                    text = Zeroizing::new(without);
                }
                if !places.is_empty() {
                    readings = self::readings(&text);
                }
            }
        }
        Clipped::from(std::mem::take(&mut *text))
    }
}

/// The text in every spelling.
fn readings(text: &str) -> [Option<Read>; Spelling::ALL.len()] {
    Spelling::ALL.map(|spelling| spelling.read(text))
}

/// As it goes over the wire of a login: in base64, wherever it begins among others' bytes, and in hexadecimal.
fn encoded(secret: &str) -> impl Iterator<Item = Zeroizing<String>> {
    let bytes = secret.as_bytes();
    let encode: [fn(&[u8]) -> String; 2] = [
        Base64Unpadded::encode_string,
        Base64UrlUnpadded::encode_string,
    ];
    let in_base64 = encode.into_iter().flat_map(move |encode| {
        (0..3).map(move |before| {
            let padded = Zeroizing::new([&[0; 3][..before], bytes].concat());
            let text = Zeroizing::new(encode(&padded));
            // The first and the last characters have bits of others' bytes, too.
            let own = (before * 8).div_ceil(6)..padded.len() * 8 / 6;
            Zeroizing::new(text[own].to_owned())
        })
    });
    let digits = [b"0123456789abcdef", b"0123456789ABCDEF"];
    let in_hexadecimal = digits.into_iter().map(move |digits| {
        let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let text = halves.map(|half| char::from(digits[usize::from(half)]));
        Zeroizing::new(text.collect())
    });
    in_base64.chain(in_hexadecimal)
}

/// Without control characters, and without those that hide or turn what is beside them.
fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|character| {
        !character.is_control()
            && !matches!(character,
                '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    })
}
