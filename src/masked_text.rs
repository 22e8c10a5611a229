//! A secret being typed: a buffer that never moves, and the edits that a browser asks for.
//!
//! Its room is taken once, so no copy is left behind by growing; what an edit takes out is overwritten at once. A field shows one
//! unit for each character of it, so that the field's selection says which characters an edit is for.

use std::ops::Range;

use envelope::Secret;
use envelope::protocol::LARGEST_BUCKET;
use zeroize::Zeroizing;

/// The buffer has no room for all of an insertion, so nothing of it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// How the field shows the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A bullet for each character; only line feeds are themselves.
    Masked,
    /// Itself, with pictures of the two characters that a browser's field would alter.
    Readable,
}

/// One change, to the selection or, if that is empty, beside the caret.
#[derive(Clone, Copy)]
pub enum Edit<'a> {
    /// Puts text in the selection's place.
    Insert(&'a str),
    /// Takes out the selection, or what is before the caret.
    Backward(Extent),
    /// Takes out the selection, or what is behind the caret.
    Forward(Extent),
    /// Takes out everything. It is also what undo does: any other would keep what was taken out.
    Clear,
}

/// How far a deletion goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// One character (a Unicode scalar value).
    Character,
    /// To the end of a word; characters outside ASCII belong to words.
    Word,
    /// To the line's end; there, the line break.
    Line,
}

impl<'a> Edit<'a> {
    /// What an `inputType` (W3C Input Events) asks for. `None` for what is refused: a cut would put the secret on the clipboard,
    /// a redo would need a copy of it.
    pub fn from_input_type(input_type: &str, inserted: &'a str) -> Option<Self> {
        match input_type {
            "insertLineBreak" | "insertParagraph" => Some(Self::Insert("\n")),
            "historyUndo" => Some(Self::Clear),
            _ if input_type.starts_with("insert") => Some(Self::Insert(inserted)),
            _ => {
                let forward = input_type.strip_suffix("Forward");
                let rest = forward.or_else(|| input_type.strip_suffix("Backward"))?;
                let extent = if rest.ends_with("Word") {
                    Extent::Word
                } else if rest.ends_with("Line") {
                    Extent::Line
                } else {
                    Extent::Character
                };
                Some(if forward.is_some() {
                    Self::Forward(extent)
                } else {
                    Self::Backward(extent)
                })
            }
        }
    }
}

/// The buffer. Positions in it are in bytes.
pub struct MaskedText {
    bytes: Zeroizing<Box<[u8]>>,
    length: usize,
}

impl Default for MaskedText {
    /// Empty, with room for the longest credential.
    fn default() -> Self {
        Self {
            bytes: Zeroizing::new(vec![0; LARGEST_BUCKET].into_boxed_slice()),
            length: 0,
        }
    }
}

impl MaskedText {
    /// The text. Each call states its reason, as for [`Secret::expose`].
    pub fn expose(&self) -> &str {
        // Edits begin and end between characters, so this is always text.
        str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// A copy to be sealed.
    pub fn secret(&self) -> Secret {
        // EXPOSE: copied into another secret, so that a failed save can be repeated.
        Secret::new(self.expose().to_owned())
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many characters there are.
    pub fn characters(&self) -> usize {
        // EXPOSE: counted.
        self.expose().chars().count()
    }

    /// What the field shows.
    pub fn shown(&self, shown: Shown) -> Zeroizing<String> {
        // EXPOSE: drawn as bullets, or for the person to read.
        let text = self.expose();
        let mut drawn = Zeroizing::new(String::with_capacity(3 * text.len()));
        for character in text.chars() {
            drawn.push(match (character, shown) {
                ('\n', _) => '\n',
                (_, Shown::Masked) => '•',
                ('\r', _) => '␍',
                ('\0', _) => '␀',
                _ => character,
            });
        }
        drawn
    }

    /// Where the character begins that the field shows behind so many UTF-16 units.
    pub fn position(&self, units: u32, shown: Shown) -> usize {
        let mut counted = 0;
        // EXPOSE: counted.
        for (position, character) in self.expose().char_indices() {
            if counted >= units {
                return position;
            }
            counted += width(character, shown);
        }
        self.length
    }

    /// How many UTF-16 units the field shows before a position.
    pub fn units(&self, position: usize, shown: Shown) -> u32 {
        // EXPOSE: counted.
        let before = self.expose().get(..position).unwrap_or_default();
        before.chars().map(|each| width(each, shown)).sum()
    }

    /// Applies an edit; the caret's position then.
    ///
    /// # Errors
    /// [`Full`]; nothing has changed.
    pub fn apply(&mut self, edit: Edit<'_>, selection: Range<usize>) -> Result<usize, Full> {
        let (from, to) = (selection.start, selection.end);
        match edit {
            Edit::Insert(text) => self.replace(from..to, text),
            Edit::Clear => {
                self.clear();
                Ok(0)
            }
            _ if from < to => self.replace(from..to, ""),
            Edit::Backward(extent) => {
                // EXPOSE: looked through for the end of a word or line.
                let before = self.expose().get(..from).unwrap_or_default();
                let reach = reach(before.chars().rev(), extent);
                self.replace(from - reach..from, "")
            }
            Edit::Forward(extent) => {
                // EXPOSE: as above.
                let behind = self.expose().get(from..).unwrap_or_default();
                let reach = reach(behind.chars(), extent);
                self.replace(from..from + reach, "")
            }
        }
    }

    /// Takes out everything.
    pub fn clear(&mut self) {
        self.bytes.fill(0);
        self.length = 0;
    }

    fn replace(&mut self, range: Range<usize>, text: &str) -> Result<usize, Full> {
        let length = self.length - range.len() + text.len();
        if length > self.bytes.len() {
            return Err(Full);
        }
        let caret = range.start + text.len();
        self.bytes.copy_within(range.end..self.length, caret);
        self.bytes[range.start..caret].copy_from_slice(text.as_bytes());
        if length < self.length {
            self.bytes[length..self.length].fill(0);
        }
        self.length = length;
        Ok(caret)
    }
}

fn width(character: char, shown: Shown) -> u32 {
    1 + u32::from(shown == Shown::Readable && character > '\u{ffff}')
}

/// How many bytes a deletion takes from the caret on.
fn reach(characters: impl Iterator<Item = char>, extent: Extent) -> usize {
    let (mut bytes, mut in_word) = (0, false);
    for character in characters {
        let word = character.is_ascii_alphanumeric() || !character.is_ascii();
        let line_break = matches!(character, '\r' | '\n');
        let ends = match extent {
            Extent::Character => bytes > 0,
            Extent::Word => in_word && !word,
            Extent::Line => bytes > 0 && line_break,
        };
        if ends {
            break;
        }
        in_word |= word;
        bytes += character.len_utf8();
        if extent == Extent::Line && line_break {
            break;
        }
    }
    bytes
}

#[cfg(test)]
mod tests;
