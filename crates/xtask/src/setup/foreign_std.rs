//! Rust's standard library for systems that this machine is not: enough to check what is compiled for them. Only the tests need it.

use std::process::Command;
use std::time::Duration;

use super::wasm_std::sysroot;
use crate::{process, terminal};

/// What the command-line tool is meant for beside Linux.
const TARGETS: [&str; 2] = ["x86_64-pc-windows-gnu", "aarch64-apple-darwin"];

/// Finds or installs what rustup has; the targets that can be compiled for.
pub fn ensure() -> Vec<&'static str> {
    let there = |target: &str| {
        sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib").join(target).is_dir())
    };
    if !TARGETS.into_iter().all(there) {
        terminal::step(
            format!("rustup target add {}", TARGETS.join(" ")),
            "the command-line tool is checked for other systems",
        );
        let mut rustup = Command::new("rustup");
        rustup.args(["target", "add"]).args(TARGETS);
        if let Err(error) = process::run_within(&mut rustup, Duration::from_secs(180)) {
            terminal::note(format!(
                "{error:#}: the command-line tool is not checked for other systems"
            ));
        }
    }
    TARGETS.into_iter().filter(|target| there(target)).collect()
}
