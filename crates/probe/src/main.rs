//! The child alone: a request on standard input, the report on standard output.

use std::process::ExitCode;

fn main() -> ExitCode {
    match probe::child(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent knows that nothing came.
        Err(_) => ExitCode::FAILURE,
    }
}
