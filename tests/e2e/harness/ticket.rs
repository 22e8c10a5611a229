//! Tickets that no honest portal issues, signed with the demo portal's key.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::gateway::Gateway;
use super::portal::{FACTORY, Portal};

/// A ticket's claims; each may be changed before it is signed.
#[derive(Clone)]
pub(crate) struct TestTicket {
    claims: Value,
}

impl TestTicket {
    /// A good one.
    pub(crate) fn new(gateway: &Gateway, linked_service: &str, kind: Option<&str>) -> Result<Self> {
        let told = gateway.fingerprint()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut claims = json!({
            "iss": "demo-portal", "aud": told.gateway_id, "sub": "eve@harbour.example",
            "jti": format!("{linked_service}-{:x}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos()),
            "iat": now, "nbf": now, "exp": now + 600, "op": "set", "df": FACTORY, "ls": linked_service, "thp": told.identity,
        });
        if let Some(kind) = kind {
            claims["kind"] = kind.into();
        }
        Ok(Self { claims })
    }

    /// With another value for a claim.
    pub(crate) fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    /// Good for so many seconds.
    pub(crate) fn lasting(self, seconds: u64) -> Self {
        let issued = self.claims["iat"].as_u64().unwrap_or_default();
        self.with("exp", issued + seconds)
    }

    /// Issued and expired some time ago.
    pub(crate) fn expired(self) -> Self {
        let now = self.claims["iat"].as_u64().unwrap_or_default();
        self.with("iat", now - 700)
            .with("nbf", now - 700)
            .with("exp", now - 100)
    }

    /// The signed ticket (JWS compact).
    pub(crate) fn sign(&self, portal: &Portal) -> Result<String> {
        let key = EncodingKey::from_ed_pem(&std::fs::read(portal.private_key())?)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("credential-ticket+jwt".to_owned());
        Ok(jsonwebtoken::encode(&header, &self.claims, &key)?)
    }

    /// The gateway's page with this ticket, as a link.
    pub(crate) fn link(&self, gateway: &Gateway, portal: &Portal) -> Result<String> {
        Ok(format!(
            "{}/#ticket={}",
            gateway.origin(),
            self.sign(portal)?
        ))
    }
}
