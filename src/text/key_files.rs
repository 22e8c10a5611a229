//! What is said about key files, beside what the module that reads them says.

/// The module is being fetched, or is at work.
pub const READING: &str = "Looking at the key file…";
/// The module did not come.
pub const UNAVAILABLE: &str =
    "Not looked at: what reads key files did not load. Try again, or save it as it is.";
/// The passphrase is missing.
pub const NEEDED: &str = "The key file needs it.";
