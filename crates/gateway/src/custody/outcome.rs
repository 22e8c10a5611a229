//! What became of a ticket: whether it was used, and for what. A portal that lost sight of the gateway's window asks.

use std::net::IpAddr;

use envelope::protocol::{TICKET_STATUS_GRACE_SECONDS, TicketStatus};
use envelope::{Operation, SignedReceipt, Ticket, UnixSeconds};

use super::Custody;
use super::access::{AuthorisedTicket, TicketProblem};
use super::set;
use crate::store::StoreError;
use crate::store::tickets::TicketRow;

impl Custody {
    /// What became of a ticket, for whoever holds it, and the ticket itself. Nothing is changed, so that nothing is recorded but a
    /// refusal; and no ticket is asked about by its name, so that nobody learns of another's.
    ///
    /// # Errors
    /// As for every ticket, but one that has expired is refused only [`TICKET_STATUS_GRACE_SECONDS`] later.
    /// [`TicketProblem::ContextMismatch`] for one that permits something else than setting.
    pub async fn outcome(
        &self,
        compact_ticket: &str,
        remote: Option<IpAddr>,
        now: UnixSeconds,
    ) -> Result<(AuthorisedTicket, TicketStatus), TicketProblem> {
        let at = within_grace(compact_ticket, now);
        let ticket = self.verified(compact_ticket, remote, at, now).await?;
        if ticket.claims.op != Operation::Set {
            return Err(TicketProblem::ContextMismatch);
        }
        let outcome = outcome_of(&ticket.seen).map_err(|error| {
            tracing::error!(%error, "the store does not answer");
            TicketProblem::Unavailable
        })?;
        match &outcome {
            // An issuer that uses an id twice: the receipt is the other ticket's.
            TicketStatus::Used(signed) if !is_of(&ticket, signed) => {
                Err(TicketProblem::ContextMismatch)
            }
            _ => Ok((ticket, outcome)),
        }
    }
}

fn outcome_of(row: &TicketRow) -> Result<TicketStatus, StoreError> {
    Ok(match &row.used {
        Some(used) => TicketStatus::Used(Box::new(set::receipt_in(used)?)),
        None => TicketStatus::Unused,
    })
}

/// The time by which the ticket is judged: its last second, for as long after it as the outcome can be asked for.
fn within_grace(compact_ticket: &str, now: UnixSeconds) -> UnixSeconds {
    let Ok(ticket) = Ticket::parse(compact_ticket) else {
        return now;
    };
    let exp = ticket.claims().exp.0;
    if now.0 < exp.saturating_add(TICKET_STATUS_GRACE_SECONDS) {
        UnixSeconds(now.0.min(exp.saturating_sub(1)))
    } else {
        now
    }
}

fn is_of(ticket: &AuthorisedTicket, signed: &SignedReceipt) -> bool {
    let (claims, receipt) = (&ticket.claims, &signed.receipt);
    claims.df == receipt.df && claims.ls == receipt.ls && claims.sub == receipt.sub
}
