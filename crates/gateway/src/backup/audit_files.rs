//! The audit trail up to one number, while gateways and commands go on writing it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use serde::Deserialize;

use super::archive::{Content, Member};
use super::member_name::{MemberName, is_audit_file};

const CURRENT: &str = "audit.jsonl";

/// The audit files, in the order of their names, with no line above `through`: what comes after it is not in the store that the
/// backup has, or is on its way to the file there.
///
/// # Errors
/// What the operating system says; [`io::ErrorKind::Interrupted`] when a file was put aside meanwhile, whose last line has a
/// higher number.
pub(super) fn through(folder: &Path, through: u64) -> io::Result<Vec<Member>> {
    let mut files = open_all(folder)?;
    files.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    let mut members = Vec::new();
    for (name, file) in files {
        let whole = file.metadata()?.len();
        let length = length_through(&file, through)?;
        // A file that was put aside is named after its lines: it is taken as a whole.
        if name.as_str() != CURRENT && length < whole {
            return Err(io::ErrorKind::Interrupted.into());
        }
        members.push(Member {
            name,
            content: Content::File { file, length },
        });
    }
    Ok(members)
}

/// Opens them while nobody writes or puts one aside. From then on they can only grow.
fn open_all(folder: &Path) -> io::Result<Vec<(MemberName, File)>> {
    let _lock = lock(&folder.join(CURRENT))?;
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let name = entry?.file_name();
        let name = name.to_str().filter(|name| is_audit_file(name));
        if let Some(name) = name.and_then(|name| MemberName::parse(name).ok()) {
            let file = File::open(folder.join(name.as_str()))?;
            files.push((name, file));
        }
    }
    Ok(files)
}

/// Not there is only a file that was just put aside.
fn lock(path: &Path) -> io::Result<File> {
    loop {
        let file = File::open(path)?;
        flock(&file, FlockOperation::LockShared)?;
        let here = file.metadata()?;
        let is_current = std::fs::metadata(path)
            .is_ok_and(|there| (there.dev(), there.ino()) == (here.dev(), here.ino()));
        if is_current {
            return Ok(file);
        }
    }
}

/// How much of a file has no number above `through`. A torn line, or one that is not ours, ends it.
fn length_through(file: &File, through: u64) -> io::Result<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }

    let mut reader = BufReader::new(file);
    let (mut length, mut line) = (0, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)?;
        let numbered = serde_json::from_slice::<Numbered>(&line);
        let is_taken = line.ends_with(b"\n") && numbered.is_ok_and(|line| line.seq <= through);
        if !is_taken {
            return Ok(length);
        }
        length += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(folder: &Path, number: u64) -> io::Result<Vec<(String, u64)>> {
        let members = through(folder, number)?.into_iter();
        Ok(members
            .map(|member| match member.content {
                Content::File { length, .. } => (member.name.to_string(), length),
                Content::Bytes(_) => panic!("from a file"),
            })
            .collect())
    }

    #[test]
    fn lines_are_taken_up_to_a_number() {
        let folder = tempfile::tempdir().unwrap();
        let missing = lengths(folder.path(), 9).unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        file(
            "audit.jsonl",
            "{\"seq\":3}\n{\"seq\":4}\n{\"seq\":5}\n{\"seq\":6",
        );
        file(
            "audit-000000000001-000000000002.jsonl",
            "{\"seq\":1}\n{\"seq\":2}\n",
        );
        file("audit-old.jsonl", "somebody's copy");
        let aside = ("audit-000000000001-000000000002.jsonl".to_owned(), 20);
        for (number, length) in [(2, 0), (3, 10), (4, 20), (5, 30), (6, 30)] {
            let current = ("audit.jsonl".to_owned(), length);
            assert_eq!(
                lengths(folder.path(), number).unwrap(),
                [aside.clone(), current]
            );
        }
        assert_eq!(
            lengths(folder.path(), 1).unwrap_err().kind(),
            io::ErrorKind::Interrupted
        );
    }
}
