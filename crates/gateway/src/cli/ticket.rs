//! `ticket`: the gateway as its own issuer, for the stand-alone use.

use anyhow::Context;
use base64ct::{Base64UrlUnpadded, Encoding};
use clap::Args;
use envelope::{
    DataFactoryName, Kid, LinkedServiceName, Operation, TicketClaims, TicketId, UnixSeconds,
};
use serde::Serialize;

use super::failure::{Cause, Failure};
use super::{Opened, operator, output};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::identity::BUILT_IN_ISSUER;

#[derive(Args)]
pub(super) struct Ticket {
    /// The linked service whose credential may be set.
    #[arg(value_name = "LINKED_SERVICE", value_parser = LinkedServiceName::parse)]
    linked_service: LinkedServiceName,
    /// Its data factory.
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = DataFactoryName::parse)]
    factory: DataFactoryName,
    /// Fix the kind of data store, such as OnPremisesSqlServer [default: the person chooses].
    #[arg(long)]
    kind: Option<String>,
    /// How long the ticket is valid, in minutes.
    #[arg(long, value_name = "1..10", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10))]
    minutes: u64,
    /// Who will use it, for the receipt and the audit [default: the user who runs this].
    #[arg(long)]
    who: Option<String>,
    /// Permit deleting the credential instead of setting it; prints the ticket alone.
    #[arg(long)]
    delete: bool,
    /// The port for the link when `listen` leaves it open (port 0).
    #[arg(long)]
    port: Option<u16>,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Issued<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    ticket: &'a str,
    jti: &'a TicketId,
    expires_at: UnixSeconds,
}

impl Ticket {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let now = clock::now();
        let identity = gateway.custody.identities().await?.present.clone();
        let claims = self.claims(&gateway, identity.kid(), now)?;
        let ticket = identity.issue(&claims)?;
        let link = if self.delete {
            None
        } else {
            Some(format!("{}/#ticket={}", self.origin(&gateway)?, *ticket))
        };

        let mut event = AuditEvent::new(Event::TicketIssued, Outcome::Ok, now);
        event.who = Some(operator::name());
        event.iss = Some(claims.iss.clone());
        event.df = Some(claims.df.clone());
        event.ls = Some(claims.ls.clone());
        event.kind = claims.kind.clone();
        event.jti = Some(claims.jti.clone());
        gateway.custody.record(event).await?;
        gateway.custody.shutdown().await;

        if self.json {
            return output::json(&Issued {
                link: link.as_deref(),
                ticket: &ticket,
                jti: &claims.jti,
                expires_at: claims.exp,
            });
        }
        Ok(output::line(link.as_deref().unwrap_or(&ticket))?)
    }

    fn claims(
        &self,
        gateway: &Opened,
        thp: &Kid,
        now: UnixSeconds,
    ) -> anyhow::Result<TicketClaims> {
        let mut jti = [0; 16];
        aws_lc_rs::rand::fill(&mut jti)
            .ok()
            .context("the system gives no randomness")?;
        Ok(TicketClaims {
            iss: BUILT_IN_ISSUER.to_owned(),
            aud: gateway.custody.gateway_id().clone(),
            sub: self.who.clone().unwrap_or_else(operator::name),
            jti: TicketId::parse(&Base64UrlUnpadded::encode_string(&jti))?,
            iat: now,
            nbf: now,
            exp: UnixSeconds(now.0 + self.minutes * 60),
            op: if self.delete {
                Operation::Delete
            } else {
                Operation::Set
            },
            df: self.factory.clone(),
            ls: self.linked_service.clone(),
            kind: self.kind.as_deref().map(kind_id).transpose()?,
            thp: thp.clone(),
            org: None,
        })
    }

    fn origin(&self, gateway: &Opened) -> anyhow::Result<String> {
        match self.port.unwrap_or(gateway.config.listen.port()) {
            0 => Err(Failure::new(
                Cause::Usage,
                "the configuration leaves the port open (listen has port 0): give --port with the one that `serve` printed",
            )
            .into()),
            port => Ok(gateway.config.origin(port)),
        }
    }
}

/// The kind as JSON spells it.
fn kind_id(name: &str) -> anyhow::Result<String> {
    let kind = linked_service::kind(name).ok_or_else(|| {
        let known: Vec<_> = linked_service::catalogue()
            .iter()
            .map(|kind| kind.id)
            .collect();
        let sentence = format!("there is no kind {name:?}; known: {}", known.join(", "));
        Failure::new(Cause::Usage, sentence)
    })?;
    Ok(kind.id.to_owned())
}
