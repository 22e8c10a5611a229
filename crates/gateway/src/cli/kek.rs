//! Who keeps the key-encryption key, on the command line.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::{Cause, Failure};
use crate::keyring::provider::KekSettings;

/// The choice and what belongs to it.
#[derive(Args, Clone)]
pub(super) struct KekChoice {
    /// Who keeps the key-encryption key: a file of the data folder, systemd-creds (this machine), or a PKCS#11 token.
    #[arg(long, value_name = "PROVIDER")]
    kek: Option<Provider>,
    /// For systemd-creds: what it seals with, its --with-key [default: auto].
    #[arg(long, value_name = "KEY")]
    kek_with_key: Option<String>,
    /// For pkcs11: the module, a shared library.
    #[arg(long, value_name = "FILE")]
    kek_module: Option<PathBuf>,
    /// For pkcs11: the token's label.
    #[arg(long, value_name = "LABEL")]
    kek_token: Option<String>,
    /// For pkcs11: the label of the AES key in the token [default: credential-gateway-kek].
    #[arg(long, value_name = "LABEL")]
    kek_label: Option<String>,
    /// For pkcs11: a file, for its owner only, with the token's PIN.
    #[arg(long, value_name = "FILE")]
    kek_pin_file: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Provider {
    File,
    SystemdCreds,
    Pkcs11,
}

impl Provider {
    fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::SystemdCreds => "systemd-creds",
            Self::Pkcs11 => "pkcs11",
        }
    }
}

impl KekChoice {
    /// The same as the configuration has it; none if nothing is said.
    ///
    /// # Errors
    /// When something that the provider needs is not said, or something is that belongs to another one.
    pub(super) fn settings(&self) -> anyhow::Result<Option<KekSettings>> {
        use Provider::{File, Pkcs11, SystemdCreds};
        let belongings = [
            ("--kek-with-key", self.kek_with_key.is_some(), SystemdCreds),
            ("--kek-module", self.kek_module.is_some(), Pkcs11),
            ("--kek-token", self.kek_token.is_some(), Pkcs11),
            ("--kek-label", self.kek_label.is_some(), Pkcs11),
            ("--kek-pin-file", self.kek_pin_file.is_some(), Pkcs11),
        ];
        for (option, is_said, provider) in belongings {
            if is_said && self.kek != Some(provider) {
                let name = provider.name();
                return Err(usage(format!("{option} belongs to --kek {name}")).into());
            }
        }
        let Some(provider) = self.kek else {
            return Ok(None);
        };
        let default = || kek::systemd_creds::NAME.to_owned();
        let needed = |option| usage(format!("--kek pkcs11 needs {option}"));
        Ok(Some(match provider {
            File => KekSettings::File {},
            SystemdCreds => KekSettings::SystemdCreds {
                with_key: self.kek_with_key.clone().unwrap_or("auto".to_owned()),
            },
            Pkcs11 => KekSettings::Pkcs11 {
                module: self
                    .kek_module
                    .clone()
                    .ok_or_else(|| needed("--kek-module"))?,
                token: self
                    .kek_token
                    .clone()
                    .ok_or_else(|| needed("--kek-token"))?,
                key: self.kek_label.clone().unwrap_or_else(default),
                pin_file: found(
                    self.kek_pin_file
                        .as_deref()
                        .ok_or_else(|| needed("--kek-pin-file"))?,
                )?,
            },
        }))
    }
}

fn found(pin_file: &Path) -> Result<PathBuf, Failure> {
    pin_file.canonicalize().map_err(|error| {
        let shown = pin_file.display();
        usage(format!(
            "the file with the PIN, {shown}, cannot be found ({error}); gateway.toml will name it, and it is read at each start"
        ))
    })
}

fn usage(sentence: String) -> Failure {
    Failure::new(Cause::Usage, sentence)
}
