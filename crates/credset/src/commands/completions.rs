//! `completions` and `man`: for whoever packages this program.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::{Arguments, General};
use crate::failure::{Cause, Failure};
use crate::whole_file;

#[derive(Args)]
pub(crate) struct Completions {
    /// For this shell.
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Args)]
pub(crate) struct Man {
    /// Write a page for each command into this folder [default: print the program's].
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl Completions {
    pub(crate) fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let mut written = Vec::new();
        let mut command = Arguments::command();
        clap_complete::generate(self.shell, &mut command, "credset", &mut written);
        general
            .terminal()
            .text(&String::from_utf8_lossy(&written))?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Man {
    pub(crate) fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let mut command = Arguments::command();
        command.build();
        let Some(folder) = self.dir else {
            general.terminal().text(&page(command)?)?;
            return Ok(ExitCode::SUCCESS);
        };
        std::fs::create_dir_all(&folder).map_err(|error| Failure::file(&folder, "made", &error))?;
        for command in with_subcommands(command) {
            let name = command.get_display_name().unwrap_or("credset").to_owned();
            let path = folder.join(format!("{name}.1"));
            whole_file::replace(&path, page(command)?.as_bytes())
                .map_err(|error| Failure::file(&path, "written", &error))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn with_subcommands(command: clap::Command) -> Vec<clap::Command> {
    let visible = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set() && inner.get_name() != "help");
    let inner: Vec<_> = visible.cloned().flat_map(with_subcommands).collect();
    std::iter::once(command).chain(inner).collect()
}

fn page(command: clap::Command) -> Result<String, Failure> {
    let mut written = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut written)
        .map_err(|error| Failure::new(Cause::Local, "man", error.to_string()))?;
    Ok(String::from_utf8_lossy(&written).into_owned())
}
