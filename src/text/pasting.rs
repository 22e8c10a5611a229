//! What is said about pasting a connection string.

use crate::capture::Refused;

/// Label of the place to paste into.
pub const LABEL: &str = "Paste a connection string";
/// What can be pasted.
pub const HINT: &str = "Or drop a file here: ADO.NET, ODBC, JDBC, a URL, libpq, Oracle, or a linked service's JSON. It is taken apart at once and fills the fields below.";
/// Something was typed there.
pub const ONLY_PASTED: &str =
    "Nothing can be typed here: paste with Ctrl+V or ⌘V, or fill in the fields below.";
/// The module is on its way.
pub const READING: &str = "Reading…";
/// The module did not come.
pub const UNAVAILABLE: &str = "The part of this page that reads connection strings did not load. Paste again, or fill in the fields below.";
/// Before the names of fields that were filled.
pub const FILLED: &str = "Filled in";
/// Before the names of secrets that were filled.
pub const SEALED: &str = "Will be sealed";
/// Before the keywords without a field.
pub const IGNORED: &str = "Not used";
/// Before the form of the text.
pub const RECOGNISED: &str = "Recognised";

/// Why a file or text was not even read.
pub fn refused(refused: Refused) -> &'static str {
    match refused {
        Refused::NotText => "This file is not text (UTF-8).",
        Refused::HalfCharacter => super::secrets::NOT_TEXT,
        Refused::TooLong | Refused::NoRoom => {
            "This is too long for a connection string: nothing of it was taken."
        }
        Refused::Unreadable => super::secrets::FILE_UNREADABLE,
    }
}
