//! The page's components, mounted in a real browser: what a person meets, without a gateway. Answers come from a stand-in for
//! `fetch`; nothing sleeps and nothing reaches the network.
#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed; clippy exempts only functions marked as tests"
)]

mod gateway;
mod identity;
mod key_reader;
mod stage;

mod documents;
mod editing;
mod fields;
mod headings;
mod key_files;
mod notices;
mod pasting;
mod rotation;
mod saving;
mod secrets;
mod statements;
mod tickets;
mod trials;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
