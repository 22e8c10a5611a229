//! The tickets of a run: one for each linked service.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::ticket_in;
use crate::arguments::General;
use crate::failure::{Cause, Failure};
use crate::terminal::one_line;
use crate::ticket_source::{self, GivenTicket};

/// All of them; each says itself which linked service it is for.
pub(super) struct Tickets(Vec<GivenTicket>);

impl Tickets {
    /// Those of a folder or of a JSON object, and the one that is given by itself.
    ///
    /// # Errors
    /// When one cannot be read, or two are for the same linked service.
    pub(super) fn read(path: Option<&Path>, general: &General) -> Result<Self, Failure> {
        let mut tickets = Self(Vec::new());
        if general.ticket.source().is_some() {
            tickets.add(general.ticket.read()?)?;
        }
        match path {
            Some(path) if path.is_dir() => tickets.read_folder(path)?,
            Some(path) => tickets.read_object(path)?,
            None => {}
        }
        Ok(tickets)
    }

    fn read_folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let fail = |error| Failure::file(folder, "read", &error);
        for entry in fs::read_dir(folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_file() && !hidden {
                self.add(ticket_in(&path)?)?;
            }
        }
        Ok(())
    }

    fn read_object(&mut self, path: &Path) -> Result<(), Failure> {
        let text = fs::read(path).map(Zeroizing::new);
        let text = text.map_err(|error| Failure::file(path, "read", &error))?;
        let object: BTreeMap<String, Zeroizing<String>> =
            serde_json::from_slice::<BTreeMap<String, String>>(&text)
                .map(|object| {
                    object
                        .into_iter()
                        .map(|(name, ticket)| (name, Zeroizing::new(ticket)))
                        .collect()
                })
                .map_err(|_| {
                    Failure::usage(format!(
                        "{} is neither a folder of tickets nor a JSON object of names and tickets",
                        one_line(path.display())
                    ))
                })?;
        for (name, compact) in object {
            let given = ticket_source::parse(compact.as_bytes())?;
            let ls = given.ticket.claims().ls.as_str();
            if ls != name {
                return Err(Failure::new(
                    Cause::Ticket,
                    "other_linked_service",
                    format!("The ticket of {name:?} is for {ls:?}"),
                ));
            }
            self.add(given)?;
        }
        Ok(())
    }

    fn add(&mut self, given: GivenTicket) -> Result<(), Failure> {
        let ls = &given.ticket.claims().ls;
        if self.0.iter().any(|other| other.ticket.claims().ls == *ls) {
            return Err(Failure::usage(format!("there are two tickets for {ls}")));
        }
        self.0.push(given);
        Ok(())
    }

    /// The ticket of a linked service.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn of(&self, name: &str) -> Result<&GivenTicket, Failure> {
        let mut tickets = self.0.iter();
        let found = tickets.find(|given| given.ticket.claims().ls.as_str() == name);
        found.ok_or_else(|| {
            Failure::new(
                Cause::Ticket,
                "no_ticket",
                format!("There is no ticket for the linked service {name:?}"),
            )
            .advise("Give one with --tickets, or with --ticket-file where there is one file.")
        })
    }
}
