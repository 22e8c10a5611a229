//! The fuzz targets, each for as long as a test run can spare. `cargo xtask fuzz` runs them for longer.

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::workspace::Workspace;
use crate::{fuzz, terminal};

/// How long one target runs.
const SECONDS: u32 = 5;

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    for target in fuzz::targets(workspace)? {
        match target.run(workspace, SECONDS) {
            Ok(_) => counts.passed += 1,
            Err(error) => {
                terminal::error(&error);
                counts.failed += 1;
            }
        }
    }
    if counts.failed > 0 || counts.passed == 0 {
        bail!("{} of the fuzz targets failed", counts.failed);
    }
    Ok(())
}
