//! `keys save` and `keys show`: a gateway's public keys, for sealing without a network.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::interruption;
use crate::arguments::General;
use crate::failure::Failure;
use crate::fingerprint;
use crate::key_document::KeyDocument;
use crate::{tls_trust, whole_file};

#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Fetch a gateway's keys, check them, and save them.
    Save(Save),
    /// Show what is in a file of saved keys, or what a gateway has now.
    Show(Show),
}

#[derive(Args)]
#[command(after_help = "\
Example:
  credset keys save --gateway https://gateway.corp:8050 --fingerprint 'six words that the administrator read out' keys.json")]
pub(crate) struct Save {
    /// Where the keys go.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Args)]
#[command(after_help = "\
Examples:
  credset keys show keys.json
  credset keys show --gateway https://gateway.corp:8050 --trust-on-first-use")]
pub(crate) struct Show {
    /// Saved keys [default: ask the gateway].
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Serialize)]
struct Shown {
    gateway: String,
    words: String,
    identity: String,
    keys: Vec<ShownKey>,
    valid_from: u64,
    valid_until: u64,
    seq: u64,
}

#[derive(Serialize)]
struct ShownKey {
    kid: String,
    bits: usize,
}

impl Keys {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let document = match &self {
            Self::Save(_) | Self::Show(Show { file: None }) => {
                interruption::or(fetched(general)).await?
            }
            Self::Show(Show { file: Some(path) }) => {
                let saved = std::fs::read(path);
                KeyDocument::read(saved.map_err(|error| Failure::file(path, "read", &error))?)?
            }
        };
        if let Self::Save(Save { file }) = &self {
            whole_file::replace(file, &document.text)
                .map_err(|error| Failure::file(file, "written", &error))?;
        }
        let shown = Shown::of(&document);
        general.terminal().result(&shown, &shown.lines())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a gateway has now, if it is the right gateway.
async fn fetched(general: &General) -> Result<KeyDocument, Failure> {
    let gateway = general.client(None)?;
    let document = KeyDocument::fetch(&gateway).await?;
    let known = general.known_gateways()?;
    let origin = gateway.address().to_string();
    let expectation = general.expectation(&known, Some(&origin));
    document.believe(&expectation, general.first_use(), tls_trust::now())?;
    // What cannot be remembered would be a first use every time.
    document.remember(&expectation)?;
    Ok(document)
}

impl Shown {
    fn of(document: &KeyDocument) -> Self {
        let statement = document.statement();
        let identity = statement.identity.thumbprint();
        let keys = document.keys().keys().iter();
        Self {
            gateway: statement.gw.to_string(),
            words: fingerprint::in_words(&identity),
            identity: identity.to_string(),
            keys: keys
                .map(|key| ShownKey {
                    kid: key.kid().to_string(),
                    bits: key.modulus_bytes() * 8,
                })
                .collect(),
            valid_from: statement.nbf.0,
            valid_until: statement.exp.0,
            seq: statement.seq,
        }
    }

    fn lines(&self) -> String {
        let mut lines = format!(
            "gateway       {}\nwords         {}\nidentity key  {}\n",
            self.gateway, self.words, self.identity
        );
        for key in &self.keys {
            lines += &format!("envelope key  {}  {} bits\n", key.kid, key.bits);
        }
        lines
    }
}
