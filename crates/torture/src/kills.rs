//! SIGKILL at random moments: while the gateway starts, and while it sets credentials.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use fastrand::Rng;

use crate::ledger::{Ledger, Looked};
use crate::victim::{Running, Victim};
use crate::worker::{Until, work};

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Kills.
    pub kills: usize,
    /// Credentials that are there before the first.
    pub records: usize,
    /// Workers at the same time, each with a connection.
    pub workers: usize,
    /// A number that random points come from.
    pub seed: u64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// Kills while it started.
    pub while_starting: usize,
    /// Kills while it worked.
    pub while_working: usize,
    /// Sets that were acknowledged.
    pub acknowledged: u64,
    /// Of those that were not answered: how many were there as a whole.
    pub stored_unanswered: usize,
    /// The longest start after a kill, until it listened.
    pub slowest_start: Duration,
}

/// Linked services of each worker.
pub(crate) const SERVICES: usize = 20;
/// A kill comes so long after the load began, at most.
pub(crate) const LOAD: Duration = Duration::from_millis(120);
/// One of so many kills is while it starts.
const STARTING: usize = 4;

/// Kills it, looks, and goes on.
///
/// # Errors
/// An acknowledged credential that is lost, one that is half visible, a finding of the gateway's own commands.
pub async fn torture(victim: &Victim, options: Options) -> Result<Outcome> {
    let mut random = Rng::with_seed(options.seed);
    let mut outcome = Outcome::default();
    let mut running = victim.run().await?;
    fill(victim, &running, options.records).await?;
    let mut ledgers: Vec<Ledger> = (0..options.workers).map(|_| Ledger::default()).collect();
    for kill in 0..options.kills {
        let delay = LOAD.mul_f64(random.f64());
        ledgers = killed_at_work(victim, &mut running, ledgers, delay).await?;
        outcome.while_working += 1;
        if kill % STARTING == 0 {
            let mut starting = victim.installation.begin(&[], &[])?;
            tokio::time::sleep(running.ready.mul_f64(random.f64())).await;
            starting.kill();
            outcome.while_starting += 1;
        }
        running = victim
            .run()
            .await
            .with_context(|| format!("after {} kills", kill + 1))?;
        outcome.slowest_start = outcome.slowest_start.max(running.ready);
        let looked = settle(victim, &running, &mut ledgers).await?;
        outcome.stored_unanswered += looked.stored_unanswered;
    }
    outcome.acknowledged = ledgers.iter().map(Ledger::sets).sum();
    drop(running);
    finish(victim, options)?;
    Ok(outcome)
}

/// Has the gateway's own commands look at what is left. It must not be running.
pub(crate) fn finish(victim: &Victim, options: Options) -> Result<()> {
    victim.verify()?;
    let stored = victim.installation.stored()?;
    ensure!(stored >= options.records, "{stored} credentials are left");
    Ok(())
}

/// Workers set credentials until the process is killed, `delay` after they began.
pub(crate) async fn killed_at_work(
    victim: &Victim,
    running: &mut Running,
    ledgers: Vec<Ledger>,
    delay: Duration,
) -> Result<Vec<Ledger>> {
    let group = running.serving.group().context("it has ended")?;
    // From another thread: the runtime's are busy.
    let killer = std::thread::spawn(move || {
        std::thread::sleep(delay);
        load::gateway::kill(group);
    });
    let until = Until::Moment(Instant::now() + Duration::from_secs(30));
    let worked = &*running;
    let work = ledgers
        .into_iter()
        .enumerate()
        .map(async |(number, mut ledger)| {
            let prefix = format!("worker-{number}");
            work(victim, worked, &mut ledger, (&prefix, SERVICES), until).await?;
            anyhow::Ok(ledger)
        });
    let done = futures_util::future::join_all(work).await;
    ensure!(killer.join().is_ok(), "nobody was there to kill it");
    // Its connections end before it does: until then the folder is in use.
    running.serving.kill();
    done.into_iter().collect()
}

/// Looks at every linked service, and sends again what was not answered.
pub(crate) async fn settle(
    victim: &Victim,
    running: &Running,
    ledgers: &mut [Ledger],
) -> Result<Looked> {
    let mut all = Looked::default();
    let peer = running.serving.peer(&victim.installation)?;
    for ledger in ledgers {
        let looked = ledger.look(victim)?;
        all.as_acknowledged += looked.as_acknowledged;
        all.stored_unanswered += looked.stored_unanswered;
        // Not before: on a busy machine a look takes longer than the gateway waits for a request.
        ledger.settle(&mut peer.connect().await?).await?;
    }
    Ok(all)
}

/// Credentials that nobody touches afterwards.
pub(crate) async fn fill(victim: &Victim, running: &Running, records: usize) -> Result<()> {
    let workers = 16;
    let work = (0..workers).map(async |number| {
        let prefix = format!("record-{number}");
        let own = records / workers + usize::from(number < records % workers);
        let mut ledger = Ledger::default();
        work(
            victim,
            running,
            &mut ledger,
            (&prefix, own.max(1)),
            Until::Sets(own),
        )
        .await
    });
    let done = futures_util::future::join_all(work).await;
    let mut acknowledged = 0;
    for worked in done {
        acknowledged += worked?.acknowledged;
    }
    ensure!(
        acknowledged == records,
        "{acknowledged} of {records} were stored"
    );
    Ok(())
}
