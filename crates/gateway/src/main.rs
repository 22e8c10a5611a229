//! `credential-gateway`.

use std::alloc::System;
use std::process::ExitCode;

/// Wipes every allocation when it is freed: whatever a library copied of a secret does not outlive its use.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<System> = zeroizing_alloc::ZeroAlloc(System);

fn main() -> ExitCode {
    gateway::cli::main()
}
