//! Where a ticket comes from, and what is known of it before the gateway sees it. Whoever has a ticket may use it: it is treated as a secret.

use std::path::PathBuf;

use clap::Args;
use envelope::{Operation, Ticket};

use crate::failure::Failure;
use crate::gateway_address::GatewayAddress;
use crate::secret_source::{LastLineEnd, SecretSource};
use crate::trouble;

/// Which ticket.
#[derive(Args, Clone, Debug)]
#[group(id = "ticket-source", multiple = false)]
pub(crate) struct TicketArguments {
    /// File with the ticket, or with the link that it is in.
    #[arg(long, global = true, value_name = "FILE", help_heading = TICKET)]
    ticket_file: Option<PathBuf>,
    /// Read the ticket from standard input.
    #[arg(long, global = true, help_heading = TICKET)]
    ticket_stdin: bool,
    /// Read the ticket from this file descriptor.
    #[arg(long, global = true, value_name = "N", help_heading = TICKET)]
    ticket_fd: Option<i32>,
}

const TICKET: &str = "Ticket";

/// Where a ticket's link leads to, or in words why that is nowhere.
pub(crate) type LinkedGateway = Result<GatewayAddress, String>;

/// A ticket, and the gateway whose link it was in.
pub(crate) struct GivenTicket {
    pub(crate) ticket: Ticket,
    pub(crate) gateway: Option<LinkedGateway>,
}

impl TicketArguments {
    /// The source, if one was given.
    pub(crate) fn source(&self) -> Option<SecretSource> {
        if self.ticket_stdin {
            return Some(SecretSource::Stdin);
        }
        let file = self.ticket_file.clone().map(SecretSource::File);
        file.or(self.ticket_fd.map(SecretSource::Descriptor))
    }

    /// Reads a ticket for setting a credential.
    ///
    /// # Errors
    /// When none is given, it is none, or it is for something else.
    pub(crate) fn read(&self) -> Result<GivenTicket, Failure> {
        self.read_for(&[Operation::Set])
    }

    /// Reads a ticket under which a credential may be tried.
    ///
    /// # Errors
    /// As for [`Self::read`].
    pub(crate) fn read_for_test(&self) -> Result<GivenTicket, Failure> {
        self.read_for(&[Operation::Set, Operation::Test])
    }

    fn read_for(&self, operations: &[Operation]) -> Result<GivenTicket, Failure> {
        let source = self.source().ok_or_else(|| {
            Failure::usage("a ticket is needed: --ticket-file, --ticket-stdin or --ticket-fd")
                .advise(
                    "It comes from the portal, or from `credential-gateway ticket` at the gateway.",
                )
        })?;
        let text = source.read("the ticket", LastLineEnd::Dropped)?;
        let given = parse(&text)?;
        if !operations.contains(&given.ticket.claims().op) {
            return Err(trouble::wrong_operation());
        }
        Ok(given)
    }
}

/// A ticket, or a link with one in its fragment.
///
/// # Errors
/// [`trouble::malformed_ticket`].
pub(crate) fn parse(bytes: &[u8]) -> Result<GivenTicket, Failure> {
    let text = str::from_utf8(bytes).map_err(|_| trouble::malformed_ticket("not text"))?;
    let text = text.trim();
    let (link, compact) = match text.split_once("#ticket=") {
        Some((link, compact)) => (Some(link), compact),
        None => (None, text),
    };
    let ticket =
        Ticket::parse(compact).map_err(|error| trouble::malformed_ticket(error.as_str()))?;
    Ok(GivenTicket {
        ticket,
        gateway: link
            .filter(|link| !link.is_empty())
            .map(GatewayAddress::of_link),
    })
}
