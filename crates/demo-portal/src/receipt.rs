//! Receipts: a browser hands one in, and it is believed only with the gateway's signature and about a ticket of this portal's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, anyhow, ensure};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::context::UnixSeconds;
use envelope::jwk::Kid;
use envelope::protocol::IdentityJwk;
use envelope::receipt::{RECEIPT_TYP, RECEIPT_VERSION, Receipt};
use envelope::ticket::{CLOCK_LEEWAY_SECONDS, TicketClaims};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

/// Seconds from a ticket's expiry to when its receipt is no longer taken.
const RECEIPTS_TAKEN_FOR: u64 = 3600;

/// The gateway's identity key, ready to verify.
pub(crate) struct IdentityKey {
    key: DecodingKey,
    kid: Kid,
}

impl IdentityKey {
    /// From the `x` that `credential-gateway fingerprint` prints.
    ///
    /// # Errors
    /// When it is no Ed25519 key, or not the one with this thumbprint.
    pub(crate) fn parse(x: &str, thumbprint: &Kid) -> Result<Self> {
        let bytes = Base64UrlUnpadded::decode_vec(x).map_err(|_| anyhow!("not base64url"))?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| anyhow!("not 32 bytes"))?;
        let kid = IdentityJwk::ed25519(&bytes).thumbprint();
        ensure!(
            kid == *thumbprint,
            "its thumbprint is {kid}, not that of --thumbprint"
        );
        let key = DecodingKey::from_ed_components(x).context("no Ed25519 key")?;
        Ok(Self { key, kid })
    }

    /// What was signed, if this key signed it as a receipt.
    fn verify(&self, jws: &str) -> Result<Receipt, ReceiptRefusal> {
        // One algorithm, whatever the header says. A receipt has no expiry and no audience.
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        rules.validate_aud = false;
        let signed = jsonwebtoken::decode::<Receipt>(jws, &self.key, &rules)
            .map_err(|_| ReceiptRefusal::Signature)?;
        // The same key signs other things too.
        let is_receipt = signed.header.typ.as_deref() == Some(RECEIPT_TYP)
            && signed.header.kid.as_deref() == Some(self.kid.as_str())
            && signed.claims.v == RECEIPT_VERSION;
        is_receipt
            .then_some(signed.claims)
            .ok_or(ReceiptRefusal::Signature)
    }
}

/// Why a receipt is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReceiptRefusal {
    /// It is no receipt, or the gateway's identity key did not sign it.
    Signature,
    /// It names no ticket that this portal issued lately.
    Ticket,
    /// It says something else than its ticket permits.
    Permission,
}

impl ReceiptRefusal {
    /// A stable code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Signature => "receipt_signature",
            Self::Ticket => "receipt_ticket",
            Self::Permission => "receipt_permission",
        }
    }

    /// For people.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Signature => {
                "The receipt is not signed by the identity key of the gateway that this portal works with."
            }
            Self::Ticket => {
                "The receipt is for no ticket that this portal issued in the last hour."
            }
            Self::Permission => "The receipt says something else than its ticket permits.",
        }
    }
}

/// The tickets of the last hour, by id: only their receipts are believed. Forgotten when the portal ends.
#[derive(Default)]
pub(crate) struct IssuedTickets(Mutex<HashMap<String, TicketClaims>>);

impl IssuedTickets {
    /// Remembers one and forgets those whose receipts are no longer taken.
    pub(crate) fn remember(&self, claims: TicketClaims) {
        let now = claims.iat;
        let mut tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.retain(|_, ticket| is_taken(ticket, now));
        tickets.insert(claims.jti.to_string(), claims);
    }

    /// What is stored, if the gateway says so and one of these tickets permits it.
    ///
    /// # Errors
    /// See [`ReceiptRefusal`].
    pub(crate) fn receipt(
        &self,
        jws: &str,
        key: &IdentityKey,
        now: UnixSeconds,
    ) -> Result<Receipt, ReceiptRefusal> {
        let receipt = key.verify(jws)?;
        let tickets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = tickets
            .get(receipt.jti.as_str())
            .filter(|ticket| is_taken(ticket, now))
            .ok_or(ReceiptRefusal::Ticket)?;
        if permits(ticket, &receipt) {
            Ok(receipt)
        } else {
            Err(ReceiptRefusal::Permission)
        }
    }
}

fn is_taken(ticket: &TicketClaims, now: UnixSeconds) -> bool {
    now.0 <= ticket.exp.0.saturating_add(RECEIPTS_TAKEN_FOR)
}

fn permits(ticket: &TicketClaims, receipt: &Receipt) -> bool {
    let (from, until) = (
        ticket.iat.0.saturating_sub(CLOCK_LEEWAY_SECONDS),
        ticket.exp.0.saturating_add(CLOCK_LEEWAY_SECONDS),
    );
    let kind = ticket.kind.as_deref();
    ticket.aud == receipt.gw
        && ticket.df == receipt.df
        && ticket.ls == receipt.ls
        && ticket.sub == receipt.sub
        && kind.is_none_or(|kind| kind == receipt.kind)
        && (from..=until).contains(&receipt.at.0)
}
