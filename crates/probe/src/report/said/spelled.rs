//! How addresses, documents and programs spell a text: `%22`, `&quot;`, `&#34;`, `\"`, `\u0022`, `""`.

use std::ops::Range;

use quick_xml::escape::resolve_predefined_entity;
use zeroize::Zeroizing;

/// As long as a character reference may be, in bytes.
const MAX_REFERENCE: usize = 12;

/// A way to spell a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// As it is.
    Plain,
    /// Of addresses.
    Percent,
    /// Of forms: the same, with `+` for a space.
    Form,
    /// Of XML.
    Reference,
    /// Of JSON, and of names in certificates.
    Backslash,
    /// Of connection strings and statements, where what would end a text stands twice in it.
    Doubled,
}

/// A text as it reads where this spelling is undone, and where each of its characters comes from.
pub(super) struct Read {
    text: Zeroizing<String>,
    /// For each byte, and for the end.
    from: Vec<usize>,
}

impl Spelling {
    pub(super) const ALL: [Self; 6] = [
        Self::Plain,
        Self::Percent,
        Self::Form,
        Self::Reference,
        Self::Backslash,
        Self::Doubled,
    ];

    /// `None` where there is nothing to undo, and the text was looked at as it is.
    pub(super) fn read(self, spelled: &str) -> Option<Read> {
        let mut text = Zeroizing::new(String::with_capacity(spelled.len()));
        let mut from = Vec::with_capacity(spelled.len() + 1);
        let mut at = 0;
        while let Some(plain) = spelled[at..].chars().next() {
            let undone = self.undone(&spelled[at..]);
            let (character, length) = undone.unwrap_or((plain, plain.len_utf8()));
            text.push(character);
            from.resize(text.len(), at);
            at += length;
        }
        from.push(at);
        let is_other = self == Self::Plain || *text != *spelled;
        is_other.then_some(Read { text, from })
    }

    /// The first character, where it is spelled in this way, and as long as it is then.
    fn undone(self, text: &str) -> Option<(char, usize)> {
        match self {
            Self::Plain => None,
            Self::Form if text.starts_with('+') => Some((' ', 1)),
            Self::Percent | Self::Form => percent(text),
            Self::Reference => reference(text),
            Self::Backslash => {
                let rest = text.strip_prefix('\\')?;
                let number = rest.strip_prefix('u').and_then(|rest| rest.get(..4));
                let by_number = number.and_then(hexadecimal).and_then(char::from_u32);
                let by_number = by_number.map(|character| (character, 6));
                by_number.or_else(|| {
                    let next = rest.chars().next()?;
                    Some((next, 1 + next.len_utf8()))
                })
            }
            Self::Doubled => {
                let twice = ["}}", "''", "\"\""];
                let is_twice = twice.iter().any(|twice| text.starts_with(twice));
                is_twice.then(|| text.chars().next().map(|character| (character, 2)))?
            }
        }
    }
}

impl Read {
    /// Where it is in the text as it is spelled.
    pub(super) fn places_of(&self, wanted: &str) -> Vec<Range<usize>> {
        let found = self.text.match_indices(wanted);
        found
            .map(|(start, found)| self.from[start]..self.from[start + found.len()])
            .collect()
    }
}

/// As many bytes as the first says that the character has.
fn percent(text: &str) -> Option<(char, usize)> {
    let byte = |number: usize| {
        let part = text.get(3 * number..3 * number + 3)?;
        u8::try_from(hexadecimal(part.strip_prefix('%')?)?).ok()
    };
    let length = match byte(0)? {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    };
    let bytes = (0..length).map(byte).collect::<Option<Vec<u8>>>()?;
    let character = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    Some((character, 3 * length))
}

fn reference(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest
        .bytes()
        .take(MAX_REFERENCE)
        .position(|byte| byte == b';')?;
    let name = &rest[..end];
    let character = match name.strip_prefix('#') {
        None => resolve_predefined_entity(name)?.chars().next()?,
        Some(number) => {
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hexadecimal(digits),
                None => number.parse().ok(),
            };
            char::from_u32(value?)?
        }
    };
    Some((character, end + 2))
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_however_it_is_spelled() {
        use Spelling::{Backslash, Doubled, Form, Percent, Plain, Reference};
        for (spelling, text, wanted, expected) in [
            (Plain, "xaby", "ab", Some(1..3)),
            (Percent, "x%61%62y", "ab", Some(1..7)),
            (Percent, "%C3%a9+", "é+", Some(0..7)),
            (Form, "a+%20b", "a  b", Some(0..6)),
            (Reference, "a&amp;&#60;&#x3E;", "a&<>", Some(0..17)),
            (Backslash, r#"\"\u00e9\\"#, "\"é\\", Some(0..10)),
            (Doubled, "xa}}b", "a}b", Some(1..5)),
            (Percent, "a%%61", "a%a", Some(0..5)),
            (Percent, "%+1%g1", "\u{1}", None),
            (Percent, "%e9%", "é", None),
            (Reference, "&amp &; &#xx; é;", "&&", None),
            (Backslash, r"\u00", "\u{0}", None),
            (Backslash, r"\", r"\", None),
        ] {
            let read = spelling.read(text);
            let found = read.and_then(|read| read.places_of(wanted).into_iter().next());
            assert_eq!(found, expected, "{spelling:?} {text}");
        }
    }
}
