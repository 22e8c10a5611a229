//! Files that were full and were put aside: `audit-<first>-<last>.jsonl`, after the numbers of their lines, in twelve
//! digits, so that their names are in the order of the chain; `audit.jsonl` comes after them in it.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags};

use super::line::{End, Entry, LineHash, MAX_LINE_BYTES};
use super::lines::{self, Found, Lines, Stretch};
use crate::data_folder::sync_folder;

/// A file that was put aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rotated {
    /// Number of its first line.
    pub first: i64,
    /// Number of its last line.
    pub last: i64,
    /// Where it is.
    pub path: PathBuf,
}

impl Rotated {
    /// Reads the numbers from a file's name.
    #[must_use]
    pub fn parse(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let numbers = name.strip_prefix("audit-")?.strip_suffix(".jsonl")?;
        let (first, last) = numbers.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (name == file_name(first, last)).then(|| Self {
            first,
            last,
            path: path.to_owned(),
        })
    }

    /// The file's name.
    #[must_use]
    pub fn name(&self) -> String {
        file_name(self.first, self.last)
    }

    /// All of a folder, in the chain's order.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(folder: &Path) -> io::Result<Vec<Self>> {
        let mut files = Vec::new();
        for entry in folder.read_dir()? {
            files.extend(Self::parse(&entry?.path()));
        }
        files.sort();
        Ok(files)
    }

    /// The first of these files that is not followed by the next one, the last of them by `current` or, while that is empty, by
    /// what comes after `end`.
    pub(super) fn strange(files: &[Self], current: &Path, end: &End) -> io::Result<Option<Self>> {
        let next = files.iter().skip(1).map(|file| file.path.as_path());
        for (file, next) in files.iter().zip(next.chain([current])) {
            let content = lines::open(&file.path)?;
            let length = content.metadata()?.len();
            let Tail::Line(last, _) = Tail::read(&content, length)? else {
                return Ok(Some(file.clone()));
            };
            let next = match lines::open(next) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => None,
                opened => {
                    let next = opened?;
                    let is_begun = next.metadata()?.len() > 0;
                    is_begun.then_some(next)
                }
            };
            let follows = match next {
                None => last == *end,
                Some(next) => first_line(&next)?.is_some_and(|(_, prev)| prev == last.head),
            };
            if last.seq != file.last || !follows {
                return Ok(Some(file.clone()));
            }
        }
        Ok(None)
    }
}

fn file_name(first: i64, last: i64) -> String {
    format!("audit-{first:012}-{last:012}.jsonl")
}

/// Gives the full file its lasting name; it takes nobody's place.
pub(super) fn put_aside(path: &Path, file: &File, last: i64) -> io::Result<()> {
    let (first, _) = first_line(file)?
        .ok_or_else(|| io::Error::other("the file's first line is not an audit line"))?;
    let aside = path.with_file_name(file_name(first, last));
    rustix::fs::renameat_with(CWD, path, CWD, &aside, RenameFlags::NOREPLACE)?;
    sync_folder(path.parent().unwrap_or(Path::new("."))).map_err(io::Error::other)
}

/// Number and `prev` of the first line.
fn first_line(file: &File) -> io::Result<Option<(i64, LineHash)>> {
    let mut start = vec![0; usize::try_from(MAX_LINE_BYTES).unwrap_or_default()];
    let length = file.read_at(&mut start, 0)?;
    let line = start[..length].split(|&byte| byte == b'\n').next();
    let entry = line.and_then(Entry::parse);
    Ok(entry.and_then(|entry| Some((entry.seq, LineHash::parse(entry.prev)?))))
}

/// How the bytes of a file end.
pub(super) enum Tail {
    /// There is no line of ours in it.
    NoLine,
    /// With a line of ours, or with this one and strange ones after it.
    Line(End, LastLine),
    /// With this many bytes after the last line feed.
    Torn(u64),
}

/// What the last line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastLine {
    Checkpoint,
    Other,
}

impl LastLine {
    pub(super) fn of(entry: &Entry<'_>) -> Self {
        if entry.is_checkpoint() {
            Self::Checkpoint
        } else {
            Self::Other
        }
    }
}

impl Tail {
    pub(super) fn read(file: &File, length: u64) -> io::Result<Self> {
        // More than one line of bytes.
        let start = length.saturating_sub(2 * MAX_LINE_BYTES);
        let mut bytes = vec![0; usize::try_from(length - start).unwrap_or_default()];
        file.read_exact_at(&mut bytes, start)?;
        let torn = bytes.iter().rev().take_while(|&&b| b != b'\n').count();
        if torn > 0 {
            let rest = if torn == bytes.len() { start } else { 0 };
            return Ok(Self::Torn(torn as u64 + without_line_feed(file, rest)?));
        }
        let Some((_line_feed, lines)) = bytes.split_last() else {
            return Ok(Self::NoLine);
        };
        let mut lines = lines.rsplit(|&b| b == b'\n');
        if let Some((end, last)) = lines.next().and_then(ours) {
            return Ok(Self::Line(end, last));
        }
        let mut found = lines.find_map(ours);
        if found.is_none() {
            let mut lines = Lines::new(Stretch::new(file.try_clone()?, 0, length)?);
            while let Some(next) = lines.next()? {
                if let Found::Line(line) = next {
                    found = ours(line).or(found);
                }
            }
        }
        Ok(found.map_or(Self::NoLine, |(end, _)| Self::Line(end, LastLine::Other)))
    }
}

/// A line, if it is one of ours.
fn ours(line: &[u8]) -> Option<(End, LastLine)> {
    let entry = Entry::parse(line)?;
    let (seq, head) = (entry.seq, LineHash::of(line));
    Some((End { seq, head }, LastLine::of(&entry)))
}

/// How many of the bytes before this place come after the last line feed in front of it.
fn without_line_feed(file: &File, end: u64) -> io::Result<u64> {
    let mut bytes = vec![0; usize::try_from(2 * MAX_LINE_BYTES).unwrap_or_default()];
    let mut at = end;
    while at > 0 {
        let length = at.min(bytes.len() as u64);
        let some = &mut bytes[..usize::try_from(length).unwrap_or_default()];
        file.read_exact_at(some, at - length)?;
        if let Some(line_feed) = some.iter().rposition(|&byte| byte == b'\n') {
            return Ok(end - (at - length + line_feed as u64 + 1));
        }
        at -= length;
    }
    Ok(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling_and_names_sort_as_numbers_do() {
        let named =
            |name: &str| Rotated::parse(Path::new(name)).map(|file| (file.first, file.last));
        assert_eq!(
            named("/a/audit-000000000001-000000004096.jsonl"),
            Some((1, 4096))
        );
        for other in [
            "audit.jsonl",
            "audit-1.jsonl",
            "audit-1-2.jsonl",
            "audit-000000000001-000000004096.jsonl.gz",
            "audit-+00000000001-000000004096.jsonl",
        ] {
            assert_eq!(named(other), None, "{other}");
        }
        let mut names = [file_name(1, 9), file_name(10, 99), file_name(100, 101)];
        names.reverse();
        names.sort();
        assert_eq!(names[0], file_name(1, 9));
        assert_eq!(names[2], file_name(100, 101));
    }
}
