//! Looking programs up.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// The first file called `name` on the search path.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Whether `program --version` prints this version as one of its words.
pub(super) fn has_version(program: &Path, version: &str) -> bool {
    process::capture(Command::new(program).arg("--version"))
        .is_ok_and(|text| text.split_whitespace().any(|word| word == version))
}

/// `program` of this version: installed by us earlier in `tools`, or anywhere on the search path.
pub(super) fn find_version(tools: &Path, program: &str, version: &str) -> Option<PathBuf> {
    [Some(tools.join("bin").join(program)), find(program)]
        .into_iter()
        .flatten()
        .find(|file| file.is_file() && has_version(file, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_and_nothing_else() {
        assert!(find("sh").is_some());
        assert!(find("there-is-no-such-program").is_none());
    }

    #[test]
    fn another_version_is_not_taken() {
        assert!(!has_version(Path::new("cargo"), "0.0.1"));
    }
}
