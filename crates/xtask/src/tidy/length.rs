//! A file has one subject: beyond this length it has two.

use super::Complaint;
use super::tree::Tree;

/// Lines of Rust without the tests.
const LIMIT: usize = 400;

pub(super) fn check(tree: &Tree, complaints: &mut Vec<Complaint>) {
    for file in tree.files.iter().filter(|file| file.has_ending("rs")) {
        let lines = file.product_lines().count();
        if lines > LIMIT {
            complaints.push(Complaint {
                path: file.path.clone(),
                line: 0,
                rule: format!("{lines} lines, tests apart; at most {LIMIT}: give its second subject a file of its own"),
            });
        }
    }
}
