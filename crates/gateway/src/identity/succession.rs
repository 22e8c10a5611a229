//! Which identity key is the present one, and which ones have handed over to it.
//!
//! A replacement ([`crate::custody::replacement`]) has three steps, all under the lock on the keys:
//! 1. the new key is in `identity-next.key`;
//! 2. one transaction has the hand-over and its audit line: from then on the new key is the present one, because the store has
//!    what it signed;
//! 3. once that line is in the audit file, `identity-next.key` takes the name `identity.key`, and the former private key is gone.
//!
//! So after a kill at any point the old key is whole, or the new one with its hand-over. Until the line is in the file both
//! private keys are on disk: checkpoints before the line are the former key's, those after it the new one's.
//!
//! The store may be anybody's work. So the present key signs the list of hand-overs: no other key can be put among the former ones,
//! whose tickets are still accepted for some minutes.

use std::sync::{Arc, PoisonError, RwLock};

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::statement::{STATEMENT_TYP, SignedStatement};
use envelope::{GatewayId, KeyStatement, Kid, Ticket, TicketAlgorithm, UnixSeconds};
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};

use super::{Identity, IdentityError};
use crate::data_folder::{self, DataFolder};
use crate::issuers::PublicKey;
use crate::store::Connection;
use crate::store::succession;
use crate::vault::Vault;
use crate::vault::key_file::KeyFileError;

/// `typ` of what the present key signs of its predecessors.
const SUCCESSION_TYP: &str = "credential-identity-succession+jwt";

/// Hand-overs that are kept, the latest ones: a key document with them stays within its 16 KiB.
pub const MAX_HAND_OVERS: usize = 8;

/// A file may be renamed between looking for it under one name and under the other.
const ATTEMPTS: usize = 3;

/// The identity keys as this process last saw them.
pub struct Succession {
    gateway: GatewayId,
    folder: DataFolder,
    vault: Arc<Vault>,
    known: RwLock<Arc<Identities>>,
}

/// The present identity key, and those before it.
pub struct Identities {
    /// The one that signs.
    pub present: Arc<Identity>,
    /// Those that handed over, the latest first.
    pub former: Vec<Former>,
    signed: Option<String>,
}

/// An identity key that was replaced; its private half is gone.
pub struct Former {
    /// Its thumbprint.
    pub kid: Kid,
    /// When it was replaced.
    pub until: UnixSeconds,
    /// What it signed then: a [`KeyStatement::hand_over`].
    pub hand_over: String,
    key: PublicKey,
}

/// What the present key signs.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Predecessors {
    gateway: GatewayId,
    /// With a space between two, the latest first.
    hand_overs: String,
}

impl Succession {
    /// Reads which key is the present one, and the key.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub async fn open(
        gateway: &GatewayId,
        folder: &DataFolder,
        vault: &Arc<Vault>,
        connection: &mut Connection<'_>,
    ) -> Result<Self, IdentityError> {
        let identities = Identities::read(gateway, folder, vault, connection).await?;
        Ok(Self {
            gateway: gateway.clone(),
            folder: folder.clone(),
            vault: vault.clone(),
            known: RwLock::new(Arc::new(identities)),
        })
    }

    /// As they were when this process last looked.
    #[must_use]
    pub fn known(&self) -> Arc<Identities> {
        let known = self.known.read();
        known.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As they are in this connection's view of the store, whichever process changed them. Whoever signs asks this first, and signs
    /// with the answer.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub async fn current(
        &self,
        connection: &mut Connection<'_>,
    ) -> Result<Arc<Identities>, IdentityError> {
        let signed = succession::read(connection).await?;
        self.as_signed(signed.as_deref(), connection).await
    }

    /// As [`Succession::current`], for whoever has read already what the store has of them.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub async fn as_signed(
        &self,
        signed: Option<&str>,
        connection: &mut Connection<'_>,
    ) -> Result<Arc<Identities>, IdentityError> {
        let known = self.known();
        if signed == known.signed() {
            return Ok(known);
        }
        let read = Identities::read(&self.gateway, &self.folder, &self.vault, connection).await?;
        let read = Arc::new(read);
        // The former key leaves this process's memory with its last signature.
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = read.clone();
        Ok(read)
    }

    /// The key with this thumbprint, if its private half is still there.
    pub(crate) fn signer(&self, kid: &Kid) -> Option<Arc<Identity>> {
        let known = self.known().present.clone();
        if known.kid() == kid {
            return Some(known);
        }
        let identity = [self.folder.identity(), self.folder.next_identity()];
        let mut found = identity
            .iter()
            .filter_map(|path| Identity::load_from(path, &self.vault).ok());
        found.find(|identity| identity.kid() == kid).map(Arc::new)
    }

    /// Does the third step of a replacement that has come to its second, and removes what is left of one that has not. The
    /// caller has the lock on the keys, and the audit file has every line of the store.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub(crate) async fn finish(
        &self,
        connection: &mut Connection<'_>,
    ) -> Result<(), IdentityError> {
        let next = self.folder.next_identity();
        if !next.exists() {
            return Ok(());
        }
        let identities = self.current(connection).await?;
        let is_present = Identity::load_from(&next, &self.vault)
            .is_ok_and(|identity| identity.kid() == identities.present.kid());
        let done = if is_present && identities.signed.is_some() {
            data_folder::take_place(&next, &self.folder.identity())
        } else {
            data_folder::remove(&next)
        };
        Ok(done.map_err(KeyFileError::from)?)
    }
}

impl Identities {
    /// Reads them without keeping anything.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub async fn read(
        gateway: &GatewayId,
        folder: &DataFolder,
        vault: &Vault,
        connection: &mut Connection<'_>,
    ) -> Result<Self, IdentityError> {
        for _ in 0..ATTEMPTS {
            let Some(signed) = succession::read(connection).await? else {
                return Ok(Self {
                    present: Arc::new(Identity::load(folder, vault)?),
                    former: Vec::new(),
                    signed: None,
                });
            };
            let predecessors = Predecessors::parse(&signed).ok_or(IdentityError::Damaged)?;
            for path in [folder.identity(), folder.next_identity()] {
                let identity = match Identity::load_from(&path, vault) {
                    Err(IdentityError::File(KeyFileError::Missing(_))) => continue,
                    other => other?,
                };
                // Signing the same document again gives the same bytes.
                if identity.jws(SUCCESSION_TYP, &predecessors).ok().as_ref() == Some(&signed) {
                    return Ok(Self {
                        former: predecessors.verified(gateway, &identity)?,
                        present: Arc::new(identity),
                        signed: Some(signed),
                    });
                }
            }
        }
        Err(IdentityError::Another)
    }

    /// What the store gets when `successor` takes the present key's place, and the hand-over in it.
    ///
    /// # Errors
    /// See [`IdentityError`].
    pub(crate) fn hand_over(
        &self,
        gateway: &GatewayId,
        successor: &Identity,
        seq: u64,
        now: UnixSeconds,
    ) -> Result<(String, String), IdentityError> {
        let present = &self.present;
        let public = present.public().clone();
        let statement = KeyStatement::hand_over(gateway.clone(), public, successor.kid(), seq, now);
        let hand_over = present
            .jws(STATEMENT_TYP, &statement)
            .map_err(|_| IdentityError::Unusable)?;
        let before = self.former.iter().map(|former| former.hand_over.as_str());
        let all = std::iter::once(hand_over.as_str()).chain(before);
        let predecessors = Predecessors {
            gateway: gateway.clone(),
            hand_overs: all.take(MAX_HAND_OVERS).collect::<Vec<_>>().join(" "),
        };
        let signed = successor
            .jws(SUCCESSION_TYP, &predecessors)
            .map_err(|_| IdentityError::Unusable)?;
        Ok((signed, hand_over))
    }

    /// What the store has of them.
    pub(crate) fn signed(&self) -> Option<&str> {
        self.signed.as_deref()
    }

    /// Whether this is the present key, or one that handed over to it.
    #[must_use]
    pub fn is_or_was(&self, kid: &Kid) -> bool {
        self.present.kid() == kid || self.former.iter().any(|former| former.kid == *kid)
    }

    /// Whether the gateway itself issued this ticket: the present key has signed it, or a former one while it was the present one.
    /// A ticket lives for ten minutes, so what somebody makes with a former key is soon good for nothing.
    #[must_use]
    pub(crate) fn have_issued(&self, ticket: &Ticket) -> bool {
        let signature = Base64UrlUnpadded::encode_string(ticket.signature());
        let is_by =
            |key: &PublicKey| key.verifies(Algorithm::EdDSA, ticket.signing_input(), &signature);
        let in_time = |former: &&Former| ticket.claims().iat <= former.until;
        ticket.algorithm() == TicketAlgorithm::EdDsa
            && (is_by(self.present.verifying_key())
                || self
                    .former
                    .iter()
                    .filter(in_time)
                    .any(|former| is_by(&former.key)))
    }

    /// A key document's statement with all hand-overs behind it.
    pub(crate) fn with_hand_overs(&self, mut statement: String) -> String {
        for former in &self.former {
            statement.push(' ');
            statement.push_str(&former.hand_over);
        }
        statement
    }
}

impl Predecessors {
    fn parse(signed: &str) -> Option<Self> {
        let payload = signed.split('.').nth(1)?;
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).ok()?).ok()
    }

    /// The hand-overs, as whoever seals follows them.
    fn verified(
        &self,
        gateway: &GatewayId,
        present: &Identity,
    ) -> Result<Vec<Former>, IdentityError> {
        let mut former = Vec::new();
        let mut successor = present.kid().clone();
        for jws in self.hand_overs.split(' ') {
            let handed =
                HandedOver::verified(jws, gateway.as_str()).ok_or(IdentityError::Damaged)?;
            if handed.successor != successor || self.gateway != *gateway {
                return Err(IdentityError::Damaged);
            }
            successor = handed.former.clone();
            former.push(Former {
                kid: handed.former,
                until: handed.at,
                hand_over: jws.to_owned(),
                key: handed.key,
            });
        }
        Ok(former)
    }
}

/// A hand-over whose signature was verified under the key that it names.
pub(crate) struct HandedOver {
    pub(crate) former: Kid,
    pub(crate) successor: Kid,
    at: UnixSeconds,
    key: PublicKey,
}

impl HandedOver {
    /// None if it is no hand-over of this gateway, or is not signed by the key that it names.
    pub(crate) fn verified(jws: &str, gateway: &str) -> Option<Self> {
        let signed = SignedStatement::parse(jws)?;
        let statement: KeyStatement = serde_json::from_slice(&signed.payload).ok()?;
        let former = statement.identity.thumbprint();
        let key = verifying_key(&statement.identity)?;
        let signature = Base64UrlUnpadded::encode_string(&signed.signature);
        let is_signed = signed.is_by(&former)
            && key.verifies(
                Algorithm::EdDSA,
                signed.signing_input.as_bytes(),
                &signature,
            );
        if !is_signed || statement.gw.as_str() != gateway {
            return None;
        }
        Some(Self {
            former,
            successor: Kid::parse(&statement.keys).ok()?,
            at: statement.nbf,
            key,
        })
    }
}

fn verifying_key(identity: &IdentityJwk) -> Option<PublicKey> {
    if identity.kty != "OKP" || identity.crv != "Ed25519" {
        return None;
    }
    let bytes = Base64UrlUnpadded::decode_vec(&identity.x).ok()?;
    PublicKey::ed25519(&bytes.try_into().ok()?).ok()
}
