//! All that the benchmark says while it runs, and the table at the end.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this module is the program's output"
)]

/// The result.
pub(crate) fn table(text: &str) {
    println!("\n{text}");
}

/// What is going on, to standard error: the table alone goes to standard output.
pub(crate) fn progress(text: impl std::fmt::Display) {
    eprintln!("• {text}");
}

/// A failure with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}
