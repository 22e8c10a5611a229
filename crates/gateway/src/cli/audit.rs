//! `audit verify`: whether the audit trail is as it was written.

mod accept;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use envelope::Kid;
use envelope::protocol::IdentityJwk;

use super::failure::{AlreadyTold, Cause};
use super::{Opened, OpenedSettings, output};
use crate::audit::name_missing_file;
use crate::audit::verify::{Against, Remembered, Report, Source, Witness, verify};
use crate::identity::succession::Identities;
use crate::keyring::file::Owner;
use crate::store::{Place, Store, StoreError};
use crate::vault::Vault;
use accept::Accept;

#[derive(Subcommand)]
pub(super) enum Audit {
    /// Look for changed, missing, inserted and moved lines; a gateway may run meanwhile. Ends with 0 if there are none, 11 if
    /// there are, 1 if a file cannot be read.
    Verify(Verify),
    /// Put down that you know of what `audit verify` finds now: it is a note from then on, and what comes later is a finding
    /// again. Nothing is mended (owner of the data folder only; audited and signed).
    Accept(Accept),
}

#[derive(Args, Default)]
pub(super) struct Verify {
    /// The trail's files, oldest first [default: those of the data folder].
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The gateway's identity key (a JWK) or its thumbprint (`identity` of `fingerprint`): then no data folder is needed.
    // One thumbprint of 64 begins with a hyphen.
    #[arg(long, value_name = "JWK|KID", allow_hyphen_values = true, value_parser = witness, requires = "files")]
    identity_key: Option<Witness>,
    /// A checkpoint that was kept elsewhere (`last_checkpoint` of --json); the trail must have been like that. May be repeated.
    #[arg(long = "checkpoint", value_name = "JWS")]
    checkpoints: Vec<String>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

impl Audit {
    /// Whether everything that is needed is among the arguments: the trail's files may have come to another machine.
    pub(super) fn needs_no_folder(&self) -> bool {
        matches!(self, Self::Verify(verify) if verify.identity_key.is_some())
    }

    pub(super) async fn run(self, data_folder: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::Verify(verify) => verify.run(data_folder).await,
            Self::Accept(accept) => accept.run(data_folder).await,
        }
    }
}

impl Verify {
    async fn run(self, data_folder: PathBuf) -> anyhow::Result<()> {
        let json = self.json;
        let report = self.report(data_folder).await?;
        if json {
            output::json(&report)?;
        } else {
            output::line(&report)?;
        }
        if !report.whole {
            let sentence = "the audit trail is not as it was written";
            return Err(AlreadyTold::new(Cause::Damaged, sentence).into());
        }
        Ok(())
    }

    async fn report(mut self, data_folder: PathBuf) -> anyhow::Result<Report> {
        let files = std::mem::take(&mut self.files);
        let mut sources: Vec<_> = files.into_iter().map(Source::File).collect();
        let mut audit = PathBuf::new();
        let (gateway, identity, store) = match self.identity_key.take() {
            Some(witness) => (None, witness, None),
            None => {
                let OpenedSettings { folder, config } = Opened::settings(data_folder)?;
                // Nothing is opened for writing: what is there is evidence.
                let owner = Owner {
                    gateway: config.id.clone(),
                    kek: config.kek.open(&folder)?,
                    settings: config.kek.clone(),
                };
                let vault = Vault::open(&folder, owner)?;
                let place = Place::of(config.store.as_ref(), folder.store());
                let mut connection = Store::reading_connection(&place).await?;
                let connected = &mut connection;
                let identities = Identities::read(&config.id, &folder, &vault, connected).await?;
                let witness = Witness::Key(identities.present.public().clone());
                let mut store = None;
                if sources.is_empty() {
                    let mut remembered = Remembered::of(&vault, connected).await?;
                    audit = folder.audit();
                    sources = Source::all(&audit, remembered.last())?;
                    remembered.look_again(&vault, connected).await?;
                    store = Some(remembered);
                }
                connection.close().await.map_err(StoreError::from)?;
                (Some(config.id.to_string()), witness, store)
            }
        };
        let against = Against {
            gateway,
            identity,
            store,
            checkpoints: self.checkpoints,
        };
        let mut report = verify(sources, against)?;
        name_missing_file(&mut report, &audit);
        Ok(report)
    }
}

fn witness(text: &str) -> Result<Witness, String> {
    if !text.trim_start().starts_with('{') {
        return Kid::parse(text)
            .map(Witness::Thumbprint)
            .map_err(|error| error.to_string());
    }
    let jwk: IdentityJwk = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let witness = Witness::Key(jwk);
    if witness.is_usable() {
        Ok(witness)
    } else {
        Err("not the JWK of an Ed25519 public key".to_owned())
    }
}
