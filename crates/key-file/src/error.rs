//! Why a file is not taken, and why a passphrase is not. Evidence only: which kind, which position, never content.

use crate::{Container, WrongKind};

/// Why a file is no key file that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecognised {
    /// Nothing but white space.
    #[error("there is nothing in it")]
    Empty,
    /// Longer than [`crate::MAX_BYTES`].
    #[error("{bytes} bytes are more than a key file has")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Something else, which has a name.
    #[error("this is {0}")]
    Other(WrongKind),
    /// A key file that cannot be read as a whole.
    #[error("a {container} file that cannot be read: {flaw}")]
    Damaged {
        /// What it begins as.
        container: Container,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// Text of no known kind.
    #[error("this text is no key")]
    Text,
    /// Bytes of no known kind.
    #[error("these bytes are no key")]
    Binary,
}

/// What is wrong with a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// The line that begins it is missing.
    #[error("its first line is missing")]
    NoBeginning,
    /// It stops before its end.
    #[error("its end is missing")]
    NoEnd,
    /// It has two private keys: it would be left to chance which one is used.
    #[error("it holds more than one private key")]
    SeveralKeys,
    /// A character that base64 does not have.
    #[error("character {position} of its base64 does not belong there")]
    Base64 {
        /// Which one, counted from 1, white space left out. One past the last when there are too few.
        position: usize,
    },
    /// The bytes are not what this kind of file has.
    #[error("its bytes are not those of such a file")]
    Structure,
    /// A header or a field of it is missing or cannot be read.
    #[error("its field {0} is missing or cannot be read")]
    Field(&'static str),
    /// Its own checksum, which needs no passphrase, does not match.
    #[error("its checksum does not match")]
    Checksum,
}

/// Why a passphrase could not be confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PassphraseError {
    /// It does not open the file.
    #[error("the passphrase does not open the file")]
    Wrong,
    /// It cannot be tried here.
    #[error("{0} cannot be opened here")]
    Unsupported(&'static str),
    /// The file demands more work than any program asks for: it would stop the page.
    #[error("the file demands too much work for its passphrase")]
    TooMuchWork,
    /// The passphrase is right, and what it opens cannot be read.
    #[error("what the passphrase opens cannot be read")]
    Damaged,
}
