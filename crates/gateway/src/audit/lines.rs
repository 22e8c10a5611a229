//! Lines of a file of the trail, one at a time and of bounded length, whatever the file has in it.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use super::line::MAX_LINE_BYTES;

/// Opens a file of the trail to be read. A pipe or a device that somebody has given its name is an error, and is not waited for.
///
/// # Errors
/// As the system's, and for what is no regular file.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut reading = OpenOptions::new();
    reading.read(true);
    reading.custom_flags(OFlags::NONBLOCK.bits().cast_signed());
    let file = reading.open(path)?;
    if file.metadata()?.is_file() {
        Ok(file)
    } else {
        Err(io::Error::other("is no regular file"))
    }
}

/// What stands next in a file.
pub(crate) enum Found<'l> {
    /// A line, without its line feed.
    Line(&'l [u8]),
    /// The beginning of a line that is longer than any of ours.
    TooLong(&'l [u8]),
    /// The file's last bytes, without a line feed.
    Unfinished(&'l [u8]),
}

/// The lines of a file.
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    line: Vec<u8>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(file: R) -> Self {
        Self {
            reader: BufReader::with_capacity(1 << 18, file),
            line: Vec::new(),
        }
    }

    /// The next one; none at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Found<'_>>> {
        self.line.clear();
        (&mut self.reader)
            .take(MAX_LINE_BYTES + 1)
            .read_until(b'\n', &mut self.line)?;
        Ok(match self.line.split_last() {
            None => None,
            Some((b'\n', line)) => Some(Found::Line(line)),
            Some(_) if self.line.len() as u64 > MAX_LINE_BYTES => {
                skip_line(&mut self.reader)?;
                Some(Found::TooLong(&self.line))
            }
            Some(_) => Some(Found::Unfinished(&self.line)),
        })
    }
}

/// Reads past the rest of a line that is longer than any of ours.
fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let line_feed = buffer.iter().position(|&byte| byte == b'\n');
        let used = line_feed.map_or(buffer.len(), |at| at + 1);
        reader.consume(used);
        if line_feed.is_some() {
            return Ok(());
        }
    }
}

/// Some bytes of a file, read without moving its position.
pub(super) struct Stretch {
    file: File,
    at: u64,
    end: u64,
}

impl Stretch {
    /// The bytes from `start` up to `end`, without a line that begins before.
    pub(super) fn new(file: File, start: u64, end: u64) -> io::Result<Self> {
        let mut stretch = Self {
            file,
            at: start,
            end,
        };
        if let Some(before) = start.checked_sub(1) {
            stretch.at = before;
            let mut reader = BufReader::new(&mut stretch);
            let mut passed = 0;
            loop {
                let buffer = reader.fill_buf()?;
                let line_feed = buffer.iter().position(|&byte| byte == b'\n');
                let used = line_feed.map_or(buffer.len(), |at| at + 1);
                passed += used as u64;
                if line_feed.is_some() || used == 0 {
                    break;
                }
                reader.consume(used);
            }
            stretch.at = before + passed;
        }
        Ok(stretch)
    }

    /// Whether it begins where the file does.
    pub(super) fn is_from_the_beginning(&self) -> bool {
        self.at == 0
    }
}

impl Read for Stretch {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = left.min(buffer.len());
        let read = self.file.read_at(&mut buffer[..length], self.at)?;
        self.at += read as u64;
        Ok(read)
    }
}
