//! `cargo xtask torture`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use clap::{Parser, ValueEnum};
use torture::victim::Victim;
use torture::{clock_jumps, faults, full_disk, kills, shared_store, slow};

#[derive(Parser)]
#[command(
    name = "torture",
    about = "Kill and break a gateway while it sets credentials, and look at what is left."
)]
struct Arguments {
    /// Only these parts
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
    /// SIGKILLs at random moments
    #[arg(long, default_value_t = 1000, value_name = "N")]
    kills: usize,
    /// Credentials that are stored before
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    records: usize,
    /// Slow connections
    #[arg(long, default_value_t = 2000, value_name = "N")]
    connections: usize,
    /// Sets that are measured beside them
    #[arg(long, default_value_t = 2000, value_name = "N")]
    sets: usize,
    /// Where random numbers come from [default: another each time, which is printed]
    #[arg(long)]
    seed: Option<u64>,
    /// The gateway's program [default: $CREDENTIAL_GATEWAY_BIN]
    #[arg(long, value_name = "FILE")]
    gateway: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Kills,
    SharedStore,
    Faults,
    FullDisk,
    ClockJumps,
    Slow,
}

const PARTS: [Part; 6] = [
    Part::Kills,
    Part::SharedStore,
    Part::Faults,
    Part::FullDisk,
    Part::ClockJumps,
    Part::Slow,
];
/// Of the throughput, beside slow connections.
const SHARE: f64 = 0.8;
/// How soon it listens after a kill.
const RECOVERY_SECONDS: f64 = 1.0;

#[tokio::main]
async fn main() -> ExitCode {
    match perform(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("FAILED: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn perform(arguments: &Arguments) -> Result<()> {
    for part in PARTS {
        if !arguments.parts.is_empty() && !arguments.parts.contains(&part) {
            continue;
        }
        let began = Instant::now();
        match part {
            Part::Kills => killed(arguments).await?,
            Part::SharedStore => killed_at_shared_store(arguments).await?,
            Part::Faults => broken(arguments).await?,
            Part::FullDisk => filled(arguments).await?,
            Part::ClockJumps => jumped(arguments).await?,
            Part::Slow => slowed(arguments).await?,
        }
        say(&format!("  in {:.0} s", began.elapsed().as_secs_f64()));
    }
    Ok(())
}

fn program(arguments: &Arguments) -> Result<PathBuf> {
    let named = std::env::var_os("CREDENTIAL_GATEWAY_BIN").map(PathBuf::from);
    arguments
        .gateway
        .clone()
        .or(named)
        .context("which gateway?")
}

fn victim(arguments: &Arguments) -> Result<Victim> {
    Victim::make(&program(arguments)?, tempfile::tempdir()?)
}

async fn killed(arguments: &Arguments) -> Result<()> {
    let options = kill_options(arguments, "kills");
    let outcome = kills::torture(&victim(arguments)?, options).await?;
    say(&format!("  {outcome:?}"));
    ensure!(
        outcome.slowest_start.as_secs_f64() < RECOVERY_SECONDS,
        "it took longer than a second to listen again"
    );
    Ok(())
}

async fn killed_at_shared_store(arguments: &Arguments) -> Result<()> {
    let options = kill_options(arguments, "kills and crashes of the database");
    let outcome = shared_store::torture(&program(arguments)?, options).await?;
    say(&format!("  {outcome:?}"));
    Ok(())
}

fn kill_options(arguments: &Arguments, what: &str) -> kills::Options {
    let seed = arguments.seed.unwrap_or_else(|| fastrand::u64(..));
    say(&format!(
        "{} {what}, {} credentials, --seed {seed}",
        arguments.kills, arguments.records
    ));
    kills::Options {
        kills: arguments.kills,
        records: arguments.records,
        workers: 8,
        seed,
    }
}

async fn broken(arguments: &Arguments) -> Result<()> {
    for fault in [
        faults::Fault::Error("EIO"),
        faults::Fault::Errors("ENOSPC"),
        faults::Fault::Kill,
    ] {
        for call in faults::CALLS {
            say(&format!("{fault:?} at every {call}"));
            let outcome = faults::torture(&victim(arguments)?, &[call], fault, |_| true).await?;
            say(&format!("  {outcome:?}"));
        }
    }
    Ok(())
}

async fn filled(arguments: &Arguments) -> Result<()> {
    say("a full disk");
    let outcome = full_disk::torture(&program(arguments)?).await?;
    say(&format!("  {outcome:?}"));
    Ok(())
}

async fn jumped(arguments: &Arguments) -> Result<()> {
    say("a clock that jumps");
    let outcome = clock_jumps::torture(&victim(arguments)?).await?;
    say(&format!("  {outcome:?}"));
    Ok(())
}

async fn slowed(arguments: &Arguments) -> Result<()> {
    let victim = victim(arguments)?;
    let mut least = f64::INFINITY;
    for (mode, what) in slow::MODES {
        say(&format!("{} connections: {what}", arguments.connections));
        let outcome = slow::torture(&victim, mode, arguments.connections, arguments.sets).await?;
        say(&format!(
            "  {outcome:?}, {:.0} % of the throughput",
            outcome.share() * 100.0
        ));
        least = least.min(outcome.share());
    }
    ensure!(
        least >= SHARE,
        "less than {SHARE} of the throughput is left"
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this program prints what it found")]
fn say(line: &str) {
    println!("{line}");
}
