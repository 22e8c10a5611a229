//! `certificate show`: the certificate in place, for people and for programs.

use std::path::Path;

use clap::Args;
use serde::Serialize;

use crate::certificate::standing::Standing;
use crate::cli::{OpenedSettings, output};
use crate::clock;

#[derive(Args)]
pub(in crate::cli) struct Show {
    /// Print as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Shown<'a> {
    source: &'static str,
    certificate: &'a Path,
    key: &'a Path,
    subject: &'a str,
    issuer: &'a str,
    hosts: &'a [String],
    certificate_sha256: &'a str,
    spki_sha256: &'a str,
    expires_at: String,
    days_left: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'a str>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<&'a str>,
}

impl Show {
    pub(super) fn run(&self, gateway: &OpenedSettings) -> anyhow::Result<()> {
        let standing = Standing::of(&gateway.folder, &gateway.config, clock::now())?;
        let shown = Shown {
            source: standing.source.told(),
            certificate: standing.source.certificate(),
            key: standing.source.key(),
            subject: &standing.subject,
            issuer: &standing.issuer,
            hosts: &standing.hosts,
            certificate_sha256: &standing.fingerprint.certificate_sha256,
            spki_sha256: &standing.fingerprint.spki_sha256,
            expires_at: clock::rfc3339(standing.expires_at),
            days_left: standing.days_left,
            fault: standing.fault.as_deref(),
            notes: &standing.reservations,
            advice: standing.advice.as_deref(),
        };
        if self.json {
            return output::json(&shown);
        }
        Ok(shown.print()?)
    }
}

impl Shown<'_> {
    fn print(&self) -> std::io::Result<()> {
        output::line(format_args!("certificate          {}", self.source))?;
        output::line(format_args!(
            "file                 {}",
            self.certificate.display()
        ))?;
        output::line(format_args!("subject              {}", self.subject))?;
        output::line(format_args!("issuer               {}", self.issuer))?;
        output::line(format_args!(
            "for                  {}",
            self.hosts.join(", ")
        ))?;
        output::line(format_args!(
            "certificate SHA-256  {}",
            self.certificate_sha256
        ))?;
        output::line(format_args!("public key SHA-256   {}", self.spki_sha256))?;
        output::line(format_args!(
            "valid until          {} ({} days)",
            self.expires_at, self.days_left
        ))?;
        if let Some(fault) = self.fault {
            output::line(format_args!("wrong: {fault}"))?;
        }
        for note in self.notes {
            output::line(format_args!("note: {note}"))?;
        }
        if let Some(advice) = self.advice {
            output::line(format_args!("to do: {advice}"))?;
        }
        Ok(())
    }
}
