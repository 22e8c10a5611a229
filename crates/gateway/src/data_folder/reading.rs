//! Small files, read into memory that is wiped. What is looked at is what is read: the file that was opened, not whatever has its name
//! by then. A pipe is read to its end, and waited for, but not for ever.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::FolderError;
use super::file::require_private;

/// Files larger than this are refused: keys, certificates and settings are small. In bytes.
const MAX_FILE_BYTES: usize = 1 << 20;
/// What is made room for at first, where no length is known. In bytes.
const FIRST_BYTES: usize = 4096;
/// How long it is waited until somebody writes into a pipe.
const WRITER_PATIENCE: Duration = Duration::from_secs(10);
/// How long it is waited for somebody who has opened it to write: a person may be asked first.
const PIPE_PATIENCE: Duration = Duration::from_secs(120);

/// Reads a small file into a buffer that is wiped.
///
/// # Errors
/// [`FolderError::TooLarge`] past 1 MiB, [`FolderError::Io`]; so is a pipe that nobody writes into for ten seconds, or into which whoever
/// has it open writes nothing for two minutes.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let (file, metadata) = open(path)?;
    content(path, &file, &metadata)
}

/// As [`read`], for a file that must be readable by its owner only.
///
/// # Errors
/// As [`read`], and [`FolderError::NotPrivate`].
pub fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let (file, metadata) = open(path)?;
    require_private(path, metadata.permissions().mode(), "600")?;
    content(path, &file, &metadata)
}

/// Does not wait for a pipe's other end.
fn open(path: &Path) -> Result<(File, Metadata), FolderError> {
    let mut reading = OpenOptions::new();
    reading.read(true);
    reading.custom_flags(OFlags::NONBLOCK.bits().cast_signed());
    let file = reading.open(path).map_err(FolderError::io(path))?;
    let metadata = file.metadata().map_err(FolderError::io(path))?;
    Ok((file, metadata))
}

fn content(
    path: &Path,
    file: &File,
    metadata: &Metadata,
) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let too_large = || FolderError::TooLarge {
        path: path.to_owned(),
        limit: MAX_FILE_BYTES as u64,
    };
    let length = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    if length > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let first = match metadata.is_file() {
        true => length + 1,
        false => FIRST_BYTES,
    };
    let is_pipe = metadata.file_type().is_fifo();
    let mut content = Zeroizing::new(vec![0; first]);
    let mut filled = 0;
    loop {
        if filled == content.len() {
            if filled > MAX_FILE_BYTES {
                return Err(too_large());
            }
            // The former buffer is wiped; one that grows by itself would leave its content behind.
            let mut larger = Zeroizing::new(vec![0; 2 * filled]);
            larger[..filled].copy_from_slice(&content);
            content = larger;
        }
        let awaits_writer = is_pipe && filled == 0;
        match next(file, &mut content[filled..], awaits_writer).map_err(FolderError::io(path))? {
            0 => break,
            read => filled += read,
        }
    }
    if filled > MAX_FILE_BYTES {
        return Err(too_large());
    }
    content.truncate(filled);
    Ok(content)
}

/// What there is next; nothing at the end.
fn next(mut file: &File, buffer: &mut [u8], awaits_writer: bool) -> io::Result<usize> {
    let began = Instant::now();
    let mut patience = WRITER_PATIENCE;
    loop {
        match file.read(buffer) {
            Ok(0) if awaits_writer => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => patience = PIPE_PATIENCE,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() {
            return Err(nobody_writes());
        }
        let mut polled = [PollFd::new(&file, PollFlags::IN)];
        let left = Timespec::try_from(left).map_err(io::Error::other)?;
        match poll(&mut polled, Some(&left)) {
            Ok(0) => return Err(nobody_writes()),
            Err(rustix::io::Errno::INTR) => {}
            Ok(_) if awaits_writer && polled[0].revents() == PollFlags::HUP => return Ok(0),
            other => drop(other?),
        }
    }
}

fn nobody_writes() -> io::Error {
    io::Error::new(
        io::ErrorKind::TimedOut,
        "is a pipe, and nobody writes into it",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::thread;

    use rustix::fs::{CWD, Mode, mkfifoat};

    use super::*;

    fn pipe() -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR).unwrap();
        (folder, path)
    }

    #[test]
    fn a_pipe_is_read_to_its_end_however_slowly_it_is_written() {
        let (_folder, path) = pipe();
        let text = vec![b'x'; 3 * FIRST_BYTES];
        let writing = thread::spawn({
            let (path, text) = (path.clone(), text.clone());
            move || {
                let mut pipe = File::options().write(true).open(path).unwrap();
                for part in text.chunks(5000) {
                    pipe.write_all(part).unwrap();
                    thread::yield_now();
                }
            }
        });
        assert!(read_private(&path).unwrap().as_slice() == text);
        writing.join().unwrap();
        // As a shell's <(…): its other end is open already, and closed before it is read.
        let (reading, mut writing) = io::pipe().unwrap();
        writing.write_all(b"correct horse").unwrap();
        let path = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reading));
        drop(writing);
        assert_eq!(
            read_private(Path::new(&path)).unwrap().as_slice(),
            b"correct horse"
        );
    }

    #[test]
    fn a_pipe_that_was_written_into_without_a_byte_is_empty() {
        let (_folder, path) = pipe();
        let (file, _) = open(&path).unwrap();
        drop(File::options().write(true).open(&path).unwrap());
        assert_eq!(next(&file, &mut [0; 8], true).unwrap(), 0);
    }

    #[test]
    fn a_pipe_that_is_open_to_others_is_refused_before_it_is_waited_for() {
        let (_folder, path) = pipe();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let refused = read_private(&path).unwrap_err();
        assert!(matches!(
            refused,
            FolderError::NotPrivate { mode: 0o644, .. }
        ));
    }

    #[test]
    fn what_grows_without_an_end_is_refused() {
        let refused = read(Path::new("/dev/zero")).unwrap_err();
        assert!(matches!(refused, FolderError::TooLarge { .. }));
    }
}
