//! Tickets that were used, or under which envelopes failed.

use envelope::{TicketClaims, TicketId, UnixSeconds};

use super::StoreError;
use super::connection::Connection;
use super::statement::{Query, query};

/// Rows removed per round, so that cleaning up never holds a request back for long.
const PURGE_ROWS: i64 = 256;

/// Which ticket: ids are unique per issuer only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TicketKey {
    /// The issuer's name.
    pub iss: String,
    /// The ticket's id.
    pub jti: TicketId,
}

impl TicketKey {
    /// The key of a ticket with these claims.
    #[must_use]
    pub fn of(claims: &TicketClaims) -> Self {
        Self {
            iss: claims.iss.clone(),
            jti: claims.jti.clone(),
        }
    }
}

/// What is known about a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketRow {
    /// How many envelopes were rejected under it.
    pub failures: u32,
    /// What it was used for.
    pub used: Option<Used>,
}

/// What a ticket was used for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// SHA-256 of the envelope, or of what stands for a deletion.
    pub digest: [u8; 32],
    /// The answer, as JSON.
    pub outcome: String,
}

impl TicketRow {
    /// As the columns say; none of them for a ticket never seen.
    pub(super) fn of(
        failures: Option<i64>,
        used_for: Option<Vec<u8>>,
        outcome: Option<String>,
    ) -> Result<Self, StoreError> {
        let damaged = |what| StoreError::Damaged {
            table: "ticket",
            what,
        };
        let used = match (used_for, outcome) {
            (Some(digest), Some(outcome)) => Some(Used {
                digest: digest.try_into().map_err(|_| damaged("used_for"))?,
                outcome,
            }),
            _ => None,
        };
        let failures = u32::try_from(failures.unwrap_or_default());
        Ok(Self {
            failures: failures.map_err(|_| damaged("failures"))?,
            used,
        })
    }
}

/// Marks a ticket as used.
#[must_use]
pub fn use_up<'q>(key: &'q TicketKey, exp: UnixSeconds, used: &'q Used) -> Query<'q> {
    query(
        "INSERT INTO ticket (iss, jti, exp, used_for, outcome) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (iss, jti) DO UPDATE SET used_for = excluded.used_for, outcome = excluded.outcome",
    )
    .bind(&key.iss)
    .bind(key.jti.as_str())
    .bind(seconds(exp))
    .bind(used.digest.as_slice())
    .bind(&used.outcome)
}

/// Counts a rejected envelope and returns how many there were.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn count_failure(
    connection: &mut Connection<'_>,
    key: &TicketKey,
    exp: UnixSeconds,
) -> Result<u32, StoreError> {
    let (failures,): (i64,) = query(
        "INSERT INTO ticket (iss, jti, exp, failures) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (iss, jti) DO UPDATE SET failures = ticket.failures + 1 RETURNING failures",
    )
    .bind(&key.iss)
    .bind(key.jti.as_str())
    .bind(seconds(exp))
    .one(connection)
    .await?;
    Ok(u32::try_from(failures).unwrap_or(u32::MAX))
}

/// Removes some of the rows whose tickets expired more than `keep` seconds ago; whether there may be more.
///
/// That time has passed is taken from a later ticket as well: it shows that an issuer's clock says the same. A clock that was a month ahead for
/// a minute would else make used tickets valid again.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn purge(
    connection: &mut Connection<'_>,
    now: UnixSeconds,
    keep: u64,
) -> Result<bool, StoreError> {
    let removed = query(
        "DELETE FROM ticket WHERE (iss, jti) IN (SELECT iss, jti FROM ticket \
         WHERE exp < $1 - $2 AND exp < (SELECT max(exp) FROM ticket) - $2 ORDER BY exp LIMIT $3)",
    )
    .bind(seconds(now))
    .bind(seconds(UnixSeconds(keep)))
    .bind(PURGE_ROWS)
    .execute(connection)
    .await?;
    Ok(removed >= PURGE_ROWS.unsigned_abs())
}

fn seconds(at: UnixSeconds) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}
