//! Who keeps the key-encryption key, on the command line.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};

use crate::keyring::provider::KekSettings;

/// The choice and what belongs to it.
#[derive(Args, Clone)]
pub(super) struct KekChoice {
    /// Who keeps the key-encryption key: a file of the data folder, systemd-creds (this machine), or a PKCS#11 token.
    #[arg(long, value_name = "PROVIDER", default_value = "file")]
    kek: Provider,
    /// What systemd-creds seals with: its --with-key.
    #[arg(long, value_name = "KEY", default_value = "auto")]
    kek_with_key: String,
    /// The PKCS#11 module, a shared library.
    #[arg(long, value_name = "FILE")]
    kek_module: Option<PathBuf>,
    /// The token's label.
    #[arg(long, value_name = "LABEL")]
    kek_token: Option<String>,
    /// The label of the AES key in the token, which is made if it is not there.
    #[arg(long, value_name = "LABEL", default_value = kek::systemd_creds::NAME)]
    kek_label: String,
    /// A file, for its owner only, with the token's PIN.
    #[arg(long, value_name = "FILE")]
    kek_pin_file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Provider {
    File,
    SystemdCreds,
    Pkcs11,
}

impl KekChoice {
    /// The same as the configuration has it.
    ///
    /// # Errors
    /// When something that the provider needs is not said.
    pub(super) fn settings(&self) -> anyhow::Result<KekSettings> {
        Ok(match self.kek {
            Provider::File => KekSettings::File {},
            Provider::SystemdCreds => KekSettings::SystemdCreds {
                with_key: self.kek_with_key.clone(),
            },
            Provider::Pkcs11 => KekSettings::Pkcs11 {
                module: self
                    .kek_module
                    .clone()
                    .context("--kek pkcs11 needs --kek-module")?,
                token: self
                    .kek_token
                    .clone()
                    .context("--kek pkcs11 needs --kek-token")?,
                key: self.kek_label.clone(),
                pin_file: self
                    .kek_pin_file
                    .as_deref()
                    .context("--kek pkcs11 needs --kek-pin-file")?
                    .canonicalize()
                    .context("the file with the PIN cannot be found")?,
            },
        })
    }
}
