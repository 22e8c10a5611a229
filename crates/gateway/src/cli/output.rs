//! The one place that writes to the terminal (audit lines for collectors apart). Standard output is for results, standard error for complaints.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

use serde::Serialize;

/// One line of result.
pub(super) fn line(text: impl Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// A result for programs: one JSON document.
pub(super) fn json(document: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(document)?;
    Ok(line(text)?)
}

/// Exactly these bytes, past the library's buffer: they may be a secret, and that buffer is never wiped.
pub(super) fn bytes(bytes: &[u8]) -> io::Result<()> {
    File::from(io::stdout().as_fd().try_clone_to_owned()?).write_all(bytes)
}

/// Standard output for what only programs read, past the library's buffer.
///
/// # Errors
/// When it is a terminal.
pub(super) fn stream() -> io::Result<File> {
    let stdout = io::stdout();
    if stdout.is_terminal() {
        return Err(io::Error::other(
            "that is a terminal; send it to a file or a program",
        ));
    }
    Ok(File::from(stdout.as_fd().try_clone_to_owned()?))
}

/// What a person should know beside the result.
pub(super) fn remark(text: impl Display) {
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(io::stderr().lock(), "credential-gateway: {text}");
}

/// Why the command failed, with its causes.
pub(super) fn complaint(error: &anyhow::Error) {
    // With standard error gone there is nobody left to tell; the exit code still says it.
    let _ = writeln!(
        io::stderr().lock(),
        "credential-gateway: {}",
        sentence(error)
    );
}

/// An error with its causes, each of them once: some say in their own sentence what is behind them.
pub(super) fn sentence(error: &anyhow::Error) -> String {
    let mut sentence = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !sentence.contains(&cause) {
            sentence.push_str(": ");
            sentence.push_str(&cause);
        }
    }
    sentence
}
