//! The fuzz targets, each for as long as a test run can spare. `cargo xtask fuzz` runs them for longer.

use std::num::NonZero;
use std::thread;

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::workspace::Workspace;
use crate::{fuzz, terminal};

/// How long one target runs.
const SECONDS: u32 = 5;

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let targets = fuzz::targets(workspace)?;
    // A target keeps one processor busy.
    let at_once = thread::available_parallelism().map_or(1, NonZero::get);
    for targets in targets.chunks(at_once) {
        thread::scope(|scope| {
            let runs: Vec<_> = targets
                .iter()
                .map(|target| scope.spawn(|| target.run(workspace, SECONDS).map(drop)))
                .collect();
            for run in runs {
                match run.join() {
                    Ok(Ok(())) => counts.passed += 1,
                    Ok(Err(error)) => {
                        terminal::error(&error);
                        counts.failed += 1;
                    }
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    if counts.failed > 0 || counts.passed == 0 {
        bail!("{} of the fuzz targets failed", counts.failed);
    }
    Ok(())
}
