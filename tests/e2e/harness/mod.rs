//! What a test drives: processes, a browser, the two pages, and a scanner for what must not be anywhere.

mod binaries;
mod browser;
#[path = "../../../crates/probe/tests/it/certificates.rs"]
#[allow(
    dead_code,
    clippy::unwrap_used,
    reason = "the probe's own tests use all of it"
)]
mod certificates;
pub(crate) mod core_file;
mod credential;
pub(crate) mod element_events;
mod engine;
mod family;
mod gateway;
mod gateway_page;
pub(crate) mod heap_snapshot;
mod held;
pub(crate) mod impostor;
mod key_document;
mod needles;
mod network_log;
pub(crate) mod picture;
mod portal;
#[path = "../../../crates/probe/tests/it/server.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]
mod postgresql;
mod process;
mod process_memory;
pub(crate) mod scanner;
mod site;
mod spelling;
mod stage;
pub(crate) mod tally;
mod ticket;
mod waiting;
mod wasm_memory;

pub(crate) use binaries::{
    axe as axe_script, examples as examples_folder, page as page_folder,
    references as references_folder, residue as residue_folder, screenshots as screenshots_folder,
};
pub(crate) use browser::{Browser, Keys};
pub(crate) use certificates::{Authority, Leaf};
pub(crate) use credential::{CredentialToType, PASSPHRASE, every_way_to_sign_in};
pub(crate) use engine::{Engine, in_each_engine};
pub(crate) use family::is_running;
pub(crate) use gateway::{Fingerprint, Gateway, Trials};
pub(crate) use gateway_page::{Entry, GatewayPage};
pub(crate) use held::Held;
pub(crate) use key_document::Substitution;
pub(crate) use network_log::put_requests;
pub(crate) use portal::Wizard;
pub(crate) use postgresql::{PASSWORD as POSTGRESQL_PASSWORD, Server as PostgreSql};
pub(crate) use process_memory::ProcessMemory;
pub(crate) use site::Site;
pub(crate) use stage::{Certificate, MACHINE, Network, Stage, StageOptions};
pub(crate) use ticket::TestTicket;
pub(crate) use waiting::eventually;
pub(crate) use wasm_memory::WasmMemory;
