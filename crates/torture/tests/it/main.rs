//! The short form of `cargo xtask torture`, in every run of the tests. The gateway's program is `CREDENTIAL_GATEWAY_BIN`: `cargo xtask test unit`
//! sets it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

use std::path::PathBuf;

use torture::faults::{self, CALLS, Fault};
use torture::victim::Victim;
use torture::{clock_jumps, full_disk, kills, shared_store};

fn program() -> PathBuf {
    let program = std::env::var_os("CREDENTIAL_GATEWAY_BIN");
    program
        .expect("CREDENTIAL_GATEWAY_BIN: `cargo xtask test unit` sets it")
        .into()
}

fn victim() -> Victim {
    Victim::make(&program(), tempfile::tempdir().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_takes_what_was_acknowledged() {
    let options = kills::Options {
        kills: 8,
        records: 100,
        workers: 4,
        seed: fastrand::u64(..),
    };
    let outcome = kills::torture(&victim(), options).await;
    let outcome = outcome.unwrap_or_else(|error| panic!("{options:?}: {error:#}"));
    assert!(
        outcome.acknowledged > 0 && outcome.while_starting > 0,
        "{outcome:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_and_no_crash_of_a_shared_store_takes_what_was_acknowledged() {
    let options = kills::Options {
        kills: 6,
        records: 50,
        workers: 4,
        seed: fastrand::u64(..),
    };
    let outcome = shared_store::torture(&program(), options).await;
    let outcome = outcome.unwrap_or_else(|error| panic!("{options:?}: {error:#}"));
    assert!(outcome.acknowledged > 0, "{outcome:?}");
}

/// Each kind of call, at some of its places.
async fn faults(fault: Fault, at: impl Fn(usize) -> bool) -> faults::Outcome {
    let outcome = faults::torture(&victim(), &CALLS, fault, at).await;
    let outcome = outcome.unwrap_or_else(|error| panic!("{error:#}"));
    assert!(outcome.faults >= CALLS.len(), "{outcome:?}");
    outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn no_call_that_fails_takes_what_was_acknowledged() {
    let outcome = faults(Fault::Error("EIO"), |number| number % 11 == 3).await;
    assert!(outcome.refused > 0, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_at_a_call_takes_what_was_acknowledged() {
    let outcome = faults(Fault::Kill, |number| number % 11 == 5).await;
    assert!(outcome.ended > 0, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_takes_nothing_and_is_got_over_without_a_restart() {
    full_disk::torture(&program())
        .await
        .unwrap_or_else(|error| panic!("{error:#}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_takes_nothing_and_makes_no_used_ticket_valid() {
    let outcome = clock_jumps::torture(&victim()).await;
    outcome.unwrap_or_else(|error| panic!("{error:#}"));
}
