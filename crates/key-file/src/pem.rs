//! PEM (RFC 7468 and, with headers, RFC 1421), read leniently: white space does not matter, neither does what stands around it.

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

use crate::Flaw;

/// One block.
pub(crate) struct Pem<'a> {
    headers: Vec<(&'a str, &'a str)>,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// A block that is found but not read.
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    /// What is between the two lines; none if the second is missing.
    inside: Option<&'a str>,
}

const BEGIN: &str = "-----BEGIN ";
const DASHES: &str = "-----";

/// No file of one key has more.
const MAX_BLOCKS: usize = 32;

/// The blocks in a text.
pub(crate) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        rest = &rest[at + BEGIN.len()..];
        let Some((label, after)) = rest.split_once(DASHES) else {
            break;
        };
        let label = label.trim();
        let end = end_of(after, label);
        blocks.push(Block {
            label,
            inside: end.map(|end| &after[..end]),
        });
        rest = &after[end.unwrap_or(0)..];
        if blocks.len() == MAX_BLOCKS {
            break;
        }
    }
    blocks
}

/// Where the line that ends a block begins.
fn end_of(text: &str, label: &str) -> Option<usize> {
    let ends = text.match_indices("-----END ");
    ends.map(|(at, found)| (at, &text[at + found.len()..]))
        .find(|(_, after)| {
            let after = after.trim_start().strip_prefix(label);
            after.is_some_and(|after| after.trim_start().starts_with(DASHES))
        })
        .map(|(at, _)| at)
}

impl<'a> Block<'a> {
    /// Reads headers and body.
    pub(crate) fn read(&self) -> Result<Pem<'a>, Flaw> {
        let inside = self.inside.ok_or(Flaw::NoEnd)?;
        let mut words = inside.split_whitespace().peekable();
        let mut headers = Vec::new();
        while let Some(name) = words.peek().and_then(|word| word.strip_suffix(':')) {
            words.next();
            headers.push((name, words.next().ok_or(Flaw::NoEnd)?));
        }
        Ok(Pem {
            headers,
            body: decode(words)?,
        })
    }
}

impl<'a> Pem<'a> {
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(found, _)| *found == name);
        found.map(|(_, value)| *value)
    }
}

/// Decodes base64 in pieces, with or without the padding.
pub(crate) fn decode<'a>(words: impl Iterator<Item = &'a str>) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    let mut text = Zeroizing::new(Vec::with_capacity(crate::MAX_BYTES));
    for word in words {
        text.extend_from_slice(word.as_bytes());
    }
    let length = text.len() - text.iter().rev().take_while(|c| **c == b'=').count();
    let wrong = |c: &u8| !c.is_ascii_alphanumeric() && !matches!(c, b'+' | b'/');
    if let Some(at) = text[..length].iter().position(wrong) {
        return Err(Flaw::Base64 { position: at + 1 });
    }
    let flaw = Flaw::Base64 {
        position: length + 1,
    };
    // Padding that does not fit.
    if text.len() - length > 2 || length == 0 {
        return Err(flaw);
    }
    text.truncate(length);
    while !text.len().is_multiple_of(4) {
        text.push(b'=');
    }
    let mut bytes = Zeroizing::new(vec![0; length / 4 * 3 + 3]);
    let length = Base64::decode(&*text, &mut bytes).map_err(|_| flaw)?.len();
    bytes.truncate(length);
    Ok(bytes)
}

/// Writes a block with lines of `width` characters, ended by line feeds.
pub(crate) fn encode(label: &str, headers: &str, body: &[u8], width: usize) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(headers.len() + body.len() * 2 + 512));
    for part in [BEGIN, label, DASHES] {
        text.push_str(part);
    }
    if !headers.is_empty() {
        text.push('\n');
        text.push_str(headers.trim_end_matches('\n'));
        text.push('\n');
    }
    let encoded = Zeroizing::new(Base64::encode_string(body));
    push_lines(&mut text, &encoded, width);
    for part in ["\n-----END ", label, DASHES, "\n"] {
        text.push_str(part);
    }
    text
}

/// Appends a text of ASCII in lines of `width` characters, a line feed before each.
pub(crate) fn push_lines(out: &mut String, text: &str, width: usize) {
    for (index, character) in text.chars().enumerate() {
        if index % width == 0 {
            out.push('\n');
        }
        out.push(character);
    }
}
