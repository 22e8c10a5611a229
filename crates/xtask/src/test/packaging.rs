//! The npm package and the Debian package, made and looked at.

use anyhow::{Result, ensure};

use super::counts::Counts;
use crate::package::debian::{self, Contents, Packing};
use crate::package::npm;
use crate::workspace::Workspace;
use crate::{page, programs, terminal};

pub(super) fn run(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let package = npm::build(workspace)?;
    npm::checks::all(workspace, &package, |name, result| {
        count(counts, name, result);
    })?;
    of_debian(workspace, counts)?;
    ensure!(counts.failed == 0, "the packages are not as they should be");
    Ok(())
}

/// Of the program as the other tests have compiled it: what is tried is the package, not its speed.
fn of_debian(workspace: &Workspace, counts: &mut Counts) -> Result<()> {
    let contents = Contents {
        page: page::build(workspace)?.folder,
        gateway: programs::build_for_tests(workspace)?.gateway,
    };
    let package = debian::build(workspace, &contents, Packing::Quickest)?;
    debian::checks::of_files(workspace, &package, |name, result| {
        count(counts, name, result);
    });
    if rustix::process::geteuid().is_root() {
        let credset = programs::credset_for_tests(workspace)?;
        debian::checks::of_installation(&package, &credset, |name, result| {
            count(counts, name, result);
        });
    } else {
        terminal::note("only root can install the Debian package: that is not tested");
        counts.skipped += 1;
    }
    Ok(())
}

fn count(counts: &mut Counts, name: &str, result: Result<()>) {
    match result {
        Ok(()) => {
            counts.passed += 1;
            terminal::say(format!("test {name} ... ok"));
        }
        Err(error) => {
            counts.failed += 1;
            terminal::say(format!("test {name} ... FAILED"));
            terminal::error(&error);
        }
    }
}
