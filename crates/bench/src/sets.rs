//! Credentials set per second: every one opened, protected, stored and audited before its answer.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use envelope::credential::Credential;
use load::{Gateway, Request};

use crate::full_store;
use crate::job;
use crate::run::Run;
use crate::sample::{Sample, figure, grouped};
use crate::table::{Row, Section};

/// Connections at the same time, in turn.
const CONNECTIONS: [usize; 3] = [1, 8, MOST];
const MOST: usize = 32;
/// No stage takes longer than this.
const LIMIT: Duration = Duration::from_secs(15);
/// Of a set that was stored.
pub(crate) const STORED: &[u16] = &[200, 201];
/// Of one whose envelope was opened, and whose content was refused.
const OPENED: &[u16] = &[422];
/// Sets per second, with the most connections.
const GOAL: f64 = 1000.0;
/// 99th percentile, in milliseconds.
const GOAL_LATENCY: f64 = 100.0;
/// Of what the same server does when it opens the envelope and stores nothing.
const GOAL_SHARE: f64 = 0.5;
/// Unmeasured sets at the beginning of each stage, one per cent of which is too few to matter.
pub(crate) const WARM_UP: usize = 64;

pub(crate) async fn measure(run: &Run) -> Result<Section> {
    let gateway = Gateway::start(&run.gateway, &run.page, &run.issuer)?;
    // Before the load: afterwards the disk is still busy with it.
    let syncs = syncs_per_second(&gateway)?;
    let (mut rows, mut set) = (Vec::new(), 0);
    let mut most = 0.0;
    for connections in CONNECTIONS {
        // One connection is bound by the disk and needs fewer.
        let count = match connections {
            1 => run.options.sets / 4,
            _ => run.options.sets,
        };
        let what = format!("sets-{connections}");
        let requests = prepare(run, &gateway, &what, WARM_UP + count, job::credential).await?;
        let (sample, seconds) = load(&gateway, requests, connections, STORED).await?;
        most = sample.count() as f64 / seconds;
        set += sample.count();
        let row = row("sets", connections, most, &sample);
        rows.push(if connections == MOST {
            let holds = most >= GOAL && sample.percentile(99.0) <= GOAL_LATENCY;
            row.goal("≥ 1,000 /s, 99 % in ≤ 100 ms", holds)
        } else {
            row
        });
    }
    let requests = prepare(run, &gateway, "opened", run.options.sets, incomplete).await?;
    let (sample, seconds) = load(&gateway, requests, MOST, OPENED).await?;
    let opened = sample.count() as f64 / seconds;
    let share = most / opened;
    rows.push(
        row(
            "opened, found incomplete and refused",
            MOST,
            opened,
            &sample,
        )
        .ratio(format!("sets are {share:.2} of it"))
        .goal("sets ≥ 0.5 of it", share >= GOAL_SHARE),
    );
    rows.push(Row::new(
        "this disk: append a line and sync it",
        format!("{} /s", grouped(syncs)),
    ));
    let stored = gateway.installation.stored()?;
    ensure!(
        stored >= set,
        "{set} sets were acknowledged but {stored} are stored"
    );
    let missing = full_store::RECORDS.saturating_sub(stored);
    if missing > 0 {
        let requests = prepare(run, &gateway, "more", WARM_UP + missing, job::credential).await?;
        load(&gateway, requests, MOST, STORED).await?;
    }
    rows.extend(full_store::rows(gateway)?);
    Ok(Section {
        title: "Setting credentials".into(),
        method: "A real gateway over TLS 1.3 with its synced store (SQLite, `synchronous=FULL`) and synced audit, connections kept alive, one request \
                 at a time on each. Tickets and envelopes (RSA-3072) are made before the clock starts; the load generator shares the machine with \
                 the gateway. A set that is not answered with 201 or 200 ends the run, and afterwards `credential-gateway list` has to show every acknowledged one. \
                 Beside it the same server with envelopes in which a field is missing: it opens them, refuses them (422) and stores nothing. \
                 The full store is what all of these sets have left, filled up; memory is `VmRSS` once it listens, and at its highest (`VmHWM`)."
            .into(),
        rows,
        detail: String::new(),
    })
}

fn row(what: &str, connections: usize, rate: f64, sample: &Sample) -> Row {
    let plural = if connections == 1 { "" } else { "s" };
    let latency = format!(
        "{} ms median, {} ms at 99 %",
        figure(sample.median()),
        figure(sample.percentile(99.0))
    );
    Row::new(
        format!("{what} per second, {connections} connection{plural}"),
        format!("{} /s", grouped(rate)),
    )
    .beside("latency", latency)
    .beside("requests", grouped(sample.count() as f64))
}

pub(crate) async fn prepare(
    run: &Run,
    gateway: &Gateway,
    what: &str,
    count: usize,
    credential: fn() -> Credential,
) -> Result<Vec<Request>> {
    let keys = gateway.keys().await?;
    let of = (&run.issuer, &gateway.installation);
    (0..count)
        .map(|number| Request::set(of, &keys, &format!("{what}-{number}"), credential()))
        .collect()
}

/// One that the gateway opens, finds a field missing in, and refuses.
fn incomplete() -> Credential {
    let mut credential = job::credential();
    credential.properties.remove(job::TYPED[0].0);
    credential
}

/// Latencies in milliseconds after the warm-up, and the seconds they took together.
pub(crate) async fn load(
    gateway: &Gateway,
    requests: Vec<Request>,
    connections: usize,
    expected: &'static [u16],
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
                    let answer = request.send(&mut connection).await?;
                    if !expected.contains(&answer.status) {
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
        .open(gateway.installation.data_folder().join("sync-test"))?;
    let started = Instant::now();
    let mut count = 0;
    while started.elapsed() < Duration::from_secs(2) {
        file.write_all(&[b'x'; 400])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / started.elapsed().as_secs_f64())
}
