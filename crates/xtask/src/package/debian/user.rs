//! The user that the package makes, and what is run as it.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use anyhow::{Result, ensure};

use super::PROGRAM;
use crate::process;

/// Whom the service runs as.
pub(super) struct User {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl User {
    pub(super) fn named(name: &str) -> Result<Self> {
        let number = |option: &str| -> Result<u32> {
            let said = process::capture(Command::new("id").args([option, name]))?;
            Ok(said.trim().parse()?)
        };
        let (user, group) = (number("--user")?, number("--group")?);
        ensure!(user != 0 && group != 0, "the service would run as root");
        Ok(Self { user, group })
    }

    /// The program as this user, without root's groups and capabilities.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.uid(self.user).gid(self.group).current_dir("/");
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Result<String> {
        process::capture(self.command(PROGRAM).args(arguments))
    }
}
