//! What is asked and answered about a key file, as bytes.
//!
//! ```text
//! question = wanted length file passphrase    no passphrase: only recognised; else the passphrase is tried
//! answer   = outcome length sentence content  sentence: for people, see [`Sentence`]; content: the file in its normal form
//! length   = 4 octets, the little end first   of what follows; the rest goes to the end
//! ```
//! Descriptions and reasons travel as messages: the page has the words.

use language::Sentence;
use zeroize::Zeroizing;

/// What kind of key file a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A private key, in any format of its own.
    PrivateKey,
    /// A certificate with its private key: PKCS#12.
    Certificate,
}

/// What became of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is not what is wanted, and the sentence says what it is.
    Refused,
    /// It needs no passphrase. The sentence describes it.
    Open,
    /// It needs a passphrase, and none was tried. The sentence describes it.
    Sealed,
    /// The passphrase opens it. The sentence describes what is inside.
    Opened,
    /// The passphrase does not open it.
    WrongPassphrase,
    /// The passphrase cannot be tried here, and the sentence says why.
    Untried,
}

/// An answer.
pub struct Answer {
    /// What became of the file.
    pub outcome: Outcome,
    /// What to tell a person. No secret.
    pub sentence: Sentence,
    /// The file in its normal form; empty where it is refused or the passphrase is wrong.
    pub content: Zeroizing<String>,
}

const WANTED: [Wanted; 2] = [Wanted::PrivateKey, Wanted::Certificate];

const OUTCOMES: [Outcome; 6] = [
    Outcome::Refused,
    Outcome::Open,
    Outcome::Sealed,
    Outcome::Opened,
    Outcome::WrongPassphrase,
    Outcome::Untried,
];

/// Before the file and the passphrase: what is wanted, and where the one ends.
pub fn question_head(wanted: Wanted, file: usize) -> [u8; 5] {
    let [a, b, c, d] = length(file);
    [wanted as u8, a, b, c, d]
}

/// What is wanted, the file, and the passphrase. `None` for what is no question.
pub fn read_question(asked: &[u8]) -> Option<(Wanted, &[u8], &[u8])> {
    let (first, file, passphrase) = parts(asked)?;
    Some((*WANTED.get(first)?, file, passphrase))
}

/// An answer as bytes. Their room is taken once, so that no copy is left behind by growing.
pub fn pack(outcome: Outcome, sentence: &Sentence, content: &str) -> Zeroizing<Vec<u8>> {
    let sentence = sentence.to_bytes();
    let room = 1 + 4 + sentence.len() + content.len();
    let mut answer = Zeroizing::new(Vec::with_capacity(room));
    answer.push(outcome as u8);
    answer.extend_from_slice(&length(sentence.len()));
    answer.extend_from_slice(&sentence);
    answer.extend_from_slice(content.as_bytes());
    answer
}

/// The answer again. `None` for what is none of this version.
pub fn unpack(answer: &[u8]) -> Option<Answer> {
    let (first, sentence, content) = parts(answer)?;
    Some(Answer {
        outcome: *OUTCOMES.get(first)?,
        sentence: Sentence::from_bytes(sentence)?,
        content: Zeroizing::new(str::from_utf8(content).ok()?.to_owned()),
    })
}

/// What both have: an octet, a part with its length before it, and the rest.
fn parts(bytes: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (part, rest) = rest.split_at_checked(length)?;
    Some((usize::from(*first), part, rest))
}

/// Both are shorter than 4 GiB.
fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use language::{Part, message};

    use super::*;

    fn said(words: &str) -> Sentence {
        Sentence::new(message("list-quoted"), [Part::Same(words.to_owned())])
    }

    #[test]
    fn a_question_comes_back_in_its_parts() {
        for wanted in WANTED {
            for (file, passphrase) in [
                (&b"\x30\x82\0\xff"[..], &b"p\xc3\xa4ss"[..]),
                (b"key", b""),
                (b"", b""),
            ] {
                let asked = [&question_head(wanted, file.len())[..], file, passphrase].concat();
                assert_eq!(read_question(&asked), Some((wanted, file, passphrase)));
            }
        }
    }

    #[test]
    fn an_answer_comes_back_as_it_was() {
        for outcome in OUTCOMES {
            for (words, content) in [("RSA 3072, PKCS#8", "-----BEGIN"), ("…", ""), ("", "ä")] {
                let answer = unpack(&pack(outcome, &said(words), content)).unwrap();
                assert_eq!(answer.outcome, outcome);
                assert_eq!(answer.sentence, said(words));
                assert!(*answer.content == content, "another content");
            }
        }
    }

    #[test]
    fn an_answer_is_written_without_growing() {
        let answer = pack(Outcome::Open, &said("words"), "content");
        assert_eq!(answer.len(), answer.capacity());
    }

    #[test]
    fn what_is_cut_off_or_of_another_version_is_nothing() {
        let answer = pack(Outcome::Open, &said("words"), "");
        for length in 0..answer.len() {
            assert!(unpack(&answer[..length]).is_none(), "{length} bytes");
        }
        assert!(
            unpack(&[6, 2, 0, 0, 0, 0, 0]).is_none(),
            "an unknown outcome"
        );
        assert!(
            unpack(&[1, 2, 0, 0, 0, 0xff, 0xff]).is_none(),
            "no sentence"
        );
        assert!(unpack(&[1, 2, 0, 0, 0, 0, 0, 0xff]).is_none(), "no text");
        assert!(unpack(&[1, 2, 0, 0, 0, 0, 0]).is_some());
        assert!(read_question(&[2, 0, 0, 0, 0]).is_none(), "unknown");
        assert!(read_question(&question_head(Wanted::PrivateKey, 1)).is_none());
    }

    #[test]
    fn each_number_stands_for_its_own_name() {
        for (number, outcome) in OUTCOMES.iter().enumerate() {
            assert_eq!(*outcome as usize, number);
        }
        for (number, wanted) in WANTED.iter().enumerate() {
            assert_eq!(*wanted as usize, number);
        }
    }
}
