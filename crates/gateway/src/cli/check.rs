//! `check`: whether `serve` could start with what the administrator has decided, without starting.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::failure::{CannotStart, Cause};
use super::output;
use crate::certificate::source::Source;
use crate::certificate::standing::Standing;
use crate::clock;
use crate::config::{Config, Fault};
use crate::credential_socket::CredentialSocket;
use crate::data_folder::DataFolder;
use crate::issuers;
use crate::keyring::{self, KeyringError};
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
    /// What is no mistake, and worth knowing.
    notes: Vec<String>,
}

/// What is to be said of the files that the configuration names.
#[derive(Default)]
struct Said {
    /// The first fault's.
    cause: Option<Cause>,
    faults: Vec<Fault>,
    notes: Vec<String>,
}

impl Check {
    /// Says all that is wrong with the configuration and the files that it names. Nothing is written, and no key is read but the
    /// certificate's and kek.key.
    pub(super) fn run(self, path: PathBuf) -> anyhow::Result<()> {
        let folder = DataFolder::open(path)?;
        let configuration = folder.configuration();
        let config = Config::load(&configuration)?;
        let said = Said::of(&folder, &config);
        let Said {
            cause,
            faults,
            notes,
        } = said;
        if let Some(cause) = cause {
            return Err(CannotStart { cause, faults }.into());
        }
        if self.json {
            return output::json(&Checked {
                configuration,
                faults: [],
                notes,
            });
        }
        output::line(format_args!("{} can be used", configuration.display()))?;
        for note in notes {
            output::line(format_args!("note: {note}"))?;
        }
        Ok(())
    }
}

impl Said {
    /// What `serve` looks at, looked at by the same rules.
    fn of(folder: &DataFolder, config: &Config) -> Self {
        let mut said = Self::default();
        if let Some(page) = &config.page {
            said.fault("page", PageFiles::load(page));
        }
        said.certificate(folder, config);
        let (path, gateway) = (folder.keyring(), &config.id);
        let keyring = keyring::file::check(&path, gateway, &config.kek);
        // What belongs to another provider than the keyring's need not be there.
        if !matches!(keyring, Err(KeyringError::OtherProvider { .. })) {
            said.fault("kek", config.kek.check(folder));
        }
        said.fault("kek", keyring);
        said.fault("issuers/", issuers::load(folder));
        if let Some(settings) = &config.credential_socket {
            said.fault(
                "credential_socket",
                CredentialSocket::check(settings, folder),
            );
        }
        said
    }

    fn certificate(&mut self, folder: &DataFolder, config: &Config) {
        let Some(standing) = self.fault("tls", Standing::of(folder, config, clock::now())) else {
            return;
        };
        self.notes.extend(standing.reservations);
        self.notes.extend(standing.advice);
        match (standing.fault, standing.source) {
            (None, _) => {}
            // A gateway makes a new one when it starts, if that helps.
            (Some(fault), Source::Made(_)) => self.notes.push(fault),
            (Some(fault), _) => {
                let rule = format!("is refused: {fault}");
                self.add(Cause::Configuration, "tls", rule);
            }
        }
    }

    /// Hands on what there is, or says why it cannot be used.
    fn fault<T, E>(&mut self, key: &str, outcome: Result<T, E>) -> Option<T>
    where
        anyhow::Error: From<E>,
    {
        match outcome {
            Ok(value) => Some(value),
            Err(error) => {
                let error = anyhow::Error::from(error);
                let rule = format!("cannot be used: {error}");
                self.add(Cause::of(&error), key, rule);
                None
            }
        }
    }

    fn add(&mut self, cause: Cause, key: &str, rule: String) {
        self.cause.get_or_insert(cause);
        self.faults.push(Fault {
            line: None,
            key: key.to_owned(),
            rule,
        });
    }
}
