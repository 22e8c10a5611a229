//! A store in PostgreSQL: SIGKILL of the gateway, crashes of the database, and both at once, at random moments while it sets credentials.

use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use crate::kills::{self, LOAD, Options, SERVICES};
use crate::ledger::Ledger;
use crate::postgresql_server::Server;
use crate::victim::{Running, Victim};
use crate::worker::{Until, work};

/// How long it may take until sets are acknowledged again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Kills of the gateway alone.
    pub of_gateway: usize,
    /// Crashes of the database alone.
    pub of_database: usize,
    /// Of both at once.
    pub of_both: usize,
    /// Sets that were acknowledged.
    pub acknowledged: u64,
    /// Of those that were not acknowledged: how many were there as a whole.
    pub stored_unanswered: usize,
    /// The longest start after a kill, until it listened.
    pub slowest_start: Duration,
    /// The longest time from when the database was there again until the gateway had a credential from it, without a restart.
    pub slowest_recovery: Duration,
}

/// What is harmed.
#[derive(Clone, Copy)]
enum Harm {
    Gateway,
    Database,
    Both,
}

const HARMS: [Harm; 3] = [Harm::Gateway, Harm::Database, Harm::Both];

/// Harms one of them or both, looks, and goes on.
///
/// # Errors
/// An acknowledged credential that is lost, one that is half visible, a gateway that does not go on, a finding of its own commands.
pub async fn torture(program: &Path, options: Options) -> Result<Outcome> {
    let mut random = Rng::with_seed(options.seed);
    let mut outcome = Outcome::default();
    let database = Database::start().await?;
    let victim = victim_at(program, database.port)?;
    let mut running = victim.run().await?;
    kills::fill(&victim, &running, options.records).await?;
    let mut ledgers: Vec<Ledger> = (0..options.workers).map(|_| Ledger::default()).collect();
    for number in 0..options.kills {
        let harmed = || {
            let log = victim.installation.log();
            let troubles = log.lines().filter(|line| !line.contains("\"INFO\""));
            let troubles = troubles.collect::<Vec<_>>().join("\n");
            format!(
                "after {} kills and crashes; it logged:\n{troubles}",
                number + 1
            )
        };
        let delay = LOAD.mul_f64(random.f64());
        match HARMS[random.usize(..HARMS.len())] {
            Harm::Gateway => {
                ledgers = kills::killed_at_work(&victim, &mut running, ledgers, delay).await?;
                outcome.of_gateway += 1;
            }
            Harm::Database => {
                let crashed = database.crash(delay)?;
                ledgers = worked(&victim, &running, ledgers).await?;
                crashed.await?;
                outcome.of_database += 1;
            }
            Harm::Both => {
                let crashed = database.crash(delay)?;
                ledgers = kills::killed_at_work(&victim, &mut running, ledgers, delay).await?;
                crashed.await?;
                outcome.of_both += 1;
            }
        }
        if running.serving.has_ended() {
            running = victim.run().await.with_context(harmed)?;
            outcome.slowest_start = outcome.slowest_start.max(running.ready);
        } else {
            let recovered = recover(&victim).await.with_context(harmed)?;
            outcome.slowest_recovery = outcome.slowest_recovery.max(recovered);
        }
        let looked = kills::settle(&victim, &running, &mut ledgers).await;
        outcome.stored_unanswered += looked.with_context(harmed)?.stored_unanswered;
    }
    outcome.acknowledged = ledgers.iter().map(Ledger::sets).sum();
    drop(running);
    kills::finish(&victim, options)?;
    Ok(outcome)
}

fn victim_at(program: &Path, port: u16) -> Result<Victim> {
    let port = port.to_string();
    let store = [
        ["--store-host", "127.0.0.1"],
        ["--store-port", &port],
        ["--store-database", "postgres"],
        ["--store-user", "admin"],
        ["--node", "tortured"],
    ];
    Victim::make_with(program, tempfile::tempdir()?, &store.concat())
}

/// The database, with a thread of its own: it ends with the one that started it, and those of the runtime come and go.
struct Database {
    port: u16,
    crashes: mpsc::Sender<Crash>,
}

struct Crash {
    after: Duration,
    is_there_again: oneshot::Sender<()>,
}

impl Database {
    async fn start() -> Result<Self> {
        let (crashes, commands) = mpsc::channel::<Crash>();
        let (started, port) = oneshot::channel();
        std::thread::spawn(move || {
            let mut server = Server::start_with("", &["fsync=on"]);
            // An error here and below means that nobody waits any more.
            let _ = started.send(server.port);
            for crash in commands {
                std::thread::sleep(crash.after);
                server.crash();
                let _ = crash.is_there_again.send(());
            }
        });
        let port = port.await?;
        Ok(Self { port, crashes })
    }

    /// Has it crash after this time, in the middle of what is written, and start again: then the receiver is told.
    fn crash(&self, after: Duration) -> Result<oneshot::Receiver<()>> {
        let (is_there_again, told) = oneshot::channel();
        let crash = Crash {
            after,
            is_there_again,
        };
        self.crashes.send(crash).context("the database has ended")?;
        Ok(told)
    }
}

/// Workers set credentials, and go on while they are refused.
async fn worked(victim: &Victim, running: &Running, ledgers: Vec<Ledger>) -> Result<Vec<Ledger>> {
    let work = ledgers
        .into_iter()
        .enumerate()
        .map(async |(number, mut ledger)| {
            let of = (&*format!("worker-{number}"), SERVICES);
            work(victim, running, &mut ledger, of, Until::Sets(SERVICES)).await?;
            anyhow::Ok(ledger)
        });
    join_all(work).await.into_iter().collect()
}

/// Waits until the gateway has credentials from the database again.
async fn recover(victim: &Victim) -> Result<Duration> {
    let began = Instant::now();
    while let Err(error) = victim.stored("any") {
        ensure!(began.elapsed() < PATIENCE, "it does not go on: {error:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(began.elapsed())
}
