//! Which terms count is said by the table `term`, which whoever can write the store can change. So the protected state has its
//! digest, and a term that is gone is not used again, also if its key is put back into the keyring.

use crate::keyring::Term;
use crate::store::terms::{self, TermRow, TermState};
use crate::store::{Connection, StoreError, entries};
use crate::vault::Vault;
use crate::vault::seal::StoreState;

/// Compares, and has the vault use no other terms from then on. Where the state does not open, which is told elsewhere, only the
/// active term is used.
///
/// # Errors
/// [`StoreError::OtherTerms`].
pub(crate) async fn check(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<(), StoreError> {
    let (rows, state) = read(vault, connection).await?;
    if let Some(state) = &state {
        agree(state, &rows)?;
    }
    let is_used = |row: &TermRow| match row.state {
        TermState::Active => true,
        TermState::Former => state.is_some(),
        TermState::Gone => false,
    };
    let unused: Vec<Term> = rows
        .iter()
        .filter(|row| !is_used(row))
        .map(|row| row.term)
        .collect();
    vault.retire(&unused);
    Ok(())
}

/// Has the vault use the terms no more that are gone since, unless that is somebody else's word.
pub(super) async fn retire_gone(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<(), StoreError> {
    let (rows, state) = read(vault, connection).await?;
    if state.is_some_and(|state| agree(&state, &rows).is_ok()) {
        let gone = rows.iter().filter(|row| row.state == TermState::Gone);
        let gone: Vec<Term> = gone.map(|row| row.term).collect();
        vault.retire(&gone);
    }
    Ok(())
}

/// The table, and what the gateway has sealed of it, if that opens.
async fn read(
    vault: &Vault,
    connection: &mut Connection<'_>,
) -> Result<(Vec<TermRow>, Option<StoreState>), StoreError> {
    let rows = terms::read(connection).await?;
    let protected = entries::state(connection).await?;
    let state = protected.and_then(|state| vault.reveal_state(&state).ok());
    Ok((rows, state))
}

/// Whether the table is as the gateway wrote it last.
pub(super) fn agree(state: &StoreState, rows: &[TermRow]) -> Result<(), StoreError> {
    if state.terms == terms::digest(rows) {
        Ok(())
    } else {
        Err(StoreError::OtherTerms)
    }
}
