//! Which files, and where each is written to.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

/// All files that are named or lie in a folder that is named, in the alphabet's order within a folder.
///
/// # Errors
/// When one is not there, or several are to be written to one place.
pub(super) fn definitions(
    paths: &[PathBuf],
    emit: Option<&Path>,
) -> Result<Vec<Definition>, Failure> {
    // What is found, and what it is called below the folder that it was found in.
    let mut found = Vec::new();
    let mut folders = false;
    for path in paths {
        let what = fs::metadata(path).map_err(|error| Failure::file(path, "read", &error))?;
        if what.is_dir() {
            folders = true;
            walk(path, path, &mut found)?;
        } else {
            let name = path.file_name().map(PathBuf::from).unwrap_or_default();
            found.push((path.clone(), name));
        }
    }
    let Some(emit) = emit else {
        let in_place = found.into_iter().map(|(from, _)| Definition {
            to: from.clone(),
            from,
        });
        return Ok(in_place.collect());
    };
    let one = found.len() == 1 && !folders && !emit.is_dir();
    let mut definitions: Vec<Definition> = Vec::new();
    for (from, name) in found {
        let to = if one {
            emit.to_owned()
        } else {
            emit.join(name)
        };
        if let Some(other) = definitions.iter().find(|other| other.to == to) {
            return Err(Failure::usage(format!(
                "{} and {} would both be written to {}",
                other.from.display(),
                from.display(),
                to.display()
            )));
        }
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::file(folder, "made", &error))?;
        }
        definitions.push(Definition { from, to });
    }
    Ok(definitions)
}

/// Symbolic links to files are followed, those to folders are not: they could lead round in a circle.
fn walk(top: &Path, folder: &Path, found: &mut Vec<(PathBuf, PathBuf)>) -> Result<(), Failure> {
    let fail = |error| Failure::file(folder, "read", &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        entries.push(entry.map_err(fail)?);
    }
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_json = path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
        if entry.file_type().map_err(fail)?.is_dir() {
            walk(top, &path, found)?;
        } else if is_json && path.is_file() {
            let name = path.strip_prefix(top).unwrap_or(&path).to_owned();
            found.push((path, name));
        }
    }
    Ok(())
}
