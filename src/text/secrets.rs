//! What is said beside and about secret fields.

use language::Argument::{Number, Text};
use language::{Message, message};

use super::list;
use crate::capture::Refused;
use crate::lifetime::Absence;
use crate::state::Moved;

/// Makes a secret readable.
pub const SHOW: Message = message("secret-show");
/// Goes to the browser's own password field.
pub const PLAIN: Message = message("secret-plain");
/// Explains the former.
pub const PLAIN_TITLE: Message = message("secret-plain-title");
/// Describes a captured field to a screen reader.
pub const CAPTURED: Message = message("secret-captured");
/// Describes a plain one.
pub const IN_PLAIN_FIELD: Message = message("secret-in-plain-field");
/// Takes a secret from a file.
pub const CHOOSE_FILE: Message = message("secret-choose-file");
/// A chosen file is not UTF-8.
pub const NOT_A_TEXT_FILE: Message = message("secret-not-a-text-file");
/// A chosen file is longer than any envelope.
pub const FILE_TOO_LONG: Message = message("secret-file-too-long");
/// A chosen file could not be read.
pub const FILE_UNREADABLE: Message = message("secret-file-unreadable");
/// An insertion is longer than what is left of the field's room.
pub const NO_ROOM: Message = message("secret-no-room");
/// An input method has begun.
pub const COMPOSING: Message = message("secret-composing");
/// Something has changed the field behind the page's back.
pub const OVERWRITTEN: Message = message("secret-overwritten");
/// A cut, a copy or a drag.
pub const NOT_COPIED_OUT: Message = message("secret-not-copied-out");
/// The other mode could not be had.
pub const NOT_PLAIN: Message = message("secret-not-plain");
/// Caps Lock is on.
pub const CAPS_LOCK: Message = message("secret-caps-lock");
/// A field holds half of a surrogate pair.
pub const NOT_TEXT: Message = message("secret-not-text");
/// Keeps secrets that would be wiped.
pub const KEEP_SECRETS: Message = message("secret-keep-secrets");

/// In the place of a secret that is kept.
pub const STORED_UNCHANGED: Message = message("secret-stored-unchanged");
/// In the place of one that is cleared.
pub const WILL_BE_REMOVED: Message = message("secret-will-be-removed");
/// Types another one.
pub const REPLACE: Message = message("secret-replace");
/// Stores none.
pub const CLEAR: Message = message("secret-clear");
/// Goes back to what is stored.
pub const KEEP_STORED: Message = message("secret-keep-stored");
/// The same where that is not possible any more.
pub const TYPE_AGAIN: Message = message("secret-type-again");
/// Puts the stored values back.
pub const MOVE_BACK: Message = message("secret-move-back");

const CHARACTERS: Message = message("secret-characters");
const MOVED: Message = message("secret-moved");

/// Why stored secrets have to be typed again; nothing if they do not.
pub fn moved(moved: &[Moved]) -> String {
    if moved.is_empty() {
        return String::new();
    }
    let labels = list(moved.iter().map(|moved| moved.label.text()));
    MOVED.with(&[Number(moved.len() as u64), Text(&labels)])
}

/// Why something was not taken into a secret field.
pub fn refused(refused: Refused) -> Message {
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
        count => CHARACTERS.with(&[Number(count as u64)]),
    }
}

/// What becomes, or became, of secrets that nobody goes on with.
pub fn absence(absence: Absence) -> Message {
    match absence {
        Absence::Ending => const { message("secret-absence-ending") },
        Absence::Ended => const { message("secret-absence-ended") },
        Absence::Left => const { message("secret-absence-left") },
    }
}
