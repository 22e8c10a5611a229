//! The parent's side: starts the child, hears it, and ends it.

mod confinement;
mod hearing;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout_at;

use crate::report::{Cause, Ending, Line, Outcome};
use crate::request::{NotARequest, Request};
use hearing::{Deafness, Hearing};

/// What is started: it calls [`crate::child`].
#[derive(Clone, Debug)]
pub struct Program {
    /// The file.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// What the child may have.
#[derive(Clone, Copy, Debug)]
pub struct Confinement {
    /// Address space, in bytes.
    pub memory: u64,
    /// Descriptors.
    pub descriptors: u64,
    /// Time on the processor, in seconds: for a child whose parent is gone.
    pub processor_seconds: u64,
    /// How long it is waited for.
    pub patience: Duration,
}

impl Default for Confinement {
    fn default() -> Self {
        Self {
            memory: 512 * 1024 * 1024,
            descriptors: 64,
            processor_seconds: 15,
            patience: Duration::from_secs(15),
        }
    }
}

/// Why there is no test.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// Larger than a child reads.
    #[error(transparent)]
    Request(#[from] NotARequest),
    /// The program cannot be run, or not confined.
    #[error("the test's process was not started: {0}")]
    Process(#[from] io::Error),
}

/// A test under way. Dropped, it is ended.
pub struct Test {
    child: Child,
    hearing: Hearing<BufReader<ChildStdout>>,
    began: Instant,
    until: Instant,
    has_ended: bool,
}

impl Test {
    /// Starts the child, in a runtime of tokio, without any of this process's environment, descriptors or privileges to come.
    ///
    /// # Errors
    /// [`NotStarted`].
    pub fn start(
        program: &Program,
        request: &Request,
        confinement: Confinement,
    ) -> Result<Self, NotStarted> {
        let json = request.to_json()?;
        let mut command = Command::new(&program.path);
        command
            .args(&program.arguments)
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        confinement.apply(&mut command);
        let began = Instant::now();
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            tokio::spawn(async move {
                // One that does not read its request has no report either.
                let _ = stdin.write_all(&json).await;
            });
        }
        let stdout = child
            .stdout
            .take()
            .ok_or(io::ErrorKind::BrokenPipe)
            .map_err(io::Error::from)?;
        Ok(Self {
            child,
            hearing: Hearing::new(BufReader::new(stdout)),
            began,
            until: began + confinement.patience,
            has_ended: false,
        })
    }

    /// The next line, as soon as it is there; nothing after the ending, which always comes. It may be given up and called again.
    ///
    /// A child that dies, says something that is no report, or does not end in time has an ending with that cause, and stages that it had
    /// not reported until then are not reported.
    pub async fn next(&mut self) -> Option<Line> {
        if self.has_ended {
            return None;
        }
        let heard = timeout_at(self.until.into(), self.hearing.line()).await;
        let cause = match heard {
            Ok(Ok(Line::Stage(report))) => return Some(Line::Stage(report)),
            Ok(Ok(Line::Ending(ending))) => ending.cause,
            Ok(Err(Deafness::Silent)) => Some(Cause::ProbeDied),
            Ok(Err(Deafness::Garbled)) => Some(Cause::ProbeGarbled),
            Err(_) => Some(Cause::TimedOut),
        };
        self.end();
        // After a signal that cannot be caught, it is a matter of a moment.
        let _ = self.child.wait().await;
        Some(Line::Ending(Ending {
            outcome: match cause {
                None => Outcome::Passed,
                Some(_) => Outcome::Failed,
            },
            ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
            cause,
        }))
    }

    /// Ends the child and whatever it may have started.
    fn end(&mut self) {
        self.has_ended = true;
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(group) = id.and_then(Pid::from_raw) {
            // It may be gone already.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Drop for Test {
    fn drop(&mut self) {
        self.end();
    }
}
