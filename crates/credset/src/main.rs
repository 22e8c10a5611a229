//! `credset`: the same job as the page's, from a terminal or a pipeline.

// What a run ends with, and what is printed.
mod failure;
mod trouble;

mod terminal;
mod test_report;

// The command line.
mod arguments;
mod refused_arguments;

mod commands;

// What is set: a form, its secrets, and the permission to set it.
mod credential_form;
mod key_file;
mod linked_service_file;
#[cfg(unix)]
mod quiet_terminal;
mod secret_source;
mod ticket_source;

// Whom it is set at.
mod gateway_address;
mod gateway_client;
mod http_answer;
mod tls_trust;

// Why that gateway is believed.
mod fingerprint;
mod key_document;
mod known_gateways;
mod primality;
mod signed_receipt;

// Files and memory.
mod memory;
mod spelling;

#[cfg(test)]
mod tests;
mod whole_file;

use std::alloc::System;
use std::process::ExitCode;

/// Wipes every allocation when it is freed: whatever a library copied of a secret does not outlive its use.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<System> = zeroizing_alloc::ZeroAlloc(System);

fn main() -> ExitCode {
    commands::main()
}
