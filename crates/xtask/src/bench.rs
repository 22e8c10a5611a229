//! Builds what the benchmark measures, then hands over to the crate `bench`, which no other command builds.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::page::module::{CargoTarget, Toolchain};
use crate::workspace::Workspace;
use crate::{page, process, programs};

/// The page's sealing code as a module of its own.
const SEAL: CargoTarget = CargoTarget {
    package: "bench",
    selection: &["--example", "seal", "--features", "in-browser"],
    file: "examples/seal.wasm",
    name: "ours",
};

/// What is passed on.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Parts to measure and options of the crate `bench`; `cargo xtask bench -- --help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the page, the programs and the sealing module, and measures them; a whole run writes BENCHMARKS.md.
///
/// # Errors
/// When a build fails or the benchmark does.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    page::build(workspace)?;
    let program = Toolchain::ensure(workspace)?.compile(workspace, &page::PAGE)?;
    let gateway = programs::shipped_gateway(workspace)?;
    let credset = programs::command_line(workspace)?;
    let module = seal_module(workspace)?;
    process::run(
        process::cargo("cargo")
            .current_dir(workspace.root())
            .args(["run", "--quiet", "--release", "--package", "bench", "--"])
            .args(&options.arguments)
            .env("CREDENTIAL_GATEWAY_BIN", gateway)
            .env("CREDSET_BIN", credset)
            .env("PAGE_DIR", workspace.dist())
            .env("PAGE_PROGRAM", program)
            .env("SEAL_MODULE_DIR", module),
    )
}

/// Made by the same steps as the page's own module.
fn seal_module(workspace: &Workspace) -> Result<PathBuf> {
    let tools = Toolchain::ensure(workspace)?;
    let compiled = tools.compile(workspace, &SEAL)?;
    let folder = workspace.target().join("bench/seal");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    tools.bind_and_optimise(&compiled, &SEAL, &folder)?;
    Ok(folder)
}
