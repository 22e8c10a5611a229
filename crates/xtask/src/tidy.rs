//! The rules of the house that no compiler knows.

pub mod tree;

mod containers;
pub mod expose;
mod length;
mod names;
mod paths;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use crate::terminal;
use crate::workspace::Workspace;
use tree::Tree;

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// File or folder, from the root.
    pub path: String,
    /// Line from 1; 0 when it is about the file as a whole.
    pub line: usize,
    /// What is wrong and what to do.
    pub rule: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(formatter, "{}: {}", self.path, self.rule),
            line => write!(formatter, "{}:{line}: {}", self.path, self.rule),
        }
    }
}

/// Everything that is wrong in the project at `root`, in order of place.
///
/// # Errors
/// When the tree cannot be read.
pub fn check(root: &Path) -> Result<Vec<Complaint>> {
    let tree = Tree::read(root)?;
    let mut complaints = Vec::new();
    names::check(&tree, &mut complaints);
    length::check(&tree, &mut complaints);
    words::check(&tree, &mut complaints);
    expose::check(&tree, &mut complaints);
    paths::check(&tree, root, &mut complaints);
    containers::check(&tree, root, &mut complaints);
    complaints.sort();
    Ok(complaints)
}

/// Checks the project and says what is wrong.
///
/// # Errors
/// When something is.
pub fn run(workspace: &Workspace) -> Result<()> {
    let complaints = check(workspace.root())?;
    complaints.iter().for_each(terminal::say);
    match complaints.len() {
        0 => Ok(()),
        1 => bail!("one place is not tidy"),
        count => bail!("{count} places are not tidy"),
    }
}

#[cfg(test)]
mod tests;
