//! A child process with its output in a file, which does not outlive the test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::waiting::eventually;

/// Killed when it is dropped, also when the test panics.
pub(super) struct Process {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program; both of its outputs go to `<name>.log` in `folder`, after what is there already.
    pub(super) fn start(name: &'static str, command: &mut Command, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let out = File::options().create(true).append(true).open(&log)?;
        let errors = out.try_clone()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(errors)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, child, log })
    }

    /// The rest of the first line, from byte `from` of the log on, that contains `mark`.
    pub(super) async fn line_after(&mut self, mark: &str, from: u64) -> Result<String> {
        let rest = |line: &str| Some(line.split_once(mark)?.1.trim().to_owned());
        self.line(&format!("`{mark}`"), from, rest).await
    }

    /// The first line that is a number.
    pub(super) async fn number(&mut self) -> Result<u32> {
        self.line("a number", 0, |line| line.trim().parse().ok())
            .await
    }

    /// What the first line, from byte `from` of the log on, gives that gives anything.
    async fn line<T>(
        &mut self,
        what: &str,
        from: u64,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let name = self.name;
        eventually(&format!("{what} from {name}"), async || {
            let text = self.text_from(from)?;
            // A line counts when it is complete.
            let complete = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
            if let Some(found) = complete.lines().find_map(&read) {
                return Ok(Some(found));
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{name} ended with {status} and said: {text}");
            }
            Ok(None)
        })
        .await
    }

    fn text_from(&self, from: u64) -> Result<String> {
        let bytes = std::fs::read(&self.log)?;
        let from = usize::try_from(from)?.min(bytes.len());
        Ok(String::from_utf8_lossy(&bytes[from..]).into_owned())
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL, and gone when this returns.
    pub(super) fn kill(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM, then its exit status.
    pub(super) async fn terminate(&mut self) -> Result<std::process::ExitStatus> {
        run(Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string()))?;
        let name = self.name;
        eventually(&format!("the end of {name}"), async || {
            Ok(self.child.try_wait()?)
        })
        .await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Bytes that the log `<name>.log` in `folder` has now.
pub(super) fn log_length(name: &str, folder: &Path) -> u64 {
    std::fs::metadata(folder.join(format!("{name}.log"))).map_or(0, |found| found.len())
}

/// Runs a program to its end and gives what it wrote to standard output.
pub(super) fn run(command: &mut Command) -> Result<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let first = command
        .get_args()
        .find(|each| !each.to_string_lossy().starts_with('-'))
        .map(|each| each.to_string_lossy().into_owned());
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    if !output.status.success() {
        // Standard output may hold a secret and is not shown.
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{program} {} ended with {}: {errors}",
            first.unwrap_or_default(),
            output.status
        );
    }
    Ok(output.stdout)
}
