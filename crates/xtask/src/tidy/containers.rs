//! What a container is made of; files move, and no test builds one.

use std::path::Path;

use super::Complaint;
use super::tree::{SourceFile, Tree};

/// Files that podman and docker read.
const NAME: &str = "Containerfile";

pub(super) fn check(tree: &Tree, root: &Path, complaints: &mut Vec<Complaint>) {
    for file in &tree.files {
        if file.path.rsplit('/').next() == Some(NAME) {
            look_at(file, root, complaints);
        }
    }
}

fn look_at(file: &SourceFile, root: &Path, complaints: &mut Vec<Complaint>) {
    let mut stages = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let mut complain = |rule: String| {
            complaints.push(Complaint {
                path: file.path.clone(),
                line: index + 1,
                rule,
            });
        };
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["FROM", _, "AS", stage] => stages.push(stage),
            ["COPY", from, ..] if from.starts_with("--from=") => {
                let stage = from.trim_start_matches("--from=");
                if !stages.contains(&stage) {
                    complain(format!("copies from `{stage}`, which is no stage before"));
                }
            }
            ["COPY", ref sources @ .., _] => {
                for source in sources.iter().filter(|source| !root.join(source).exists()) {
                    complain(format!("copies `{source}`, which does not exist"));
                }
            }
            _ => {}
        }
    }
}
