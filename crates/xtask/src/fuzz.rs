//! The fuzz targets of `crates/envelope/fuzz`, built as cargo-fuzz builds them (without its sanitizers: there is no unsafe code in what they
//! test, and the stable compiler has none) and run from their committed corpora.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use tempfile::TempDir;

use crate::workspace::Workspace;
use crate::{process, setup, terminal};

/// The crate with the targets.
const FOLDER: &str = "crates/envelope/fuzz";

/// What libFuzzer needs to see which way an input has taken.
const INSTRUMENTATION: [&str; 9] = [
    "--cfg",
    "fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cllvm-args=-simplifycfg-branch-fold-threshold=0",
    "-Ccodegen-units=1",
];

/// How many inputs of one run are kept at most.
const KEPT: usize = 40;

/// What a person may choose.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Only these targets; all when none is named
    targets: Vec<String>,
    /// How long each target runs
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Add some of the inputs that were found to the committed corpora
    #[arg(long)]
    keep: bool,
}

/// One run of a target.
pub struct Target {
    /// Its name.
    pub name: String,
    program: PathBuf,
    corpus: PathBuf,
}

/// Runs the targets, and says where the input is that a failing one has stopped at.
///
/// # Errors
/// When the build fails, or a target does.
pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    for target in targets(workspace)? {
        if options.targets.is_empty() || options.targets.contains(&target.name) {
            let found = target.run(workspace, options.seconds)?;
            if options.keep {
                target.keep(found.path())?;
            }
        }
    }
    Ok(())
}

/// Builds all targets.
///
/// # Errors
/// When the C++ compiler for libFuzzer cannot be installed, or the build fails.
pub fn targets(workspace: &Workspace) -> Result<Vec<Target>> {
    setup::cxx::ensure()?;
    let folder = workspace.path(FOLDER);
    let built = workspace.target().join("fuzz");
    let host = host()?;
    process::run(
        process::cargo("cargo")
            .current_dir(&folder)
            .args(["build", "--locked", "--release", "--target", &host])
            .env("CARGO_TARGET_DIR", &built)
            .env("CARGO_ENCODED_RUSTFLAGS", INSTRUMENTATION.join("\x1f")),
    )?;
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    let manifest: Manifest =
        toml::from_str(&manifest).context("the manifest of the fuzz targets")?;
    Ok(manifest
        .bin
        .into_iter()
        .map(|Bin { name }| Target {
            program: built.join(&host).join("release").join(&name),
            corpus: folder.join("corpus").join(&name),
            name,
        })
        .collect())
}

/// The machine's own target. It is named, because the instrumentation must not go into build scripts.
fn host() -> Result<String> {
    let said = process::capture(std::process::Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

#[derive(Deserialize)]
struct Manifest {
    bin: Vec<Bin>,
}

#[derive(Deserialize)]
struct Bin {
    name: String,
}

impl Target {
    /// Runs it for some seconds, beginning with its corpus; the folder of what it found beyond that.
    ///
    /// # Errors
    /// When an input makes it fail, or it has no corpus.
    pub fn run(&self, workspace: &Workspace, seconds: u32) -> Result<TempDir> {
        if fs::read_dir(&self.corpus).map_or(true, |mut inputs| inputs.next().is_none()) {
            bail!("{} has no corpus at {}", self.name, self.corpus.display());
        }
        let (found, failures) = (TempDir::new()?, workspace.target().join("fuzz/failures"));
        fs::create_dir_all(&failures)?;
        terminal::step(&self.name, format!("for {seconds} seconds"));
        let mut command = std::process::Command::new(&self.program);
        command
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!(
                "-artifact_prefix={}/{}-",
                failures.display(),
                self.name
            ))
            .args(["-max_len=20000", "-timeout=10", "-print_final_stats=1"])
            .arg(found.path())
            .arg(&self.corpus);
        let (succeeded, said) = process::transcript(&mut command)?;
        if !succeeded {
            let end: Vec<&str> = said.lines().rev().take(20).collect();
            let end: Vec<&str> = end.into_iter().rev().collect();
            bail!(
                "the fuzz target {} has failed:\n{}",
                self.name,
                end.join("\n")
            );
        }
        let figure = |name: &str| {
            said.lines()
                .find_map(|line| line.strip_prefix(name).map(str::trim))
                .unwrap_or("?")
                .to_owned()
        };
        let runs = figure("stat::number_of_executed_units:");
        let new = figure("stat::new_units_added:");
        terminal::say(format!("{}: {runs} inputs, {new} new ways", self.name));
        Ok(found)
    }

    /// Adds some inputs that take new ways. All that take any would be thousands of files, for what the next run finds again in seconds.
    fn keep(&self, found: &Path) -> Result<()> {
        let merged = TempDir::new()?;
        process::run(
            std::process::Command::new(&self.program)
                .args(["-set_cover_merge=1", "-max_len=1000"])
                .args([merged.path(), &self.corpus, found]),
        )?;
        let mut inputs = Vec::new();
        for input in fs::read_dir(merged.path())? {
            let input = input?;
            inputs.push((input.metadata()?.len(), input.path()));
        }
        // The longest go deepest.
        inputs.sort();
        for (_, input) in inputs.iter().rev().take(KEPT) {
            let name = input.file_name().context("an input without a name")?;
            fs::copy(input, self.corpus.join(name))?;
        }
        Ok(())
    }
}
