//! The page again, from the same sources in another folder: every file must be the same, byte for byte. Whoever does not trust a built
//! page builds it and compares; the compiler has to be the same one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::page::{self, assembly};
use crate::workspace::Workspace;
use crate::{process, terminal};

/// Longer than any path of a workspace, so that a path that gets into a file shows.
const ELSEWHERE: &str = "another/folder/whose/path/has/another/length";

/// Builds the page here and in a folder that is removed afterwards, and compares both.
///
/// # Errors
/// When a build fails, or a file differs; it names each of them.
pub fn run(workspace: &Workspace) -> Result<()> {
    page::build(workspace)?;
    let folder = TempDir::new()?;
    let root = folder.path().join(ELSEWHERE);
    copy_sources(workspace, &root)?;
    let elsewhere = Workspace::at(&root);
    fs::create_dir_all(elsewhere.target())?;
    symlink(workspace.tools(), elsewhere.tools())?;
    terminal::step(
        format!("building the page in {}", root.display()),
        "every file must be the same there",
    );
    page::build(&elsewhere)?;

    let differing = differing(&workspace.dist(), &elsewhere.dist())?;
    if !differing.is_empty() {
        bail!("these files are not the same: {}", differing.join(", "));
    }
    let hash = assembly::hash(&workspace.dist())?;
    terminal::say(format!("both builds are the same page: {hash}"));
    Ok(())
}

/// The files that belong to the project, as they are now.
fn copy_sources(workspace: &Workspace, root: &Path) -> Result<()> {
    let listed = process::capture(Command::new("git").current_dir(workspace.root()).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    for name in listed.lines() {
        let copy = root.join(name);
        fs::create_dir_all(copy.parent().context("a file without a folder")?)?;
        fs::copy(workspace.path(name), copy).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}

/// Names of files that only one of the folders has, or that differ.
fn differing(one: &Path, other: &Path) -> Result<Vec<String>> {
    let names = |folder: &Path| {
        let files = assembly::files(folder)?;
        let names = files
            .iter()
            .map(|file| Ok(file.strip_prefix(folder)?.to_owned()));
        names.collect::<Result<Vec<_>>>()
    };
    let mut all = [names(one)?, names(other)?].concat();
    all.sort();
    all.dedup();
    all.retain(|name| fs::read(one.join(name)).ok() != fs::read(other.join(name)).ok());
    Ok(all.iter().map(|name| name.display().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_not_the_same_is_named() {
        let (one, other) = (TempDir::new().expect("one"), TempDir::new().expect("other"));
        let write = |folder: &TempDir, name: &str, text: &str| {
            fs::create_dir_all(folder.path().join("static")).expect("made");
            fs::write(folder.path().join("static").join(name), text).expect("written");
        };
        for folder in [&one, &other] {
            write(folder, "same", "a");
        }
        write(&one, "changed", "a");
        write(&other, "changed", "b");
        write(&one, "only-here", "");
        write(&other, "only-there", "");
        assert_eq!(
            differing(one.path(), other.path()).expect("compared"),
            ["static/changed", "static/only-here", "static/only-there"]
        );
    }
}
