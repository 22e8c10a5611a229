//! The npm package, made and looked at.

use anyhow::{Result, ensure};

use super::counts::Counts;
use crate::workspace::Workspace;
use crate::{package, terminal};

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let package = package::build(workspace)?;
    package::checks::all(workspace, &package, |name, result| match result {
        Ok(()) => {
            counts.passed += 1;
            terminal::say(format!("test {name} ... ok"));
        }
        Err(error) => {
            counts.failed += 1;
            terminal::say(format!("test {name} ... FAILED"));
            terminal::error(&error);
        }
    })?;
    ensure!(counts.failed == 0, "the package is not as it should be");
    Ok(())
}
