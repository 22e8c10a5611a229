//! `cargo xtask bench`: the page and the gateway beside their alternatives, on one machine in one run.
//!
//! Everything is measured from outside: a real Chromium, real gateway processes, TLS. The result is one table on standard output and, when
//! every part was measured, BENCHMARKS.md.

mod parts;
mod weight;

mod usable;

mod save;

mod seal;

mod open;

mod sets;

mod full_store;

mod trials;

/// A PostgreSQL of our own, as the tests have it.
#[path = "../../probe/tests/it/server.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "it is the tests': a server that does not start ends the run"
)]
mod postgresql_server;

mod start;

mod command_line;

mod run;

mod job;

mod private_keys;

mod chromium;

mod page_folders;

mod node_packages;

mod compression;

mod sample;

mod table;

mod report;

mod machine;

mod terminal;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};

use crate::run::{Options, Run};
use crate::table::Section;

#[derive(Parser)]
#[command(
    name = "bench",
    about = "Measure the page and the gateway beside their alternatives."
)]
struct Arguments {
    /// Only these parts; BENCHMARKS.md is written by a whole run alone
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    #[command(flatten)]
    options: Options,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Weight,
    Usable,
    Save,
    Seal,
    Open,
    Sets,
    Trials,
    Start,
    CommandLine,
}

impl Part {
    const ALL: [Self; 9] = [
        Self::Weight,
        Self::Usable,
        Self::Save,
        Self::Seal,
        Self::Open,
        Self::Sets,
        Self::Trials,
        Self::Start,
        Self::CommandLine,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Weight => "page weight",
            Self::Usable => "time to a usable form",
            Self::Save => "from Save to the request",
            Self::Seal => "sealing in Chromium",
            Self::Open => "opening at the gateway",
            Self::Sets => "setting credentials",
            Self::Trials => "trying credentials",
            Self::Start => "starting",
            Self::CommandLine => "the command line",
        }
    }

    async fn measure(self, run: &Run) -> Result<Section> {
        match self {
            Self::Weight => weight::measure(run).await,
            Self::Usable => usable::measure(run).await,
            Self::Save => save::measure(run).await,
            Self::Seal => seal::measure(run).await,
            Self::Open => open::measure(run),
            Self::Sets => sets::measure(run).await,
            Self::Trials => trials::measure(run).await,
            Self::Start => start::measure(),
            Self::CommandLine => command_line::measure(run),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match perform(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn perform(arguments: Arguments) -> Result<()> {
    let machine = machine::description();
    let run = Run::new(arguments.options)?;
    let parts = if arguments.parts.is_empty() {
        Part::ALL.to_vec()
    } else {
        arguments.parts
    };
    let whole = Part::ALL.iter().all(|part| parts.contains(part));
    let mut sections = Vec::new();
    for part in parts {
        terminal::progress(format!("measuring {}", part.name()));
        sections.push(part.measure(&run).await?);
    }
    terminal::table(&table::terminal(&sections));
    if whole {
        report::write(&run, &machine, &sections)?;
    }
    Ok(())
}
