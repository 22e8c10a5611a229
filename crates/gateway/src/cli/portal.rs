//! `portal`: who else may issue tickets, and what their pages need to be allowed to do.

mod policy;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use envelope::DataFactoryName;

use super::{Opened, operator, output};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::data_folder;
use crate::issuers::{self, Issuer, IssuerError, Mode};

#[derive(Subcommand)]
pub(super) enum Portal {
    /// Register a portal: its tickets are accepted from the gateway's next start. Prints the policy that its pages need.
    Add(Add),
    /// List the registered portals.
    List,
    /// Print what a portal's Content-Security-Policy needs for this gateway.
    Csp(Csp),
    /// End a portal's registration: its tickets are refused from the gateway's next start.
    Remove(Remove),
}

#[derive(Args)]
pub(super) struct Add {
    /// The portal's origin, such as https://portal.corp: receipts are posted to its pages only.
    origin: String,
    /// The issuer's name: `iss` in its tickets.
    #[arg(long)]
    name: String,
    /// File with the issuer's public key (Ed25519 or P-256; PEM or JWK).
    #[arg(long, value_name = "FILE")]
    issuer_key: PathBuf,
    /// The data factory it may issue tickets for.
    #[arg(long, value_name = "NAME", value_parser = DataFactoryName::parse)]
    factory: DataFactoryName,
    /// The linked services it may issue tickets for; `*` stands for any characters. May be repeated or separated by commas.
    #[arg(
        long,
        value_name = "PATTERN",
        value_delimiter = ',',
        default_value = "*"
    )]
    linked_services: Vec<String>,
    /// How its pages show this gateway's page. May be repeated or separated by commas.
    #[arg(
        long,
        value_name = "MODE",
        value_enum,
        value_delimiter = ',',
        default_value = "popup"
    )]
    modes: Vec<Mode>,
    #[command(flatten)]
    port: Port,
}

#[derive(Args)]
pub(super) struct Csp {
    /// The name that the portal is registered under.
    name: String,
    #[command(flatten)]
    port: Port,
}

#[derive(Args)]
pub(super) struct Remove {
    /// The name that the portal is registered under.
    name: String,
}

#[derive(Args)]
struct Port {
    /// The port of this gateway's address when `listen` leaves it open (port 0).
    #[arg(long)]
    port: Option<u16>,
}

impl Portal {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(gateway).await,
            Self::List => list(gateway).await,
            Self::Csp(csp) => csp.run(gateway).await,
            Self::Remove(remove) => remove.run(gateway).await,
        }
    }
}

async fn list(gateway: Opened) -> anyhow::Result<()> {
    for issuer in gateway.custody.issuers() {
        output::line(format_args!(
            "{}  {}  {}  {}  {}",
            issuer.name(),
            issuer.origin().unwrap_or("-"),
            issuer.factory(),
            joined(issuer.linked_services()),
            joined(issuer.modes())
        ))?;
    }
    gateway.custody.shutdown().await;
    Ok(())
}

fn joined(items: &[impl ToString]) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(",")
}

impl Add {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        operator::must_own(&gateway.folder)?;
        let key = data_folder::read(&self.issuer_key).context("issuer-key: it cannot be read")?;
        let key = std::str::from_utf8(&key)
            .with_context(|| format!("issuer-key: {} is not text", self.issuer_key.display()))?;
        let issuer = Issuer::new(
            &self.name,
            Some(&self.origin),
            self.factory,
            &self.linked_services,
            &self.modes,
            key,
        )?;
        let path = issuers::register(&gateway.folder, &issuer)?;

        let mut event = AuditEvent::new(Event::IssuerRegistered, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.iss = Some(issuer.name().to_owned());
        event.df = Some(issuer.factory().clone());
        gateway.custody.record(event).await?;
        output::line(format_args!(
            "registered {} in {}; a running gateway accepts its tickets after a restart",
            issuer.name(),
            path.display()
        ))?;
        output::line(policy::of(&issuer, self.port.origin(&gateway).as_deref()))?;
        gateway.custody.shutdown().await;
        Ok(())
    }
}

impl Csp {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let issuers = gateway.custody.issuers();
        let issuer = issuers.iter().find(|issuer| issuer.name() == self.name);
        let issuer = issuer.ok_or_else(|| IssuerError::Unknown(self.name.clone()))?;
        output::line(policy::of(issuer, self.port.origin(&gateway).as_deref()))?;
        gateway.custody.shutdown().await;
        Ok(())
    }
}

impl Remove {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        operator::must_own(&gateway.folder)?;
        issuers::remove(&gateway.folder, &self.name)?;
        let mut event = AuditEvent::new(Event::IssuerRemoved, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.iss = Some(self.name.clone());
        gateway.custody.record(event).await?;
        gateway.custody.shutdown().await;
        output::line(format_args!(
            "removed {}; a running gateway accepts its tickets until a restart",
            self.name
        ))?;
        Ok(())
    }
}

impl Port {
    /// This gateway's origin, if its port is known.
    fn origin(&self, gateway: &Opened) -> Option<String> {
        let port = self.port.unwrap_or(gateway.config.listen.port());
        (port != 0).then(|| gateway.config.origin(port))
    }
}
