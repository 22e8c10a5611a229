//! A gateway's identity, as people compare it.

use envelope::Kid;
use envelope::fingerprint::{WORD_LIST, words};

/// What a person was told: the six words, or the whole thumbprint of the identity key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fingerprint {
    /// 43 characters of base64url.
    Thumbprint(Kid),
    /// Six words with one space between two, in lower case.
    Words(String),
}

impl Fingerprint {
    /// Either form; words in any letter case.
    ///
    /// # Errors
    /// In words, for the command line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(kid) = Kid::parse(text.trim()) {
            return Ok(Self::Thumbprint(kid));
        }
        let text = text.to_lowercase();
        let given: Vec<&str> = text.split_whitespace().collect();
        let unknown = given
            .iter()
            .position(|word| !WORD_LIST.lines().any(|known| known == *word));
        match (given.len(), unknown) {
            (6, None) => Ok(Self::Words(given.join(" "))),
            (6, Some(position)) => Err(format!(
                "the word at place {} is none of those that there are: read them again",
                position + 1
            )),
            _ => Err("expected six words, or the 43 characters of the identity key, as `credential-gateway fingerprint` prints them".to_owned()),
        }
    }

    /// Whether it is this key's.
    pub(crate) fn is_of(&self, identity: &Kid) -> bool {
        match self {
            Self::Thumbprint(kid) => kid == identity,
            Self::Words(words) => *words == in_words(identity),
        }
    }
}

/// The six words of an identity key.
pub(crate) fn in_words(identity: &Kid) -> String {
    // The list is whole: `envelope` tests it.
    words(identity, WORD_LIST).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_thumbprint_mean_the_same_key() {
        let kid = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
        let key = Kid::parse(kid).unwrap();
        let words = "Neurotic  spleen poise onboard attic improvise";
        for text in [kid, words] {
            assert!(Fingerprint::parse(text).unwrap().is_of(&key), "{text}");
        }
        let other = "neurotic spleen poise onboard attic attic";
        assert!(!Fingerprint::parse(other).unwrap().is_of(&key));
        for text in ["", "neurotic spleen", "a b c d e f", &kid[1..]] {
            assert!(Fingerprint::parse(text).is_err(), "{text}");
        }
    }
}
