//! What a text is wrapped in when it is pasted: encodings, quotes, escapes, indentation.

use zeroize::Zeroizing;

/// A text of a file's bytes: UTF-8 with or without a mark, or UTF-16 with one, as PowerShell writes it.
pub(crate) fn text(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            let text = std::str::from_utf8(bytes).ok()?;
            let binary = text.contains(|c: char| c.is_control() && !c.is_whitespace());
            return (!binary).then(|| Zeroizing::new(text.to_owned()));
        }
    };
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let units = bytes[2..]
        .chunks_exact(2)
        .map(|pair| unit([pair[0], pair[1]]));
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for character in char::decode_utf16(units) {
        text.push(character.ok()?);
    }
    Some(text)
}

/// Without quotes around it, and without white space and marks around those.
pub(crate) fn unquoted(text: &str) -> &str {
    let around = |c: char| c.is_whitespace() || c == '\u{feff}';
    let mut text = text.trim_matches(around);
    for quote in ['"', '\'', '`'] {
        let inner = text.strip_prefix(quote);
        if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(quote)) {
            text = inner.trim_matches(around);
        }
    }
    text
}

/// With the escapes of JSON resolved, if there are any; `\\n` of doubly escaped text too.
pub(crate) fn unescaped(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest[at..].trim_start_matches('\\');
        let mut characters = escape.chars();
        match characters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push(' '),
            Some('u') => {
                let code = escape
                    .get(1..5)
                    .and_then(|hex| u32::from_str_radix(hex, 16).ok());
                if let Some(character) = code.and_then(char::from_u32) {
                    out.push(character);
                    characters = escape[5..].chars();
                }
            }
            Some(other) => out.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
    out
}

/// Line feeds for all line breaks, no indentation and no empty lines.
pub(crate) fn lines(text: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(text.len() + 1));
    for line in text.split(['\n', '\r']).map(str::trim_start) {
        // PuTTY's checksum covers the comment to its last space.
        let line = if line.starts_with("Comment: ") {
            line
        } else {
            line.trim_end()
        };
        if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Whether there is nothing but base64, of either alphabet, in it.
pub(crate) fn is_base64(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_');
    let body = text.trim_end_matches(|c: char| c == '=' || c.is_whitespace());
    body.len() >= 16 && body.chars().all(|c| digit(c) || c.is_whitespace())
}
