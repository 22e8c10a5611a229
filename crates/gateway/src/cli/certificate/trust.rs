//! `certificate trust`: how systems and browsers are made to trust the gateway's authority.

use std::fmt;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;

use crate::certificate::authority::certificate_pem;
use crate::certificate::renewal::RenewalError;
use crate::certificate::source::{Files, Source};
use crate::cli::failure::{Cause, Failure};
use crate::cli::{OpenedSettings, output};
use crate::data_folder;
use crate::tls;

#[derive(Args)]
pub(in crate::cli) struct Trust {
    /// Write the authority's certificate to this new file, or `-`: DER if it ends in .cer or .der, else PEM.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print file and fingerprint as JSON, without what to do on each system.
    #[arg(long)]
    json: bool,
}

/// What has to be trusted, if anything.
#[derive(Serialize)]
struct ToTrust<'a> {
    source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_sha256: Option<&'a str>,
}

impl Trust {
    pub(super) fn run(&self, gateway: &OpenedSettings) -> anyhow::Result<()> {
        let source = Source::of(&gateway.folder, &gateway.config);
        if !matches!(source, Source::Made(_)) && self.out.is_some() {
            let sentence =
                "this gateway shows a certificate of your own: there is nothing to export";
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        if !matches!(source, Source::Made(_)) {
            if self.json {
                return output::json(&ToTrust {
                    source: source.told(),
                    authority: None,
                    certificate_sha256: None,
                });
            }
            return Ok(output::line(format_args!(
                "This gateway shows a certificate of your own ({}): nothing of the gateway's has to be trusted. \
                 Whoever issued that certificate says how it is trusted.",
                source.certificate().display()
            ))?);
        }
        let path = Files::in_folder(&gateway.folder).ca_certificate;
        let text = data_folder::read(&path).map_err(|error| match error.is_not_found() {
            true => RenewalError::AuthorityLost(path.clone()).into(),
            false => anyhow::Error::from(error),
        })?;
        let authority = CertificateDer::from_pem_slice(&text)
            .with_context(|| format!("{} is not a certificate in PEM", path.display()))?;
        if let Some(out) = &self.out {
            let content = if is_der(out) {
                authority.to_vec()
            } else {
                certificate_pem(&authority).into_bytes()
            };
            export(out, &content)?;
        }
        if self
            .out
            .as_deref()
            .is_some_and(|out| out.as_os_str() == "-")
        {
            return Ok(());
        }
        let steps = Steps {
            file: self.out.as_deref().unwrap_or(&path),
            fingerprint: tls::sha256(&authority),
            name: gateway.config.id.as_str(),
        };
        if self.json {
            return output::json(&ToTrust {
                source: source.told(),
                authority: Some(steps.file),
                certificate_sha256: Some(&steps.fingerprint),
            });
        }
        Ok(output::line(steps)?)
    }
}

/// Into a file that is not there yet, or standard output for `-`.
fn export(out: &Path, content: &[u8]) -> anyhow::Result<()> {
    if out.as_os_str() == "-" {
        return Ok(output::bytes(content)?);
    }
    let created = File::create_new(out).and_then(|mut file| file.write_all(content));
    match created {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let sentence = format!("{} is there already and is not overwritten", out.display());
            Err(Failure::new(Cause::Refused, sentence).into())
        }
        other => other.with_context(|| format!("{} cannot be written", out.display())),
    }
}

fn is_der(path: &Path) -> bool {
    let extension = path.extension().and_then(|it| it.to_str());
    extension.is_some_and(|it| ["cer", "der"].contains(&it.to_ascii_lowercase().as_str()))
}

/// What to do on each system. The exported file ends in what each of them wants.
struct Steps<'a> {
    file: &'a Path,
    fingerprint: String,
    name: &'a str,
}

impl fmt::Display for Steps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            fingerprint,
            name,
        } = self;
        let file = file.display();
        writeln!(f, "This gateway's authority: {file}")?;
        writeln!(f, "SHA-256: {fingerprint}")?;
        writeln!(
            f,
            "Below it is called {name}.crt (PEM, `certificate trust --out {name}.crt`) and {name}.cer (DER, `--out {name}.cer`)."
        )?;
        write!(
            f,
            "It vouches for this gateway's names and addresses only. Compare the fingerprint where it is installed, before it is:
  openssl x509 -in {name}.crt -noout -fingerprint -sha256
  (Get-FileHash {name}.cer -Algorithm SHA256).Hash          PowerShell, of the DER file

Windows, one machine (as administrator)
  certutil -addstore -f Root {name}.cer
  Import-Certificate -FilePath {name}.cer -CertStoreLocation Cert:\\LocalMachine\\Root          the same in PowerShell
Windows, one person (without rights)
  certutil -user -addstore Root {name}.cer
Windows, by group policy
  Computer Configuration > Policies > Windows Settings > Security Settings > Public Key Policies > Trusted Root Certification
  Authorities > Import; or for the whole forest (as enterprise administrator): certutil -dspublish -f {name}.cer RootCA

macOS
  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {name}.crt

Debian, Ubuntu (the name must end in .crt)
  sudo cp {name}.crt /usr/local/share/ca-certificates/{name}.crt && sudo update-ca-certificates
Fedora, RHEL
  sudo cp {name}.crt /etc/pki/ca-trust/source/anchors/{name}.crt && sudo update-ca-trust
Chrome, Chromium and Edge on Linux have a store of their own (package libnss3-tools or nss-tools)
  certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n {name} -i {name}.crt

Firefox on Windows and macOS trusts what the system trusts (`ImportEnterpriseRoots`); on Linux name the file. policies.json, in
/etc/firefox/policies (Linux), the folder `distribution` beside firefox.exe, or Firefox.app/Contents/Resources/distribution:
  {{ \"policies\": {{ \"Certificates\": {{ \"ImportEnterpriseRoots\": true, \"Install\": [\"/usr/local/share/ca-certificates/{name}.crt\"] }} }} }}
or by hand: Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import.

credset: --ca-file {name}.crt"
        )
    }
}
