//! `post`: sends an envelope that was sealed before.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use envelope::{Binding, Envelope, Operation};

use super::interruption;
use super::sealing::Delivery;
use crate::arguments::General;
use crate::failure::{Cause, Failure};
use crate::terminal::one_line;

#[derive(Args)]
#[command(after_help = "\
Example:
  credset post sales.jose --ticket-file ticket --gateway https://gateway.corp:8050")]
pub(crate) struct Post {
    /// The envelope.
    #[arg(value_name = "FILE")]
    envelope: PathBuf,
}

impl Post {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let terminal = general.terminal();
        let given = general.ticket.read()?;
        let envelope = read(&self.envelope)?;
        let permitted = Binding::from_ticket(given.ticket.claims(), Operation::Set);
        if let Some(member) = envelope.binding().first_difference(&permitted) {
            return Err(Failure::new(
                Cause::Ticket,
                "context_mismatch",
                format!("The envelope was sealed under another ticket: {member} differs"),
            )
            .advise("Give the ticket that it was sealed under, or seal anew under this one."));
        }
        let gateway = general.client(given.gateway)?;
        let stored = interruption::or(async {
            let delivery = Delivery::prepare(general, &gateway, &given.ticket).await?;
            terminal.progress("sending");
            delivery.post(&envelope).await
        })
        .await?;
        terminal.stored(&stored.document(), &stored.lines())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// An envelope in a file; a line end behind it does not count.
///
/// # Errors
/// When it cannot be read, or is none.
pub(super) fn read(path: &Path) -> Result<Envelope, Failure> {
    let bytes = fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
    Envelope::parse(bytes.trim_ascii_end()).map_err(|error| {
        Failure::usage(format!(
            "{} is no envelope: {}",
            one_line(path.display()),
            error.reason()
        ))
    })
}
