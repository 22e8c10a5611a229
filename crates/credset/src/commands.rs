//! The commands.

pub(crate) mod set;

pub(crate) mod keys;
pub(crate) mod open_test;
pub(crate) mod post;
pub(crate) mod seal;

pub(crate) mod apply;
pub(crate) mod encrypt_value;

pub(crate) mod doctor;

pub(crate) mod completions;

pub(crate) mod interruption;
mod sealing;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command};
use crate::failure::{Cause, Failure};
use crate::memory;

/// Reads the arguments, runs the command, prints what went wrong.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = arguments.general.terminal();
    match run(arguments) {
        Ok(code) => code,
        Err(failure) => {
            terminal.failure(&failure);
            failure.exit()
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    // Before anything is read.
    memory::keep_private()?;
    interruption::watch(arguments.general.terminal())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Cause::Local, "runtime", error.to_string()))?;
    let general = arguments.general;
    let done = runtime.block_on(async {
        match arguments.command {
            Command::Set(set) => set.run(&general).await,
            Command::Seal(seal) => seal.run(&general),
            Command::Post(post) => post.run(&general).await,
            Command::OpenTest(test) => test.run(&general),
            Command::Keys(keys) => keys.run(&general).await,
            Command::Apply(apply) => apply.run(&general).await,
            Command::EncryptValue(encrypt) => encrypt.run(&general).await,
            Command::Doctor(doctor) => doctor.run(&general).await,
            Command::Completions(completions) => completions.run(&general),
            Command::Man(man) => man.run(&general),
        }
    });
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
    done
}
