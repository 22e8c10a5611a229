//! A clock that jumps while the gateway runs, and over a kill (libfaketime): a month ahead, put right, a day behind, put right. Nothing that was
//! acknowledged is lost, tickets are judged by the clock as it is, and one that was used stays used.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use load::{Connection, Request};
use tempfile::TempDir;

use crate::ledger::{Ledger, credential};
use crate::victim::{Running, Victim};
use crate::worker::{Until, work};

const DAY: i64 = 24 * 60 * 60;
/// In seconds. After each, the clock is put right again.
const JUMPS: [i64; 2] = [30 * DAY, -DAY];
const SERVICES: usize = 5;
const SETS: usize = 20;

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Sets that were acknowledged, by whatever clock.
    pub acknowledged: usize,
    /// Tickets that were refused: the gateway's clock is not their issuer's.
    pub refused: usize,
}

/// Has the clock jump and looks, each time before a kill and after it, and when it is right again.
///
/// # Errors
/// An acknowledged credential that is lost, a ticket that counts twice or outside its life, a finding of the gateway's own commands.
pub async fn torture(victim: &Victim) -> Result<Outcome> {
    let clock = Clock::right()?;
    let mut running = clock.run(victim).await?;
    let (mut ledger, mut outcome) = (Ledger::default(), Outcome::default());
    for jump in JUMPS {
        let used = UsedTicket::new(victim, &running).await?;
        clock.set(jump)?;
        refused(victim, &running, &mut outcome).await?;
        running.serving.kill();
        running = clock.run(victim).await?;
        refused(victim, &running, &mut outcome).await?;
        ledger.look(victim)?;
        clock.set(0)?;
        used.stays_used(victim, &running).await?;
        for now in [0, jump, 0] {
            clock.set(now)?;
            outcome.acknowledged += sets(victim, &running, now, &mut ledger).await?;
            ledger.look(victim)?;
        }
    }
    drop(running);
    victim.verify()?;
    Ok(outcome)
}

/// The gateway's clock is not the issuer's.
async fn refused(victim: &Victim, running: &Running, outcome: &mut Outcome) -> Result<()> {
    let request = request(victim, running, "refused")?;
    let answer = request.send(&mut connect(victim, running).await?).await?;
    ensure!(answer.status == 401, "a ticket's answer: {}", answer.status);
    ensure!(victim.stored("refused")?.is_none(), "it was stored");
    outcome.refused += 1;
    Ok(())
}

/// Sets by an issuer whose clock is the gateway's.
async fn sets(victim: &Victim, running: &Running, jump: i64, ledger: &mut Ledger) -> Result<usize> {
    victim.issuer.set_ahead(jump);
    let worked = work(
        victim,
        running,
        ledger,
        ("clock", SERVICES),
        Until::Sets(SETS),
    )
    .await;
    victim.issuer.set_ahead(0);
    let acknowledged = worked?.acknowledged;
    ensure!(
        acknowledged == SETS,
        "{acknowledged} of {SETS} were stored with a clock {jump} seconds off: {}",
        victim.installation.log()
    );
    Ok(acknowledged)
}

async fn connect(victim: &Victim, running: &Running) -> Result<Connection> {
    running.serving.peer(&victim.installation)?.connect().await
}

fn request(victim: &Victim, running: &Running, name: &str) -> Result<Request> {
    let of = (&victim.issuer, &victim.installation);
    Request::set(of, &running.keys, name, credential(name, 1))
}

/// A ticket that was used by the right clock.
struct UsedTicket {
    name: String,
    first: Request,
    second: Request,
}

impl UsedTicket {
    async fn new(victim: &Victim, running: &Running) -> Result<Self> {
        let name = format!("used-{}", fastrand::u32(..));
        let first = request(victim, running, &name)?;
        let second = first.another(&running.keys, credential(&name, 2))?;
        let answer = first.send(&mut connect(victim, running).await?).await?;
        ensure!(answer.status == 201, "a set's answer: {}", answer.status);
        Ok(Self {
            name,
            first,
            second,
        })
    }

    /// The same request gets the same answer, another gets none.
    async fn stays_used(&self, victim: &Victim, running: &Running) -> Result<()> {
        let mut connection = connect(victim, running).await?;
        let status = self.second.send(&mut connection).await?.status;
        ensure!(status == 409, "a used ticket's answer: {status}");
        let status = self.first.send(&mut connection).await?.status;
        ensure!(
            matches!(status, 200 | 201),
            "a repeated request's answer: {status}"
        );
        let stored = victim.stored(&self.name)?;
        ensure!(stored.is_some_and(|stored| stored.version == 1 && stored.is_as_sent));
        Ok(())
    }
}

/// What libfaketime reads each time it is asked for the time.
struct Clock {
    folder: TempDir,
    library: PathBuf,
}

impl Clock {
    fn right() -> Result<Self> {
        let clock = Self {
            folder: tempfile::tempdir()?,
            library: library()?,
        };
        clock.set(0)?;
        Ok(clock)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    fn set(&self, seconds: i64) -> Result<()> {
        // Renamed: it is never read half written.
        let new = self.folder.path().join("new");
        fs::write(&new, format!("{seconds:+}\n"))?;
        Ok(fs::rename(new, self.file())?)
    }

    async fn run(&self, victim: &Victim) -> Result<Running> {
        let (library, file) = (self.library.as_os_str(), self.file());
        let path = "a path that is not UTF-8";
        let environment = [
            ("LD_PRELOAD", library.to_str().context(path)?),
            ("FAKETIME_TIMESTAMP_FILE", file.to_str().context(path)?),
            ("FAKETIME_NO_CACHE", "1"),
            // As on a real machine: only the time of day jumps.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ];
        victim.run_in(&environment).await
    }
}

/// Where Debian has it: below the name of the processor.
fn library() -> Result<PathBuf> {
    let mut folders = fs::read_dir("/usr/lib")?.flatten();
    let library = folders.find_map(|folder| {
        let library = folder.path().join("faketime/libfaketimeMT.so.1");
        library.exists().then_some(library)
    });
    library.context("libfaketime is not installed")
}
