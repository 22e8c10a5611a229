//! The forms that index.html shows while the program loads, written by the page's own components: `src/prerender.rs`.

use std::fs;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::process;
use crate::workspace::Workspace;

/// One `<template>` for each kind of data store.
///
/// # Errors
/// When the program cannot be built or fails.
pub fn forms(workspace: &Workspace) -> Result<String> {
    let folder = TempDir::new()?;
    let file = folder.path().join("forms.html");
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["run", "--quiet", "--package", "credential-setter"])
            .args(["--features", "prerender", "--bin", "prerender", "--"])
            .arg(&file),
    )?;
    fs::read_to_string(&file).context("the forms were not written")
}
