//! What a release says of its files, for whoever wants to know that what they have is what was released.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use envelope::page_hash::hex;
use sha2::{Digest as _, Sha256};

use crate::page::{assembly, compression};
use crate::workspace::Workspace;

/// Writes `target/package/RELEASE-NOTES.md` for a built page and what is packed.
///
/// # Errors
/// When a file cannot be read or written, or the changelog has no section for what is not released yet.
pub fn write(workspace: &Workspace, packed: &[PathBuf]) -> Result<PathBuf> {
    let dist = workspace.dist();
    let mut text = format!("# Credential Setter {}\n\n", env!("CARGO_PKG_VERSION"));
    let page = assembly::hash(&dist)?;
    writeln!(
        text,
        "Page `{page}`: the page shows this hash, and each receipt has it as `page`. \
         `cargo xtask reproduce` builds it again in another folder and compares.\n"
    )?;
    text.push_str("| file | SHA-256 |\n|---|---|\n");
    let mut row = |name: &str, file: &Path| {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let digest = hex(&Sha256::digest(content));
        writeln!(text, "| {name} | `{digest}` |").context("a line")
    };
    for file in assembly::files(&dist)? {
        if !compression::is_compressed(&file) {
            row(&file.strip_prefix(&dist)?.to_string_lossy(), &file)?;
        }
    }
    for file in packed {
        row(
            &file.file_name().unwrap_or_default().to_string_lossy(),
            file,
        )?;
    }
    let changes = fs::read_to_string(workspace.path("CHANGELOG.md"))?;
    let (_, changes) = changes
        .split_once("## [Unreleased]\n")
        .context("CHANGELOG.md has no section [Unreleased]")?;
    let changes = changes.split("\n## ").next().unwrap_or_default();
    text.push_str(changes);
    let notes = workspace.target().join("package/RELEASE-NOTES.md");
    fs::write(&notes, text)?;
    Ok(notes)
}
