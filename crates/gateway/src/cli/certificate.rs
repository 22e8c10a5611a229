//! `certificate`: what browsers are shown, how they are made to trust it, and another one in its place.

mod renew;
mod replace;
mod show;
mod trust;

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;
use serde::Serialize;

use super::{Opened, operator, output};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::certificate::standing;
use crate::clock;
use crate::tls::ServerCertificate;

#[derive(Subcommand)]
pub(super) enum Certificate {
    /// Show which certificate is in place, whom it is for, until when, and what is wrong with it.
    Show(show::Show),
    /// Print how systems and browsers are made to trust this gateway's authority; `--out` exports it.
    Trust(trust::Trust),
    /// Put a certificate of your own in place. A running gateway takes it without a restart.
    Replace(replace::Replace),
    /// Make a new certificate under this gateway's authority. A running gateway takes it, and makes one by itself 30 days before
    /// the end.
    Renew(renew::Renew),
}

impl Certificate {
    pub(super) async fn run(self, path: PathBuf) -> anyhow::Result<()> {
        match self {
            Self::Show(show) => show.run(&Opened::settings(path)?),
            Self::Trust(trust) => trust.run(&Opened::settings(path)?),
            Self::Replace(replace) => replace.run(Opened::as_owner(path).await?).await,
            Self::Renew(renew) => renew.run(Opened::as_owner(path).await?).await,
        }
    }
}

/// What is told of a certificate that was put in place.
#[derive(Serialize)]
struct InPlace {
    certificate_sha256: String,
    expires_at: String,
    days_left: i64,
    notes: Vec<String>,
}

impl InPlace {
    fn of(certificate: &ServerCertificate, notes: Vec<String>) -> Self {
        Self {
            certificate_sha256: certificate.fingerprint().certificate_sha256.clone(),
            expires_at: clock::rfc3339(certificate.expires_at()),
            days_left: standing::days_left(certificate, clock::now()),
            notes,
        }
    }

    fn print(&self) -> std::io::Result<()> {
        let Self {
            certificate_sha256,
            expires_at,
            days_left,
            notes,
        } = self;
        output::line(format_args!("certificate SHA-256  {certificate_sha256}"))?;
        output::line(format_args!(
            "valid until          {expires_at} ({days_left} days)"
        ))?;
        for note in notes {
            output::line(format_args!("note: {note}"))?;
        }
        output::line("A running gateway shows it to new connections within two seconds.")
    }
}

/// Puts another certificate in place, by the person who runs the command. First comes the audit line: one that was put in place is
/// never untold of.
async fn put<T, E>(
    gateway: &Opened,
    certificate: &ServerCertificate,
    write: impl FnOnce() -> Result<T, E>,
) -> anyhow::Result<T>
where
    anyhow::Error: From<E>,
{
    let mut event = AuditEvent::new(Event::CertificateReplaced, Outcome::Ok, clock::now());
    event.who = Some(operator::name());
    event.certificate = Some(certificate.fingerprint().certificate_sha256.clone());
    let told = gateway.custody.record(event.clone()).await;
    told.context("nothing was changed, because the audit cannot be written")?;
    match write().map_err(anyhow::Error::from) {
        Ok(done) => Ok(done),
        Err(error) => {
            event.result = Outcome::Failed;
            event.at = clock::now();
            event.reason = Some(format!("{error:#}"));
            gateway.custody.record(event).await?;
            Err(error)
        }
    }
}
