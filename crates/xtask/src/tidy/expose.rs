//! Every place that reads a secret: explained where it is, and listed in one file that a reviewer can read.

use std::collections::BTreeMap;

use super::Complaint;
use super::tree::{SourceFile, Tree, is_comment};

/// The list: a path and how many readings are in it, per line.
const LIST: &str = "crates/xtask/expose.txt";
/// The reading.
const CALL: &str = ".expose()";
/// What the comment above it begins with; the reason follows.
const REASON: &str = "// EXPOSE: ";
/// How far above the reading the statement that holds it may begin. In lines.
const REACH: usize = 8;

pub(super) fn check(tree: &Tree, complaints: &mut Vec<Complaint>) {
    let mut found = BTreeMap::new();
    // This folder names the call that it looks for.
    let sources = tree
        .files
        .iter()
        .filter(|file| file.has_ending("rs") && !file.path.starts_with("crates/xtask/"));
    for file in sources {
        let lines: Vec<(usize, &str)> = file.product_lines().collect();
        for (number, line) in &lines {
            if is_comment(line) {
                continue;
            }
            let count = line.matches(CALL).count();
            if count > 0 {
                *found.entry(file.path.as_str()).or_insert(0) += count;
                if !is_explained(&lines[..*number]) {
                    complaints.push(complaint(file, *number));
                }
            }
        }
    }
    compare(tree, &found, complaints);
}

/// Whether a reason stands above the last of these lines, with nothing but the reading's own statement between.
fn is_explained(lines: &[(usize, &str)]) -> bool {
    let mut above = lines.iter().rev().map(|(_, line)| line.trim());
    let reading = above.next();
    if reading.is_some_and(|line| line.contains(REASON)) {
        return true;
    }
    for line in above.take(REACH) {
        if let Some(reason) = line.strip_prefix(REASON) {
            return !reason.trim().is_empty();
        }
        let ends_another = line.is_empty() || line.ends_with([';', '{', '}']);
        if ends_another && !is_comment(line) {
            return false;
        }
    }
    false
}

fn complaint(file: &SourceFile, line: usize) -> Complaint {
    Complaint {
        path: file.path.clone(),
        line,
        rule: format!("a secret is read: say why, `{REASON}…`, on the line before"),
    }
}

fn compare(tree: &Tree, found: &BTreeMap<&str, usize>, complaints: &mut Vec<Complaint>) {
    let list = tree.file(LIST).map_or("", |file| file.text.as_str());
    let listed: BTreeMap<&str, usize> = list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(path, count)| (path.trim(), count.parse().unwrap_or(0)))
        .collect();
    let paths = found
        .keys()
        .chain(listed.keys())
        .collect::<std::collections::BTreeSet<_>>();
    for path in paths {
        let (now, then) = (
            found.get(*path).copied().unwrap_or(0),
            listed.get(*path).copied().unwrap_or(0),
        );
        if now != then {
            complaints.push(Complaint {
                path: (*path).to_owned(),
                line: 0,
                rule: format!("reads a secret {now} times, {LIST} says {then}: review the change, then correct the list"),
            });
        }
    }
}
