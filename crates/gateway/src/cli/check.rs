//! `check`: whether `serve` could start with what the administrator has decided, without starting.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::output;
use crate::certificate::source::Source;
use crate::config::{Config, ConfigError, Fault};
use crate::credential_socket::CredentialSocket;
use crate::data_folder::DataFolder;
use crate::issuers;
use crate::page_files::PageFiles;

#[derive(Args)]
pub(super) struct Check {
    /// Print as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Serialize)]
struct Checked {
    configuration: PathBuf,
    faults: [Fault; 0],
}

impl Check {
    /// Says all that is wrong with the configuration and the files that it names. Nothing is written, and no key is read but the
    /// certificate's.
    pub(super) fn run(self, path: PathBuf) -> anyhow::Result<()> {
        let folder = DataFolder::open(path)?;
        let configuration = folder.configuration();
        let config = Config::load(&configuration)?;
        let faults = files(&folder, &config);
        if !faults.is_empty() {
            return Err(ConfigError::Faulty {
                path: configuration,
                faults,
            }
            .into());
        }
        if self.json {
            return output::json(&Checked {
                configuration,
                faults: [],
            });
        }
        Ok(output::line(format_args!(
            "{} can be used",
            configuration.display()
        ))?)
    }
}

/// What the configuration names and cannot be used.
fn files(folder: &DataFolder, config: &Config) -> Vec<Fault> {
    let fault = |key: &str, error: &dyn std::error::Error| Fault {
        line: None,
        key: key.to_owned(),
        rule: format!("cannot be used: {error}"),
    };
    let page = config.page.as_deref().and_then(|page| {
        let error = PageFiles::load(page).err()?;
        Some(fault("page", &error))
    });
    let certificate = Source::of(folder, config).load().err();
    let certificate = certificate.map(|error| fault("tls", &error));
    let portals = issuers::load(folder).err();
    let portals = portals.map(|error| fault("issuers/", &error));
    let socket = config.credential_socket.as_ref().and_then(|settings| {
        let error = CredentialSocket::check(settings).err()?;
        Some(fault("credential_socket", &error))
    });
    [page, certificate, portals, socket]
        .into_iter()
        .flatten()
        .collect()
}
