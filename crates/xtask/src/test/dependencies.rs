//! What we depend on: licences, sources and known flaws by cargo-deny; who may depend on whom by cargo's own tree.

mod shape;

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{process, setup, terminal};

pub(super) use shape::check as shape;

/// How cargo-deny begins to say that the database of advisories is out of reach.
const OUT_OF_REACH: &str = "failed to fetch advisory database";

pub(super) fn deny(workspace: &Workspace) -> Result<()> {
    let program = setup::cargo_deny::ensure(workspace)?;
    let check = |which: &[&str]| {
        let mut command = Command::new(&program);
        command
            .current_dir(workspace.root())
            .args(["--workspace", "--locked", "check"])
            .args(which);
        // A connection that stands still is given up.
        command
            .env("GIT_HTTP_LOW_SPEED_LIMIT", "1")
            .env("GIT_HTTP_LOW_SPEED_TIME", "30")
            .env("GIT_TERMINAL_PROMPT", "0");
        command
    };
    process::run(&mut check(&["bans", "licenses", "sources"]))?;

    let (succeeded, said) = process::transcript(&mut check(&["advisories"]))?;
    if said.contains(OUT_OF_REACH) {
        terminal::note(
            "advisories were not checked: the database at github.com/RustSec is out of reach",
        );
        return Ok(());
    }
    terminal::say(said.trim());
    if !succeeded {
        bail!("there are advisories about what we depend on");
    }
    Ok(())
}
