//! The plaintext of an envelope, version 1: a credential as JSON in one spelling (RFC 8785), padded with spaces.
//!
//! `{"auth":…,"kind":…,"properties":{name:value},"secrets":{name:{"replace":value}|"keep"|"clear"},"v":1}`

use crate::protocol::BUCKETS;

#[cfg(feature = "seal")]
mod write;

#[cfg(feature = "open")]
mod read;

/// The smallest bucket that holds a text of this length in bytes; `None` if none does.
#[cfg(any(feature = "seal", feature = "open"))]
pub(crate) fn bucket(text: usize) -> Option<usize> {
    BUCKETS.into_iter().find(|&bucket| text <= bucket)
}

/// Whether this is the length of a bucket, in bytes.
pub(crate) fn is_bucket(length: usize) -> bool {
    BUCKETS.contains(&length)
}

#[cfg(test)]
mod tests;
