//! JSON in one spelling: RFC 8785 (JCS), for the texts this crate makes itself, the envelope's header and plaintext.
//!
//! Members in ascending order, no white space, shortest string escapes, whole numbers below 2^53. The reader takes that
//! spelling and no other, so a duplicate, unknown, reordered or differently escaped member has no way in, and nesting
//! goes exactly as deep as the caller asks. Strings are decoded into wiping memory that never reallocates.

#[cfg(feature = "seal")]
mod write;

mod read;

pub(crate) use read::{Mismatch, Reader};
#[cfg(feature = "seal")]
pub(crate) use write::{Fill, Length, Sink, write_number, write_string};

/// Whether a free member name is 1 to 64 printable ASCII characters without `"` and `\`. Such names sort the same way
/// by bytes, by code points and by UTF-16 units, which is what RFC 8785 sorts by.
#[cfg(any(feature = "seal", feature = "open"))]
pub(crate) fn is_member_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\')
}

#[cfg(test)]
mod tests;
