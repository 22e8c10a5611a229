//! The page's components, mounted in a real browser: what a person meets, without a gateway. Answers come from a stand-in for
//! `fetch`; nothing sleeps and nothing reaches the network.
#![cfg(target_arch = "wasm32")]

mod gateway;
mod stage;

mod fields;
mod notices;
mod saving;
mod secrets;
mod tickets;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
