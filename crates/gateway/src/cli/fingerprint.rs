//! `fingerprint`: what an administrator reads out and what a program pins.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Opened, output};
use crate::certificate::source::{Files, Source};

#[derive(Args)]
pub(super) struct Fingerprint {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

/// What identifies a gateway.
#[derive(Serialize)]
pub(super) struct Identification {
    /// The gateway's id.
    gateway: String,
    /// RFC 7638 thumbprint of the identity key: `thp` of tickets.
    identity: String,
    /// The same in words: what is read out on the telephone.
    words: String,
    /// The identity key itself, the `x` of its JWK (RFC 8037): what a portal verifies receipts with.
    identity_key: String,
    /// Thumbprints of the identity keys that were replaced, the latest first.
    former_identities: Vec<String>,
    /// RFC 7638 thumbprint of the envelope key that is in use.
    envelope_kid: String,
    /// SHA-256 of the certificate, hexadecimal.
    certificate_sha256: String,
    /// SHA-256 of the certificate's public key (SPKI), base64.
    spki_sha256: String,
    /// The CA that a browser may be told to trust; none if the certificate is the administrator's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_certificate: Option<PathBuf>,
}

impl Fingerprint {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let identification = Identification::of(&gateway).await?;
        gateway.custody.shutdown().await;
        if self.json {
            output::json(&identification)
        } else {
            Ok(identification.print()?)
        }
    }
}

impl Identification {
    pub(super) async fn of(gateway: &Opened) -> anyhow::Result<Self> {
        let identities = gateway.custody.identities().await?;
        let identity = &identities.present;
        let former = identities.former.iter();
        let source = Source::of(&gateway.folder, &gateway.config);
        let certificate = source.load()?;
        let fingerprint = certificate.fingerprint();
        Ok(Self {
            gateway: gateway.custody.gateway_id().to_string(),
            identity: identity.kid().to_string(),
            words: identity.words().to_owned(),
            identity_key: identity.public_x().to_owned(),
            former_identities: former.map(|former| former.kid.to_string()).collect(),
            envelope_kid: gateway.custody.active_kid().to_string(),
            certificate_sha256: fingerprint.certificate_sha256.clone(),
            spki_sha256: fingerprint.spki_sha256.clone(),
            ca_certificate: matches!(source, Source::Made(_))
                .then(|| Files::in_folder(&gateway.folder).ca_certificate),
        })
    }

    pub(super) fn print(&self) -> std::io::Result<()> {
        output::line(format_args!("gateway              {}", self.gateway))?;
        output::line(format_args!("words                {}", self.words))?;
        output::line(format_args!("identity key         {}", self.identity))?;
        output::line(format_args!("identity public key  {}", self.identity_key))?;
        for former in &self.former_identities {
            output::line(format_args!("former identity key  {former}"))?;
        }
        output::line(format_args!("envelope key         {}", self.envelope_kid))?;
        output::line(format_args!(
            "certificate SHA-256  {}",
            self.certificate_sha256
        ))?;
        output::line(format_args!("public key SHA-256   {}", self.spki_sha256))?;
        if let Some(path) = &self.ca_certificate {
            output::line(format_args!("CA to trust          {}", path.display()))?;
        }
        Ok(())
    }
}
