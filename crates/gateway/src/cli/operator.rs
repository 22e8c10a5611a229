//! Who runs the command.

use std::io::{self, BufRead, IsTerminal, Write};

use super::failure::{Cause, Failure};
use crate::data_folder::DataFolder;

/// The person at the gateway's machine, as the audit names them: the user id that the system vouches for.
pub(super) fn name() -> String {
    format!("uid {}", rustix::process::geteuid().as_raw())
}

/// Refuses everybody but the folder's owner.
pub(super) fn must_own(folder: &DataFolder) -> anyhow::Result<()> {
    if folder.is_mine()? {
        return Ok(());
    }
    let shown = folder.path().display();
    let sentence = format!(
        "only the owner of {shown} may do this; run it as that user, for example with sudo -u"
    );
    Err(Failure::new(Cause::Refused, sentence).into())
}

/// Asks at a terminal; `otherwise` is said where there is none.
pub(super) fn confirmed(question: &str, otherwise: &'static str) -> anyhow::Result<()> {
    let refused = |sentence| Err(Failure::new(Cause::Refused, sentence).into());
    if !io::stdin().is_terminal() {
        return refused(otherwise);
    }
    let mut terminal = io::stderr();
    write!(terminal, "{question}")?;
    terminal.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if answer.trim() == "yes" {
        return Ok(());
    }
    refused("nothing was changed")
}
