//! For the fuzz targets alone: what this crate keeps to itself otherwise.

use crate::credential::{Credential, bucket};

/// A plaintext, read and written again; `None` if it is refused.
pub fn rewritten_plaintext(plaintext: &[u8]) -> Option<Vec<u8>> {
    let credential = Credential::read(plaintext).ok()?;
    let mut written = Vec::new();
    credential.write(&mut written);
    written.resize(bucket(written.len())?, b' ');
    Some(written)
}
