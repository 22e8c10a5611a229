//! `portal add`: registers a portal as an issuer of tickets.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use envelope::DataFactoryName;

use super::{Opened, operator, output};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::data_folder;
use crate::issuers::{self, Issuer};

#[derive(Subcommand)]
pub(super) enum Portal {
    /// Register a portal: its tickets are accepted from the gateway's next start.
    Add(Add),
    /// List the registered portals.
    List,
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
}

impl Portal {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(gateway).await,
            Self::List => {
                for issuer in gateway.custody.issuers() {
                    let patterns: Vec<_> = issuer
                        .linked_services()
                        .iter()
                        .map(ToString::to_string)
                        .collect();
                    let origin = issuer.origin().unwrap_or("-");
                    output::line(format_args!(
                        "{}  {origin}  {}  {}",
                        issuer.name(),
                        issuer.factory(),
                        patterns.join(",")
                    ))?;
                }
                gateway.custody.shutdown().await;
                Ok(())
            }
        }
    }
}

impl Add {
    async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        operator::must_own(&gateway.folder)?;
        let key = data_folder::read(&self.issuer_key)
            .context("the issuer's public key cannot be read")?;
        let key = std::str::from_utf8(&key)
            .with_context(|| format!("{} is not text", self.issuer_key.display()))?;
        let issuer = Issuer::new(
            &self.name,
            Some(&self.origin),
            self.factory,
            &self.linked_services,
            key,
        )?;
        let path = issuers::register(&gateway.folder, &issuer)?;

        let mut event = AuditEvent::new(Event::IssuerRegistered, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.iss = Some(issuer.name().to_owned());
        event.df = Some(issuer.factory().clone());
        gateway.custody.record(event).await?;
        gateway.custody.shutdown().await;
        output::line(format_args!(
            "registered {} in {}; a running gateway accepts its tickets after a restart",
            issuer.name(),
            path.display()
        ))?;
        Ok(())
    }
}
