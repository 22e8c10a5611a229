//! Checkpoints: the identity key's signature over the trail as it is at some line. Whoever has the folder but not the
//! KEK can change what comes after the last one, and nothing before it.

use base64ct::{Base64UrlUnpadded, Encoding};
use jsonwebtoken::Algorithm;
use serde::{Deserialize, Serialize};

use super::line::{End, LineHash};
use crate::identity::{CannotSign, Identity};
use crate::issuers::PublicKey;

/// `typ` of a checkpoint's JWS header.
pub const CHECKPOINT_TYP: &str = "credential-audit-checkpoint+jwt";

/// What a checkpoint says: in this gateway's trail, line `seq` has this hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The gateway's id.
    pub gateway: String,
    /// Number of the line before the checkpoint's own.
    pub seq: i64,
    /// That line's hash, as the checkpoint's own line has it in `prev`.
    pub head: String,
    /// When it was signed, as in the checkpoint's own line.
    pub at: String,
}

impl Checkpoint {
    /// Signs that the trail ends here.
    ///
    /// # Errors
    /// [`CannotSign`].
    pub fn sign(
        identity: &Identity,
        gateway: &str,
        end: &End,
        at: &str,
    ) -> Result<String, CannotSign> {
        let checkpoint = Self {
            gateway: gateway.to_owned(),
            seq: end.seq,
            head: end.head.to_string(),
            at: at.to_owned(),
        };
        identity.jws(CHECKPOINT_TYP, &checkpoint)
    }

    /// What was signed, if this key signed it as a checkpoint.
    #[must_use]
    pub fn verify(key: &PublicKey, jws: &str) -> Option<Self> {
        let (signed, signature) = jws.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = decoded(header)?;
        // The same key signs receipts, tickets and statements too.
        let is_ours = header.alg == "EdDSA"
            && header.typ == CHECKPOINT_TYP
            && key.verifies(Algorithm::EdDSA, signed.as_bytes(), signature);
        is_ours
            .then(|| decoded::<Self>(claims))
            .flatten()
            .filter(|checkpoint| checkpoint.head().is_some())
    }

    /// What the checkpoint's own line tells, behind the front.
    pub(super) fn told(&self) -> String {
        format!(
            "\"at\":\"{}\",\"event\":\"checkpoint\",\"result\":\"ok\"}}",
            self.at
        )
    }

    /// The hash that was signed.
    pub(super) fn head(&self) -> Option<LineHash> {
        LineHash::parse(&self.head)
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    typ: String,
}

fn decoded<T: for<'de> Deserialize<'de>>(segment: &str) -> Option<T> {
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(segment).ok()?).ok()
}
