//! Writing the tar. Each file is read twice: for its hash, and to be written.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};
use tar::{EntryType, Header};
use zeroize::Zeroizing;

use super::{BLOCK_BYTES, MANIFEST, PIECE_BYTES, padding};
use crate::backup::hexadecimal;
use crate::backup::manifest::{Facts, Listed, Manifest};
use crate::backup::member_name::MemberName;

/// One file of the backup.
pub struct Member {
    /// Its name.
    pub name: MemberName,
    /// What is in it.
    pub content: Content,
}

/// Where a file's content comes from.
pub enum Content {
    /// From memory, which is wiped.
    Bytes(Zeroizing<Vec<u8>>),
    /// From the beginning of a file that only grows.
    File {
        /// The file.
        file: File,
        /// How much of it, in bytes.
        length: u64,
    },
}

/// Writes all of it; `made` is the time that its files bear, in seconds since the Unix epoch.
///
/// # Errors
/// What the sink or a file says; a file that is shorter than its length.
pub fn write(
    sink: &mut impl Write,
    facts: Facts,
    made: u64,
    members: &mut [Member],
) -> io::Result<Manifest> {
    let listed = members.iter_mut().map(|member| {
        let mut hash = Sha256::new();
        member.content.copy(|piece| {
            hash.update(piece);
            Ok(())
        })?;
        Ok(Listed {
            name: member.name.clone(),
            bytes: member.content.length(),
            sha256: hexadecimal(&hash.finalize()),
        })
    });
    let manifest = Manifest::new(facts, listed.collect::<io::Result<_>>()?);
    let json = manifest.to_json()?;
    begin(sink, MANIFEST, json.len() as u64, made)?;
    sink.write_all(&json)?;
    end(sink, json.len() as u64)?;
    for member in members {
        let length = member.content.length();
        begin(sink, member.name.as_str(), length, made)?;
        member.content.copy(|piece| sink.write_all(piece))?;
        end(sink, length)?;
    }
    // Two empty blocks end a tar.
    sink.write_all(&[0; 2 * BLOCK_BYTES as usize])?;
    Ok(manifest)
}

fn begin(sink: &mut impl Write, name: &str, length: u64, made: u64) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_entry_type(EntryType::Regular);
    header.set_path(name)?;
    header.set_size(length);
    header.set_mode(0o600);
    header.set_mtime(made);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    sink.write_all(header.as_bytes())
}

fn end(sink: &mut impl Write, length: u64) -> io::Result<()> {
    io::copy(&mut io::repeat(0).take(padding(length)), sink)?;
    Ok(())
}

impl Content {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }

    fn copy(&mut self, mut to: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        match self {
            Self::Bytes(bytes) => to(bytes),
            Self::File { file, length } => {
                file.seek(SeekFrom::Start(0))?;
                let mut buffer = vec![0; PIECE_BYTES];
                let mut left = *length;
                while left > 0 {
                    let room = left.min(PIECE_BYTES as u64) as usize;
                    let read = file.read(&mut buffer[..room])?;
                    if read == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    to(&buffer[..read])?;
                    left -= read as u64;
                }
                Ok(())
            }
        }
    }
}
