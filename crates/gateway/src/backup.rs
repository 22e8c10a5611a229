//! Backup and restore: one encrypted file with everything that a gateway is, made while it serves.
//!
//! ```text
//! file     = age v1 ([`age`]) of a tar ([`archive`])
//! tar      = manifest.json, then what it lists, each with its length and SHA-256 ([`manifest`])
//! ```
//! What is protected at rest is protected in the backup, too, and goes into it as it lies in the data folder. Only the terms
//! of the keyring are in the clear, inside of the encryption: they open all of it, on any machine.

pub mod restore;
pub mod snapshot;

pub mod age;
pub mod archive;
pub mod manifest;
pub mod member_name;
pub mod terms;

pub mod scratch_folder;
pub mod verify;

mod audit_files;

/// Bytes in hexadecimal, in small letters.
fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
