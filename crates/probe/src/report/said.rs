//! What may be repeated of a server's words: clipped, without characters that do something, and without the request's secrets.

use envelope::Secret;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// As much as is repeated, in characters.
pub const MAX_CHARS: usize = 200;
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
    /// Longest first, as they read without control characters: one may be a part of another.
    secrets: Vec<Zeroizing<String>>,
}

impl Scrubber {
    /// Knows these secrets.
    pub(crate) fn new<'a>(secrets: impl Iterator<Item = &'a Secret>) -> Self {
        let mut known = Vec::new();
        for secret in secrets {
            // EXPOSE: what a server says is searched for it, and it is replaced.
            let text = secret.expose();
            known.push(Zeroizing::new(visible(text).collect::<String>()));
            // A key of many lines may come back line by line.
            let lines = text
                .lines()
                .filter(|line| line.len() >= 8 && line.len() < text.len());
            known.extend(lines.map(|line| Zeroizing::new(visible(line).collect::<String>())));
        }
        known.retain(|secret| !secret.is_empty());
        known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets: known }
    }

    /// The text without them. Control characters go first: they could part a secret that is whole again without them.
    pub(crate) fn scrub(&self, text: &str) -> Clipped {
        let mut text = Zeroizing::new(visible(text).collect::<String>());
        for secret in &self.secrets {
            if text.contains(secret.as_str()) {
                text = Zeroizing::new(text.replace(secret.as_str(), REDACTED));
            }
        }
        Clipped::from(std::mem::take(&mut *text))
    }
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
