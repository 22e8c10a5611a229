//! All that `cargo xtask` says: one place, so that the rest of the crate cannot print by accident.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this module is the program's output"
)]

use std::fmt::Display;
use std::time::Duration;

/// A line of plain output.
pub fn say(text: impl Display) {
    println!("{text}");
}

/// Something is about to be done that takes time: what, and why.
pub fn step(what: impl Display, why: impl Display) {
    println!("• {what}: {why}");
}

/// Something a person should know although nothing failed.
pub fn note(text: impl Display) {
    println!("• note: {text}");
}

/// The beginning of a part of a longer run.
pub fn heading(text: impl Display) {
    println!("\n── {text} ──");
}

/// A failure with its causes, to standard error.
pub fn error(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
}

/// A duration as people write it: `0.3 s`, `12 s`, `3 min 20 s`.
pub fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        whole @ 10..60 => format!("{whole} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(59)), "59 s");
        assert_eq!(seconds(Duration::from_secs(200)), "3 min 20 s");
    }
}
