//! Does opening take longer for one kind of failure than for another? `cargo xtask timing`.
//!
//! RFC 7516 section 11.5 wants no difference. Envelopes that fail in different ways are opened in random order, and each way is compared
//! with one whose key unwraps and whose tag is wrong: Welch's t over the processor's time for the thread, of all samples and of those below the
//! 90th and the 50th percentile, where a small difference is not drowned by interruptions. From |t| = 4.5 on, dudect (Reparaz, Balasch, Verbauwhede, 2017) calls a difference proven.
//!
//! An encrypted key that is a number above the modulus is not among them: it is refused before the private-key operation, and
//! whoever sends it knows that it is.

mod classes;
mod statistics;

use std::io::{self, Write};
use std::process::ExitCode;

use envelope::{EnvelopePrivateKey, open};
use rustix::time::{ClockId, clock_gettime};

use classes::{CLASSES, Class, binding};
use statistics::{Times, welch};

/// From here on a difference is taken for proven.
const LIMIT: f64 = 4.5;

/// Samples in all, unless the command line says another number.
const SAMPLES: usize = 400_000;

/// Different envelopes of each class.
const POOL: usize = 64;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let samples = match std::env::args().nth(1) {
        Some(number) => number.parse()?,
        None => SAMPLES,
    };
    let key = EnvelopePrivateKey::generate()?;
    let pools: Vec<_> = CLASSES
        .iter()
        .map(|class| (0..POOL).map(|_| class.envelope(&key)).collect())
        .collect::<Vec<Vec<_>>>();
    let expected = binding();
    let mut times: Vec<Vec<f64>> =
        vec![Vec::with_capacity(samples / CLASSES.len() * 2); CLASSES.len()];
    let mut random = Vec::new();
    for sample in 0..samples {
        if random.len() < 3 {
            random = vec![0; 3072];
            aws_lc_rs::rand::fill(&mut random).map_err(|_| "no randomness")?;
        }
        // Two octets for the class: the remainder favours none by more than one in ten thousand.
        let mut octet = || usize::from(random.pop().unwrap_or_default());
        let class = (octet() << 8 | octet()) % CLASSES.len();
        let envelope = &pools[class][octet() % POOL];
        let start = thread_nanoseconds();
        let outcome = open(envelope, &key, &expected);
        let time = thread_nanoseconds() - start;
        if outcome.is_ok() {
            return Err(format!("{} was opened", CLASSES[class].name).into());
        }
        // The first are slower, whichever they are.
        if sample >= samples / 100 {
            times[class].push(time as f64);
        }
    }
    let times: Vec<_> = times.into_iter().map(Times::new).collect();
    report(&CLASSES, &times)
}

/// What this thread has had of the processor.
fn thread_nanoseconds() -> i64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn report(classes: &[Class], times: &[Times]) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "RSA-3072, microseconds of processor time; t against the first line"
    )?;
    writeln!(
        out,
        "{:<44} {:>8} {:>9} {:>9} {:>9} {:>9}",
        "what fails", "samples", "median", "t, all", "t, 90 %", "t, 50 %"
    )?;
    let crops = [1.0, 0.9, 0.5].map(|share| Times::percentile(times, share));
    let mut worst: f64 = 0.0;
    for (class, own) in classes.iter().zip(times) {
        let t = crops.map(|crop| welch(&times[0].summary(crop), &own.summary(crop)));
        // By total order: what cannot be computed counts as the largest, and is no pass.
        for t in t.map(f64::abs) {
            if t.total_cmp(&worst).is_gt() {
                worst = t;
            }
        }
        writeln!(
            out,
            "{:<44} {:>8} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
            class.name,
            own.count(),
            own.median() / 1000.0,
            t[0],
            t[1],
            t[2]
        )?;
    }
    let verdict = if worst < LIMIT {
        "no difference shown"
    } else {
        "a difference is shown"
    };
    writeln!(out, "largest |t| {worst:.2}, limit {LIMIT}: {verdict}")?;
    Ok(if worst < LIMIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
