//! The command line of `cargo xtask`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{
    bench, fuzz, package, page, reproduce, run, setup, terminal, test, tidy, timing, torture,
    workspace::Workspace,
};

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Set up, build, run and test Credential Setter."
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install what the page and the tests need; asks nothing
    Setup,
    /// Build the page into dist/
    Page,
    /// Pack the portal's element for npm and the gateway for Debian into target/package, and check both
    Package(package::Options),
    /// Build the page again in another folder and compare every byte
    Reproduce,
    /// Build everything and start a gateway and a demo portal, until Ctrl-C
    Run(run::Options),
    /// Run every check, or only the stages named
    Test(test::Options),
    /// Take the pictures anew that the pages are compared with, into tests/screenshots
    Screenshots,
    /// Check the rules of the house that no compiler knows
    Tidy,
    /// Measure page and gateway beside their alternatives, and write BENCHMARKS.md
    Bench(bench::Options),
    /// Run the fuzz targets
    Fuzz(fuzz::Options),
    /// Kill the gateway, have its calls to the system fail, fill its disk, have its clock jump and slow its connections, and look at what is left
    Torture(torture::Options),
    /// Compare the times of opening by the kind of failure
    Timing(timing::Options),
}

fn main() -> ExitCode {
    match perform(&Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            terminal::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn perform(task: &Task) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::find()?;
    match task {
        Task::Setup => setup::everything(&workspace)?,
        Task::Package(options) => package::run(&workspace, *options)?,
        Task::Reproduce => reproduce::run(&workspace)?,
        Task::Run(options) => run::run(&workspace, options)?,
        Task::Test(options) => return test::run(&workspace, options),
        Task::Screenshots => test::end_to_end::take_screenshots(&workspace)?,
        Task::Tidy => tidy::run(&workspace)?,
        Task::Bench(options) => bench::run(&workspace, options)?,
        Task::Fuzz(options) => fuzz::run(&workspace, options)?,
        Task::Torture(options) => torture::run(&workspace, options)?,
        Task::Timing(options) => timing::run(&workspace, options)?,
        Task::Page => page::build(&workspace)?.print(),
    }
    Ok(ExitCode::SUCCESS)
}
