//! What each call under a ticket asks the store for before it does anything: in one statement, because every statement is two changes of
//! threads, and because what belongs together should be of one moment.

use super::StoreError;
use super::connection::Connection;
use super::envelope_keys::change_number;
use super::statement::query;
use super::tickets::{TicketKey, TicketRow};

/// The store at one moment, as far as a ticket's holder is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glance {
    /// What is known about the ticket.
    pub ticket: TicketRow,
    /// As [`super::succession::read`].
    pub succession: Option<String>,
    /// As [`super::envelope_keys::seq`].
    pub key_change: u64,
}

/// Looks for one ticket.
///
/// # Errors
/// [`StoreError::Database`], [`StoreError::Damaged`].
pub async fn read(
    connection: &mut Connection<'_>,
    ticket: &TicketKey,
) -> Result<Glance, StoreError> {
    type Columns = (
        i64,
        Option<String>,
        Option<i64>,
        Option<Vec<u8>>,
        Option<String>,
    );
    let (key_change, succession, failures, used_for, outcome): Columns = query(
        "SELECT k.seq, s.jws, t.failures, t.used_for, t.outcome FROM key_change k \
         LEFT JOIN identity_succession s ON s.one = 1 \
         LEFT JOIN ticket t ON t.iss = $1 AND t.jti = $2",
    )
    .bind(&ticket.iss)
    .bind(ticket.jti.as_str())
    .one(connection)
    .await?;
    Ok(Glance {
        ticket: TicketRow::of(failures, used_for, outcome)?,
        succession,
        key_change: change_number(key_change)?,
    })
}
