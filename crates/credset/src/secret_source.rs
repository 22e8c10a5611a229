//! Where a secret comes from: a prompt without echo, standard input, a file, a file descriptor. Never the arguments, never the environment:
//! every process of the machine can read the ones, every child the others.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::commands::interruption::stopped;
use crate::failure::{Cause, Failure};
#[cfg(unix)]
use crate::quiet_terminal::QuietTerminal;

/// More than any secret, and than any file of a linked service that is read here. In bytes.
const MOST_BYTES: u64 = 1 << 20;

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SecretSource {
    /// All of standard input.
    Stdin,
    /// All of a file.
    File(PathBuf),
    /// All of a file descriptor that the caller has opened.
    Descriptor(i32),
    /// The terminal, without echo.
    Prompt,
}

/// What becomes of a line end after the last character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastLineEnd {
    /// It belongs to the file and not to the secret.
    Dropped,
    /// It is part of the secret.
    Kept,
}

impl SecretSource {
    /// Reads all of it. `what` says to people what is read.
    ///
    /// # Errors
    /// When there is no such source, or more in it than a secret has. The error has no content.
    pub(crate) fn read(
        &self,
        what: &str,
        last: LastLineEnd,
    ) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let mut bytes = match self {
            Self::Stdin => all(io::stdin().lock(), what)?,
            Self::File(path) => {
                let file = File::open(path).map_err(|error| Failure::file(path, "read", &error))?;
                all(file, what)?
            }
            Self::Descriptor(number) => all(descriptor(*number)?, what)?,
            Self::Prompt => return prompted(what),
        };
        if last == LastLineEnd::Dropped && bytes.ends_with(b"\n") {
            bytes.pop();
            if bytes.ends_with(b"\r") {
                bytes.pop();
            }
        }
        Ok(bytes)
    }
}

/// Reads without a buffer between, into room that is taken once where the length is known.
fn all(source: impl io::Read, what: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = source.take(MOST_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| {
        Failure::new(
            Cause::Local,
            "file",
            format!("{what} cannot be read: {error}"),
        )
    })?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::usage(format!(
            "{what} is longer than {MOST_BYTES} bytes"
        )));
    }
    Ok(bytes)
}

#[cfg(unix)]
#[expect(unsafe_code, reason = "a number that the caller gives is all there is")]
fn descriptor(number: i32) -> Result<File, Failure> {
    use std::os::fd::BorrowedFd;
    if number < 3 {
        return Err(Failure::usage(format!(
            "file descriptor {number} is standard input, output or error: use one from 3 up, or standard input by its own option"
        )));
    }
    let unusable = |error: io::Error| {
        Failure::usage(format!(
            "file descriptor {number} cannot be used: {error}; open it for this program, as in {number}<file"
        ))
    };
    // SAFETY: the number is not -1, and nothing in this process closes a descriptor that it did not open; if it is not open, the
    // system refuses to duplicate it.
    let given = unsafe { BorrowedFd::borrow_raw(number) };
    // What this program has opened itself is closed in those that it would start; what it was given is not.
    let flags = rustix::io::fcntl_getfd(given).map_err(|error| unusable(error.into()))?;
    if flags.contains(rustix::io::FdFlags::CLOEXEC) {
        return Err(unusable(io::Error::other("it is not open")));
    }
    let own = given.try_clone_to_owned().map_err(unusable)?;
    Ok(File::from(own))
}

#[cfg(not(unix))]
fn descriptor(_: i32) -> Result<File, Failure> {
    Err(Failure::usage(
        "file descriptors are for Unix: use standard input or a file",
    ))
}

/// Asks on the terminal itself, whatever standard input is.
fn prompted(what: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    match typed(&format!("{what}: ")) {
        Ok(typed) => Ok(Zeroizing::new(typed.into_bytes())),
        // Where Ctrl-C arrives as a character.
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(stopped()),
        Err(error) => Err(Failure::usage(format!(
            "{what} is needed, and there is no terminal to ask at ({error})"
        ))
        .advise("Give it on standard input, in a file or on a file descriptor: see --help.")),
    }
}

/// A line from the terminal. Nothing is shown from before the question on: whoever types ahead is not seen.
#[cfg(unix)]
fn typed(question: &str) -> io::Result<String> {
    use io::Write as _;
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let _quiet = QuietTerminal::begin(&terminal)?;
    terminal.write_all(question.as_bytes())?;
    let source = rpassword::ConfigBuilder::new()
        .input_reader(terminal.try_clone()?)
        .output_discard()
        .build();
    rpassword::read_password_with_config(source)
}

#[cfg(not(unix))]
fn typed(question: &str) -> io::Result<String> {
    rpassword::prompt_password(question)
}

/// Refuses two secrets from standard input: the first would take both.
///
/// # Errors
/// If there are two.
pub(crate) fn only_one_from_stdin<'s>(
    sources: impl Iterator<Item = &'s SecretSource>,
) -> Result<(), Failure> {
    if sources
        .filter(|source| **source == SecretSource::Stdin)
        .count()
        > 1
    {
        return Err(Failure::usage(
            "two things are to be read from standard input: give one of them in a file or on a file descriptor",
        ));
    }
    Ok(())
}

/// `NAME` alone: what it is comes from elsewhere.
///
/// # Errors
/// With an equals sign.
pub(crate) fn secret_name(text: &str) -> Result<String, String> {
    match text.contains('=') {
        true => Err("expected the name of a secret alone".to_owned()),
        false => Ok(text.to_owned()),
    }
}

/// `NAME=FILE`.
///
/// # Errors
/// Without an equals sign.
pub(crate) fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    let (name, path) = text.split_once('=').ok_or("expected NAME=FILE")?;
    Ok((name.to_owned(), Path::new(path).to_owned()))
}

/// `NAME=NUMBER`.
///
/// # Errors
/// Without an equals sign or a number.
pub(crate) fn named_descriptor(text: &str) -> Result<(String, i32), String> {
    let expected = "expected NAME=NUMBER of a file descriptor";
    let (name, number) = text.split_once('=').ok_or(expected)?;
    Ok((name.to_owned(), number.parse().map_err(|_| expected)?))
}
