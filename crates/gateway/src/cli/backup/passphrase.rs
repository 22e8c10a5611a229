//! Passphrases: from a file for the owner only, or from the terminal, without an echo. Never from the arguments, which every process
//! can read.

use std::path::Path;

use anyhow::Context;
use zeroize::Zeroizing;

use crate::backup::age::passphrase::Passphrase;
use crate::cli::failure::{Cause, Failure};
use crate::data_folder;

/// For a backup that is to be made.
pub(in crate::cli) fn new(file: Option<&Path>) -> anyhow::Result<Passphrase> {
    let text = match file {
        Some(file) => from(file)?,
        None => {
            let text = ask("Passphrase for the backup: ")?;
            let again = ask("The same again: ")?;
            if text != again {
                let sentence = "these were two different passphrases";
                return Err(Failure::new(Cause::Refused, sentence).into());
            }
            text
        }
    };
    Ok(Passphrase::chosen(text)?)
}

/// For a backup that exists.
pub(in crate::cli) fn known(file: Option<&Path>) -> anyhow::Result<Passphrase> {
    let text = match file {
        Some(file) => from(file)?,
        None => ask("Passphrase of the backup: ")?,
    };
    Ok(Passphrase::new(text))
}

/// The first line, without its end.
fn from(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let content = data_folder::read_private(file)?;
    let line = content
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let text = str::from_utf8(line).with_context(|| format!("{} is not text", file.display()))?;
    Ok(Zeroizing::new(text.trim_end_matches('\r').to_owned()))
}

fn ask(question: &str) -> anyhow::Result<Zeroizing<String>> {
    let text = rpassword::prompt_password(question).context(
        "no passphrase can be asked for; name a file with --passphrase-file, or a recovery key",
    )?;
    Ok(Zeroizing::new(text))
}
