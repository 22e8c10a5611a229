//! The commands.

pub(crate) mod set;
pub(crate) mod test;

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

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

use crate::arguments::{Arguments, Command};
use crate::failure::{Cause, Failure};
use crate::terminal::{Format, Terminal};
use crate::{memory, refused_arguments};

/// Reads the arguments, runs the command, prints what went wrong.
pub(crate) fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let format = refused_arguments::format(&given);
    let done = refused_arguments::check(&given).and_then(|()| {
        match Arguments::try_parse_from(&given) {
            Ok(arguments) => run(arguments),
            Err(error) if is_help(&error, format) => {
                // As for every result: with its reader gone there is nobody left to tell.
                let _ = error.print();
                Ok(ExitCode::from(if error.use_stderr() { 2 } else { 0 }))
            }
            Err(error) => Err(refused_arguments::told(&error)),
        }
    });
    done.unwrap_or_else(|failure| {
        Terminal::new(format).failure(&failure);
        failure.exit()
    })
}

/// Whether it is what was asked for, or what a person needs who asks for nothing.
fn is_help(error: &clap::Error, format: Format) -> bool {
    let is_bare = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    !error.use_stderr() || (is_bare && format == Format::Text)
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
            Command::Test(test) => test.run(&general).await,
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
