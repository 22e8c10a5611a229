//! File shares as others write them.

/// The gateway's own machine, in the place of a share.
const LOCAL: &str = "Local";

/// A share as its field has it: what others call `localhost` is `Local` there.
pub(crate) fn as_field(text: &str) -> &str {
    let is_local = ["localhost", LOCAL]
        .iter()
        .any(|name| text.eq_ignore_ascii_case(name));
    if is_local { LOCAL } else { text }
}

/// Whether this is a share, and not a connection string with one in it.
pub(super) fn is_alone(text: &str) -> bool {
    text.starts_with("\\\\") || text == LOCAL
}
