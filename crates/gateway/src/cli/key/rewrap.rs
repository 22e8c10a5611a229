//! `key rewrap`: the same keyring under another key-encryption key.

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::super::failure::{Cause, Failure};
use super::super::kek::KekChoice;
use super::super::{Opened, operator, output};
use super::must_not_be_served;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::clock;
use crate::data_folder;

#[derive(Args)]
pub(in crate::cli) struct Rewrap {
    #[command(flatten)]
    choice: KekChoice,
    /// Take the key-encryption key that the provider has already, instead of a new one. Without this, one that is there is
    /// refused: somebody else may have put it there.
    #[arg(long)]
    use_existing: bool,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Rewrapped {
    provider: &'static str,
    kek: String,
    /// What gateway.toml has to say from now on.
    section: String,
}

impl Rewrap {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let _alone = must_not_be_served(&gateway.folder)?;
        let chosen = self.choice.settings()?.ok_or_else(|| {
            let sentence =
                "say who keeps the key-encryption key from now on: --kek file, systemd-creds or pkcs11";
            Failure::new(Cause::Usage, sentence)
        });
        let mut settings = chosen?;
        settings.resolve_paths(gateway.folder.path());
        let there = match settings.open(&gateway.folder) {
            Err(missing) if missing.is_missing() && !self.use_existing => None,
            other => Some(other?),
        };
        let is_made = there.is_none();
        let kek = match there {
            Some(kek) => kek,
            None => settings.make(&gateway.folder)?,
        };
        let id = kek.id().clone();
        let wrapped = data_folder::read(&gateway.folder.keyring())?;
        let quoted = format!("\"{id}\"");
        if wrapped
            .windows(quoted.len())
            .any(|part| part == quoted.as_bytes())
        {
            let sentence = "keyring.json is wrapped under this very key-encryption key already, nothing was changed; to have a new one of the same provider, go to another provider, remove what this one kept, and come back";
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        if !is_made && !self.use_existing {
            let holder = settings.holder();
            let sentence = format!(
                "the {holder} of the provider {} has a key-encryption key already, {id}, which this command has not made; nothing was changed. If you know that it is yours alone, take it with --use-existing; else remove it first",
                settings.provider()
            );
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        let mut event = AuditEvent::new(Event::KeyringRewrapped, Outcome::Ok, clock::now());
        event.who = Some(operator::name());
        event.reason = Some(format!("provider {}, key {id}", settings.provider()));
        // First the line: a keyring that was moved is never untold of.
        gateway.custody.record(event).await?;
        let rewrapped = Rewrapped {
            provider: settings.provider(),
            kek: id.to_string(),
            section: settings.section(),
        };
        gateway
            .custody
            .rewrap(settings, kek)
            .await
            .context("the keyring is wrapped as before")?;
        gateway.custody.shutdown().await;
        if self.json {
            return output::json(&rewrapped);
        }
        output::line(
            "keyring.json is wrapped anew. Before the next start, make this the [kek] of gateway.toml:",
        )?;
        output::line(rewrapped.section)?;
        Ok(output::line(
            "Then remove what the former provider kept (kek.key, kek.cred, the token's key), once your backups have the new one.",
        )?)
    }
}
