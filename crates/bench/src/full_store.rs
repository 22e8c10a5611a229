//! What a gateway with many credentials needs: memory, and time to start.

use std::fs;
use std::time::Instant;

use anyhow::{Context as _, Result};
use load::{Gateway, Serving};

use crate::sample::Sample;
use crate::table::Row;

/// As many credentials as the goals speak of.
pub(crate) const RECORDS: usize = 10_000;
const STARTS: usize = 10;
/// Milliseconds from the start until it listens.
const GOAL_START: f64 = 300.0;
/// Megabytes resident.
const GOAL_MEMORY: f64 = 40.0;

/// Starts it anew some times.
pub(crate) fn rows(gateway: Gateway) -> Result<Vec<Row>> {
    let Gateway {
        installation,
        serving,
    } = gateway;
    let worked = resident(&serving, "VmHWM")?;
    drop(serving);
    let (mut times, mut memory) = (Vec::new(), 0.0_f64);
    for _ in 0..STARTS {
        let began = Instant::now();
        let serving = installation.serve()?;
        times.push(began.elapsed().as_secs_f64() * 1000.0);
        memory = memory.max(resident(&serving, "VmRSS")?);
    }
    let times = Sample::new(times).context("no starts")?;
    let stored = installation.stored()?;
    let slowest = times.percentile(100.0);
    Ok(vec![
        Row::new(
            format!("start to ready, {stored} credentials"),
            format!("{:.0} ms median, {slowest:.0} ms slowest", times.median()),
        )
        .goal("≤ 300 ms", slowest <= GOAL_START),
        Row::new(
            format!("resident memory, {stored} credentials"),
            format!("{memory:.1} MB"),
        )
        .beside(
            "at its highest under the load above",
            format!("{worked:.1} MB"),
        )
        .goal("≤ 40 MB", memory <= GOAL_MEMORY),
    ])
}

/// A figure of /proc, in megabytes.
fn resident(serving: &Serving, name: &str) -> Result<f64> {
    let group = serving.group().context("it has ended")?;
    let status = fs::read_to_string(format!("/proc/{group}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    let kibibytes: f64 = number.context("no such figure")?.parse()?;
    Ok(kibibytes * 1024.0 / 1e6)
}
