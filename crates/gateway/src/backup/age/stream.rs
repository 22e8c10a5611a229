//! The chunks: each encrypted with its number and whether it is the last, so that none can be changed, moved or left out.

use std::io::{self, BufRead, Read, Write};

use aws_lc_rs::aead::{Aad, LessSafeKey, NONCE_LEN, Nonce};
use zeroize::{Zeroize, Zeroizing};

use super::{AgeError, KEY_BYTES, TAG_BYTES, aead};

/// What makes a file's chunk key its own, in bytes.
pub(super) const NONCE_BYTES: usize = 16;

const CHUNK_BYTES: usize = 64 * 1024;

/// Encrypts what is written to it.
pub struct Encrypting<W> {
    sink: W,
    chunks: Chunks,
    /// At most a whole chunk, which is written when it is known whether another one follows.
    waiting: Zeroizing<Vec<u8>>,
}

/// Decrypts what is read from it. The end is an end only when the last chunk was read.
pub struct Decrypting<R> {
    source: R,
    chunks: Chunks,
    chunk: Zeroizing<Vec<u8>>,
    /// What of it was given away.
    given: usize,
    /// There is no other chunk.
    at_last: bool,
}

/// The key, and the number of the next chunk.
struct Chunks {
    key: LessSafeKey,
    next: u64,
}

/// A chunk was changed, or the file was cut.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the backup was changed or cut {0} bytes after its header, or a little later")]
struct Damaged(u64);

impl<W: Write> Encrypting<W> {
    pub(super) fn new(sink: W, key: &[u8; KEY_BYTES]) -> Result<Self, AgeError> {
        Ok(Self {
            sink,
            chunks: Chunks::new(key)?,
            waiting: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES + TAG_BYTES)),
        })
    }

    /// Writes the last chunk, and gives back what everything was written to.
    ///
    /// # Errors
    /// What the sink says.
    pub fn finish(mut self) -> io::Result<W> {
        self.write_chunk(true)?;
        self.sink.flush()?;
        Ok(self.sink)
    }

    fn write_chunk(&mut self, is_last: bool) -> io::Result<()> {
        let nonce = self.chunks.nonce(is_last)?;
        self.chunks
            .key
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut *self.waiting)
            .map_err(|_| io::Error::other(AgeError::Library))?;
        self.sink.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

impl<W: Write> Write for Encrypting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.waiting.len() == CHUNK_BYTES {
            self.write_chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK_BYTES - self.waiting.len());
        self.waiting.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// An unfinished chunk stays where it is.
    fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }
}

impl<R: BufRead> Decrypting<R> {
    pub(super) fn new(source: R, key: &[u8; KEY_BYTES]) -> Result<Self, AgeError> {
        Ok(Self {
            source,
            chunks: Chunks::new(key)?,
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES + TAG_BYTES)),
            given: 0,
            at_last: false,
        })
    }

    fn read_chunk(&mut self) -> io::Result<()> {
        let damaged = Damaged(self.chunks.next.saturating_mul(CHUNK_BYTES as u64));
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, damaged);
        let whole = CHUNK_BYTES + TAG_BYTES;
        self.given = 0;
        self.chunk.zeroize();
        self.chunk.reserve(whole);
        let read = (&mut self.source)
            .take(whole as u64)
            .read_to_end(&mut self.chunk)?;
        self.at_last = read < whole || self.source.fill_buf()?.is_empty();
        let is_first = self.chunks.next == 0;
        let nonce = self.chunks.nonce(self.at_last)?;
        let opened = self
            .chunks
            .key
            .open_in_place(nonce, Aad::empty(), &mut self.chunk);
        let length = opened.map_err(|_| damaged())?.len();
        // Nobody's program writes an empty chunk after others.
        if length == 0 && !is_first {
            return Err(damaged());
        }
        self.chunk.truncate(length);
        Ok(())
    }
}

impl<R: BufRead> Read for Decrypting<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.given == self.chunk.len() && !self.at_last {
            let read = self.read_chunk();
            if read.is_err() {
                // Nothing of a chunk that does not open is given away, whoever reads on.
                self.chunk.zeroize();
            }
            read?;
        }
        let length = room.len().min(self.chunk.len() - self.given);
        room[..length].copy_from_slice(&self.chunk[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

impl Chunks {
    fn new(key: &[u8; KEY_BYTES]) -> Result<Self, AgeError> {
        Ok(Self {
            key: aead(key)?,
            next: 0,
        })
    }

    /// The number in eleven bytes, big-endian, and one that tells the last chunk.
    fn nonce(&mut self, is_last: bool) -> io::Result<Nonce> {
        let mut nonce = [0; NONCE_LEN];
        nonce[3..11].copy_from_slice(&self.next.to_be_bytes());
        nonce[11] = u8::from(is_last);
        self.next = self
            .next
            .checked_add(1)
            .ok_or(io::ErrorKind::FileTooLarge)?;
        Ok(Nonce::assume_unique_for_key(nonce))
    }
}
