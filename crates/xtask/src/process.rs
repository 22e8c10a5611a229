//! Running other programs: in the foreground, for what they print, or beside us until we stop.

pub mod service;

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::terminal;

/// A cargo as a person would start it: without the variables that `cargo run` set for this program.
pub fn cargo(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(set_by_cargo_run) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs to the end; its output goes where ours goes, its input is empty.
///
/// # Errors
/// When it cannot be started or does not succeed; the error names the whole command line.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    succeeded(command, status)
}

/// As [`run`], but given up after `limit`.
///
/// # Errors
/// As [`run`], and when the time is up.
pub fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    match wait_within(&mut child, limit)? {
        Some(status) => succeeded(command, status),
        None => bail!(
            "`{}` took more than {}",
            line(command),
            terminal::seconds(limit)
        ),
    }
}

/// What it printed on standard output; standard error is part of the error only.
///
/// # Errors
/// As [`run`], and when the output is not UTF-8.
pub fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", line(command), complaint.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` printed something that is not UTF-8", line(command)))
}

/// As [`capture`], but standard error is shown as it comes: for programs that take their time.
///
/// # Errors
/// As [`capture`].
pub fn read_output(command: &mut Command) -> Result<String> {
    capture(command.stderr(Stdio::inherit()))
}

/// Whether it succeeded, and all that it printed on both streams; nothing is shown.
///
/// # Errors
/// When it cannot be started.
pub fn transcript(command: &mut Command) -> Result<(bool, String)> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    let text = [output.stdout, output.stderr].concat();
    Ok((
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    ))
}

/// Runs to the end, shows every line that it prints and gives each to `observe`.
///
/// # Errors
/// As [`run`].
pub fn observe(command: &mut Command, mut observe: impl FnMut(&str)) -> Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", line(command)))?;
    let (send, receive) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|stream| Box::new(stream) as _),
        child.stderr.take().map(|stream| Box::new(stream) as _),
    ];
    for stream in streams.into_iter().flatten() {
        let send = send.clone();
        thread::spawn(move || {
            each_line(stream, |line| {
                let _ = send.send(line);
            });
        });
    }
    drop(send);
    for line in receive {
        terminal::say(&line);
        observe(&line);
    }
    let status = child.wait()?;
    succeeded(command, status)
}

/// Whether the program can be started and succeeds, without showing anything.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Waits until the child has ended, or kills it when the time is up (`None`).
fn wait_within(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Calls `each` for every line, whatever its encoding, until the stream ends.
fn each_line(stream: impl Read, mut each: impl FnMut(String)) {
    let mut stream = BufReader::new(stream);
    let mut bytes = Vec::new();
    while stream
        .read_until(b'\n', &mut bytes)
        .is_ok_and(|length| length > 0)
    {
        each(String::from_utf8_lossy(&bytes).trim_end().to_owned());
        bytes.clear();
    }
}

fn succeeded(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// The command line as one would type it.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

fn set_by_cargo_run(variable: &str) -> bool {
    const EXACT: [&str; 4] = [
        "CARGO",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
        "OUT_DIR",
    ];
    const PREFIXES: [&str; 3] = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"];
    EXACT.contains(&variable) || PREFIXES.iter().any(|prefix| variable.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failure_names_the_command_and_the_complaint() {
        let error =
            capture(&mut shell("echo broken >&2; exit 3")).map_err(|error| error.to_string());
        let error = error.expect_err("the script fails");
        assert!(
            error.contains("sh -c") && error.contains("broken"),
            "{error}"
        );
    }

    #[test]
    fn lines_of_both_streams_are_observed() {
        let mut lines = Vec::new();
        observe(&mut shell("echo one; echo two >&2"), |line| {
            lines.push(line.to_owned());
        })
        .expect("runs");
        lines.sort();
        assert_eq!(lines, ["one", "two"]);
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let begun = Instant::now();
        let result = run_within(&mut shell("exec sleep 60"), Duration::from_millis(50));
        assert!(result.is_err() && begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn only_what_cargo_run_set_is_taken_away() {
        assert!(set_by_cargo_run("CARGO_PKG_NAME") && set_by_cargo_run("CARGO"));
        assert!(!set_by_cargo_run("CARGO_TARGET_DIR") && !set_by_cargo_run("CARGO_HOME"));
    }
}
