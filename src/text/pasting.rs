//! What is said about pasting a connection string.

use language::{Message, message};

use crate::capture::Refused;

/// Label of the place to paste into.
pub const LABEL: Message = message("paste-label");
/// What can be pasted.
pub const HINT: Message = message("paste-hint");
/// Something was typed there.
pub const ONLY_PASTED: Message = message("paste-only-pasted");
/// The module did not come.
pub const UNAVAILABLE: Message = message("paste-unavailable");
/// Before the names of fields that were filled.
pub const FILLED: Message = message("paste-filled");
/// Before the names of secrets that were filled.
pub const SEALED: Message = message("paste-sealed");
/// Before the keywords without a field.
pub const IGNORED: Message = message("paste-ignored");
/// Before the form of the text.
pub const RECOGNISED: Message = message("paste-recognised");

/// Why a file or text was not even read.
pub fn refused(refused: Refused) -> Message {
    match refused {
        Refused::TooLong => super::secrets::NO_ROOM,
        refused => super::secrets::refused(refused),
    }
}
