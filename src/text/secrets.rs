//! What is said beside and about secret fields.

use super::counted;
use crate::capture::Refused;
use crate::lifetime::Absence;
use crate::state::Moved;

/// Makes a secret readable.
pub const SHOW: &str = "Show";
/// Goes to the browser's own password field.
pub const PLAIN: &str = "Plain field";
/// Explains the former.
pub const PLAIN_TITLE: &str = "For input methods and password managers";
/// Describes a captured field to a screen reader.
pub const CAPTURED: &str = "Hidden: only the number of characters is announced. If your screen reader speaks the keys, press “Plain field” first.";
/// Describes a plain one.
pub const IN_PLAIN_FIELD: &str = "Your browser's own password field.";
/// Takes a secret from a file.
pub const CHOOSE_FILE: &str = "Choose a file…";
/// A file is not UTF-8.
pub const NOT_A_TEXT_FILE: &str = "This file is not text (UTF-8).";
/// A chosen file is longer than any envelope.
pub const FILE_TOO_LONG: &str =
    "This file is too long for a credential. Choose the key file itself.";
/// A chosen file could not be read.
pub const FILE_UNREADABLE: &str =
    "The browser could not read this file. Choose it again or paste its text.";
/// An insertion is longer than what is left of the field's room.
pub const NO_ROOM: &str = "This is too long: nothing of it was taken.";
/// An input method has begun.
pub const COMPOSING: &str = "An input method is in use: the browser keeps a copy of what it composes. “Plain field” is made for it.";
/// Something has changed the field behind the page's back.
pub const OVERWRITTEN: &str = "What another program filled in here was not taken. For a password manager press “Plain field”.";
/// A cut, a copy or a drag.
pub const NOT_COPIED_OUT: &str = "A secret cannot be copied or cut out of this field.";
/// The other mode could not be had.
pub const NOT_PLAIN: &str = "Not changed: a plain field would alter what is in here.";
/// Caps Lock is on.
pub const CAPS_LOCK: &str = "Caps Lock is on.";
/// A field holds half of a surrogate pair.
pub const NOT_TEXT: &str =
    "This contains half of a character, which cannot be sent as it is. Type or paste it again.";
/// Keeps secrets that would be wiped.
pub const KEEP_SECRETS: &str = "Keep them";

/// In the place of a secret that is kept.
pub const STORED_UNCHANGED: &str = "Stored, unchanged";
/// In the place of one that is cleared.
pub const WILL_BE_REMOVED: &str = "Will be removed";
/// Types another one.
pub const REPLACE: &str = "Replace";
/// Stores none.
pub const CLEAR: &str = "Clear";
/// Goes back to what is stored.
pub const KEEP_STORED: &str = "Keep the stored one";
/// The same where that is not possible any more.
pub const TYPE_AGAIN: &str = "Type it again";
/// Puts the stored values back.
pub const MOVE_BACK: &str = "Change it back";

/// Why stored secrets have to be typed again; nothing if they do not.
pub fn moved(moved: &[Moved]) -> String {
    let mut sentence = String::new();
    for (position, Moved { label, .. }) in moved.iter().enumerate() {
        let between = match position {
            0 => "",
            _ if position + 1 == moved.len() => " and ",
            _ => ", ",
        };
        sentence.extend([between, "“", label, "”"]);
    }
    match moved.len() {
        0 => {}
        1 => sentence.push_str(" has changed."),
        _ => sentence.push_str(" have changed."),
    }
    if !moved.is_empty() {
        sentence.push_str(" So that a stored secret cannot be sent elsewhere, type it again.");
    }
    sentence
}

/// Why something was not taken into a secret field.
pub fn refused(refused: Refused) -> &'static str {
    match refused {
        Refused::NotText => NOT_A_TEXT_FILE,
        Refused::HalfCharacter => NOT_TEXT,
        Refused::TooLong => FILE_TOO_LONG,
        Refused::NoRoom => NO_ROOM,
        Refused::Unreadable => FILE_UNREADABLE,
    }
}

/// How long a secret is.
pub fn characters(count: usize) -> String {
    match count {
        0 => String::new(),
        count => counted(count, " character"),
    }
}

/// What becomes, or became, of secrets that nobody goes on with.
pub fn absence(absence: Absence) -> &'static str {
    match absence {
        Absence::Ending => {
            "The secrets that you typed will be wiped in a minute, because nothing has been done here for a while. Press any key to keep them."
        }
        Absence::Ended => {
            "The secrets that you typed were wiped, because nothing was done here for five minutes. Type them again; everything else is still here."
        }
        Absence::Left => {
            "The secrets that you typed were wiped when you left this page. Type them again; everything else is still here."
        }
    }
}
