//! Scripts and style sheets without what only their readers in this repository need.

use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::setup::esbuild::Esbuild;

/// Newer spellings than these are not written: a browser that has the page's `await` outside of functions knows them.
const LANGUAGE: &str = "--target=es2022";

/// The smaller form of a file, whose language is that of its ending; a script is a module. Licence comments stay.
///
/// # Errors
/// When esbuild does not understand the file.
pub fn minified(esbuild: &Esbuild, file: &Path) -> Result<String> {
    process::read_output(
        esbuild
            .command()
            .args(["--minify", "--format=esm", "--charset=utf8", LANGUAGE])
            .arg("--log-level=warning")
            .arg(file),
    )
}

/// The same of a module with all that it imports.
///
/// # Errors
/// When esbuild does not understand a module, or one imports what is not there.
pub fn bundled(esbuild: &Esbuild, entry: &Path) -> Result<String> {
    process::read_output(
        esbuild
            .command()
            .args(["--bundle", "--minify", "--format=esm", "--charset=utf8"])
            .args([LANGUAGE, "--log-level=warning"])
            .arg(entry),
    )
}
