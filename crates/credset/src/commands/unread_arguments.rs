//! Arguments that cannot be read: told to people as the command line's own reader does, and to programs in a document like any failure.

use std::process::ExitCode;

use clap::error::ContextKind;

use crate::failure::Failure;
use crate::terminal::{Format, Terminal};

/// Says what is wrong with them; or prints the help that was asked for.
pub(super) fn end(error: &clap::Error) -> ExitCode {
    let is_wrong = error.use_stderr();
    if !is_wrong || !std::env::args_os().any(|argument| argument == "--json") {
        error.exit();
    }
    let failure = Failure::usage(title(error));
    Terminal::new(Format::Json).failure(&failure);
    failure.exit()
}

/// The kind of mistake and the option, and nothing of its value: that may be a secret in the wrong place.
fn title(error: &clap::Error) -> String {
    let what = error
        .kind()
        .as_str()
        .unwrap_or("the arguments are not understood");
    let option = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    let is_name = |option: &String| {
        let name = option.split([' ', '=']).next().unwrap_or_default();
        let letters = name.strip_prefix("--").unwrap_or_default();
        !letters.is_empty() && letters.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    match option.filter(is_name) {
        Some(option) => format!("{what}: {option}"),
        None => what.to_owned(),
    }
}
