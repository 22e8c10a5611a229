//! A program that runs beside us and ends with us, however we end.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use rustix::process::{Pid, Signal, getppid, kill_process_group, set_parent_process_death_signal};

use super::{each_line, line, wait_within};
use crate::terminal;

/// A running program. Every line that it prints is shown behind its name.
pub struct Service {
    name: &'static str,
    child: Child,
    printed: Receiver<String>,
}

impl Service {
    /// Starts it in a process group of its own, so that Ctrl-C reaches us first and we stop things in order.
    /// `ended` is called when it has closed its output, which is when it ends.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(
        name: &'static str,
        command: &mut Command,
        ended: impl FnOnce() + Send + 'static,
    ) -> Result<Self> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        end_with_parent(command);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", line(command)))?;
        let (send, printed) = mpsc::channel();
        if let Some(stream) = child.stderr.take() {
            thread::spawn(move || {
                each_line(stream, |line| terminal::say(format!("{name} │ {line}")));
            });
        }
        if let Some(stream) = child.stdout.take() {
            thread::spawn(move || {
                each_line(stream, |line| {
                    terminal::say(format!("{name} │ {line}"));
                    // Nobody may be waiting for a line any more.
                    let _ = send.send(line);
                });
                ended();
            });
        }
        Ok(Self {
            name,
            child,
            printed,
        })
    }

    /// Waits for the first line of standard output that `wanted` accepts.
    ///
    /// # Errors
    /// When the program ends or the time is up before that.
    pub fn wait_for<T>(
        &mut self,
        limit: Duration,
        wanted: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let deadline = Instant::now() + limit;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.printed.recv_timeout(left) {
                Ok(line) => {
                    if let Some(found) = wanted(&line) {
                        return Ok(found);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!(
                        "{} is not ready after {}",
                        self.name,
                        terminal::seconds(limit)
                    )
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait()?;
                    return Err(anyhow!(
                        "{} ended before it was ready ({status})",
                        self.name
                    ));
                }
            }
        }
    }

    /// Asks it to end (SIGTERM to its group), and ends it if it has not after `limit`.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn stop(mut self, limit: Duration) -> Result<()> {
        self.signal(Signal::TERM);
        if wait_within(&mut self.child, limit)?.is_none() {
            terminal::note(format!(
                "{} did not stop within {} and was ended",
                self.name,
                terminal::seconds(limit)
            ));
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // It may have ended already: then there is nobody to tell.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::KILL);
            drop(self.child.wait());
        }
    }
}

/// Has the kernel end the child when this thread's process is gone, even when it was killed.
fn end_with_parent(command: &mut Command) {
    let parent = rustix::process::getpid();
    let in_child = move || {
        set_parent_process_death_signal(Some(Signal::TERM))?;
        if getppid() != Some(parent) {
            // The parent was gone before the request was made.
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        Ok(())
    };
    #[allow(
        unsafe_code,
        reason = "the standard library has no safe way to run code in the child"
    )]
    // SAFETY: between fork and exec only async-signal-safe calls are allowed; `prctl` and `getppid` are plain system
    // calls here, nothing is allocated or locked (the errors are made from integers).
    unsafe {
        command.pre_exec(in_child);
    }
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
    fn a_line_is_waited_for_and_the_group_is_stopped() {
        let (send, ended) = mpsc::channel();
        let mut service = Service::start(
            "test",
            &mut shell("echo starting; echo ready 7; sleep 60"),
            move || send.send(()).expect("somebody waits"),
        )
        .expect("starts");
        let number = service.wait_for(Duration::from_secs(20), |line| {
            line.strip_prefix("ready ").map(str::to_owned)
        });
        assert_eq!(number.ok().as_deref(), Some("7"));
        service.stop(Duration::from_secs(20)).expect("stops");
        assert_eq!(ended.recv_timeout(Duration::from_secs(20)), Ok(()));
    }

    #[test]
    fn a_program_that_ends_early_is_an_error() {
        let mut service = Service::start("test", &mut shell("exit 4"), || {}).expect("starts");
        let error = service
            .wait_for(Duration::from_secs(20), |_| Some(()))
            .expect_err("it ended");
        assert!(
            error.to_string().contains("ended before it was ready"),
            "{error}"
        );
    }
}
