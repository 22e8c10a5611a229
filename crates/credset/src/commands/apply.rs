//! `apply`: sets each secret that is found in linked services' definitions, and puts the reference in its place.

mod outcome;
mod paths;
mod tickets;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;

use clap::Args;

use super::interruption::{Signals, stopped};
use super::sealing::Delivery;
use crate::arguments::General;
use crate::failure::{Cause, Failure};
use crate::linked_service_file::{Content, Found, LinkedServiceFile};
use crate::terminal::Terminal;
use crate::ticket_source::{self, GivenTicket};
use crate::trouble;
use crate::whole_file::{Replacement, replaceable};
use outcome::{Outcome, Outcomes};
use paths::Definition;
use tickets::Tickets;

#[derive(Args)]
#[command(after_help = "\
Examples:
  credset apply --ticket-file ticket sales.json
  credset apply --tickets tickets/ linked-services/     # a file for each ticket, whatever it is called
  credset apply --tickets tickets.json linked-services/ --emit sealed/
  credset apply --check --tickets tickets/ linked-services/

A file is replaced as a whole or not at all: what was stored and could not be written down is stored again by the next run, with a new ticket.
Ctrl-C or another signal that stops it finishes the file that is being set; a second one does not wait for it.")]
pub(crate) struct Apply {
    /// Definitions, or folders of them (every .json below).
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,
    /// Tickets: a folder with a file for each, or a JSON object of names and tickets. For one file, --ticket-file will do.
    #[arg(long, value_name = "PATH")]
    tickets: Option<PathBuf>,
    /// Say what would be done, and change nothing.
    #[arg(long)]
    check: bool,
    /// Write elsewhere: a file for one definition, a folder for several.
    #[arg(long, value_name = "PATH")]
    emit: Option<PathBuf>,
}

/// Whether anything is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Check,
    Apply,
}

/// What is the same for all files of a run.
struct Applying<'a> {
    general: &'a General,
    tickets: Tickets,
    mode: Mode,
}

impl Apply {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let terminal = general.terminal();
        let applying = Applying {
            general,
            tickets: Tickets::read(self.tickets.as_deref(), general)?,
            mode: if self.check { Mode::Check } else { Mode::Apply },
        };
        let definitions = paths::definitions(&self.paths, self.emit.as_deref())?;
        if definitions.is_empty() {
            return Err(Failure::usage("there is no .json file in it"));
        }
        let mut outcomes = Outcomes::default();
        let signals = Signals::listen();
        let mut interrupted = false;
        for (position, definition) in definitions.iter().enumerate() {
            let mut work = pin!(applying.one(definition));
            let outcome = loop {
                tokio::select! {
                    biased;
                    () = signals.next(), if !interrupted => {
                        interrupted = true;
                        terminal.progress("stopping after this file");
                    }
                    () = signals.next(), if interrupted => return Err(stopped()),
                    outcome = &mut work => break outcome,
                }
            };
            let place = format!("[{}/{}]", position + 1, definitions.len());
            tell(terminal, &place, definition, &outcome);
            outcomes.push(&definition.from, outcome);
            if interrupted {
                outcomes.left(definitions.len() - position - 1);
                break;
            }
        }
        terminal.result(&outcomes, &outcomes.summary());
        match interrupted {
            true => Ok(stopped().exit()),
            false => Ok(outcomes.exit()),
        }
    }
}

fn tell(terminal: Terminal, place: &str, definition: &Definition, outcome: &Outcome) {
    let path = definition.from.display();
    terminal.progress(&format!("{place} {path}: {}", outcome.in_words()));
    for note in outcome.notes() {
        terminal.warning(&format!("{path}: {note}"));
    }
}

impl Applying<'_> {
    /// One file, from reading it to replacing it.
    async fn one(&self, definition: &Definition) -> Outcome {
        match self.set(definition).await {
            Ok(outcome) => outcome,
            Err(failure) => Outcome::Failed(failure),
        }
    }

    async fn set(&self, definition: &Definition) -> Result<Outcome, Failure> {
        let file = LinkedServiceFile::read(&definition.from)?;
        let found = match file.content()? {
            Content::Nothing(why) => return Ok(Outcome::Skipped(why)),
            Content::Credential(found) => found,
        };
        let fallback = definition.from.file_stem().and_then(|stem| stem.to_str());
        let name = found.name.as_deref().or(fallback).unwrap_or_default();
        let given = self.tickets.of(name)?;
        let claims = given.ticket.claims();
        if let Some(kind) = claims.kind.as_deref().and_then(linked_service::kind)
            && kind.id != found.form.kind().id
        {
            return Err(Failure::new(
                Cause::Ticket,
                "context_mismatch",
                format!(
                    "The ticket is for the kind {}, not for {}",
                    kind.id,
                    found.form.kind().id
                ),
            ));
        }
        if self.mode == Mode::Check {
            return self.would_set(definition, &file, found);
        }
        // Before anything is stored: whether the file can be replaced.
        let place = Replacement::begin(&definition.to)
            .map_err(|error| Failure::file(&definition.to, "written", &error))?;
        let gateway = self.general.client(given.gateway.clone())?;
        let mut delivery = Delivery::prepare(self.general, &gateway, &given.ticket).await?;
        let stored = delivery.set(&found.form).await?;
        let text = file.with_reference(&found, &stored.reference())?;
        place.finish(text.as_bytes()).map_err(|error| {
            Failure::file(&definition.to, "written", &error).advise(
                "The credential is stored, and the file is as it was: run it again with a new ticket.",
            )
        })?;
        Ok(Outcome::Set {
            reference: stored.reference(),
            version: stored.receipt().version,
            notes: found.notes,
        })
    }

    /// Everything but what changes something: here or at the gateway.
    fn would_set(
        &self,
        definition: &Definition,
        file: &LinkedServiceFile,
        found: Found,
    ) -> Result<Outcome, Failure> {
        replaceable(&definition.to)
            .map_err(|error| Failure::file(&definition.to, "written", &error))?;
        file.with_reference(&found, "cgref:-/-/-/0")?;
        Ok(Outcome::WouldSet {
            kind: found.form.kind().id,
            notes: found.notes,
        })
    }
}

/// A ticket in a file.
///
/// # Errors
/// When it cannot be read.
fn ticket_in(path: &Path) -> Result<GivenTicket, Failure> {
    let bytes = std::fs::read(path).map(zeroize::Zeroizing::new);
    let bytes = bytes.map_err(|error| Failure::file(path, "read", &error))?;
    let given = ticket_source::parse(&bytes).map_err(|failure| Failure {
        title: format!("{}: {}", path.display(), failure.title),
        ..failure
    })?;
    match given.ticket.claims().op {
        envelope::Operation::Set => Ok(given),
        _ => Err(trouble::wrong_operation()),
    }
}
