//! The proof of what was stored: which linked service, where it points, which version, under which key. Never a value.

use serde::{Deserialize, Serialize};

use crate::context::{DataFactoryName, GatewayId, LinkedServiceName, TicketId, UnixSeconds};
use crate::jwk::Kid;

/// `typ` in a receipt's header (RFC 7515 section 4.1.9).
pub const RECEIPT_TYP: &str = "credential-receipt+jwt";

/// Version of the receipt's form.
pub const RECEIPT_VERSION: u8 = 1;

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Version of this form: 1.
    pub v: u8,
    /// The gateway that stored it.
    pub gw: GatewayId,
    /// Data factory.
    pub df: DataFactoryName,
    /// Linked service.
    pub ls: LinkedServiceName,
    /// Kind of the data store, by its JSON type.
    pub kind: String,
    /// Authentication type.
    pub auth: String,
    /// The far end, for people: host, port, database.
    pub target: String,
    /// The account on the data store, unless it is secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Counts up with each credential stored for the linked service, from 1.
    pub version: u64,
    /// The envelope key it was sealed for.
    pub kid: Kid,
    /// The ticket that was used up.
    pub jti: TicketId,
    /// The person the ticket was issued to.
    pub sub: String,
    /// When it was stored.
    pub at: UnixSeconds,
    /// Which page the gateway served then: the hash of its files, as the page itself shows it. Missing if it served none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// What became of the last test under the ticket. Missing in receipts from before gateways tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<TestOutcome>,
}

/// What became of the test of what was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TestOutcome {
    /// How it ended.
    pub outcome: Verdict,
    /// Why it failed: a stable code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<UnixSeconds>,
}

/// How the test of what was stored ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It passed.
    Passed,
    /// It failed, and was stored all the same.
    Failed,
    /// This very content was not tested under the ticket.
    None,
}

/// A receipt with the gateway's signature: the body of the answer to storing a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    /// The receipt, for whoever only shows it.
    pub receipt: Receipt,
    /// A compact JWS (RFC 7515), EdDSA by the gateway's identity key, whose content is the same receipt.
    pub jws: String,
}
