//! Credentials set per second: every one opened, protected, stored and audited before its answer.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use envelope::context::{Binding, Operation};
use envelope::protocol::credential_path;

use crate::gateway::Gateway;
use crate::job;
use crate::run::Run;
use crate::sample::{Sample, figure, grouped};
use crate::table::{Row, Section};

/// Connections at the same time, in turn.
const CONNECTIONS: [usize; 3] = [1, 8, 32];
/// No stage takes longer than this.
const LIMIT: Duration = Duration::from_secs(15);
/// Unmeasured sets at the beginning of each stage, one per cent of which is too few to matter.
const WARM_UP: usize = 64;

/// One prepared request.
struct Request {
    path: String,
    ticket: String,
    envelope: String,
}

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let gateway = Gateway::start(&run.gateway, &run.page, &run.issuer)?;
    // Before the load: afterwards the disk is still busy with it.
    let syncs = syncs_per_second(&gateway)?;
    let mut rows = Vec::new();
    let mut set = 0;
    for (stage, connections) in CONNECTIONS.into_iter().enumerate() {
        // One connection is bound by the disk and needs fewer.
        let count = WARM_UP
            + if connections == 1 {
                run.options.sets / 4
            } else {
                run.options.sets
            };
        let requests = prepare(run, &gateway, stage, count).await?;
        let (sample, seconds) = load(&gateway, requests, connections).await?;
        let rate = sample.count() as f64 / seconds;
        set += sample.count();
        let latency = format!(
            "{} ms median, {} ms at 99 %",
            figure(sample.median()),
            figure(sample.percentile(99.0))
        );
        rows.push(
            Row::new(
                format!(
                    "sets per second, {connections} {}",
                    if connections == 1 {
                        "connection"
                    } else {
                        "connections"
                    }
                ),
                format!("{} /s", grouped(rate)),
            )
            .beside("latency", latency)
            .beside("sets", grouped(sample.count() as f64)),
        );
    }
    let stored = gateway.stored()?;
    ensure!(
        stored >= set,
        "{set} sets were acknowledged but {stored} are stored"
    );
    rows.push(Row::new(
        "this disk: append a line and sync it",
        format!("{} /s", grouped(syncs)),
    ));
    Ok(Section {
        title: "Setting credentials".into(),
        method: "A real gateway over TLS 1.3 with its synced store (SQLite, `synchronous=FULL`) and synced audit, connections kept alive, one request \
                 at a time on each. Tickets and envelopes (RSA-3072) are made before the clock starts; the load generator shares the machine with \
                 the gateway. A set that is not answered with 201 or 200 ends the run, and afterwards `credential-gateway list` has to show every acknowledged one."
            .into(),
        rows,
        detail: String::new(),
    })
}

async fn prepare(run: &Run, gateway: &Gateway, stage: usize, count: usize) -> Result<Vec<Request>> {
    let (keys, kid) = gateway.keys().await?;
    let key = keys.select(&kid).map_err(|refusal| anyhow!("{refusal}"))?;
    (0..count)
        .map(|number| {
            let (ticket, claims) = run.issuer.ticket(
                &gateway.id,
                &kid,
                &format!("sets-{stage}-{number}"),
                job::KIND,
            )?;
            let envelope = job::sealed(key, &Binding::from_ticket(&claims, Operation::Set))?;
            Ok(Request {
                path: credential_path(&claims.df, &claims.ls),
                ticket,
                envelope: envelope.as_str().to_owned(),
            })
        })
        .collect()
}

/// Latencies in milliseconds after the warm-up, and the seconds they took together.
async fn load(
    gateway: &Gateway,
    requests: Vec<Request>,
    connections: usize,
) -> Result<(Sample, f64)> {
    let peer = gateway.peer()?;
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(peer.connect().await?);
    }
    let started = Instant::now();
    let workers: Vec<_> = open
        .into_iter()
        .map(|mut connection| {
            let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
            tokio::spawn(async move {
                let mut done = Vec::new();
                while started.elapsed() < LIMIT {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(request) = requests.get(number) else {
                        break;
                    };
                    let begun = Instant::now();
                    let answer = connection
                        .put(&request.path, &request.ticket, &request.envelope)
                        .await?;
                    if !matches!(answer.status, 200 | 201) {
                        bail!(
                            "the gateway answered {}: {}",
                            answer.status,
                            String::from_utf8_lossy(&answer.body)
                        );
                    }
                    if number >= WARM_UP {
                        done.push((begun, begun.elapsed()));
                    }
                }
                Ok(done)
            })
        })
        .collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.context("a worker ended")??);
    }
    let begun = done
        .iter()
        .map(|(begun, _)| *begun)
        .min()
        .context("nothing was set")?;
    let ended = done
        .iter()
        .map(|(begun, took)| *begun + *took)
        .max()
        .context("nothing was set")?;
    let latencies: Vec<Duration> = done.into_iter().map(|(_, took)| took).collect();
    Ok((
        Sample::of_durations(&latencies).context("nothing was set")?,
        (ended - begun).as_secs_f64(),
    ))
}

/// What one line at a time would reach on the disk that the store lies on.
fn syncs_per_second(gateway: &Gateway) -> Result<f64> {
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(gateway.data_folder().join("sync-test"))?;
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < Duration::from_secs(2) {
        file.write_all(&[b'x'; 400])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}
