//! Every check of the project, in stages. A stage that fails does not hide the others.

mod stage;

mod dependencies;
mod lints;

pub mod end_to_end;
mod fuzzing;
mod in_browser;
mod native;
mod packaging;
mod windows;

mod counts;
mod metadata;
mod suites;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::terminal;
use crate::workspace::Workspace;
use counts::Counts;
use stage::Stage;

/// What a person may choose.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// Only these stages; all when none is named
    #[arg(value_enum)]
    stages: Vec<Stage>,
    #[command(flatten)]
    driven: end_to_end::Driven,
}

/// How a stage went.
struct Outcome {
    stage: Stage,
    result: Result<()>,
    counts: Counts,
    time: Duration,
}

/// Runs the stages and prints, as the last line, `N passed, N failed, N skipped`.
///
/// # Errors
/// None of a stage: these are in the summary and in the exit code.
pub fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    let outcomes: Vec<Outcome> = Stage::chosen(&options.stages)
        .map(|stage| perform(workspace, stage, &options.driven))
        .collect();
    terminal::heading("summary");
    outcomes.iter().for_each(Outcome::print);
    let total = outcomes
        .iter()
        .fold(Counts::default(), |sum, outcome| sum + outcome.counts());
    terminal::say(format!("\n{total}"));
    let failed = outcomes.iter().any(|outcome| outcome.result.is_err());
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn perform(workspace: &Workspace, stage: Stage, options: &end_to_end::Driven) -> Outcome {
    terminal::heading(format!("{stage}: {}", stage.purpose()));
    let begun = Instant::now();
    let mut counts = Counts::default();
    let result = stage.run(workspace, options, &mut counts);
    let time = begun.elapsed();
    match &result {
        Ok(()) => terminal::say(format!("{stage} passed in {}", terminal::seconds(time))),
        Err(error) => terminal::error(error),
    }
    Outcome {
        stage,
        result,
        counts,
        time,
    }
}

impl Outcome {
    /// A stage that fails without a failed test (it did not compile, a lint complained) counts as one failure.
    fn counts(&self) -> Counts {
        let mut counts = self.counts;
        if self.result.is_err() && counts.failed == 0 {
            counts.failed = 1;
        }
        counts
    }

    fn print(&self) {
        let Self {
            stage,
            result,
            counts,
            time,
        } = self;
        let name = stage.to_string();
        let result = result
            .as_ref()
            .map_or_else(|error| format!("FAILED: {error}"), |()| "ok".to_owned());
        let time = terminal::seconds(*time);
        let tests = if counts.is_empty() {
            String::new()
        } else {
            format!(" ({} passed, {} failed)", counts.passed, counts.failed)
        };
        terminal::say(format!("{name:<14}{time:>12}   {result}{tests}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(result: Result<()>, failed: usize) -> Outcome {
        let counts = Counts {
            passed: 7,
            failed,
            skipped: 0,
        };
        Outcome {
            stage: Stage::Format,
            result,
            counts,
            time: Duration::ZERO,
        }
    }

    #[test]
    fn a_failure_without_a_failed_test_is_counted() {
        let broken = || Err(anyhow::anyhow!("does not compile"));
        assert_eq!(outcome(broken(), 0).counts().failed, 1);
        assert_eq!(outcome(broken(), 3).counts().failed, 3);
        assert_eq!(outcome(Ok(()), 0).counts().failed, 0);
    }
}
