//! A stanza: one way to the file key.

use base64ct::{Base64Unpadded, Encoding};

use super::AgeError;

/// Length of a body's lines but the last, without the line feed.
pub(super) const BODY_COLUMNS: usize = 64;

const MARK: &str = "-> ";

/// Words that say which way it is, and bytes.
pub(super) struct Stanza {
    words: Vec<String>,
    body: Vec<u8>,
}

impl Stanza {
    /// Words of printable ASCII without spaces, the first of which names the kind.
    pub(super) fn new(words: Vec<String>, body: Vec<u8>) -> Self {
        Self { words, body }
    }

    pub(super) fn is(&self, kind: &str) -> bool {
        self.words.first().is_some_and(|word| word == kind)
    }

    /// The words after the first, if there are as many.
    pub(super) fn arguments<const N: usize>(&self) -> Option<&[String; N]> {
        self.words.get(1..)?.try_into().ok()
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The one spelling of the format, or an error.
    pub(super) fn parse(text: &[u8]) -> Result<Self, AgeError> {
        Self::from_lines(text).ok_or(AgeError::Header("one of its stanzas is not one"))
    }

    fn from_lines(text: &[u8]) -> Option<Self> {
        let text = str::from_utf8(text).ok()?.strip_suffix('\n')?;
        let mut lines = text.split('\n');
        let words: Vec<_> = lines.next()?.strip_prefix(MARK)?.split(' ').collect();
        let is_word =
            |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        if !words.iter().all(is_word) {
            return None;
        }
        let mut body = String::new();
        let mut lines = lines.peekable();
        while let Some(line) = lines.next() {
            let is_last = lines.peek().is_none();
            if is_last == (line.len() >= BODY_COLUMNS) || line.len() > BODY_COLUMNS {
                return None;
            }
            body.push_str(line);
        }
        Some(Self {
            words: words.into_iter().map(str::to_owned).collect(),
            // Refuses padding, other alphabets and bits that are left over.
            body: Base64Unpadded::decode_vec(&body).ok()?,
        })
    }

    pub(super) fn write(&self, header: &mut Vec<u8>) {
        header.extend_from_slice(MARK.as_bytes());
        header.extend_from_slice(self.words.join(" ").as_bytes());
        header.push(b'\n');
        let body = Base64Unpadded::encode_string(&self.body);
        for line in body.as_bytes().chunks(BODY_COLUMNS) {
            header.extend_from_slice(line);
            header.push(b'\n');
        }
        if body.len().is_multiple_of(BODY_COLUMNS) {
            header.push(b'\n');
        }
    }
}
