//! The benchmark's own ticket issuer: an Ed25519 key that the measured gateway is told to accept.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow};
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64ct::{Base64UrlUnpadded as Base64Url, Encoding as _};
use envelope::context::{
    DataFactoryName, GatewayId, LinkedServiceName, Operation, TicketId, UnixSeconds,
};
use envelope::jwk::Kid;
use envelope::ticket::{TICKET_TYP, TicketClaims};
use serde_json::json;

/// The name under which the issuer is registered.
pub const ISSUER: &str = "bench";
/// The factory it is registered for.
pub const FACTORY: &str = "bench-factory";
/// How long a ticket may live, in seconds; the protocol's limit.
const LIFETIME: u64 = 600;

/// Signs tickets.
pub struct Issuer {
    key: Ed25519KeyPair,
    ahead: AtomicI64,
}

impl Issuer {
    /// A new key.
    pub fn new() -> Result<Self> {
        let key =
            Ed25519KeyPair::generate().map_err(|_| anyhow!("no Ed25519 key could be made"))?;
        Ok(Self {
            key,
            ahead: AtomicI64::new(0),
        })
    }

    /// Puts its clock ahead of this machine's by so many seconds, or behind.
    pub fn set_ahead(&self, seconds: i64) {
        self.ahead.store(seconds, Ordering::Relaxed);
    }

    /// The public key as a JWK (RFC 8037).
    pub fn public_jwk(&self) -> String {
        json!({"kty": "OKP", "crv": "Ed25519", "x": Base64Url::encode_string(self.key.public_key().as_ref())}).to_string()
    }

    /// A ticket to set one credential, and what it says.
    pub fn ticket(
        &self,
        gateway: &GatewayId,
        thumbprint: &Kid,
        linked_service: &str,
        kind: &str,
    ) -> Result<(String, TicketClaims)> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let now = now.saturating_add_signed(self.ahead.load(Ordering::Relaxed));
        let mut jti = [0; 16];
        SystemRandom::new()
            .fill(&mut jti)
            .map_err(|_| anyhow!("no randomness"))?;
        let claims = TicketClaims {
            iss: ISSUER.into(),
            aud: gateway.clone(),
            sub: "bench@localhost".into(),
            jti: TicketId::parse(&Base64Url::encode_string(&jti))?,
            iat: UnixSeconds(now),
            nbf: UnixSeconds(now),
            exp: UnixSeconds(now + LIFETIME),
            op: Operation::Set,
            df: DataFactoryName::parse(FACTORY)?,
            ls: LinkedServiceName::parse(linked_service)?,
            kind: Some(kind.into()),
            thp: thumbprint.clone(),
            org: None,
        };
        let header = json!({"alg": "EdDSA", "typ": TICKET_TYP}).to_string();
        let claims_json = serde_json::to_string(&claims).context("the claims")?;
        let signed = format!(
            "{}.{}",
            Base64Url::encode_string(header.as_bytes()),
            Base64Url::encode_string(claims_json.as_bytes())
        );
        let signature = Base64Url::encode_string(self.key.sign(signed.as_bytes()).as_ref());
        Ok((format!("{signed}.{signature}"), claims))
    }
}
