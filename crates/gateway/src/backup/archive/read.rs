//! Reading the tar. Whoever has a recovery key's public half can write one, so nothing in it is believed: a file is taken only
//! if it is the next of the manifest, by a name from [`MemberName`]'s list, of the length and hash that were told.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tar::{Archive, Entry};
use zeroize::Zeroizing;

use super::{MANIFEST, PIECE_BYTES};
use crate::backup::hexadecimal;
use crate::backup::manifest::{Listed, Manifest, ManifestError};
use crate::backup::member_name::{MemberName, TERMS};

/// No manifest is longer, and no list of terms, in bytes: room for the audit trail of a century.
const MAX_IN_MEMORY_BYTES: u64 = 16 << 20;

/// What was in the archive.
pub struct Unpacked {
    /// The manifest.
    pub manifest: Manifest,
    /// The terms of the keyring in the clear: the one file that is never on disk.
    pub terms: Zeroizing<Vec<u8>>,
}

/// Why the archive is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Reading failed; when the bytes do not decrypt, this says so.
    #[error("{0}")]
    Read(io::Error),
    /// The manifest is missing or not one.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Something else than the next file of the manifest came.
    #[error("the backup has {found} where its manifest has {expected}")]
    Unexpected {
        /// What the manifest lists.
        expected: String,
        /// What came.
        found: String,
    },
    /// It is longer or shorter than the manifest says, or longer than it can be.
    #[error("{0} in the backup has not the length that its manifest says")]
    Length(String),
    /// Its content is not what the manifest says.
    #[error("{0} in the backup is not what its manifest says")]
    Hash(MemberName),
    /// There is something after the end.
    #[error("the backup goes on after its end")]
    Trailing,
    /// A file could not be written.
    #[error("{path}: {source}", path = path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Writes the files into a folder that is empty (files mode 0600, folders 0700), all but the terms. Syncing them is left to the caller.
///
/// # Errors
/// See [`ArchiveError`]; what was written by then stays, to be removed with the folder.
pub fn unpack(source: impl Read, folder: &Path) -> Result<Unpacked, ArchiveError> {
    let mut archive = Archive::new(source);
    let mut entries = archive.entries().map_err(ArchiveError::Read)?.raw(true);
    let mut manifest = in_memory(next(&mut entries, MANIFEST)?, MANIFEST)?;
    let manifest = Manifest::parse(&std::mem::take(&mut *manifest))?;
    let mut terms = Zeroizing::default();
    for listed in &manifest.files {
        let entry = next(&mut entries, listed.name.as_str())?;
        if entry.size() != listed.bytes {
            return Err(ArchiveError::Length(listed.name.to_string()));
        }
        if listed.name.as_str() == TERMS {
            terms = in_memory(entry, TERMS)?;
            compare(listed, &Sha256::digest(&*terms))?;
        } else {
            write_file(entry, listed, &folder.join(listed.name.as_str()))?;
        }
    }
    if let Some(entry) = entries.next() {
        return Err(ArchiveError::Unexpected {
            expected: "its end".to_owned(),
            found: name_of(&entry.map_err(ArchiveError::Read)?),
        });
    }
    // To the very end: only then it is certain that nothing was cut off or put behind it.
    let mut rest = archive.into_inner();
    let mut buffer = [0; 512];
    loop {
        match rest.read(&mut buffer).map_err(ArchiveError::Read)? {
            0 => return Ok(Unpacked { manifest, terms }),
            read if buffer[..read].iter().all(|&byte| byte == 0) => {}
            _ => return Err(ArchiveError::Trailing),
        }
    }
}

fn next<'a, R: Read + 'a>(
    entries: &mut impl Iterator<Item = io::Result<Entry<'a, R>>>,
    expected: &str,
) -> Result<Entry<'a, R>, ArchiveError> {
    let unexpected = |found| ArchiveError::Unexpected {
        expected: expected.to_owned(),
        found,
    };
    let entry = entries
        .next()
        .ok_or_else(|| unexpected("its end".to_owned()))?
        .map_err(ArchiveError::Read)?;
    let header = entry.header();
    // The header's own spelling, before anybody has made a path of it.
    let is_expected = header.entry_type().is_file()
        && header.as_ustar().is_some()
        && *header.path_bytes() == *expected.as_bytes();
    if is_expected {
        Ok(entry)
    } else {
        Err(unexpected(name_of(&entry)))
    }
}

/// As it may be printed.
fn name_of<R: Read>(entry: &Entry<'_, R>) -> String {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    let kind = if entry.header().entry_type().is_file() {
        ""
    } else {
        "something that is no file, "
    };
    format!("{kind}{:?}", name.chars().take(100).collect::<String>())
}

fn in_memory<R: Read>(
    mut entry: Entry<'_, R>,
    name: &str,
) -> Result<Zeroizing<Vec<u8>>, ArchiveError> {
    if entry.size() > MAX_IN_MEMORY_BYTES {
        return Err(ArchiveError::Length(name.to_owned()));
    }
    // One allocation of the right size: a growing Vec would leave unwiped copies behind.
    let mut content = Zeroizing::new(vec![0; entry.size() as usize]);
    entry.read_exact(&mut content).map_err(ArchiveError::Read)?;
    Ok(content)
}

fn write_file<R: Read>(
    mut entry: Entry<'_, R>,
    listed: &Listed,
    path: &Path,
) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::Write {
        path: path.to_owned(),
        source,
    };
    if let Some(folder) = path.parent() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(failed)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = Zeroizing::new(vec![0; PIECE_BYTES]);
    loop {
        let read = entry.read(&mut buffer).map_err(ArchiveError::Read)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        file.write_all(&buffer[..read]).map_err(failed)?;
    }
    compare(listed, &hash.finalize())
}

fn compare(listed: &Listed, hash: &[u8]) -> Result<(), ArchiveError> {
    if hexadecimal(hash) == listed.sha256 {
        Ok(())
    } else {
        Err(ArchiveError::Hash(listed.name.clone()))
    }
}
