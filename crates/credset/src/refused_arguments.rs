//! Arguments that are refused, told without what was typed: it may be a secret in the wrong place.

use std::error::Error as _;
use std::ffi::OsString;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::Failure;
use crate::terminal::Format;

/// How to tell, before it is known what else is in the arguments.
pub(crate) fn format(arguments: &[OsString]) -> Format {
    match options(arguments).any(|option| option == "--json") {
        true => Format::Json,
        false => Format::Text,
    }
}

/// Refuses a secret in the arguments. No command has these options, so that none is offered.
///
/// # Errors
/// If there is one.
pub(crate) fn check(arguments: &[OsString]) -> Result<(), Failure> {
    let refused = |what: &str, advice: &str| {
        let title = format!("{what} in the arguments can be read by every process of this machine");
        Err(Failure::usage(title).advise(advice))
    };
    for option in options(arguments) {
        match option.split_once('=').map_or(option, |(name, _)| name) {
            "--password" => {
                return refused(
                    "a password",
                    "Use --password-stdin, --password-file or --password-fd, and change this one.",
                );
            }
            "--ticket" => {
                return refused(
                    "a ticket",
                    "Use --ticket-file, --ticket-stdin or --ticket-fd, and get a new one.",
                );
            }
            _ => {}
        }
    }
    Ok(())
}

/// What may be an option.
fn options(arguments: &[OsString]) -> impl Iterator<Item = &str> {
    let options = arguments
        .iter()
        .skip(1)
        .take_while(|argument| *argument != "--");
    options.filter_map(|argument| argument.to_str())
}

/// What is wrong, with the names of this program's own options and no other word of the arguments.
pub(crate) fn told(error: &Error) -> Failure {
    const NOT_REPEATED: &str = "What was given is not repeated here. If it was a secret, change it: every process of this machine can read the arguments.\n`credset --help` and `credset COMMAND --help` have all options.";
    let title = match error.kind() {
        ErrorKind::ValueValidation | ErrorKind::InvalidValue if !value(error).is_empty() => {
            format!("invalid value for '{}'{}", option(error), rule(error))
        }
        ErrorKind::TooManyValues => format!("'{}' takes no value", option(error)),
        ErrorKind::UnknownArgument => match text(error, ContextKind::SuggestedArg) {
            Some(similar) => format!("{}; there is '{similar}'", unknown(error)),
            None => unknown(error),
        },
        ErrorKind::InvalidSubcommand => match text(error, ContextKind::SuggestedSubcommand) {
            Some(similar) => format!("there is no such command; there is '{similar}'"),
            None => "there is no such command".to_owned(),
        },
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => "a command is needed".to_owned(),
        // The rest is about options of this program alone.
        _ => {
            let rendered = error.render().to_string();
            let rendered = rendered.trim_start_matches("error: ").trim_end();
            let (title, advice) = rendered.split_once("\n\n").unwrap_or((rendered, ""));
            return Failure::usage(title).advise(advice);
        }
    };
    Failure::usage(title).advise(NOT_REPEATED)
}

/// The option that a value was for, as this program calls it.
fn option(error: &Error) -> String {
    text(error, ContextKind::InvalidArg).unwrap_or_default()
}

fn value(error: &Error) -> String {
    text(error, ContextKind::InvalidValue).unwrap_or_default()
}

/// What a value has to be.
fn rule(error: &Error) -> String {
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue) {
        return format!(": it is one of {}", values.join(", "));
    }
    let rule = error.source().map(ToString::to_string);
    // The words of another library may have the value in them.
    match rule.filter(|rule| !rule.contains(&value(error))) {
        Some(rule) => format!(": {rule}"),
        None => String::new(),
    }
}

/// Long options have letters and hyphens: with anything else it is not an option that was meant.
fn unknown(error: &Error) -> String {
    let typed = option(error);
    let name = typed.split('=').next().unwrap_or_default();
    let is_option = name.starts_with("--")
        && name
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_lowercase());
    match is_option {
        true => format!("unexpected argument '{name}'"),
        false => "there is an argument that is not expected".to_owned(),
    }
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
