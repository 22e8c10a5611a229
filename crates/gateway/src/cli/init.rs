//! `init`: everything that a gateway needs, made once.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use envelope::GatewayId;
use serde::{Deserialize, Serialize};

use super::failure::{Cause, Failure};
use super::fingerprint::Identification;
use super::kek::KekChoice;
use super::store::StoreChoice;
use super::{Opened, output};
use crate::certificate::{machine, renewal};
use crate::clock;
use crate::config::template::{Choices, gateway_toml};
use crate::config::{Config, DEFAULT_PORT, ServedName};
use crate::custody::Custody;
use crate::data_folder::{self, DataFolder};
use crate::page_files::PageFiles;
use crate::store::postgresql::Server;
use crate::store::{Place, Store, StoreError};

#[derive(Args)]
pub(super) struct Init {
    /// The gateway's id, for tickets and envelopes [default: "gw-" and eight random characters].
    #[arg(long, value_parser = GatewayId::parse)]
    id: Option<GatewayId>,
    /// The name that people see [default: this machine's name].
    #[arg(long)]
    name: Option<String>,
    /// Address and port of the page and the API; port 0 takes any free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT)))]
    listen: SocketAddr,
    /// Loopback address and port of /healthz and /readyz.
    #[arg(long, value_name = "ADDRESS:PORT")]
    health_listen: Option<SocketAddr>,
    /// A host name or address that browsers will use, may be repeated; the first is used in links [default: this machine's names
    /// and addresses if `--listen` lets others in; then localhost, this machine's name, 127.0.0.1, ::1].
    #[arg(long = "host", value_name = "HOST", value_parser = ServedName::parse)]
    hosts: Vec<ServedName>,
    /// Folder with the built page.
    #[arg(long, value_name = "DIR")]
    page: Option<PathBuf>,
    #[command(flatten)]
    kek: KekChoice,
    #[command(flatten)]
    store: StoreChoice,
    /// Make one more gateway of those that share the store already. It serves once one of them has approved it, and it has joined.
    #[arg(long, requires = "store_host", conflicts_with = "id")]
    join: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Init {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        refuse_existing(&path)?;
        let host_name = machine::host_name();
        let server = self.store.server()?;
        let shared_id = match (&server, self.join) {
            (Some(server), true) => Some(id_at(server).await?),
            _ => None,
        };
        let configuration =
            self.configuration(&path, host_name.as_deref(), shared_id, server.as_ref())?;
        let config = Config::parse(&configuration, &path.join("gateway.toml"))?;
        // Before anything is made: what the first start would refuse.
        if let Some(page) = &config.page {
            PageFiles::load(page)?;
        }
        config.kek.check_named()?;
        let folder = DataFolder::create(&path)?;
        let key = match (&config.store, self.join) {
            (Some(server), true) => Some(Custody::ask_to_join(&folder, &config, server)?),
            (server, _) => {
                let kek = config.kek.clone();
                Custody::create_under(&folder, &config.id, kek, server.as_ref())
                    .await
                    .context("keys and store cannot be made")?;
                None
            }
        };
        // What an interrupted `init` left is replaced: nothing has been served with it.
        renewal::begin(&folder, &config, clock::now())?;
        // Last, because its presence says that everything else is there: an interrupted `init` can simply be repeated.
        data_folder::write_new(&folder.configuration(), configuration.as_bytes())?;

        if let Some((name, key)) = key
            .zip(config.store.as_ref())
            .map(|(key, server)| (server.node.as_str(), key))
        {
            return self.ask_for_approval(name, &key);
        }
        let identification = Identification::of(&Opened::all(path.clone()).await?).await?;
        if self.json {
            return output::json(&identification);
        }
        output::line(format_args!("A new gateway is ready in {}", path.display()))?;
        identification.print()?;
        output::line(format_args!(
            "\nStart it:  credential-gateway serve --data-folder {}",
            path.display()
        ))?;
        Ok(())
    }

    fn ask_for_approval(&self, name: &str, key: &str) -> anyhow::Result<()> {
        if self.json {
            return output::json(&Asking { node: name, key });
        }
        Ok(output::line(format_args!(
            "On a gateway that shares the store already:\n  credential-gateway node approve {name} {key}"
        ))?)
    }

    fn configuration(
        &self,
        path: &Path,
        host_name: Option<&str>,
        shared_id: Option<GatewayId>,
        server: Option<&Server>,
    ) -> anyhow::Result<String> {
        let id = shared_id.or_else(|| self.id.clone());
        let id = match id.or_else(|| begun_id(path)) {
            Some(id) => id,
            None => random_id()?,
        };
        let page = self
            .page
            .as_deref()
            .map(Path::canonicalize)
            .transpose()
            .map_err(|error| {
                let shown = self.page.as_deref().unwrap_or(Path::new("")).display();
                let sentence = format!("the page folder {shown} cannot be found ({error})");
                Failure::new(Cause::Usage, sentence)
            })?;
        let mut names = self.hosts.clone();
        if names.is_empty() {
            for name in machine::reached_from_outside(self.listen)
                .into_iter()
                .chain(machine::reached_from_inside())
            {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        Ok(gateway_toml(&Choices {
            id: &id,
            name: self
                .name
                .as_deref()
                .or(host_name)
                .unwrap_or("Credential gateway"),
            listen: self.listen,
            health_listen: self.health_listen,
            names: &names,
            page: page.as_deref(),
            kek: &self.kek.settings()?.unwrap_or_default(),
            store: server,
        }))
    }
}

/// What a gateway asks those to approve that share the store.
#[derive(Serialize)]
struct Asking<'a> {
    node: &'a str,
    key: &'a str,
}

/// The id of those that share the store.
async fn id_at(server: &Server) -> anyhow::Result<GatewayId> {
    let place = Place::Postgresql(server.clone());
    let mut connection = Store::first_connection(&place).await?;
    let id = Store::owner(&mut connection).await?;
    connection.close().await.map_err(StoreError::from)?;
    let id = id.ok_or_else(|| StoreError::NoStore(server.told()))?;
    Ok(GatewayId::parse(&id)?)
}

/// A folder that holds a gateway, or anything else of somebody's, stays as it is. One that an interrupted `init` left may be
/// completed.
fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    let names: Vec<_> = match path.read_dir() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            return Ok(DataFolder::open(path).map(drop)?);
        }
        Err(error) => {
            return Err(error).with_context(|| format!("{} cannot be read", path.display()));
        }
        Ok(entries) => entries
            .filter_map(|entry| Some(entry.ok()?.file_name()))
            .collect(),
    };
    if names.iter().any(|name| name == "gateway.toml") {
        return refused(format!(
            "there is a gateway in {} already; nothing was changed. Choose another folder, or move this one away",
            path.display()
        ));
    }
    if names.iter().any(|name| name == "serve.lock") && DataFolder::open(path)?.is_served()? {
        let sentence = format!("a gateway is running on {}; stop it first", path.display());
        return Err(Failure::new(Cause::Busy, sentence).into());
    }
    if !names.is_empty()
        && !names
            .iter()
            .any(|name| name == "keyring.json" || name == "envelope-keys")
    {
        return refused(format!(
            "{} is not empty; nothing was changed. Choose a new or empty folder",
            path.display()
        ));
    }
    Ok(())
}

fn refused(sentence: String) -> anyhow::Result<()> {
    Err(Failure::new(Cause::Refused, sentence).into())
}

/// The id that an interrupted `init` has chosen: its keyring is bound to it.
fn begun_id(path: &Path) -> Option<GatewayId> {
    #[derive(Deserialize)]
    struct Begun {
        gateway: GatewayId,
    }
    let keyring = std::fs::read(path.join("keyring.json")).ok()?;
    serde_json::from_slice::<Begun>(&keyring)
        .ok()
        .map(|begun| begun.gateway)
}

fn random_id() -> anyhow::Result<GatewayId> {
    let mut bytes = [0; 4];
    aws_lc_rs::rand::fill(&mut bytes)
        .ok()
        .context("the system gives no randomness")?;
    Ok(GatewayId::parse(&format!(
        "gw-{:08x}",
        u32::from_be_bytes(bytes)
    ))?)
}
