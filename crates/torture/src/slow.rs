//! Thousands of connections that hardly move (slowhttptest), while credentials are set.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::future::join_all;

use crate::ledger::Ledger;
use crate::victim::{Running, Victim};
use crate::worker::{Until, work};

/// How a connection is slow, in slowhttptest's words.
pub const MODES: [(&str, &str); 3] = [
    ("-H", "a header that never ends"),
    ("-B", "a body that never ends"),
    ("-X", "an answer that is hardly read"),
];
/// Workers at the same time.
const WORKERS: usize = 8;
/// Linked services of each.
const SERVICES: usize = 50;
/// So many of the connections must be open while it is measured: the rest is on its way.
const OPEN: f64 = 0.9;

/// What came of one mode.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Connections of the gateway's while it was measured.
    pub open: usize,
    /// Sets per second without the others.
    pub before: f64,
    /// And with them.
    pub meanwhile: f64,
}

impl Outcome {
    /// How much is left of the throughput.
    #[must_use]
    pub fn share(self) -> f64 {
        self.meanwhile / self.before
    }
}

/// Measures before and meanwhile.
///
/// # Errors
/// When the connections cannot be opened, or a set is answered otherwise than with a receipt.
pub async fn torture(
    victim: &Victim,
    mode: &str,
    connections: usize,
    window: Duration,
) -> Result<Outcome> {
    let mut ledgers: Vec<Ledger> = (0..WORKERS).map(|_| Ledger::default()).collect();
    let running = victim.run().await?;
    // What a first second does once is not measured.
    rate(
        victim,
        &running,
        (mode, &mut ledgers),
        Duration::from_secs(1),
    )
    .await?;
    let before = rate(victim, &running, (mode, &mut ledgers), window).await?;
    let slow = Slow::open(&running, mode, connections)?;
    let deadline = Instant::now() + Duration::from_secs(30);
    let wanted = connections as f64 * OPEN;
    while (open(&running)? as f64) < wanted {
        ensure!(
            Instant::now() < deadline,
            "only {} of {connections} connections were open at the same time",
            open(&running)?
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let meanwhile = rate(victim, &running, (mode, &mut ledgers), window).await?;
    let open = open(&running)?;
    drop(slow);
    for ledger in &ledgers {
        ledger.look(victim)?;
    }
    Ok(Outcome {
        open,
        before,
        meanwhile,
    })
}

/// Acknowledged sets per second.
async fn rate(
    victim: &Victim,
    running: &Running,
    (mode, ledgers): (&str, &mut [Ledger]),
    window: Duration,
) -> Result<f64> {
    let began = Instant::now();
    let until = Until::Moment(began + window);
    let work = ledgers
        .iter_mut()
        .enumerate()
        .map(async |(number, ledger)| {
            let prefix = format!("slow{mode}-{number}");
            work(victim, running, ledger, (&prefix, SERVICES), until).await
        });
    let mut acknowledged = 0;
    for worked in join_all(work).await {
        let worked = worked?;
        ensure!(worked.refused == 0, "{} sets were refused", worked.refused);
        acknowledged += worked.acknowledged;
    }
    Ok(acknowledged as f64 / began.elapsed().as_secs_f64())
}

/// Descriptors of the gateway's that are sockets: all but a handful are connections.
fn open(running: &Running) -> Result<usize> {
    let group = running.serving.group().context("it has ended")?;
    let folder = format!("/proc/{}/fd", group.as_raw_nonzero());
    let sockets = fs::read_dir(folder)?.flatten().filter(|entry| {
        fs::read_link(entry.path()).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"))
    });
    Ok(sockets.count())
}

/// slowhttptest, until it is dropped.
struct Slow(Child);

impl Slow {
    fn open(running: &Running, mode: &str, connections: usize) -> Result<Self> {
        let connections = connections.to_string();
        let child = Command::new("slowhttptest")
            // 2,000 a second; a few bytes every second; for longer than it is measured.
            .args([
                mode,
                "-c",
                &connections,
                "-r",
                "2000",
                "-i",
                "1",
                "-l",
                "60",
            ])
            // Read five bytes a second.
            .args(["-n", "1", "-z", "5", "-k", "3"])
            .args([
                "-u",
                &format!("{}/v1/keys", running.serving.origin),
                "-v",
                "0",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("slowhttptest cannot be started")?;
        Ok(Self(child))
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
