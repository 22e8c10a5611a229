//! `esbuild`, which makes the page's scripts and style sheet smaller: one program for both languages, from the npm registry.

use std::fmt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::npm;
use crate::workspace::Workspace;

/// How to start it.
#[derive(Clone, Debug)]
pub struct Esbuild {
    program: PathBuf,
    version: String,
}

/// Finds or installs it.
///
/// # Errors
/// When Node.js or the package cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<Esbuild> {
    let why = "esbuild makes the page's scripts and style sheet smaller";
    let package = npm::page_builder(workspace, "esbuild", why)?;
    Ok(Esbuild {
        // A script that starts the program of the optional package for this processor. The package's own installation script,
        // which we do not run, would put that program in its place: started by itself, either works.
        program: package.folder.join("bin/esbuild"),
        version: package.version,
    })
}

impl Esbuild {
    /// `esbuild`, without arguments yet.
    pub fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// Its version: part of what decides whether a page is still fresh.
    pub fn version(&self) -> &str {
        &self.version
    }
}

impl fmt::Display for Esbuild {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at {}", self.version, self.program.display())
    }
}
