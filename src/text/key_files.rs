//! What is said about key files, beside what the module that reads them says.

/// The module is being fetched, or is at work.
pub const READING: &str = "Looking at the key file…";
/// The module did not come; the text was taken as it is.
pub const UNAVAILABLE: &str =
    "Not looked at: what reads key files did not load. Paste again, or save it as it is.";
/// The module did not come, and bytes are no text.
pub const FILE_UNAVAILABLE: &str = "What reads key files did not load. Choose the file again.";
/// The module did not come when the form was to be saved.
pub const SAVE_UNCHECKED: &str =
    "Not looked at: what reads key files did not load. Save again to store it as it is.";
/// Behind the reason why a passphrase was not tried.
pub const SAVE_UNTRIED: &str = " Save again to store it untried.";
/// The passphrase is missing.
pub const NEEDS_PASSPHRASE: &str = "The key file is encrypted: type what opens it.";
