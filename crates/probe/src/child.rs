//! The child: what is tried is tried in a thread of its own, and this one keeps the time. Whatever a server makes the other do
//! (a resolver that cannot be interrupted, a key derivation without end), the report has its end within the limit.

use std::io::{self, Read, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::driver;
use crate::report::{Cause, Ending, Line, Outcome, Reporter, Stage, StageReport};
use crate::request::{MAX_BYTES, NotARequest, Request};

/// Why there is no report, or not all of it.
#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    /// This process could be looked into.
    #[error("this process cannot be kept private")]
    NotPrivate,
    /// Standard input, or standard output.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What came is no request.
    #[error(transparent)]
    Request(#[from] NotARequest),
}

/// All that the child's `main` does: no other process looks into this one, the request is read, and [`run`].
///
/// # Errors
/// [`ChildError`].
pub fn child(input: impl Read, output: impl Write) -> Result<(), ChildError> {
    keep_private()?;
    // One allocation: a growing Vec would leave unwiped copies behind.
    let mut json = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    input.take(MAX_BYTES as u64 + 1).read_to_end(&mut json)?;
    let request = Request::parse(&json)?;
    drop(json);
    run(request, output)?;
    Ok(())
}

/// An exec makes a process dumpable again, so that the parent cannot do it.
fn keep_private() -> Result<(), ChildError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|_| ChildError::NotPrivate)?;
    }
    Ok(())
}

/// Tries the request's credential and writes the report, each line as soon as its stage ends. The process is to end afterwards: what
/// was tried may not have noticed that its time is over.
///
/// # Errors
/// When nobody reads the report any more.
pub fn run(request: Request, mut out: impl Write) -> io::Result<()> {
    let began = Instant::now();
    let until = began + Duration::from_millis(request.limits.total_ms);
    let (sender, lines) = mpsc::channel();
    let started = thread::Builder::new()
        .name("probe".to_owned())
        .spawn(move || driver::test(&request, Reporter::new(sender)));
    let (done, cause) = match started {
        Err(_) => (0, Some(Cause::ProbeNotStarted)),
        Ok(_) => pass_on(&lines, until, &mut out)?,
    };
    for (index, stage) in Stage::ALL.into_iter().enumerate().skip(done) {
        let is_current = index == done && cause.is_some_and(is_own);
        let report = StageReport {
            stage,
            result: if is_current {
                Outcome::Failed
            } else {
                Outcome::Skipped
            },
            ms: 0,
            cause: cause.filter(|_| is_current),
            code: None,
            said: None,
            certificate: None,
        };
        write(&mut out, &Line::Stage(report))?;
    }
    let outcome = match cause {
        None => Outcome::Passed,
        Some(_) => Outcome::Failed,
    };
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    write(&mut out, &Line::Ending(Ending { outcome, ms, cause }))
}

/// Causes that are noticed here, while a stage is under way; every other one is in the line of a stage that failed.
fn is_own(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::TimedOut | Cause::ProbeDied | Cause::ProbeNotStarted
    )
}

/// Writes the lines that come until one has failed, all are there, or the time is over: how many, and why it failed.
fn pass_on(
    lines: &Receiver<Line>,
    until: Instant,
    out: &mut impl Write,
) -> io::Result<(usize, Option<Cause>)> {
    let mut done = 0;
    while done < Stage::ALL.len() {
        let left = until.saturating_duration_since(Instant::now());
        let line = match lines.recv_timeout(left) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => return Ok((done, Some(Cause::TimedOut))),
            // It panicked: a driver met something that its authors did not think of.
            Err(RecvTimeoutError::Disconnected) => return Ok((done, Some(Cause::ProbeDied))),
        };
        write(out, &line)?;
        done += 1;
        if let Line::Stage(report) = &line
            && report.result == Outcome::Failed
        {
            return Ok((done, report.cause));
        }
    }
    Ok((done, None))
}

fn write(out: &mut impl Write, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text)?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_ends_in_time_whatever_the_other_thread_does() {
        let (sender, lines) = mpsc::channel();
        let soon = || Instant::now() + Duration::from_millis(20);
        // It is held, and nothing comes.
        let silent = pass_on(&lines, soon(), &mut Vec::new()).unwrap();
        assert_eq!(silent, (0, Some(Cause::TimedOut)));
        Reporter::new(sender).passed(Stage::Policy);
        let mut out = Vec::new();
        let later = Instant::now() + Duration::from_secs(60);
        let gone = pass_on(&lines, later, &mut out).unwrap();
        assert_eq!(gone, (1, Some(Cause::ProbeDied)));
        assert!(out.starts_with(br#"{"v":1,"stage":"policy","result":"passed","ms":"#));
    }

    #[test]
    fn a_child_cannot_be_looked_into_and_says_nothing_of_what_is_no_request() {
        let mut out = Vec::new();
        let refused = child(
            &br#"{"v":1,"secrets":{"password":"hunter2"}}"#[..],
            &mut out,
        );
        let told = refused.unwrap_err().to_string();
        assert!(out.is_empty() && !told.contains("hunter2"));
        #[cfg(target_os = "linux")]
        assert_eq!(
            rustix::process::dumpable_behavior().unwrap(),
            rustix::process::DumpableBehavior::NotDumpable
        );
    }
}
