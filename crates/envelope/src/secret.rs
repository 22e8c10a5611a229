//! A value that must not leak: a password, a key file, a pass phrase.

use zeroize::{Zeroize, Zeroizing};

use crate::error::NotUtf8;

/// UTF-8 text that must not leak. Wiped, spare capacity included, when it is dropped.
///
/// It implements nothing: it cannot be printed, copied, compared or serialised, and [`Secret::expose`] is the only way
/// to read it, so that every reading can be found by searching for that one word.
///
/// ```
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// assert_eq!(secret.len(), 13);
/// ```
///
/// ```compile_fail,E0277
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// format!("{secret:?}");
/// ```
///
/// ```compile_fail,E0277
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// format!("{secret}");
/// ```
///
/// ```compile_fail,E0599
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// let _second = secret.clone();
/// ```
///
/// ```compile_fail,E0369
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// let _same = secret == secret;
/// ```
///
/// ```compile_fail,E0277
/// let secret = envelope::Secret::new(String::from("correct horse"));
/// let _text = serde_json::to_string(&secret);
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over. Copies that the caller made of it before remain the caller's to wipe.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Takes bytes over that should be UTF-8, a key file for example.
    ///
    /// # Errors
    /// [`NotUtf8`] if they are not; the bytes are wiped.
    pub fn from_utf8(bytes: Vec<u8>) -> Result<Self, NotUtf8> {
        String::from_utf8(bytes).map(Self::new).map_err(|error| {
            error.into_bytes().zeroize();
            NotUtf8
        })
    }

    /// The text itself. Each call states its reason in a comment that begins with `EXPOSE:`.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Zeroizing<String>> for Secret {
    fn from(value: Zeroizing<String>) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_text_and_counts_bytes() {
        let secret = Secret::new("pä".to_owned());
        assert!(secret.expose() == "pä");
        assert_eq!(secret.len(), 3);
        assert!(!secret.is_empty());
    }

    #[test]
    fn refuses_bytes_that_are_not_text() {
        assert!(Secret::from_utf8(vec![0xff, 0xfe]).is_err());
        assert!(Secret::from_utf8(vec![0x00, 0x41]).is_ok());
    }
}
