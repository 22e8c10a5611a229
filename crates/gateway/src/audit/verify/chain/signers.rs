//! Which identity key signs at a place of the trail: the one that the first line names, until it hands over.
//!
//! A hand-over alone shows no more than that its former key wanted it: anybody can make a key, write a trail and hand over to the
//! key that is known. So that key has to have signed a checkpoint after it, which is over everything before.

use envelope::Kid;
use envelope::protocol::IdentityJwk;

use super::super::{Witness, public_key};
use super::Seen;
use crate::audit::HandOver;
use crate::identity::succession::HandedOver;
use crate::issuers::PublicKey;

#[derive(Clone)]
pub(super) struct Signers {
    /// The key that is known, and that all has to lead to.
    known: Kid,
    /// The key that signs here, once the trail has named it.
    present: Option<Kid>,
    key: Option<PublicKey>,
    /// Where the present key became that.
    since: Option<Seen>,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There was no hand-over.
    First,
    /// The successor has signed nothing yet.
    HandedOver,
    /// The successor has signed.
    Confirmed,
}

impl Signers {
    pub(super) fn new(witness: &Witness) -> Self {
        Self {
            known: witness.kid(),
            present: None,
            key: witness.key(),
            since: None,
            stage: Stage::First,
        }
    }

    /// What a file's first line says; false if it cannot be.
    pub(super) fn begin(&mut self, x: &str, seen: &Seen) -> bool {
        let Some(key) = public_key(x) else {
            return false;
        };
        let kid = thumbprint(x);
        match &self.present {
            Some(present) => *present == kid,
            None => {
                self.present = Some(kid);
                self.key = Some(key);
                self.since = Some(seen.clone());
                true
            }
        }
    }

    /// The key that signs here.
    pub(super) fn key(&self) -> Option<&PublicKey> {
        self.key.as_ref()
    }

    /// Its thumbprint.
    pub(super) fn present(&self) -> &Kid {
        self.present.as_ref().unwrap_or(&self.known)
    }

    /// What a line says of a hand-over; false if it is not one by the key that signs here.
    pub(super) fn follow(&mut self, told: &HandOver, gateway: &str, seen: &Seen) -> bool {
        let Some(handed) = HandedOver::verified(&told.jws, gateway) else {
            return false;
        };
        let is_told = handed.former == told.former && handed.successor == told.successor;
        let is_by = self
            .present
            .as_ref()
            .is_none_or(|kid| *kid == handed.former);
        let key = public_key(&told.successor_key);
        if !is_told || !is_by || key.is_none() || thumbprint(&told.successor_key) != told.successor
        {
            return false;
        }
        self.present = Some(handed.successor);
        self.key = key;
        self.since = Some(seen.clone());
        self.stage = Stage::HandedOver;
        true
    }

    /// A checkpoint holds.
    pub(super) fn confirm(&mut self) {
        if self.stage == Stage::HandedOver {
            self.stage = Stage::Confirmed;
        }
    }

    /// What is missing at the end, and where.
    pub(super) fn missing(&self) -> Option<(Seen, String)> {
        let since = self.since.clone()?;
        if *self.present() != self.known {
            let known = &self.known;
            return Some((
                since,
                format!("the identity key {known}, or a hand-over to it"),
            ));
        }
        (self.stage == Stage::HandedOver).then(|| {
            let known = &self.known;
            (
                since,
                format!("a checkpoint after it by the identity key {known}"),
            )
        })
    }
}

fn thumbprint(x: &str) -> Kid {
    let jwk = IdentityJwk {
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        x: x.to_owned(),
    };
    jwk.thumbprint()
}
