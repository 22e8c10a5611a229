//! Documents name files; files move.

use std::path::Path;

use super::Complaint;
use super::tree::{SourceFile, Tree};

/// A word that begins with one of these, in code style or in a code block, is a path of the project.
const ROOTS: [&str; 6] = ["crates/", "src/", "tests/", "static/", ".ci/", ".cargo/"];

pub(super) fn check(tree: &Tree, root: &Path, complaints: &mut Vec<Complaint>) {
    for file in tree.files.iter().filter(|file| is_document(&file.path)) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let exists = |path: &str| root.join(folder).join(path).exists() || root.join(path).exists();
        for (line, path) in named_paths(file) {
            if !exists(path) {
                complaints.push(Complaint {
                    path: file.path.clone(),
                    line,
                    rule: format!("names `{path}`, which does not exist"),
                });
            }
        }
    }
}

/// What a reader is told to rely on. The change log speaks of the past and may name what is gone.
fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.ends_with(".md") && name != "CHANGELOG.md"
}

/// Targets of relative links, and paths in code style, with their line numbers.
fn named_paths(file: &SourceFile) -> Vec<(usize, &str)> {
    let mut paths = Vec::new();
    let mut in_block = false;
    for (index, line) in file.text.lines().enumerate() {
        let mut add = |path| paths.push((index + 1, path));
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
            continue;
        }
        links(line).for_each(&mut add);
        if in_block {
            line.split_whitespace()
                .filter_map(project_path)
                .for_each(&mut add);
        } else {
            let code = line.split('`').skip(1).step_by(2);
            code.flat_map(str::split_whitespace)
                .filter_map(project_path)
                .for_each(&mut add);
        }
    }
    paths
}

fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| {
        let target = rest.split([')', ' ']).next()?;
        let path = target.split('#').next()?;
        (!path.is_empty() && !path.contains(':')).then_some(path)
    })
}

/// The word without punctuation around it, if it is a path that can be looked up: patterns and placeholders are not.
fn project_path(word: &str) -> Option<&str> {
    let word = word
        .trim_matches(['(', ')', ',', ';', '"', '\''])
        .trim_end_matches(['.', ':']);
    let is_path = ROOTS.iter().any(|root| word.starts_with(root));
    let is_plain = word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    (is_path && is_plain).then_some(word)
}
