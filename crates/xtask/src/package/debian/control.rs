//! `DEBIAN/` of the tree: what dpkg is told of the package, and what it runs.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::{NAME, SOURCES, version};
use crate::page::assembly;
use crate::process;
use crate::workspace::Workspace;

/// What dpkg runs.
const SCRIPTS: [&str; 3] = ["postinst", "prerm", "postrm"];

/// Whether the file is one of those.
pub(super) fn is_script(path: &Path) -> bool {
    let is_control = path
        .parent()
        .is_some_and(|folder| folder.ends_with("DEBIAN"));
    is_control && SCRIPTS.iter().any(|name| path.ends_with(name))
}

/// Writes it into a tree that has everything else.
pub(super) fn write(workspace: &Workspace, root: &Path, architecture: &str) -> Result<()> {
    let sources = workspace.path(SOURCES).join("debian");
    let control = fs::read_to_string(sources.join("control"))?
        .replace("@VERSION@", &version())
        .replace("@ARCHITECTURE@", architecture)
        .replace("@LIBRARIES@", &libraries(root)?)
        .replace("@SIZE@", &kibibytes(root)?.to_string());
    let sums = sums(root)?;
    let folder = root.join("DEBIAN");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("control"), control)?;
    fs::write(folder.join("md5sums"), sums)?;
    for name in SCRIPTS {
        fs::copy(sources.join(name), folder.join(name))?;
    }
    Ok(())
}

/// The packages with the libraries that the program is linked with, each in the oldest version that will do.
fn libraries(root: &Path) -> Result<String> {
    // The tool asks a source package for its name.
    let source = TempDir::new()?;
    fs::create_dir(source.path().join("debian"))?;
    let control = format!("Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n");
    fs::write(source.path().join("debian/control"), control)?;
    let said = process::capture(
        Command::new("dpkg-shlibdeps")
            .current_dir(source.path())
            .arg("-O")
            .arg(root.join("usr/bin").join(NAME)),
    )?;
    let libraries = said.trim().strip_prefix("shlibs:Depends=");
    let libraries = libraries.context("dpkg-shlibdeps names no library")?;
    Ok(libraries.to_owned())
}

/// What is installed takes so much, by Debian's rule: each file rounded up.
fn kibibytes(root: &Path) -> Result<u64> {
    let mut size = 0;
    for file in assembly::files(root)? {
        size += file.metadata()?.len().div_ceil(1024);
    }
    Ok(size)
}

/// A line for each file, as `dpkg --verify` reads it.
fn sums(root: &Path) -> Result<String> {
    let mut command = Command::new("md5sum");
    command.current_dir(root);
    for file in assembly::files(root)? {
        command.arg(file.strip_prefix(root)?);
    }
    process::capture(&mut command)
}
