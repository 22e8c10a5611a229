//! How long `cargo xtask run` takes on a built tree until its links are printed.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::sample::Sample;
use crate::table::{Row, Section};

/// Starts, the first of which only makes sure that everything is built.
const STARTS: usize = 6;
/// In seconds.
const GOAL: f64 = 5.0;
const SUBJECT: &str = "`cargo xtask run` on a built tree until the links are printed";

pub(crate) fn measure() -> Result<Section> {
    let section = |row| Section {
        title: "Starting".into(),
        method: format!(
            "Started {} times after one unmeasured start, ended with SIGINT once both links were printed.",
            STARTS - 1
        ),
        rows: vec![row],
        detail: String::new(),
    };
    if TcpListener::bind(("127.0.0.1", 8050)).is_err() {
        return Ok(section(Row::not_measured(
            SUBJECT,
            "port 8050 is taken by another program",
        )));
    }
    let mut seconds = Vec::new();
    for start in 0..STARTS {
        let taken = once()?;
        if start > 0 {
            seconds.push(taken);
        }
    }
    let sample = Sample::new(seconds).context("no starts")?;
    let slowest = sample.percentile(100.0);
    let figure = format!("{:.2} s median, {slowest:.2} s slowest", sample.median());
    Ok(section(
        Row::new(SUBJECT, figure)
            .ratio(format!("{:.2} of the goal", sample.median() / GOAL))
            .goal("≤ 5 s", slowest <= GOAL),
    ))
}

fn once() -> Result<f64> {
    let started = Instant::now();
    let mut child = Command::new("cargo")
        .args(["xtask", "run"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("cargo cannot be started")?;
    let output = child.stdout.take().context("no output")?;
    let mut lines = BufReader::new(output).lines();
    let (mut portal, mut gateway) = (false, false);
    while let Some(Ok(line)) = lines.next() {
        gateway |= line.contains("https://localhost:8050");
        portal |= line.contains("http://localhost:8051");
        if portal && gateway {
            break;
        }
    }
    let taken = started.elapsed().as_secs_f64();
    // What it still prints must have a reader, or it could wait for one for ever.
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    interrupt(&mut child)?;
    let _ = reader.join();
    if !(portal && gateway) {
        bail!("`cargo xtask run` ended before it had printed its links");
    }
    Ok(taken)
}

/// Ctrl-C, then waits for the end.
fn interrupt(child: &mut Child) -> Result<()> {
    Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .context("kill")?;
    let deadline = Instant::now() + Duration::from_secs(20);
    while child.try_wait()?.is_none() {
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("`cargo xtask run` did not end on SIGINT");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
