//! How a pasted secret keeps its bytes.
//!
//! A browser's fields alter what they are given: `<input>` drops line breaks, and `<textarea>` turns CR LF and CR into LF (HTML,
//! "API value"). So the text as it was pasted or read from a file is [kept](Kept) in wiping memory beside the field, and it is
//! what counts for as long as the field still shows what it made of it. After an edit the field's own text counts.

use envelope::secret::Secret;

/// The exact text beside a field.
pub struct Kept {
    exact: Secret,
    /// What the field showed right after it was filled.
    shown: Secret,
}

impl Kept {
    /// Keeps `exact` for as long as the field shows `shown`.
    pub fn new(exact: Secret, shown: Secret) -> Self {
        Self { exact, shown }
    }

    /// Whether the field has not been edited since.
    pub fn is_shown_by(&self, field: &Secret) -> bool {
        // EXPOSE: compared in memory; neither side leaves the function.
        let shown = self.shown.expose();
        // EXPOSE: as above.
        shown == field.expose()
    }

    /// Whether the field's own text differs from the exact one, so that an edit would change more than the person typed.
    pub fn differs(&self) -> bool {
        !self.is_shown_by(&self.exact)
    }
}

/// What a field that shows `field` stands for.
pub fn exact(field: Secret, kept: Option<&Kept>) -> Secret {
    match kept {
        Some(kept) if kept.is_shown_by(&field) => copy(&kept.exact),
        _ => field,
    }
}

/// Whether a one-line field would alter the text.
pub fn needs_lines(text: &str) -> bool {
    text.contains(['\r', '\n', '\0'])
}

/// Whether a multi-line field would alter the text.
pub fn needs_keeping(text: &str) -> bool {
    text.contains(['\r', '\0'])
}

/// `exact` with `insertion` in the place of a selection, which is given in UTF-16 units of the text as the field shows it.
pub fn splice(exact: &Secret, selection: (u32, u32), insertion: &Secret) -> Secret {
    // EXPOSE: copied into another secret.
    let text = exact.expose();
    let (from, to) = (
        byte_offset(text, selection.0),
        byte_offset(text, selection.1.max(selection.0)),
    );
    // EXPOSE: copied into another secret.
    let insertion = insertion.expose();
    let mut spliced = String::with_capacity(text.len() + insertion.len());
    spliced.push_str(text.get(..from).unwrap_or(text));
    spliced.push_str(insertion);
    spliced.push_str(text.get(to..).unwrap_or_default());
    Secret::new(spliced)
}

fn copy(secret: &Secret) -> Secret {
    // EXPOSE: copied into another secret, so that a failed save can be repeated.
    Secret::new(secret.expose().to_owned())
}

/// The byte in `text` at which the field that shows it counts `units`: CR LF is one line break there.
fn byte_offset(text: &str, units: u32) -> usize {
    let mut counted = 0;
    let mut previous = '\0';
    for (offset, character) in text.char_indices() {
        if counted >= units && !(previous == '\r' && character == '\n') {
            return offset;
        }
        if !(previous == '\r' && character == '\n') {
            counted += u32::from(character.len_utf16() == 2) + 1;
        }
        previous = character;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    fn is(secret: &Secret, text: &str) -> bool {
        secret.expose() == text
    }

    #[test]
    fn an_unedited_field_stands_for_what_was_pasted() {
        let kept = Kept::new(secret("a\r\nb\rc"), secret("a\nb\nc"));
        assert!(kept.differs());
        assert!(is(&exact(secret("a\nb\nc"), Some(&kept)), "a\r\nb\rc"));
    }

    #[test]
    fn an_edited_field_stands_for_itself() {
        let kept = Kept::new(secret("a\r\nb"), secret("a\nb"));
        assert!(is(&exact(secret("a\nbc"), Some(&kept)), "a\nbc"));
        assert!(is(&exact(secret("typed"), None), "typed"));
    }

    #[test]
    fn only_what_a_field_alters_is_kept() {
        assert!(needs_lines("a\nb") && !needs_keeping("a\nb"));
        assert!(needs_lines("a\r\nb") && needs_keeping("a\r\nb"));
        assert!(needs_lines("a\0b") && needs_keeping("a\0b"));
        assert!(!needs_lines("plain \t ünï") && !needs_keeping("plain \t ünï"));
    }

    #[test]
    fn a_paste_lands_where_the_field_shows_the_caret() {
        let cases = [
            ("", (0, 0), "x\r\ny", "x\r\ny"),
            ("ab", (1, 1), "\n", "a\nb"),
            ("ab", (0, 2), "\0", "\0"),
            ("a\r\nb", (2, 2), "X", "a\r\nXb"),
            ("a\r\nb", (1, 2), "X", "aXb"),
            ("a\r\nb", (1, 1), "X", "aX\r\nb"),
            ("a\rb\r\n", (4, 4), "X", "a\rb\r\nX"),
            ("😀b", (2, 2), "X", "😀Xb"),
            ("ab", (9, 9), "X", "abX"),
        ];
        for (text, selection, insertion, expected) in cases {
            let spliced = splice(&secret(text), selection, &secret(insertion));
            assert!(is(&spliced, expected), "{text:?} at {selection:?}");
        }
    }
}
