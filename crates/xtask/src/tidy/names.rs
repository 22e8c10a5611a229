//! What files may be called, and what lies at the top.

use super::Complaint;
use super::tree::Tree;

/// Names that say nothing of what is inside.
const FORBIDDEN: [&str; 8] = [
    "util", "utils", "common", "helper", "helpers", "misc", "types", "manager",
];

/// All that a reader meets first; folders with a slash behind.
const TOP_LEVEL: [&str; 17] = [
    ".cargo/",
    ".ci/",
    ".clippy.toml",
    ".gitignore",
    "ARCHITECTURE.md",
    "BENCHMARKS.md",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "crates/",
    "index.html",
    "src/",
    "static/",
    "tests/",
];

pub(super) fn check(tree: &Tree, complaints: &mut Vec<Complaint>) {
    let mut complain = |path: &str, rule: String| {
        complaints.push(Complaint {
            path: path.to_owned(),
            line: 0,
            rule,
        });
    };
    for name in &tree.top_level {
        if !TOP_LEVEL.contains(&name.as_str()) {
            complain(name, "the top level is for what a reader meets first: put it into a folder, or into the list in crates/xtask/src/tidy/names.rs".to_owned());
        }
    }
    for name in TOP_LEVEL {
        if !tree.top_level.iter().any(|found| found == name) {
            complain(name, "is missing".to_owned());
        }
    }
    for file in &tree.files {
        let forbidden = file.path.split('/').find_map(|part| {
            let stem = part.split('.').next().unwrap_or_default();
            FORBIDDEN.contains(&stem).then_some(stem)
        });
        if let Some(stem) = forbidden {
            complain(
                &file.path,
                format!("`{stem}` does not say what is inside: name it after its subject"),
            );
        }
    }
}
