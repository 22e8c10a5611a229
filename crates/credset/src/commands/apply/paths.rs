//! Which files, and where each is written to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::terminal::one_line;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

/// What there is to do.
pub(super) struct Work {
    /// In the alphabet's order within a folder.
    pub(super) definitions: Vec<Definition>,
    /// Folders that could not be read. What else there is, is done all the same.
    pub(super) unread: Vec<(PathBuf, Failure)>,
}

/// What is found in folders.
#[derive(Default)]
struct Found {
    /// Files, and what each is called below the folder that it was found in.
    files: Vec<(PathBuf, PathBuf)>,
    unread: Vec<(PathBuf, Failure)>,
}

/// All files that are named or lie in a folder that is named.
///
/// # Errors
/// When one is not there, or several are to be written to one place.
pub(super) fn work(paths: &[PathBuf], emit: Option<&Path>) -> Result<Work, Failure> {
    let mut found = Found::default();
    let mut folders = false;
    for path in paths {
        let what = fs::metadata(path).map_err(|error| Failure::file(path, "read", &error))?;
        if what.is_dir() {
            folders = true;
            found.walk(path, path);
        } else {
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            found.files.push((path.clone(), name));
        }
    }
    let Some(emit) = emit else {
        let in_place = found.files.into_iter().map(|(from, _)| Definition {
            to: from.clone(),
            from,
        });
        return Ok(Work {
            definitions: in_place.collect(),
            unread: found.unread,
        });
    };
    let one = found.files.len() == 1 && !folders && !emit.is_dir();
    let mut definitions: Vec<Definition> = Vec::new();
    for (from, name) in found.files {
        let to = if one {
            emit.to_owned()
        } else {
            emit.join(name)
        };
        if let Some(other) = definitions.iter().find(|other| other.to == to) {
            return Err(Failure::usage(format!(
                "{} and {} would both be written to {}",
                one_line(other.from.display()),
                one_line(from.display()),
                one_line(to.display())
            )));
        }
        definitions.push(Definition { from, to });
    }
    Ok(Work {
        definitions,
        unread: found.unread,
    })
}

impl Definition {
    /// Makes the folder that it is written to.
    ///
    /// # Errors
    /// Those of the system.
    pub(super) fn make_folder(&self) -> Result<(), Failure> {
        match self.to.parent() {
            Some(folder) => {
                fs::create_dir_all(folder).map_err(|error| Failure::file(folder, "made", &error))
            }
            None => Ok(()),
        }
    }
}

impl Found {
    /// Symbolic links to files are followed, those to folders are not: they could lead round in a circle.
    fn walk(&mut self, top: &Path, folder: &Path) {
        let entries = fs::read_dir(folder).and_then(Iterator::collect);
        let mut entries: Vec<fs::DirEntry> = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let failure = Failure::file(folder, "read", &error);
                return self.unread.push((folder.to_owned(), failure));
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let is_json = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
            if entry.file_type().is_ok_and(|what| what.is_dir()) {
                self.walk(top, &path);
            } else if is_json && path.is_file() {
                let name = path.strip_prefix(top).unwrap_or(&path).to_owned();
                self.files.push((path, name));
            }
        }
    }
}
