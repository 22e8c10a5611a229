//! An error, or SIGKILL, at each call to the system that touches the gateway's files, one after the other. strace does it, at the border of
//! the kernel: SQLite's calls, the standard library's and those without a library are the same to it.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::ledger::Ledger;
use crate::victim::Victim;
use crate::worker::{Until, work};

/// Calls that change files, or have them written to the disk, and by what they are reached.
pub const CALLS: [&str; 9] = [
    "pwrite64",
    "write",
    "fdatasync",
    "fsync",
    "ftruncate",
    "openat",
    "unlink",
    "rename",
    "pread64",
];

/// What happens at the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It fails with this error, once.
    Error(&'static str),
    /// It fails with this error, and so does each of its kind after it.
    Errors(&'static str),
    /// The process is killed before it.
    Kill,
}

impl Fault {
    fn injection(self, call: &str, at: usize) -> String {
        match self {
            Self::Error(error) => format!("inject={call}:error={error}:when={at}"),
            Self::Errors(error) => format!("inject={call}:error={error}:when={at}+"),
            Self::Kill => format!("inject={call}:signal=KILL:when={at}"),
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Faults that happened.
    pub faults: usize,
    /// Of those: the gateway did not start with it, or ended.
    pub ended: usize,
    /// Sets that were refused (503).
    pub refused: usize,
    /// Sets that were acknowledged although a call had failed.
    pub acknowledged: usize,
    /// Of those that were not answered: how many were there as a whole.
    pub stored_unanswered: usize,
    /// The longest start after a fault, until it listened.
    pub slowest_start: Duration,
}

/// Linked services that are set in turn.
const SERVICES: usize = 4;
/// Sets while a fault waits: more than one, so that what follows a failed one is seen.
const SETS: usize = 3;

/// Each of `calls`, from its first on and until one is not reached any more: `at` chooses which of them.
///
/// # Errors
/// An acknowledged credential that is lost, one that is half visible, a gateway that does not start without the fault, a finding of its own
/// commands.
pub async fn torture(
    victim: &Victim,
    calls: &[&str],
    fault: Fault,
    at: impl Fn(usize) -> bool,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut ledger = Ledger::default();
    // What is there from now on can be named.
    drop(victim.run().await?);
    for call in calls {
        for number in (1..).filter(|number| at(*number)) {
            let happened = one(victim, &mut ledger, (call, fault, number), &mut outcome)
                .await
                .with_context(|| format!("{fault:?} at {call} {number}"))?;
            if !happened {
                break;
            }
        }
    }
    victim.verify()?;
    Ok(outcome)
}

/// Whether the fault happened.
async fn one(
    victim: &Victim,
    ledger: &mut Ledger,
    (call, fault, number): (&str, Fault, usize),
    outcome: &mut Outcome,
) -> Result<bool> {
    let log = victim
        .installation
        .data_folder()
        .with_file_name("strace.log");
    let wrapper = strace(victim, &log, call, &fault.injection(call, number))?;
    let begun = victim.installation.begin(&wrapper, &[])?;
    let mut has_ended = true;
    if let Ok(serving) = begun.listening(&victim.installation)
        && let Ok(mut running) = victim.running(serving).await
    {
        let worked = work(
            victim,
            &running,
            ledger,
            ("faulty", SERVICES),
            Until::Sets(SETS),
        )
        .await?;
        outcome.refused += worked.refused;
        outcome.acknowledged += worked.acknowledged;
        has_ended = worked.refused + worked.acknowledged < SETS || running.serving.has_ended();
    }
    let happened = match fault {
        Fault::Kill => has_ended,
        Fault::Error(_) | Fault::Errors(_) => fs::read_to_string(&log)?.contains("(INJECTED)"),
    };
    outcome.faults += usize::from(happened);
    outcome.ended += usize::from(happened && has_ended);
    let running = victim.run().await.context("without the fault")?;
    outcome.slowest_start = outcome.slowest_start.max(running.ready);
    outcome.stored_unanswered += ledger.look(victim)?.stored_unanswered;
    let mut connection = running
        .serving
        .peer(&victim.installation)?
        .connect()
        .await?;
    ledger.settle(&mut connection).await?;
    if !happened && has_ended {
        bail!("it ended without a fault: {}", victim.installation.log());
    }
    Ok(happened)
}

/// Only calls on the gateway's own files count. The gateway is our child and strace its grandchild (-D): that it has ended can be waited for.
fn strace(victim: &Victim, log: &Path, call: &str, injection: &str) -> Result<Vec<OsString>> {
    let mut words: Vec<OsString> = ["strace", "-D", "-f", "-qq", "-e", "signal=none", "-o"]
        .map(OsString::from)
        .into();
    words.push(log.into());
    words.extend([
        "-e".into(),
        format!("trace={call}").into(),
        "-e".into(),
        injection.into(),
    ]);
    for file in files(&victim.installation.data_folder())? {
        words.extend(["-P".into(), file.into_os_string()]);
    }
    words.push("--".into());
    Ok(words)
}

/// All files of the data folder, the folders themselves, and what SQLite makes beside the store.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.extend(
        [
            "store.sqlite-wal",
            "store.sqlite-shm",
            "store.sqlite-journal",
        ]
        .map(|name| folder.join(name)),
    );
    found.sort();
    found.dedup();
    Ok(found)
}
