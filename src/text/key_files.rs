//! What is said about key files, beside what the module that reads them says.

use language::{Message, message};

/// The module is being fetched, or is at work.
pub const READING: Message = message("key-reading");
/// The module did not come.
pub const UNAVAILABLE: Message = message("key-unavailable");
/// The passphrase is missing.
pub const NEEDED: Message = message("key-needed");
