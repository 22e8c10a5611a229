//! The command line: how large it is, and how long it takes to start.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use crate::run::Run;
use crate::sample::{Sample, grouped};
use crate::table::{Row, Section};

const STARTS: usize = 50;
/// In bytes.
const SIZE_GOAL: u64 = 6_000_000;
/// In milliseconds.
const START_GOAL: f64 = 20.0;

pub(crate) fn measure(run: &Run) -> Result<Section> {
    let size = fs::metadata(&run.credset)
        .with_context(|| format!("{}", run.credset.display()))?
        .len();
    let mut durations = Vec::new();
    for start in 0..=STARTS {
        let begun = Instant::now();
        let status = Command::new(&run.credset)
            .arg("--help")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()?;
        ensure!(status.success(), "`credset --help` failed");
        // The first one reads the file from the disk.
        if start > 0 {
            durations.push(begun.elapsed());
        }
    }
    let sample = Sample::of_durations(&durations).context("no starts")?;
    Ok(Section {
        title: "Command line".into(),
        method: format!(
            "The size of `credset`, stripped and as it is built by `cargo xtask bench`; `credset --help` {STARTS} times after one unmeasured start, from the call to its end."
        ),
        rows: vec![
            Row::new(
                "size of `credset`",
                format!("{} bytes", grouped(size as f64)),
            )
            .goal("≤ 6 MB", size <= SIZE_GOAL),
            Row::new("starting `credset`", sample.in_milliseconds())
                .goal("≤ 20 ms", sample.percentile(95.0) <= START_GOAL),
        ],
        detail: String::new(),
    })
}
