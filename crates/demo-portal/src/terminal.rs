//! The one place that prints.

use std::io::Write;

/// Writes one line to standard output. A reader that went away is no reason to stop serving.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
