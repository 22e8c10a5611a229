//! A linked service's JSON document: the members of `typeProperties`, and the connection string among them.
//!
//! It is read here, one string at a time into a buffer that is wiped: the usual readers keep copies of what they read.

use zeroize::Zeroizing;

use super::parts::Parts;
use super::{Flaw, Form, Pair, ParseError};

/// Deeper than any linked service. A document that is deeper is refused rather than followed.
const DEPTH: usize = 16;

/// A document, taken apart: `type`, and the members of `typeProperties` as pairs.
pub(super) struct Document {
    /// What the document says that it is.
    pub(super) json_type: Zeroizing<String>,
    pub(super) parts: Parts,
}

/// Reads a document.
pub(super) fn parse(text: &str) -> Result<Document, ParseError> {
    let mut reader = Reader {
        text,
        rest: text,
        document: Document {
            json_type: Zeroizing::default(),
            parts: Parts::new(Form::LinkedService, &[]),
        },
    };
    reader.value(0, Place::Outside)?;
    reader.skip_space();
    match reader.rest.is_empty() {
        true => Ok(reader.document),
        false => Err(reader.fail(Flaw::AfterDocument)),
    }
}

/// Where in the document a value stands.
#[derive(Clone, Copy)]
enum Place<'k> {
    Outside,
    /// The document's or the properties' `type`.
    Type,
    /// `typeProperties` itself.
    Properties,
    /// A member of it, or the `value` in that.
    Member(&'k str),
    /// Something else inside it.
    Elsewhere,
}

struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
    document: Document,
}

impl Reader<'_> {
    fn fail(&self, flaw: Flaw) -> ParseError {
        ParseError::at(self.text, self.rest, flaw)
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Whether the next character is this one, which is passed over.
    fn eat(&mut self, c: char) -> bool {
        self.skip_space();
        let after = self.rest.strip_prefix(c);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn value(&mut self, depth: usize, place: Place<'_>) -> Result<(), ParseError> {
        if depth == DEPTH {
            return Err(self.fail(Flaw::TooDeep));
        }
        if self.eat('{') {
            while !self.eat('}') {
                let keyword = self.string()?;
                if !self.eat(':') {
                    return Err(self.fail(Flaw::NoColon));
                }
                self.value(depth + 1, member(place, &keyword))?;
                self.comma('}')?;
            }
            return Ok(());
        }
        if self.eat('[') {
            while !self.eat(']') {
                self.value(depth + 1, Place::Elsewhere)?;
                self.comma(']')?;
            }
            return Ok(());
        }
        let value = if self.rest.starts_with('"') {
            self.string()?
        } else {
            let end = self
                .rest
                .find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
            let (word, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            if word.is_empty() {
                return Err(self.fail(Flaw::NoValue));
            }
            self.rest = after;
            let word = if word == "null" { "" } else { word };
            Zeroizing::new(word.to_owned())
        };
        match place {
            // The outermost may be that of a resource, `Microsoft.DataFactory/factories/linkedservices`.
            Place::Type
                if self.document.json_type.is_empty() || self.document.json_type.contains('/') =>
            {
                self.document.json_type = value;
            }
            Place::Member(keyword) if !value.is_empty() => {
                let keyword = keyword.to_owned();
                self.document.parts.pairs.push(Pair { keyword, value });
            }
            _ => {}
        }
        Ok(())
    }

    /// A comma, unless the end comes next.
    fn comma(&mut self, end: char) -> Result<(), ParseError> {
        self.skip_space();
        if self.eat(',') || self.rest.starts_with(end) {
            Ok(())
        } else {
            Err(self.fail(Flaw::NoComma))
        }
    }

    /// RFC 8259 section 7.
    fn string(&mut self) -> Result<Zeroizing<String>, ParseError> {
        if !self.eat('"') {
            return Err(self.fail(Flaw::NoString));
        }
        let begin = self.rest;
        let mut out = Zeroizing::new(String::with_capacity(begin.len()));
        let mut chars = begin.chars();
        loop {
            self.rest = chars.as_str();
            match chars.next() {
                Some('"') => {
                    self.rest = chars.as_str();
                    return Ok(out);
                }
                Some('\\') => {
                    let c = match chars.next() {
                        Some('b') => Some('\u{8}'),
                        Some('f') => Some('\u{c}'),
                        Some('n') => Some('\n'),
                        Some('r') => Some('\r'),
                        Some('t') => Some('\t'),
                        Some('u') => {
                            let (c, digits) = escaped(chars.as_str());
                            chars = chars.as_str().get(digits..).unwrap_or_default().chars();
                            c
                        }
                        other => other.filter(|c| matches!(c, '"' | '\\' | '/')),
                    };
                    out.push(c.ok_or_else(|| self.fail(Flaw::NotAnEscape))?);
                }
                Some(c) if c < ' ' => {
                    return Err(self.fail(Flaw::ControlCharacterInString));
                }
                Some(c) => out.push(c),
                None => {
                    self.rest = begin;
                    return Err(self.fail(Flaw::OpenQuote));
                }
            }
        }
    }
}

fn member<'k>(place: Place<'k>, keyword: &'k str) -> Place<'k> {
    match place {
        Place::Outside if keyword == "type" => Place::Type,
        Place::Outside if keyword.eq_ignore_ascii_case("typeProperties") => Place::Properties,
        Place::Outside if keyword == "properties" => Place::Outside,
        Place::Properties => Place::Member(keyword),
        Place::Member(_) if keyword == "value" => place,
        _ => Place::Elsewhere,
    }
}

/// The character that four hex digits, or a pair of surrogates, stand for, and how many bytes that takes.
fn escaped(text: &str) -> (Option<char>, usize) {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4)?;
        let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| hex)
    };
    let Some(first) = unit(0) else {
        return (None, 0);
    };
    let second = text
        .get(4..6)
        .filter(|begin| *begin == "\\u")
        .and_then(|_| unit(6));
    match (first, second) {
        (0xD800..0xDC00, Some(second @ 0xDC00..0xE000)) => {
            let c = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            (char::from_u32(c), 10)
        }
        _ => (char::from_u32(first), 4),
    }
}
