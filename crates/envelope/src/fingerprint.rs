//! A gateway's fingerprint for people: its identity key's thumbprint as six words, to be read out and compared.
//!
//! The words are those of the EFF's long list (7,776 words of three to nine letters, chosen to be told apart by ear). Six of them are
//! 77 bits: who wants a second key with the same six has to make 2^77 keys.

use crate::base64url;
use crate::jwk::Kid;

/// The EFF's long list, one word a line, in the alphabet's order. The page asks the gateway for it instead of carrying it.
pub const WORD_LIST: &str = include_str!("../../../static/words.txt");

/// Lines of the list.
const WORDS: u64 = 7_776;

/// The six words of a thumbprint: its first 24 bytes as three big-endian numbers, each of which gives two words, its remainder by 7,776
/// first and the quotient's after it. `None` if `list` is too short.
pub fn words(thumbprint: &Kid, list: &str) -> Option<String> {
    let bytes = base64url::decode(thumbprint.as_str())?;
    let (numbers, _) = bytes.as_chunks();
    let mut words = String::new();
    for number in numbers.iter().take(3) {
        let number = u64::from_be_bytes(*number);
        for place in [number % WORDS, number / WORDS % WORDS] {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(list.lines().nth(place as usize)?);
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_long_one() {
        let words: Vec<_> = WORD_LIST.lines().collect();
        assert_eq!(words.len() as u64, WORDS);
        assert!(words.is_sorted());
        assert_eq!((words[0], words[7_775]), ("abacus", "zoom"));
    }

    /// Worked out with Python: `divmod(int.from_bytes(digest[8 * i:8 * i + 8]), 7776)`.
    #[test]
    fn a_thumbprint_has_its_words() {
        let kid = Kid::parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k").unwrap();
        assert_eq!(
            words(&kid, WORD_LIST).as_deref(),
            Some("neurotic spleen poise onboard attic improvise")
        );
        assert_eq!(words(&kid, "too\nshort\n"), None);
    }
}
