//! Reading the one spelling, from front to back.

use zeroize::Zeroizing;

#[cfg(any(feature = "open", test))]
use super::is_member_name;
use crate::context::MAX_UNIX_SECONDS;

/// The text differs from the one spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// What should have been there.
    pub(crate) expected: &'static str,
    /// Byte offset.
    pub(crate) at: usize,
}

/// Reads canonical JSON from front to back.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes read so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What has not been read yet.
    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Reads exactly this text.
    pub(crate) fn literal(&mut self, expected: &'static str) -> Result<(), Mismatch> {
        if self.next_is(expected) {
            Ok(())
        } else {
            Err(self.mismatch(expected))
        }
    }

    /// Reads this text if it comes next, and says whether it did.
    pub(crate) fn next_is(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Reads a string.
    pub(crate) fn string(&mut self) -> Result<Zeroizing<String>, Mismatch> {
        self.literal("\"")?;
        let body = self.string_body()?;
        // Decoding never lengthens, so this capacity is enough and nothing is left behind by a reallocation.
        let mut decoded = Zeroizing::new(String::with_capacity(body.len()));
        let mut rest = body;
        while let Some(escape) = rest.find('\\') {
            decoded.push_str(&rest[..escape]);
            let Some((char, length)) = unescape(&rest.as_bytes()[escape..]) else {
                let at = self.at - 1 - rest.len() + escape;
                return Err(Mismatch {
                    expected: "the shortest escape",
                    at,
                });
            };
            decoded.push(char);
            rest = &rest[escape + length..];
        }
        decoded.push_str(rest);
        Ok(decoded)
    }

    /// The raw text up to the closing quotation mark, which is read too.
    fn string_body(&mut self) -> Result<&'a str, Mismatch> {
        let start = self.at;
        let mut escaped = false;
        for (offset, &byte) in self.text.as_bytes()[start..].iter().enumerate() {
            match byte {
                0x00..=0x1f => break,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = start + offset + 1;
                    return Ok(&self.text[start..start + offset]);
                }
                _ => {}
            }
        }
        Err(self.mismatch("a string"))
    }

    /// Reads a whole number below 2^53 without sign or leading zero.
    pub(crate) fn number(&mut self) -> Result<u64, Mismatch> {
        let rest = self.rest();
        let end = rest
            .bytes()
            .position(|byte| !byte.is_ascii_digit())
            .unwrap_or(rest.len());
        let digits = &rest[..end];
        match digits.parse::<u64>() {
            Ok(number)
                if number <= MAX_UNIX_SECONDS && (digits == "0" || !digits.starts_with('0')) =>
            {
                self.at += end;
                Ok(number)
            }
            _ => Err(self.mismatch("a whole number")),
        }
    }

    fn mismatch(&self, expected: &'static str) -> Mismatch {
        Mismatch {
            expected,
            at: self.at,
        }
    }
}

#[cfg(any(feature = "open", test))]
impl Reader<'_> {
    /// Reads an object whose member names are free, in ascending order; `member` reads each value.
    pub(crate) fn object<E: From<Mismatch>>(
        &mut self,
        mut member: impl FnMut(String, &mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.literal("{")?;
        if self.next_is("}") {
            return Ok(());
        }
        let mut previous = String::new();
        loop {
            let at = self.at;
            let name = std::mem::take(&mut *self.string()?);
            if !is_member_name(&name) || name <= previous {
                return Err(Mismatch {
                    expected: "a member name that is allowed, in ascending order",
                    at,
                }
                .into());
            }
            self.literal(":")?;
            member(name.clone(), self)?;
            previous = name;
            if !self.next_is(",") {
                return self.literal("}").map_err(E::from);
            }
        }
    }
}

/// The character that a canonical escape at the start of `bytes` stands for, and the escape's length.
fn unescape(bytes: &[u8]) -> Option<(char, usize)> {
    let char = match bytes.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'b' => '\u{8}',
        b't' => '\t',
        b'n' => '\n',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'u' => return unescape_unicode(bytes),
        _ => return None,
    };
    Some((char, 2))
}

/// `\u00` and two lower-case digits, for the control characters that have no shorter escape.
fn unescape_unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let [b'\\', b'u', b'0', b'0', high @ b'0'..=b'1', low, ..] = bytes else {
        return None;
    };
    let low = match low {
        b'0'..=b'9' => low - b'0',
        b'a'..=b'f' => low - b'a' + 10,
        _ => return None,
    };
    match (high - b'0') << 4 | low {
        0x08 | b'\t' | b'\n' | 0x0c | b'\r' => None,
        control => Some((char::from(control), 6)),
    }
}
