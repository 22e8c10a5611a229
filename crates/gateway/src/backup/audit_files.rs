//! The audit trail up to one number, while gateways and commands go on writing it.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use serde::Deserialize;

use super::archive::{Content, Member};
use super::member_name::{MemberName, is_audit_file};
use crate::audit::rotation::Rotated;

const CURRENT: &str = "audit.jsonl";

/// The audit files, in the order of their names, without the lines above `through` at their end: what comes after it is not in the
/// store that the backup has, or is on its way to the file there. What somebody has put in between stays, as evidence.
///
/// # Errors
/// What the operating system says; [`io::ErrorKind::Interrupted`] when a file was put aside meanwhile, whose last line has a
/// higher number.
pub(super) fn through(folder: &Path, through: u64) -> io::Result<Vec<Member>> {
    let mut files = open_all(folder)?;
    files.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    let mut members = Vec::new();
    for (name, file) in files {
        // A file that was put aside is named after its lines: it is taken as a whole.
        let length = match Rotated::parse(Path::new(name.as_str())) {
            Some(aside) if i128::from(aside.first) > i128::from(through) => continue,
            Some(aside) if i128::from(aside.last) > i128::from(through) => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Some(_) => file.metadata()?.len(),
            None => length_through(&file, through)?,
        };
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

/// How much of a file there is without the lines above `through`, and a torn one, at its end.
fn length_through(file: &File, through: u64) -> io::Result<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }

    let mut reader = BufReader::new(file);
    let (mut length, mut at, mut line) = (0, 0, Vec::new());
    loop {
        line.clear();
        let read = reader.read_until(b'\n', &mut line)? as u64;
        if !line.ends_with(b"\n") {
            return Ok(length);
        }
        // What has no number stays with the line before it.
        let is_taken = serde_json::from_slice::<Numbered>(&line)
            .map_or(length == at, |line| line.seq <= through);
        at += read;
        if is_taken {
            length = at;
        }
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
    fn what_somebody_has_put_in_between_cuts_nothing_off() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        let aside = ("audit-000000000001-000000000002.jsonl".to_owned(), 32);
        file(&aside.0, "{\"seq\":1}\n{\"seq\":900}\nx{\"seq\":2}");
        for (text, length) in [
            ("{\"seq\":3}\n{\"seq\":900}\n{\"seq\":4}\n{\"seq\":5}\n", 32),
            ("{\"seq\":3}\nnonsense\n{\"seq\":4}\n", 29),
            ("{\"seq\":3}\nnonsense\n{\"seq\":5}\nnonsense\n", 19),
            ("{\"seq\":5}\nnonsense\n", 0),
        ] {
            file(CURRENT, text);
            let current = (CURRENT.to_owned(), length);
            assert_eq!(lengths(folder.path(), 4).unwrap(), [aside.clone(), current]);
        }
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
