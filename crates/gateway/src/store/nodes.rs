//! The gateways that share a store, as they lie there: see [`crate::nodes`] for what counts of it.

use super::StoreError;
use super::connection::Connection;
use super::statement::{Row, query};

/// One gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeRow {
    /// Its own name.
    pub name: String,
    /// What shares are encrypted for.
    pub recipient: String,
    /// When it was approved, seconds since the Unix epoch.
    pub since: i64,
    /// The term of the seal.
    pub term: i64,
    /// The seal of name, recipient and time.
    pub seal: Vec<u8>,
    /// The terms of the keyring, encrypted for the recipient.
    pub share: Vec<u8>,
    /// What the identity key signed of the share.
    pub signed: String,
    /// The term of the share's seal.
    pub share_term: i64,
    /// The seal of name and share.
    pub share_seal: Vec<u8>,
    /// The term that it has written under itself.
    pub caught_up: i64,
}

/// All of them, by name.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn read(connection: &mut Connection<'_>) -> Result<Vec<NodeRow>, StoreError> {
    let all = "SELECT name, recipient, since, term, seal, share, signed, share_term, share_seal, caught_up FROM node ORDER BY name";
    let rows = query(all).rows(connection).await?;
    let row = |row: &Row| {
        Ok(NodeRow {
            name: row.get("name")?,
            recipient: row.get("recipient")?,
            since: row.get("since")?,
            term: row.get("term")?,
            seal: row.get("seal")?,
            share: row.get("share")?,
            signed: row.get("signed")?,
            share_term: row.get("share_term")?,
            share_seal: row.get("share_seal")?,
            caught_up: row.get("caught_up")?,
        })
    };
    rows.iter().map(row).collect()
}

/// Puts one there, or in the place of the one of this name.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn put(connection: &mut Connection<'_>, row: &NodeRow) -> Result<(), StoreError> {
    let put = "INSERT INTO node (name, recipient, since, term, seal, share, signed, share_term, share_seal, caught_up) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (name) DO UPDATE SET recipient = excluded.recipient, since = excluded.since, term = excluded.term, \
         seal = excluded.seal, share = excluded.share, signed = excluded.signed, share_term = excluded.share_term, \
         share_seal = excluded.share_seal, caught_up = excluded.caught_up";
    query(put)
        .bind(&row.name)
        .bind(&row.recipient)
        .bind(row.since)
        .bind(row.term)
        .bind(row.seal.as_slice())
        .bind(row.share.as_slice())
        .bind(&row.signed)
        .bind(row.share_term)
        .bind(row.share_seal.as_slice())
        .bind(row.caught_up)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes one.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn remove(connection: &mut Connection<'_>, name: &str) -> Result<(), StoreError> {
    query("DELETE FROM node WHERE name = $1")
        .bind(name)
        .execute(connection)
        .await?;
    Ok(())
}

/// Remembers which term a gateway has written under.
///
/// # Errors
/// [`StoreError::Database`].
pub async fn catch_up(
    connection: &mut Connection<'_>,
    name: &str,
    term: i64,
) -> Result<(), StoreError> {
    query("UPDATE node SET caught_up = $1 WHERE name = $2 AND caught_up < $1")
        .bind(term)
        .bind(name)
        .execute(connection)
        .await?;
    Ok(())
}
