//! The tar inside of the encryption: the manifest, then every file that it lists, in that order and nothing else.

mod read;
mod write;

pub use read::{ArchiveError, Unpacked, unpack};
pub use write::{Content, Member, write};

/// The name of the manifest, which is not in itself.
const MANIFEST: &str = "manifest.json";

/// A tar is written in blocks of this many bytes.
const BLOCK_BYTES: u64 = 512;

/// How much is copied at a time, in bytes.
const PIECE_BYTES: usize = 64 * 1024;

/// Bytes from the end of a file to the end of its last block.
fn padding(length: u64) -> u64 {
    length.next_multiple_of(BLOCK_BYTES) - length
}

#[cfg(test)]
mod tests;
