//! Builds what is tortured, then hands over to the crate `torture`.

use anyhow::Result;

use crate::workspace::Workspace;
use crate::{process, programs, setup};

/// What is passed on.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Parts, and options of the crate `torture`; `cargo xtask torture -- --help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Tortures the gateway as it is shipped.
///
/// # Errors
/// When a build fails, or the gateway did not stand it.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::torture::ensure()?;
    setup::postgresql::ensure()?;
    let gateway = programs::shipped_gateway(workspace)?;
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["run", "--quiet", "--release", "--package", "torture", "--"])
            .args(&options.arguments)
            .env("CREDENTIAL_GATEWAY_BIN", gateway),
    )
}
