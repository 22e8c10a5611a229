//! What is said about pasting a connection string.

use crate::capture::Refused;

/// Label of the place to paste into.
pub const LABEL: &str = "Paste a connection string";
/// What can be pasted.
pub const HINT: &str = "Or drop a file: ADO.NET, ODBC, JDBC, URL, libpq, Oracle, or a linked service's JSON. It fills the fields below.";
/// Something was typed there.
pub const ONLY_PASTED: &str = "Nothing can be typed here: paste with Ctrl+V or ⌘V.";
/// The module did not come.
pub const UNAVAILABLE: &str = "What reads this did not load. Paste again.";
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
        Refused::TooLong => super::secrets::NO_ROOM,
        refused => super::secrets::refused(refused),
    }
}
