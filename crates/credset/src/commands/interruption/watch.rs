//! A thread that takes the signals: whoever reads a secret, or waits for a file, cannot.

use std::future::poll_fn;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;

use super::stopped;
use crate::failure::{Cause, Failure};
use crate::quiet_terminal;
use crate::terminal::Terminal;

/// How many [`Signals`] there are.
static LISTENING: AtomicUsize = AtomicUsize::new(0);
static ARRIVED: Notify = Notify::const_new();

/// Signals are listened for as long as this lives: none of them ends the process.
pub(crate) struct Signals(());

/// Watches for signals until the process ends.
///
/// # Errors
/// When the system does not let it.
pub(crate) fn watch(terminal: Terminal) -> Result<(), Failure> {
    let fail = |error: std::io::Error| Failure::new(Cause::Local, "signals", error.to_string());
    let runtime = Builder::new_current_thread().enable_io().build();
    let runtime = runtime.map_err(fail)?;
    let signals = signals(&runtime).map_err(fail)?;
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || runtime.block_on(take(signals, terminal)))
        .map_err(fail)?;
    Ok(())
}

impl Signals {
    /// From here on.
    pub(crate) fn listen() -> Self {
        LISTENING.fetch_add(1, Ordering::SeqCst);
        Self(())
    }

    /// Waits for one; also for one that arrived since the last was waited for.
    pub(crate) async fn next(&self) {
        ARRIVED.notified().await;
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        LISTENING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Those that are taken. Whoever started this program may have had it ignore some, as `nohup` does: they stay ignored.
fn signals(runtime: &Runtime) -> std::io::Result<Vec<Signal>> {
    let _inside = runtime.enter();
    let ignored = ignored();
    [
        SignalKind::interrupt(),
        SignalKind::terminate(),
        SignalKind::hangup(),
        SignalKind::quit(),
    ]
    .into_iter()
    .filter(|kind| ignored >> (kind.as_raw_value() - 1) & 1 == 0)
    .map(signal)
    .collect()
}

/// A bit for each signal that is ignored; only Linux says it to whoever must not ask by unsafe means.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bits = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.unwrap_or(0)
}

async fn take(mut signals: Vec<Signal>, terminal: Terminal) {
    loop {
        poll_fn(|context| {
            let mut ready = false;
            // Each of them, so that each wakes this.
            for signal in &mut signals {
                ready |= signal.poll_recv(context).is_ready();
            }
            if ready {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        if LISTENING.load(Ordering::SeqCst) > 0 {
            ARRIVED.notify_one();
        } else {
            let _shown = quiet_terminal::shown_for_good();
            let failure = stopped();
            terminal.failure(&failure);
            std::process::exit(failure.cause.code().into());
        }
    }
}
