//! `certificate replace`: the administrator's own certificate, looked at, then put in place in one step.

use std::error::Error;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use der::pem::LineEnding;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::{InPlace, put};
use crate::certificate::authority::certificate_pem;
use crate::certificate::soundness::{self, Refused};
use crate::certificate::source::{Files, Source};
use crate::cli::failure::{Cause, Failure};
use crate::cli::{Opened, output};
use crate::clock;
use crate::data_folder;
use crate::tls::ServerCertificate;

#[derive(Args)]
pub(in crate::cli) struct Replace {
    /// The certificate and those that lead to its root (PEM, the leaf first).
    #[arg(long, value_name = "CHAIN.pem")]
    certificate: PathBuf,
    /// Its private key (PEM, without a passphrase).
    #[arg(long, value_name = "KEY.pem")]
    key: PathBuf,
    /// The root, if it is not in the chain's file and this system does not trust it.
    #[arg(long, value_name = "ROOT.pem")]
    root: Option<PathBuf>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Replace {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        if let Source::Named(files) = Source::of(&gateway.folder, &gateway.config) {
            let sentence = format!(
                "gateway.toml names the certificate's files ([tls]), nothing was changed; put the new pair into {} and {}, a running gateway takes it by itself",
                files.certificate.display(),
                files.key.display()
            );
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        let kept = |refusal: &dyn Error| {
            let sentence =
                format!("nothing was changed, the certificate before stays in place: {refusal}");
            Failure::new(Cause::Refused, sentence)
        };
        let now = clock::now();
        let certificate =
            ServerCertificate::load(&self.certificate, &self.key).map_err(|error| kept(&error))?;
        let names = &gateway.config.names;
        let checked = soundness::check_key(&self.key).and_then(|open| {
            let reservations = soundness::check(&certificate, self.root.as_deref(), names, now)?;
            Ok(open.into_iter().chain(reservations))
        });
        let reservations = checked.map_err(|fault| {
            kept(&Refused {
                path: self.certificate.clone(),
                fault,
            })
        })?;

        let own = Files::in_folder(&gateway.folder).own;
        let text = self.in_one_file(&certificate)?;
        // What is written is what was looked at, whatever has happened to the files meanwhile.
        let written = ServerCertificate::read(text.as_bytes(), text.as_bytes(), &own, &own)
            .context("the files were changed in this moment; try again")?;
        soundness::check(&written, None, names, now).map_err(|fault| {
            kept(&Refused {
                path: self.certificate.clone(),
                fault,
            })
        })?;
        put(&gateway, &written, || {
            data_folder::replace(&own, text.as_bytes())
        })
        .await?;
        gateway.custody.shutdown().await;

        let notes = reservations.map(|it| it.to_string()).collect();
        let in_place = InPlace::of(&written, notes);
        if self.json {
            return output::json(&in_place);
        }
        Ok(in_place.print()?)
    }

    /// Chain, root and key as one PEM text. A root that was named goes with the chain, so that whoever looks at the file later
    /// finds it whole.
    fn in_one_file(&self, certificate: &ServerCertificate) -> anyhow::Result<Zeroizing<String>> {
        let mut text = Zeroizing::new(String::with_capacity(64 * 1024));
        for one in certificate.chain() {
            text.push_str(&certificate_pem(one));
        }
        let ends_in_root = certificate
            .facts()
            .last()
            .is_some_and(|last| last.is_self_issued);
        if let Some(root) = self.root.as_deref().filter(|_| !ends_in_root) {
            let root = CertificateDer::from_pem_slice(&data_folder::read(root)?)?;
            text.push_str(&certificate_pem(&root));
        }
        text.push_str(&key_pem(&self.key)?);
        Ok(text)
    }
}

/// The key alone, whatever else is in its file.
fn key_pem(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let key = PrivateKeyDer::from_pem_slice(&data_folder::read(path)?)?;
    let label = match &key {
        PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
        PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
        _ => "PRIVATE KEY",
    };
    let text = der::pem::encode_string(label, LineEnding::LF, key.secret_der())
        .map_err(|error| anyhow::anyhow!("the key cannot be written as PEM ({error})"))?;
    Ok(Zeroizing::new(text))
}
