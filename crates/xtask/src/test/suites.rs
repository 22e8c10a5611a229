//! Running test programs and counting.

use std::process::Command;

use anyhow::{Result, bail};

use super::counts::Counts;
use crate::process;

/// Runs a command that prints test results, and adds them up.
///
/// # Errors
/// When it fails, or ran no test at all: a suite that vanished must not look like one that passed.
pub(super) fn run(command: &mut Command, counts: &mut Counts) -> Result<()> {
    let mut here = Counts::default();
    let result = process::observe(command, |line| {
        if let Some(found) = Counts::from_line(line) {
            here = here + found;
        }
    });
    *counts = *counts + here;
    result?;
    if here.passed + here.failed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printing(text: &str, exit: u8) -> (Result<()>, Counts) {
        let mut counts = Counts {
            passed: 1,
            failed: 0,
            skipped: 0,
        };
        let mut command = Command::new("sh");
        command.args(["-c", &format!("printf '{text}'; exit {exit}")]);
        (run(&mut command, &mut counts), counts)
    }

    #[test]
    fn results_are_added_up_also_of_a_failing_suite() {
        let line =
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\\n";
        let (result, counts) = printing(&line.repeat(2), 101);
        assert!(result.is_err());
        assert_eq!(
            counts,
            Counts {
                passed: 5,
                failed: 2,
                skipped: 0
            }
        );
    }

    #[test]
    fn a_suite_without_tests_fails() {
        let (result, _) = printing(
            "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\\n",
            0,
        );
        assert_eq!(
            result.map_err(|error| error.to_string()),
            Err("no test ran".to_owned())
        );
    }
}
