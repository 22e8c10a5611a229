//! Thousands of connections that hardly move (slowhttptest), while credentials are set.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use futures_util::future::join_all;
use load::Request;

use crate::ledger::{Ledger, credential};
use crate::victim::{Running, Victim};

/// How a connection is slow, in slowhttptest's words. A body that never ends is not among them: slowhttptest has no ticket, and without one a
/// body is refused before it is read.
pub const MODES: [(&str, &str); 2] = [
    ("-H", "a header that never ends"),
    ("-X", "an answer that is hardly read"),
];
/// Workers at the same time, each with a connection.
const WORKERS: usize = 8;
/// So many of the connections must be open while it is measured: the rest is on its way.
const OPEN: f64 = 0.9;

/// What came of one mode.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Connections of the gateway's when it was measured: at the beginning, and at the end. It closes them in time.
    pub open: (usize, usize),
    /// Sets per second without the others.
    pub before: f64,
    /// And with them.
    pub meanwhile: f64,
    /// Processors that slowhttptest had to itself meanwhile, on the same machine.
    pub attacker: f64,
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
    sets: usize,
) -> Result<Outcome> {
    let mut ledgers: Vec<Ledger> = (0..WORKERS).map(|_| Ledger::default()).collect();
    let running = victim.run().await?;
    let mut prepare = |what: &str, sets| {
        let prefix = format!("{what}{mode}");
        prepared(victim, &running, &mut ledgers, &prefix, sets)
    };
    // What the first sets do once is not measured. All are made before a clock starts: the processors are shared with the gateway.
    let (first, before, meanwhile) = (
        prepare("first", sets / 4)?,
        prepare("before", sets)?,
        prepare("meanwhile", sets)?,
    );
    rate(victim, &running, &mut ledgers, first).await?;
    let before = rate(victim, &running, &mut ledgers, before).await?;
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
    let (began, spent, opened) = (Instant::now(), slow.spent()?, open(&running)?);
    let meanwhile = rate(victim, &running, &mut ledgers, meanwhile).await?;
    let attacker = (slow.spent()? - spent) / began.elapsed().as_secs_f64();
    let open = (opened, open(&running)?);
    drop(slow);
    for ledger in &ledgers {
        ledger.look(victim)?;
    }
    Ok(Outcome {
        open,
        before,
        meanwhile,
        attacker,
    })
}

/// Requests for sets, in the ledger of each worker; and the names of their linked services.
fn prepared(
    victim: &Victim,
    running: &Running,
    ledgers: &mut [Ledger],
    prefix: &str,
    sets: usize,
) -> Result<Vec<Vec<String>>> {
    let of = (&victim.issuer, &victim.installation);
    let workers = ledgers.iter_mut().enumerate();
    let all = workers.map(|(worker, ledger)| {
        let names = (0..sets / WORKERS).map(|number| format!("{prefix}-{worker}-{number}"));
        let names: Vec<String> = names.collect();
        for name in &names {
            let request = Request::set(of, &running.keys, name, credential(name, 1))?;
            ledger.sent(name, request);
        }
        Ok(names)
    });
    all.collect()
}

/// Acknowledged sets per second.
async fn rate(
    victim: &Victim,
    running: &Running,
    ledgers: &mut [Ledger],
    prepared: Vec<Vec<String>>,
) -> Result<f64> {
    let mut ready = Vec::new();
    for (ledger, names) in ledgers.iter_mut().zip(prepared) {
        let peer = running.serving.peer(&victim.installation)?;
        ready.push((ledger, names, peer.connect().await?));
    }
    let began = Instant::now();
    let work = ready
        .into_iter()
        .map(async |(ledger, names, mut connection)| {
            for name in &names {
                let request = ledger.unanswered(name).context("it was not prepared")?;
                let answer = request.send(&mut connection).await?;
                ensure!(answer.status == 201, "a set's answer: {}", answer.status);
                ledger.acknowledged(name, &answer.body)?;
            }
            anyhow::Ok(names.len())
        });
    let mut acknowledged = 0;
    for done in join_all(work).await {
        acknowledged += done?;
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

    /// Seconds of processors.
    fn spent(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // After the name, which may have spaces: fields 14 and 15 of proc_pid_stat(5).
        let (_, fields) = stat.rsplit_once(')').context("no name in stat")?;
        let ticks: f64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|field| field.parse::<f64>().ok())
            .sum();
        Ok(ticks / rustix::param::clock_ticks_per_second() as f64)
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
