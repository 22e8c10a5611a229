//! What a gateway says about itself and about what it keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base64url;
use crate::context::{DataFactoryName, GatewayId, LinkedServiceName, UnixSeconds};
use crate::jwk::Kid;
use crate::receipt::{SignedReceipt, TestOutcome};

/// What a gateway says about itself, at `/.well-known/credential-gateway`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct GatewayDescription {
    /// Its id: `aud` of tickets, `gw` of envelopes.
    pub id: GatewayId,
    /// Its name for people.
    pub name: String,
    /// Version of its software.
    pub version: String,
    /// Prefix of its API: `/v1`.
    pub api: String,
    /// Its long-lived identity key, which signs receipts.
    pub identity: IdentityJwk,
    /// The identity key's RFC 7638 thumbprint.
    pub fingerprint: String,
    /// The same in six words, to be read out and compared.
    pub fingerprint_words: String,
    /// SHA-256 of its certificate, 64 lower-case hexadecimal digits.
    pub certificate_sha256: String,
    /// What it can do beyond the first version.
    pub features: Vec<String>,
    /// What it tries at the data store for callers; missing if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestsOffered>,
    /// The kinds of data store it offers, by JSON type.
    pub kinds: Vec<String>,
}

/// What a gateway tries at the data store for callers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TestsOffered {
    /// What it stores of that.
    pub save: SaveAfter,
    /// The authentication types that it can try, by kind.
    pub kinds: BTreeMap<String, Vec<String>>,
}

/// What is stored of a kind that can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum SaveAfter {
    /// What has passed its test under the same ticket.
    Tested,
    /// Whatever a person chooses to.
    Chosen,
}

/// An Ed25519 public key as a JWK (RFC 8037 section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IdentityJwk {
    /// "OKP".
    pub kty: String,
    /// "Ed25519".
    pub crv: String,
    /// The key, 32 bytes in base64url.
    pub x: String,
}

impl IdentityJwk {
    /// The key of these 32 bytes.
    pub fn ed25519(public_key: &[u8; 32]) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: base64url::encode(public_key),
        }
    }

    /// The RFC 7638 thumbprint, over `crv`, `kty` and `x` (RFC 8037 section 2).
    pub fn thumbprint(&self) -> Kid {
        let Self { kty, crv, x } = self;
        // Put together without the formatting machinery: the page carries this.
        let parts = [
            r#"{"crv":""#,
            crv,
            r#"","kty":""#,
            kty,
            r#"","x":""#,
            x,
            r#""}"#,
        ];
        Kid::of_canonical_json(&parts.concat())
    }
}

/// What may be shown about a stored credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoredCredential {
    /// Data factory.
    pub df: DataFactoryName,
    /// Linked service.
    pub ls: LinkedServiceName,
    /// Kind of the data store, by its JSON type.
    pub kind: String,
    /// Authentication type.
    pub auth: String,
    /// The far end, for people.
    pub target: String,
    /// The account on the data store, unless it is secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Properties that are not secret, by their wire names.
    pub properties: BTreeMap<String, String>,
    /// Names of the secrets that are stored.
    pub secrets: Vec<String>,
    /// Counts up with each credential stored for the linked service, from 1.
    pub version: u64,
    /// The envelope key it was sealed for.
    pub kid: Kid,
    /// The person who set it.
    pub set_by: String,
    /// When it was set.
    pub set_at: UnixSeconds,
    /// How the last test of this version ended. Missing if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_test: Option<TestOutcome>,
}

/// What became of a ticket that permits setting a credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum TicketStatus {
    /// Nothing was stored under it.
    Unused,
    /// A credential was stored under it: the answer that the page was given.
    Used(Box<SignedReceipt>),
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8037 appendix A.3.
    #[test]
    fn an_identity_has_the_thumbprint_of_rfc_8037() {
        let key = base64url::decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let jwk = IdentityJwk::ed25519(&key.try_into().unwrap());
        assert_eq!(jwk.x, "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(
            jwk.thumbprint().as_str(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }
}
