//! Kills a real gateway, breaks its calls to the system, fills its disk and holds its connections, while credentials are set; then looks
//! whether everything that was acknowledged is there, and nothing half.
//!
//! | module | what it does |
//! |---|---|
//! | [`victim`] | the gateway, as it is installed for this, and how it is looked at |
//! | [`ledger`] | what was acknowledged, and whether it is there |
//! | [`worker`] | sets credentials until the gateway is gone |
//! | [`kills`] | SIGKILL at random moments |
//! | [`shared_store`] | the same with the store in a PostgreSQL, which crashes, too |
//! | [`faults`] | an error, or SIGKILL, at every call to the system on the gateway's files |
//! | [`full_disk`] | a disk without room, and with it again |
//! | [`clock_jumps`] | a clock that jumps, forward and back |
//! | [`slow`] | thousands of connections that hardly move |

pub mod victim;

pub mod ledger;

pub mod worker;

pub mod kills;

pub mod shared_store;

pub mod faults;

pub mod full_disk;

pub mod clock_jumps;

pub mod slow;

/// A PostgreSQL of our own, as the tests have it.
#[path = "../../probe/tests/it/server.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "shared with the tests"
)]
mod postgresql_server;
