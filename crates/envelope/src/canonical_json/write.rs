//! Writing the one spelling, to wherever it goes.

/// Where JSON is written to.
pub(crate) trait Sink {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);
}

/// Counts, so that the real buffer can be made once in its final size.
pub(crate) struct Length(pub(crate) usize);

impl Sink for Length {
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}

/// Fills a slice from its start. What does not fit is counted but not written.
pub(crate) struct Fill<'a> {
    pub(crate) into: &'a mut [u8],
    pub(crate) at: usize,
}

impl Sink for Fill<'_> {
    fn put(&mut self, bytes: &[u8]) {
        let end = self.at + bytes.len();
        if let Some(place) = self.into.get_mut(self.at..end) {
            place.copy_from_slice(bytes);
        }
        self.at = end;
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes a string with the escapes of RFC 8785 section 3.2.2.2.
pub(crate) fn write_string(out: &mut impl Sink, text: &str) {
    out.put(b"\"");
    let bytes = text.as_bytes();
    let mut plain_from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let unicode;
        let escape: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            0x08 => b"\\b",
            b'\t' => b"\\t",
            b'\n' => b"\\n",
            0x0c => b"\\f",
            b'\r' => b"\\r",
            0x00..=0x1f => {
                unicode = [
                    b'\\',
                    b'u',
                    b'0',
                    b'0',
                    b'0' + (byte >> 4),
                    hex_digit(byte & 0xf),
                ];
                &unicode
            }
            _ => continue,
        };
        out.put(&bytes[plain_from..at]);
        out.put(escape);
        plain_from = at + 1;
    }
    out.put(&bytes[plain_from..]);
    out.put(b"\"");
}

/// Writes a whole number.
pub(crate) fn write_number(out: &mut impl Sink, number: u64) {
    out.put(itoa::Buffer::new().format(number).as_bytes());
}

fn hex_digit(nibble: u8) -> u8 {
    match nibble {
        0..=9 => b'0' + nibble,
        _ => b'a' + (nibble - 10),
    }
}
