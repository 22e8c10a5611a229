//! End to end: Chromium, the demo portal, the gateway's page and a real gateway process.
//!
//! `cargo xtask test` builds what these tests drive and names it in the environment: `CREDENTIAL_GATEWAY_BIN`,
//! `DEMO_PORTAL_BIN` and `PAGE_DIR`. Each test has its own gateway, portal, folders and browser, on ports of their own.
#![cfg(not(target_arch = "wasm32"))]

mod harness;

mod accessibility;
mod captured_secrets;
mod console;
mod copy_wizard;
mod editing;
mod element;
mod examples;
mod failures;
mod flipped_bytes;
mod framing;
mod head_start;
mod hostile_secrets;
mod identity;
mod key_files;
mod keyboard;
mod languages;
mod leaks;
mod lifetime;
mod many_saves;
mod pasting;
mod published;
mod residue;
mod restart;
mod rotation;
mod screenshots;
mod set_credential;
mod substituted_keys;
mod tampered_page;
mod ticket_in_url;
mod ticket_status;
mod trials;
mod without_webassembly;
mod wizard;
