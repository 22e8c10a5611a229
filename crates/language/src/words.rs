//! A language as it is served: a line for each message.
//!
//! ```text
//! words   = line *(LF line)                        in the order of the English files
//! line    = *(text | variable | choice)
//! variable = "{" digit "}"                         of the variables' names, in alphabetical order
//! choice  = "{" digit 1*("|" key ":" line) "}"     the last key is for every other value
//! key     = a plural category of CLDR | "=" number
//! ```

use std::sync::OnceLock;

use itoa::Buffer as Digits;

use crate::Argument;

/// The plural category of a number in the language in use: `zero`, `one`, `two`, `few`, `many` or `other` (CLDR).
pub type PluralRule = fn(u64) -> String;

/// A language.
pub struct Words {
    lines: Vec<&'static str>,
    /// What was served later.
    more: OnceLock<Vec<&'static str>>,
    plural: PluralRule,
}

impl Words {
    /// Takes what was served. It is used until the program ends, so that nobody has to keep it.
    pub fn new(served: &'static str, plural: PluralRule) -> Self {
        Self {
            lines: served.split('\n').collect(),
            more: OnceLock::new(),
            plural,
        }
    }

    /// Whether the lines that come behind the first ones are there.
    pub(crate) fn knows_more(&self) -> bool {
        self.more.get().is_some()
    }

    /// Takes the lines that come behind the first ones.
    pub(crate) fn learn(&self, served: &'static str) {
        let _ = self.more.set(served.split('\n').collect());
    }

    /// The line of a message; nothing for one that was not served.
    pub fn pattern(&self, place: usize) -> &'static str {
        let more = || self.more.get()?.get(place - self.lines.len());
        self.lines.get(place).or_else(more).copied().unwrap_or("")
    }

    /// A message with arguments in the places of its variables.
    pub fn say(&self, place: usize, arguments: &[Argument<'_>]) -> String {
        let mut said = String::new();
        self.write(&mut said, self.pattern(place), arguments);
        said
    }

    fn write(&self, out: &mut String, pattern: &str, arguments: &[Argument<'_>]) {
        let mut rest = pattern;
        while let Some((before, from_brace)) = rest.split_once('{') {
            out.push_str(before);
            let end = closing_brace(from_brace);
            let inner = from_brace.get(..end).unwrap_or("");
            rest = from_brace.get(end + 1..).unwrap_or("");
            let position = inner.bytes().next().unwrap_or(b'0').wrapping_sub(b'0');
            let Some(argument) = arguments.get(usize::from(position)) else {
                continue;
            };
            match (inner.get(1..).unwrap_or(""), argument) {
                ("", Argument::Text(text)) => out.push_str(text),
                ("", Argument::Number(number)) => {
                    out.push_str(Digits::new().format(*number));
                }
                (variants, Argument::Number(number)) => {
                    self.write(out, self.chosen(variants, *number), arguments);
                }
                (_, Argument::Text(_)) => {}
            }
        }
        out.push_str(rest);
    }

    /// Of the variants of a choice the one for this number.
    fn chosen<'v>(&self, variants: &'v str, number: u64) -> &'v str {
        let category = (self.plural)(number);
        let exact = ["=", Digits::new().format(number)].concat();
        let mut last = "";
        for variant in variants.split('|').skip(1) {
            let (key, line) = variant.split_once(':').unwrap_or(("", variant));
            last = line;
            if key == exact || key == category {
                break;
            }
        }
        last
    }
}

/// Where the brace is closed that was opened before this text.
fn closing_brace(text: &str) -> usize {
    let mut depth = 0_u32;
    for (position, octet) in text.bytes().enumerate() {
        match octet {
            b'{' => depth += 1,
            b'}' if depth == 0 => return position,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}
