//! The terms of the keyring: which is active, and which still counts. Decided here, in the transaction that also changes what is
//! protected; `keyring.json` follows.

use envelope::UnixSeconds;
use sha2::{Digest, Sha256};

use super::StoreError;
use super::connection::Connection;
use super::statement::query;
use crate::keyring::{Term, TermKey};
use crate::vault::length_prefixed;

/// The stages of a term, in their order. There is one active term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermState {
    /// Everything new is protected under it.
    Active,
    /// What has not been protected again yet is under it.
    Former,
    /// Nothing is under it, and its key is destroyed.
    Gone,
}

impl TermState {
    const ALL: [Self; 3] = [Self::Active, Self::Former, Self::Gone];

    /// The word in the store and on the terminal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Former => "former",
            Self::Gone => "gone",
        }
    }
}

/// One term's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermRow {
    /// The term.
    pub term: Term,
    /// Its key's id.
    pub id: String,
    /// Its state.
    pub state: TermState,
    /// When it came into it.
    pub since: UnixSeconds,
}

impl TermRow {
    /// The term of a store that nothing is in yet.
    #[must_use]
    pub fn active(key: &TermKey) -> Self {
        Self {
            term: key.term(),
            id: key.id().to_owned(),
            state: TermState::Active,
            since: key.made(),
        }
    }
}

/// SHA-256 of what counts in these rows: each term with its key's id and its state.
#[must_use]
pub fn digest(rows: &[TermRow]) -> [u8; 32] {
    let mut parts = Vec::new();
    let numbers: Vec<_> = rows.iter().map(|row| row.term.0.to_be_bytes()).collect();
    for (row, number) in rows.iter().zip(&numbers) {
        parts.extend([
            &number[..],
            row.id.as_bytes(),
            row.state.as_str().as_bytes(),
        ]);
    }
    Sha256::digest(length_prefixed(&parts)).into()
}

/// All terms, the newest first.
///
/// # Errors
/// [`StoreError::Database`], [`StoreError::Damaged`].
pub async fn read(connection: &mut Connection<'_>) -> Result<Vec<TermRow>, StoreError> {
    let all = connection.either(
        "SELECT term, id, state, since FROM term NOT INDEXED ORDER BY term DESC",
        "SELECT term, id, state, since FROM term ORDER BY term DESC",
    );
    let rows: Vec<(i64, String, String, i64)> = query(all).all(connection).await?;
    let rows = rows.into_iter().map(|(term, id, state, since)| {
        Ok(TermRow {
            term: Term::from_stored(term).ok_or_else(|| damaged("term"))?,
            id,
            state: TermState::ALL
                .into_iter()
                .find(|known| known.as_str() == state)
                .ok_or_else(|| damaged("state"))?,
            since: UnixSeconds(u64::try_from(since).map_err(|_| damaged("since"))?),
        })
    });
    rows.collect()
}

/// The active term, as the table says: whoever can write the store can have its index say something else.
///
/// # Errors
/// [`StoreError::Database`], [`StoreError::Damaged`] also when there is not exactly one.
pub async fn active(connection: &mut Connection<'_>) -> Result<Term, StoreError> {
    let active = connection.either(
        "SELECT term FROM term NOT INDEXED WHERE state = 'active'",
        "SELECT term FROM term WHERE state = 'active'",
    );
    let terms: Vec<(i64,)> = query(active).all(connection).await?;
    let [(term,)] = terms[..] else {
        return Err(damaged("state"));
    };
    Term::from_stored(term).ok_or_else(|| damaged("state"))
}

/// Puts a term into a state.
///
/// # Errors
/// [`StoreError::Database`], also for a second active term; [`StoreError::Damaged`] if the term is there with another key's id.
pub async fn put(connection: &mut Connection<'_>, row: &TermRow) -> Result<(), StoreError> {
    let put = query(
        "INSERT INTO term (term, id, state, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (term) DO UPDATE SET state = excluded.state, since = excluded.since WHERE term.id = excluded.id",
    )
    .bind(i64::from(row.term.0))
    .bind(&row.id)
    .bind(row.state.as_str())
    .bind(i64::try_from(row.since.0).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    match put {
        0 => Err(damaged("id")),
        _ => Ok(()),
    }
}

/// How many rows are protected or sealed under a term.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn rows_under(connection: &mut Connection<'_>, term: Term) -> Result<u64, StoreError> {
    let (rows,): (i64,) = query(
        "SELECT (SELECT count(*) FROM credential WHERE term = $1) + (SELECT count(*) FROM last_version WHERE term = $1) \
         + (SELECT count(*) FROM store_state WHERE term = $1)",
    )
    .bind(i64::from(term.0))
    .one(connection)
    .await?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::Damaged {
        table: "term",
        what,
    }
}
