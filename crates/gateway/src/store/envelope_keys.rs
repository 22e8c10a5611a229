//! The envelope keys' states. Processes on one store share them: each change counts up a number that the others compare.

use std::fmt;

use envelope::{Kid, UnixSeconds};

use super::StoreError;
use super::connection::Connection;
use super::statement::query;

/// The stages of an envelope key's life, in their order. There is one active key, and at most one pending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Made and on disk, so that it is certain to be there from its first envelope on. Neither published nor opened with.
    Pending,
    /// New envelopes are sealed for it.
    Active,
    /// Still opened with, for pages that were loaded before: a ticket lives for ten minutes, so that any time from there on
    /// is long enough.
    Retiring,
    /// The private half is destroyed. What is sealed for it cannot be opened by anyone any more.
    Gone,
}

impl KeyState {
    const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Retiring, Self::Gone];

    /// The word in the store and on the terminal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Gone => "gone",
        }
    }

    /// Whether envelopes are opened with a key in this state.
    #[must_use]
    pub const fn opens(self) -> bool {
        matches!(self, Self::Active | Self::Retiring)
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One key's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The key.
    pub kid: Kid,
    /// Its state.
    pub state: KeyState,
    /// When it came into it.
    pub since: UnixSeconds,
}

/// The number of the keys' last change.
///
/// # Errors
/// [`StoreError::Database`], [`StoreError::Damaged`].
pub async fn seq(connection: &mut Connection<'_>) -> Result<u64, StoreError> {
    let (seq,): (i64,) = query("SELECT seq FROM key_change").one(connection).await?;
    change_number(seq)
}

pub(super) fn change_number(seq: i64) -> Result<u64, StoreError> {
    u64::try_from(seq).map_err(|_| damaged("seq"))
}

/// All keys, the youngest state first, and the number of their last change: of one moment, because it is one statement.
///
/// # Errors
/// [`StoreError::Database`], [`StoreError::Damaged`].
pub async fn read(connection: &mut Connection<'_>) -> Result<(u64, Vec<KeyRow>), StoreError> {
    let rows: Vec<(i64, String, String, i64)> = query(
        "SELECT (SELECT seq FROM key_change), kid, state, since FROM envelope_key ORDER BY since DESC, kid",
    )
    .all(connection)
    .await?;
    let seq = rows.first().map_or(0, |row| row.0);
    let rows = rows.into_iter().map(|(_, kid, state, since)| {
        Ok(KeyRow {
            kid: Kid::parse(&kid).map_err(|_| damaged("kid"))?,
            state: KeyState::ALL
                .into_iter()
                .find(|known| known.as_str() == state)
                .ok_or_else(|| damaged("state"))?,
            since: UnixSeconds(u64::try_from(since).map_err(|_| damaged("since"))?),
        })
    });
    Ok((
        change_number(seq)?,
        rows.collect::<Result<_, StoreError>>()?,
    ))
}

/// Puts a key into a state.
///
/// # Errors
/// [`StoreError::Database`], also for a second active or pending key.
pub async fn put(
    connection: &mut Connection<'_>,
    kid: &Kid,
    state: KeyState,
    since: UnixSeconds,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO envelope_key (kid, state, since) VALUES ($1, $2, $3) \
         ON CONFLICT (kid) DO UPDATE SET state = excluded.state, since = excluded.since",
    )
    .bind(kid.as_str())
    .bind(state.as_str())
    .bind(i64::try_from(since.0).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    count_change(connection, since).await
}

/// Counts a change of what the identity key says of these keys: also its own replacement.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn count_change(
    connection: &mut Connection<'_>,
    now: UnixSeconds,
) -> Result<(), StoreError> {
    // Not only counted: after an older copy of the store was put back, the next change is above what was handed out before.
    query("UPDATE key_change SET seq = CASE WHEN seq >= $1 THEN seq + 1 ELSE $1 END")
        .bind(i64::try_from(now.0).unwrap_or(i64::MAX))
        .execute(connection)
        .await?;
    Ok(())
}

/// Counts the changes on to where no earlier life of this gateway can have come: above the time, by an hour.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn leap(connection: &mut Connection<'_>, now: UnixSeconds) -> Result<(), StoreError> {
    query("UPDATE key_change SET seq = CASE WHEN seq > $1 THEN seq ELSE $1 END + 3600")
        .bind(i64::try_from(now.0).unwrap_or(i64::MAX / 2))
        .execute(connection)
        .await?;
    Ok(())
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged {
        table: "envelope_key",
        what,
    }
}
