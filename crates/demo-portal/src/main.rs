//! A portal with a copy wizard, on an origin of its own: what a customer's portal does to embed `<credential-setter>`.
//!
//! Its page holds no field for a secret, and its server sees none: it issues tickets and verifies receipts.

mod definition;
mod issuer;
mod linked_services;
mod pages;
mod receipt;
mod server;
mod terminal;
mod ticket;

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use envelope::context::{DataFactoryName, GatewayId};
use envelope::jwk::Kid;

use crate::issuer::IssuerFolder;
use crate::pages::OpenerPolicy;
use crate::receipt::IdentityKey;
use crate::server::{Portal, PortalSettings};

#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the portal's issuer key, unless there is one, and print where its public half is.
    Init {
        #[arg(long)]
        folder: PathBuf,
    },
    /// Serve the copy wizard.
    Serve {
        #[arg(long)]
        folder: PathBuf,
        /// Port 0 takes a free one; the line `listening …` says which.
        #[arg(long, default_value = "127.0.0.1:8051")]
        listen: SocketAddr,
        /// Where browsers reach the gateway.
        #[arg(long, default_value = "https://localhost:8050")]
        gateway: String,
        /// The gateway's id: the audience of each ticket.
        #[arg(long, allow_hyphen_values = true)]
        gateway_id: String,
        /// Thumbprint of the gateway's identity key, as `credential-gateway fingerprint` prints it. One in 64 begins with `-`.
        #[arg(long, allow_hyphen_values = true)]
        thumbprint: String,
        /// The identity key itself, its `x`, from the same command: what receipts are verified with.
        #[arg(long, allow_hyphen_values = true)]
        identity_key: String,
        /// The element's module: `credential-setter.js` of the package, which `cargo xtask page` also puts into dist/embed.
        #[arg(long)]
        element: PathBuf,
        /// The portal's Cross-Origin-Opener-Policy. With `same-origin` the gateway's window cannot answer, and the outcome is asked for.
        #[arg(long, value_enum, default_value_t = OpenerPolicy::SameOriginAllowPopups)]
        opener_policy: OpenerPolicy,
        /// The data factory the portal works in.
        #[arg(long, default_value = "demo-factory")]
        factory: String,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Init { folder } => {
            let folder = IssuerFolder::new(folder);
            folder.init()?;
            terminal::say(&folder.public_key_path().display().to_string());
            Ok(())
        }
        Command::Serve {
            folder,
            listen,
            gateway,
            gateway_id,
            thumbprint,
            identity_key,
            element,
            opener_policy,
            factory,
        } => {
            let issuer = IssuerFolder::new(folder).open()?;
            let element = std::fs::read_to_string(&element)
                .with_context(|| format!("cannot read {}", element.display()))?;
            let thumbprint = Kid::parse(&thumbprint).context("--thumbprint")?;
            let settings = PortalSettings {
                gateway,
                element,
                opener_policy,
                gateway_id: GatewayId::parse(&gateway_id).context("--gateway-id")?,
                factory: DataFactoryName::parse(&factory).context("--factory")?,
                identity_key: IdentityKey::parse(&identity_key, &thumbprint)
                    .context("--identity-key")?,
                thumbprint,
            };
            Portal::bind(listen, issuer, settings).await?.serve().await
        }
    }
}
