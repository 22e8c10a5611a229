//! A connection string inside a JSON string: its secrets are cut out of what is written, escapes and all.

use std::ops::Range;

use linked_service::connection_string::secret_parts;
use linked_service::{AuthType, Kind};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// A JSON string, and where each of its characters is written.
struct Written<'t> {
    /// With its quotes.
    raw: &'t str,
    text: Zeroizing<String>,
    /// For each character: where it is in the text, and where it is written.
    places: Vec<(usize, usize)>,
}

impl<'t> Written<'t> {
    fn read(raw: &'t str) -> Option<Self> {
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        let mut written = Self {
            raw,
            text: Zeroizing::new(String::with_capacity(raw.len())),
            places: Vec::new(),
        };
        let mut at = 0;
        while at < inner.len() {
            written.places.push((written.text.len(), at + 1));
            let length = unit(inner.get(at..)?);
            let unit = inner.get(at..at + length)?;
            match unit.starts_with('\\') {
                true => {
                    let quoted = Zeroizing::new(["\"", unit, "\""].concat());
                    let meant: Zeroizing<String> =
                        serde_json::from_str(&quoted).map(Zeroizing::new).ok()?;
                    written.text.push_str(&meant);
                }
                false => written.text.push_str(unit),
            }
            at += length;
        }
        written.places.push((written.text.len(), raw.len() - 1));
        Some(written)
    }

    /// Where a piece of the text is written.
    fn place(&self, part: Range<usize>) -> Option<Range<usize>> {
        let at = |offset: usize| {
            let found = self.places.binary_search_by_key(&offset, |place| place.0);
            Some(self.places.get(found.ok()?)?.1)
        };
        Some(at(part.start)?..at(part.end)?)
    }
}

/// How long the first character is as it is written: itself, an escape, or two escapes for one character.
fn unit(text: &str) -> usize {
    let escape = |text: &str, first: &str| {
        text.starts_with("\\u")
            && text
                .get(2..3)
                .is_some_and(|digit| digit.eq_ignore_ascii_case("d"))
            && text
                .get(3..4)
                .is_some_and(|digit| first.contains(&digit.to_ascii_lowercase()))
    };
    if escape(text, "89ab") && text.get(6..).is_some_and(|rest| escape(rest, "cdef")) {
        12
    } else if text.starts_with("\\u") {
        6
    } else if text.starts_with('\\') {
        2
    } else {
        text.chars().next().map_or(1, char::len_utf8)
    }
}

/// The JSON string without the secrets that are in it, and with `more` at its end.
///
/// # Errors
/// When it cannot be read.
pub(super) fn without_secrets(
    raw: &str,
    kind: &Kind,
    auth: &AuthType,
    more: Option<&str>,
) -> Result<Zeroizing<String>, Failure> {
    let unreadable = || Failure::usage("the connection string in it cannot be read");
    let written = Written::read(raw).ok_or_else(unreadable)?;
    let parts = secret_parts(&written.text, kind, auth).map_err(|_| unreadable())?;
    let mut left = Zeroizing::new(String::with_capacity(
        raw.len() + more.map_or(0, str::len) + 1,
    ));
    let mut from = 0;
    for part in parts {
        let place = written.place(part).ok_or_else(unreadable)?;
        left.push_str(raw.get(from..place.start).ok_or_else(unreadable)?);
        from = place.end;
    }
    left.push_str(written.raw.get(from..raw.len() - 1).unwrap_or_default());
    if let Some(more) = more {
        let before = left.trim_end();
        if before.len() > 1 && !before.ends_with(';') {
            left.push(';');
        }
        left.push_str(more);
    }
    left.push('"');
    Ok(left)
}
