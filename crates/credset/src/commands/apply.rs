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
use crate::linked_service_file::{Content, Found, LinkedServiceFile, Nothing, left_in};
use crate::terminal::{Terminal, one_line};
use crate::ticket_source::{self, GivenTicket};
use crate::whole_file::{Replacement, replaceable};
use crate::{tls_trust, trouble};
use outcome::{Outcome, Outcomes};
use paths::{Definition, Work};
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

/// Stands for a reference before there is one.
const NO_REFERENCE: &str = "cgref:-/-/-/0";

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
        let Work {
            definitions,
            unread,
        } = paths::work(&self.paths, self.emit.as_deref())?;
        if definitions.is_empty() && unread.is_empty() {
            return Err(Failure::usage("there is no .json file in it"));
        }
        let mut outcomes = Outcomes::default();
        for (folder, failure) in unread {
            let outcome = Outcome::Failed(failure);
            tell(terminal, "[-]", &folder, &outcome);
            outcomes.push(&folder, outcome);
        }
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
            tell(terminal, &place, &definition.from, &outcome);
            outcomes.push(&definition.from, outcome);
            if interrupted {
                outcomes.left(definitions.len() - position - 1);
                break;
            }
        }
        match outcomes.are_stored() {
            true => terminal.stored(&outcomes, &outcomes.summary())?,
            false => terminal.result(&outcomes, &outcomes.summary())?,
        }
        match interrupted {
            true => Ok(stopped().exit()),
            false => Ok(outcomes.exit()),
        }
    }
}

fn tell(terminal: Terminal, place: &str, path: &Path, outcome: &Outcome) {
    let path = one_line(path.display());
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
        let mut found = match file.content()? {
            Content::Nothing(Nothing { why, notes }) => {
                return Ok(Outcome::Skipped { reason: why, notes });
            }
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
        // Before anything is stored: whether there is a place for the reference.
        let written = file.with_reference(&found, NO_REFERENCE)?;
        found.notes.extend(left_in(&written));
        let gateway = self.general.client(given.gateway.clone())?;
        if self.mode == Mode::Check {
            // By this machine's clock: the gateway is not asked.
            let checked = claims.check(tls_trust::now(), &claims.aud);
            checked.map_err(trouble::ticket_refused)?;
            return would_set(definition, found);
        }
        // And whether the file can be replaced.
        definition.make_folder()?;
        let place = Replacement::begin(&definition.to)
            .map_err(|error| Failure::file(&definition.to, "written", &error))?;
        let mut delivery = Delivery::prepare(self.general, &gateway, &given.ticket).await?;
        let stored = delivery.set(&found.form).await?;
        let text = file.with_reference(&found, &stored.reference())?;
        if !file.is_still(&definition.from) {
            return Err(changed_meanwhile(&definition.from));
        }
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
}

/// What stands at the end where nothing is changed, here or at the gateway.
fn would_set(definition: &Definition, found: Found) -> Result<Outcome, Failure> {
    replaceable(&definition.to)
        .map_err(|error| Failure::file(&definition.to, "written", &error))?;
    Ok(Outcome::WouldSet {
        kind: found.form.kind().id,
        notes: found.notes,
    })
}

/// What somebody else has written stays, with a secret that may be another one.
fn changed_meanwhile(path: &Path) -> Failure {
    let title = format!("{} has been changed meanwhile", one_line(path.display()));
    Failure::new(Cause::Local, "changed_meanwhile", title).advise(
        "The credential is stored as it was read, and the file is as it is now: run it again with a new ticket.",
    )
}

/// A ticket in a file.
///
/// # Errors
/// When it cannot be read.
fn ticket_in(path: &Path) -> Result<GivenTicket, Failure> {
    let bytes = std::fs::read(path).map(zeroize::Zeroizing::new);
    let bytes = bytes.map_err(|error| Failure::file(path, "read", &error))?;
    let given = ticket_source::parse(&bytes).map_err(|failure| Failure {
        title: format!("{}: {}", one_line(path.display()), failure.title),
        ..failure
    })?;
    match given.ticket.claims().op {
        envelope::Operation::Set => Ok(given),
        _ => Err(trouble::wrong_operation()),
    }
}
