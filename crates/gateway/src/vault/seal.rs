//! Seals: what shows that a row of the store is the one that was written last.
//!
//! ```text
//! seal  = HMAC-SHA256(seal key of the term, each part with its length: gateway, data factory, linked service, version, digest)
//! share = HMAC-SHA256(sum key of the term, seal)
//! state = protected for Place::State: number of changes, number of linked services, XOR of their shares, digest of the terms,
//!         digest of what the identity key signed of those before it, whether it is known that rows were others
//! ```
//! The digest is that of the whole row, or of "deleted". The seal lies beside it; whoever puts a row and its seal back
//! together has an older share then, and the sum does not come out. Shares and sum are not to be seen, so that no set of
//! older seals can be chosen for which it does; and once a damaged row was replaced while it did not, the state says so until a
//! person accepts the store, so that two such changes cannot make up for each other. What is left is the whole store put back: the audit trail is ahead of it then.

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::{CannotProtect, DoesNotOpen, Place, Protected, Vault, length_prefixed};
use crate::keyring::Term;

const FORMAT: &[u8] = b"credential-gateway row 1";

/// Length of a seal, and of the sum, in bytes.
pub const SEAL_BYTES: usize = 32;

/// What a seal is about.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// Data factory.
    pub df: &'a str,
    /// Linked service.
    pub ls: &'a str,
    /// The last version given out.
    pub version: i64,
    /// Of the row, or of what stands for none.
    pub digest: &'a [u8],
}

/// What the store as a whole is like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreState {
    /// Changes to the rows of credentials, and to the terms, since the store was made.
    pub changes: u64,
    /// Linked services that have, or had, a credential.
    pub entries: u64,
    /// The XOR of their shares.
    pub sum: [u8; SEAL_BYTES],
    /// Which terms count ([`crate::store::terms::digest`]).
    pub terms: [u8; SEAL_BYTES],
    /// Which identity keys handed over ([`crate::store::succession::digest`]).
    pub succession: [u8; SEAL_BYTES],
    /// What somebody else has written was replaced, and the sum is not that of what the gateway wrote.
    pub is_altered: bool,
}

impl Vault {
    /// Seals a row under one term; none if the keyring does not have it.
    #[must_use]
    pub fn seal(&self, term: Term, row: Sealed<'_>) -> Option<[u8; SEAL_BYTES]> {
        let key = self.key(term)?;
        hmac::sign(key.seal(), &self.sealed(row))
            .as_ref()
            .try_into()
            .ok()
    }

    /// Whether this is the row's seal.
    #[must_use]
    pub fn is_sealed(&self, term: Term, row: Sealed<'_>, seal: &[u8]) -> bool {
        self.key(term)
            .is_some_and(|key| hmac::verify(key.seal(), &self.sealed(row), seal).is_ok())
    }

    /// What a seal adds to the sum; none if the keyring does not have its term.
    #[must_use]
    pub fn share(&self, term: Term, seal: &[u8]) -> Option<[u8; SEAL_BYTES]> {
        let key = self.key(term)?;
        hmac::sign(key.sum(), seal).as_ref().try_into().ok()
    }

    /// Protects the store's state.
    ///
    /// # Errors
    /// [`CannotProtect`].
    pub fn protect_state(
        &self,
        term: Term,
        state: &StoreState,
    ) -> Result<Protected, CannotProtect> {
        let parts: [&[u8]; 6] = [
            &state.changes.to_be_bytes(),
            &state.entries.to_be_bytes(),
            &state.sum,
            &state.terms,
            &state.succession,
            &[u8::from(state.is_altered)],
        ];
        self.protect(term, Place::State, Zeroizing::new(parts.concat()))
    }

    /// Reveals the store's state.
    ///
    /// # Errors
    /// [`DoesNotOpen`].
    pub fn reveal_state(&self, protected: &Protected) -> Result<StoreState, DoesNotOpen> {
        let bytes = self.reveal(Place::State, protected)?;
        let (changes, rest) = bytes.split_first_chunk().ok_or(DoesNotOpen)?;
        let (entries, rest) = rest.split_first_chunk().ok_or(DoesNotOpen)?;
        let (sum, rest) = rest.split_first_chunk().ok_or(DoesNotOpen)?;
        let (terms, rest) = rest.split_first_chunk().ok_or(DoesNotOpen)?;
        let (succession, altered) = rest.split_first_chunk().ok_or(DoesNotOpen)?;
        Ok(StoreState {
            changes: u64::from_be_bytes(*changes),
            entries: u64::from_be_bytes(*entries),
            sum: *sum,
            terms: *terms,
            succession: *succession,
            is_altered: altered != [0],
        })
    }

    /// Seals something else that the store has, named by `what`; none if the keyring does not have the term.
    pub(crate) fn seal_parts(
        &self,
        term: Term,
        what: &[u8],
        parts: &[&[u8]],
    ) -> Option<[u8; SEAL_BYTES]> {
        let key = self.key(term)?;
        let tag = hmac::sign(key.seal(), &self.parts_of_gateway(what, parts));
        tag.as_ref().try_into().ok()
    }

    /// Whether this is the seal of [`Vault::seal_parts`].
    pub(crate) fn are_sealed(&self, term: Term, what: &[u8], parts: &[&[u8]], seal: &[u8]) -> bool {
        self.key(term).is_some_and(|key| {
            hmac::verify(key.seal(), &self.parts_of_gateway(what, parts), seal).is_ok()
        })
    }

    fn parts_of_gateway(&self, what: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let mut all = vec![what, self.owner.gateway.as_str().as_bytes()];
        all.extend_from_slice(parts);
        length_prefixed(&all)
    }

    fn sealed(&self, row: Sealed<'_>) -> Vec<u8> {
        length_prefixed(&[
            FORMAT,
            self.owner.gateway.as_str().as_bytes(),
            row.df.as_bytes(),
            row.ls.as_bytes(),
            &row.version.to_be_bytes(),
            row.digest,
        ])
    }
}

impl StoreState {
    /// Whether the other one has the same rows.
    #[must_use]
    pub fn has_sum_of(&self, counted: &Self) -> bool {
        (self.entries, self.sum) == (counted.entries, counted.sum)
    }

    /// Adds a share, or takes one away: with XOR both are the same.
    pub fn mix(&mut self, share: &[u8; SEAL_BYTES]) {
        for (byte, other) in self.sum.iter_mut().zip(share) {
            *byte ^= other;
        }
    }
}
