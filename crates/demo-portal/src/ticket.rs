//! Tickets: permission to set one credential, once. Signed here, checked by the gateway.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::context::{
    DataFactoryName, GatewayId, LinkedServiceName, Operation, TicketId, UnixSeconds,
};
use envelope::jwk::Kid;
use envelope::ticket::{TICKET_TYP, TicketClaims};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use crate::issuer::ISSUER;

/// Seconds from issue to expiry: the longest a gateway accepts.
const LIFETIME: u64 = 600;

/// Who presses the button in the demo; a real portal names its signed-in user.
const DEMO_USER: &str = "dana@harbour.example";

/// What a ticket is for.
pub(crate) struct Permission<'a> {
    pub(crate) gateway: &'a GatewayId,
    pub(crate) factory: &'a DataFactoryName,
    pub(crate) linked_service: LinkedServiceName,
    pub(crate) kind: Option<&'a str>,
    pub(crate) thumbprint: &'a Kid,
    /// The portal's origin: the only one the gateway's page tells the outcome to.
    pub(crate) origin: &'a str,
}

/// A signed ticket (JWS compact) and what it says. Its id may be logged; the ticket itself may not.
pub(crate) struct IssuedTicket {
    pub(crate) claims: TicketClaims,
    pub(crate) compact: String,
}

/// Issues a ticket that is valid from now on for ten minutes.
pub(crate) fn issue(key: &EncodingKey, permission: Permission<'_>) -> Result<IssuedTicket> {
    let UnixSeconds(now) = now()?;
    let claims = TicketClaims {
        iss: ISSUER.to_owned(),
        aud: permission.gateway.clone(),
        sub: DEMO_USER.to_owned(),
        jti: new_id()?,
        iat: UnixSeconds(now),
        nbf: UnixSeconds(now),
        exp: UnixSeconds(now + LIFETIME),
        op: Operation::Set,
        df: permission.factory.clone(),
        ls: permission.linked_service,
        kind: permission.kind.map(str::to_owned),
        thp: permission.thumbprint.clone(),
        org: Some(permission.origin.to_owned()),
    };
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(TICKET_TYP.to_owned());
    let compact = jsonwebtoken::encode(&header, &claims, key).context("signing the ticket")?;
    Ok(IssuedTicket { claims, compact })
}

/// What the clock says.
pub(crate) fn now() -> Result<UnixSeconds> {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock is before 1970")?;
    Ok(UnixSeconds(since.as_secs()))
}

fn new_id() -> Result<TicketId> {
    let mut random = [0; 16];
    aws_lc_rs::rand::fill(&mut random).map_err(|_| anyhow!("no randomness for a ticket id"))?;
    TicketId::parse(&Base64UrlUnpadded::encode_string(&random)).context("the new ticket id")
}
