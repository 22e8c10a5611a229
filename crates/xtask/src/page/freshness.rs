//! Whether `dist/` is what the sources and tools of now would give: compared by content, so that a touched file costs nothing
//! and a changed one never goes unseen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use envelope::page_hash::hex;
use sha2::{Digest as _, Sha256};

use super::assembly;
use super::module::Toolchain;
use crate::workspace::Workspace;

/// A digest of all that the page is assembled from: the compiled module, the prerendered forms and the words, the files beside it, the tools and this program's own
/// steps.
///
/// # Errors
/// When something cannot be read.
pub fn of_inputs(
    workspace: &Workspace,
    tools: &Toolchain,
    compiled: &[&Path],
    texts: &[&str],
) -> Result<String> {
    let mut files = vec![workspace.path("index.html")];
    files.extend(compiled.iter().map(|file| (*file).to_owned()));
    files.extend(assembly::files(&workspace.path("static"))?);
    files.push(workspace.path("crates/xtask/src/page.rs"));
    files.extend(assembly::files(&workspace.path("crates/xtask/src/page"))?);
    let words = [
        tools.wasm_std.compiler()?,
        tools.bindgen.to_string(),
        tools.optimiser.version().to_owned(),
        tools.minifier.version().to_owned(),
        texts.concat(),
    ];
    digest(&words, &files)
}

/// Whether `dist/` was made from these inputs and is unchanged since.
pub fn is_fresh(workspace: &Workspace, inputs: &str) -> bool {
    let remembered = fs::read_to_string(record(workspace)).ok();
    remembered.is_some_and(|remembered| {
        of_output(workspace).is_ok_and(|output| remembered == lines(inputs, &output))
    })
}

/// Notes that `dist/` was made from these inputs.
///
/// # Errors
/// When the note cannot be written.
pub fn remember(workspace: &Workspace, inputs: &str) -> Result<()> {
    let record = record(workspace);
    record.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(record, lines(inputs, &of_output(workspace)?))
        .context("cannot remember what dist/ was made from")
}

fn of_output(workspace: &Workspace) -> Result<String> {
    digest(&[], &assembly::files(&workspace.dist())?)
}

fn record(workspace: &Workspace) -> PathBuf {
    workspace.target().join("page/made-from")
}

fn lines(inputs: &str, output: &str) -> String {
    format!("inputs {inputs}\ndist {output}\n")
}

/// Lengths go before contents, so that no two lists of files look alike.
fn digest(words: &[String], files: &[PathBuf]) -> Result<String> {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    words.iter().for_each(|word| add(word.as_bytes()));
    for file in files {
        add(file.as_os_str().as_encoded_bytes());
        add(&fs::read(file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_changes_the_digest_and_a_touched_file_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        let now = |content: &str| {
            fs::write(&file, content).expect("written");
            digest(&["tool 1".to_owned()], std::slice::from_ref(&file)).expect("digests")
        };
        let first = now("one");
        assert_eq!(first, now("one"));
        assert_ne!(first, now("two"));
    }

    #[test]
    fn a_tool_is_not_mistaken_for_another() {
        let of = |words: &[&str]| {
            digest(
                &words
                    .iter()
                    .map(|&word| word.to_owned())
                    .collect::<Vec<_>>(),
                &[],
            )
            .expect("digests")
        };
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
    }
}
