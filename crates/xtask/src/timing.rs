//! Whether opening takes longer for one kind of failure than for another.

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// What is passed on.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many envelopes are opened; a thousand take about 0.6 s
    #[arg(default_value_t = 400_000)]
    samples: usize,
}

/// Opens envelopes that fail in different ways, in random order, and prints a t-test for each; fails if a difference is shown.
///
/// # Errors
/// When the build fails, or a difference is shown.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["run", "--quiet", "--release", "--package", "envelope"])
            .args(["--example", "timing", "--", &options.samples.to_string()]),
    )
}
