//! `portal`: who else may issue tickets, and what their pages need to be allowed to do.

mod policy;

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use envelope::DataFactoryName;
use serde::Serialize;

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
    List(List),
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
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct List {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Csp {
    /// The name that the portal is registered under.
    name: String,
    #[command(flatten)]
    port: Port,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Remove {
    /// The name that the portal is registered under.
    name: String,
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// A portal, for programs.
#[derive(Serialize)]
struct Registered {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    factory: String,
    linked_services: Vec<String>,
    modes: Vec<String>,
}

#[derive(Serialize)]
struct Added {
    #[serde(flatten)]
    portal: Registered,
    file: PathBuf,
    content_security_policy: Vec<String>,
    /// What is no mistake, and worth knowing.
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Needed {
    name: String,
    content_security_policy: Vec<String>,
}

#[derive(Serialize)]
struct Removed {
    name: String,
}

#[derive(Args)]
struct Port {
    /// The port of this gateway's address when `listen` leaves it open (port 0).
    #[arg(long)]
    port: Option<u16>,
}

impl Portal {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(Opened::as_owner(path).await?).await,
            Self::List(list) => list.run(Opened::all(path).await?).await,
            Self::Csp(csp) => csp.run(Opened::all(path).await?).await,
            Self::Remove(remove) => remove.run(Opened::as_owner(path).await?).await,
        }
    }
}

impl List {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let registered: Vec<_> = gateway
            .custody
            .issuers()
            .iter()
            .map(Registered::of)
            .collect();
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&registered);
        }
        for portal in registered {
            output::line(format_args!(
                "{}  {}  {}  {}  {}",
                portal.name,
                portal.origin.as_deref().unwrap_or("-"),
                portal.factory,
                portal.linked_services.join(","),
                portal.modes.join(",")
            ))?;
        }
        Ok(())
    }
}

impl Registered {
    fn of(issuer: &Issuer) -> Self {
        Self {
            name: issuer.name().to_owned(),
            origin: issuer.origin().map(str::to_owned),
            factory: issuer.factory().to_string(),
            linked_services: texts(issuer.linked_services()),
            modes: texts(issuer.modes()),
        }
    }
}

fn texts(items: &[impl ToString]) -> Vec<String> {
    items.iter().map(ToString::to_string).collect()
}

impl Add {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
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
        let policy = policy::of(&issuer, self.port.origin(&gateway).as_deref());
        gateway.custody.shutdown().await;
        let open = issuer
            .origin()
            .filter(|origin| !issuers::is_protected(origin));
        let note = open.map(|origin| {
            format!(
                "{origin} is not https: whoever is on the way can change what this portal's pages do"
            )
        });
        if self.json {
            return output::json(&Added {
                notes: note.into_iter().collect(),
                portal: Registered::of(&issuer),
                file: path,
                content_security_policy: policy.directives(),
            });
        }
        output::line(format_args!(
            "registered {} in {}; a running gateway accepts its tickets after a restart",
            issuer.name(),
            path.display()
        ))?;
        if let Some(note) = note {
            output::line(format_args!("note: {note}"))?;
        }
        Ok(output::line(policy)?)
    }
}

impl Csp {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let issuers = gateway.custody.issuers();
        let issuer = issuers.iter().find(|issuer| issuer.name() == self.name);
        let issuer = issuer.ok_or_else(|| IssuerError::Unknown(self.name.clone()))?;
        let policy = policy::of(issuer, self.port.origin(&gateway).as_deref());
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&Needed {
                name: self.name,
                content_security_policy: policy.directives(),
            });
        }
        Ok(output::line(policy)?)
    }
}

impl Remove {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        issuers::remove(&gateway.folder, &self.name)?;
        let mut event = AuditEvent::new(Event::IssuerRemoved, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.iss = Some(self.name.clone());
        gateway.custody.record(event).await?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&Removed { name: self.name });
        }
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
