//! `restore`: a gateway from a backup, or only a look at one.

mod configuration;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::backup::passphrase;
use super::failure::{Cause, Failure};
use super::kek::KekChoice;
use super::{operator, output, settings_of};
use crate::backup::age::Opener;
use crate::backup::age::passphrase::Cost;
use crate::backup::age::recovery_key::RecoveryIdentity;
use crate::backup::manifest::Facts;
use crate::backup::restore::{self, Opened};
use crate::clock;
use crate::config::Config;
use crate::data_folder;

#[derive(Args)]
pub(super) struct Restore {
    /// The backup; - is standard input.
    #[arg(value_name = "FILE")]
    backup: PathBuf,
    #[command(flatten)]
    what: What,
    /// The file of a recovery key's identity. Without one there is a passphrase.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// A file for the owner only with the passphrase in its first line [default: it is asked for].
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    passphrase_file: Option<PathBuf>,
    /// How much memory the passphrase may cost.
    #[arg(long, value_name = "MEBIBYTES", default_value_t = 256, value_parser = clap::value_parser!(u32).range(8..=4096))]
    memory: u32,
    /// A gateway.toml for this machine, instead of the one in the backup. Its id must be the same.
    #[arg(long, value_name = "FILE", requires = "into")]
    configuration: Option<PathBuf>,
    #[command(flatten)]
    kek: Option<KekChoice>,
    /// Print the result as JSON.
    #[arg(long, conflicts_with = "print_configuration")]
    json: bool,
}

/// What becomes of it.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Make a gateway of it in this folder, which must be new or empty.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Open all of it, compare, and say what is in it; nothing is left behind.
    #[arg(long)]
    check: bool,
    /// Print the gateway.toml that is in it; nothing is left behind.
    #[arg(long)]
    print_configuration: bool,
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    facts: Facts,
    fingerprint: String,
    audit_findings: u64,
    remarks: Vec<String>,
}

impl Report {
    fn of(opened: &Opened, mut remarks: Vec<String>) -> Self {
        let audit = &opened.audit;
        if let Some(first) = &audit.first {
            remarks.push(format!(
                "the audit trail is not as it was written, and was not when the backup was made: {first}"
            ));
        }
        Self {
            facts: opened.facts.clone(),
            fingerprint: opened.verified.words.clone(),
            audit_findings: audit.findings,
            remarks,
        }
    }
}

impl Restore {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        if let Some(into) = &self.what.into {
            return self.restore(into).await;
        }
        if self.kek.is_some() {
            let sentence = "--kek and what belongs to it are for --into: nothing that is only looked at gets a key-encryption key";
            return Err(Failure::new(Cause::Usage, sentence).into());
        }
        let opened = self.open(&std::env::temp_dir()).await?;
        if self.what.print_configuration {
            let text = data_folder::read(&opened.configuration())?;
            return Ok(output::bytes(&text)?);
        }
        let mut remarks = Vec::new();
        if let Err(error) = self.config(&opened, Path::new("")) {
            remarks.push(format!(
                "it cannot be restored without --configuration: {error:#}"
            ));
        }
        self.print(&Report::of(&opened, remarks), "whole")
    }

    async fn restore(&self, into: &Path) -> anyhow::Result<()> {
        // Before anything is asked or opened.
        let folder = restore::empty_folder(into)?;
        operator::must_own(&folder)?;
        let opened = self.open(folder.path()).await?;
        let was_shared = configuration::has_store(&data_folder::read(&opened.configuration())?);
        let config = self.config(&opened, into)?;
        let mut remarks = configuration::remarks(&opened.facts, &config);
        if was_shared {
            remarks.push(configuration::WAS_SHARED.to_owned());
        }
        let report = Report::of(&opened, remarks);
        let mut settings = settings_of(&config);
        settings.kek.resolve_paths(into);
        settings.audit = config.audit.keeping_of_command();
        opened
            .install(&folder, settings, &operator::name(), clock::now())
            .await?;
        self.print(&report, &format!("restored into {}", into.display()))
    }

    async fn open(&self, scratch: &Path) -> anyhow::Result<Opened> {
        let opener = self.opener()?;
        let shown = self.backup.display();
        let source: Box<dyn Read> = if self.backup.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            let file =
                File::open(&self.backup).with_context(|| format!("{shown} cannot be read"))?;
            Box::new(file)
        };
        restore::open(source, &opener, scratch)
            .await
            .with_context(|| shown.to_string())
    }

    fn opener(&self) -> anyhow::Result<Opener> {
        let Some(path) = &self.identity else {
            let passphrase = passphrase::known(self.passphrase_file.as_deref())?;
            return Ok(Opener::Passphrase(
                passphrase,
                Cost::of_mebibytes(self.memory),
            ));
        };
        let content = data_folder::read_private(path)?;
        let shown = path.display();
        let text = str::from_utf8(&content).with_context(|| format!("{shown} is not text"))?;
        let identities = RecoveryIdentity::parse_file(text).with_context(|| shown.to_string())?;
        Ok(Opener::Identities(identities))
    }

    /// The configuration that the gateway will have.
    fn config(&self, opened: &Opened, into: &Path) -> anyhow::Result<Config> {
        let path = match &self.configuration {
            Some(other) => other.clone(),
            None => into.join("gateway.toml"),
        };
        let mut text = match &self.configuration {
            Some(other) => data_folder::read(other)?,
            None => data_folder::read(&opened.configuration())?,
        };
        if configuration::has_store(&text) {
            if self.configuration.is_some() {
                let sentence = format!(
                    "{} has a [store]: a gateway is restored with its store in its folder, and moved from there",
                    path.display()
                );
                return Err(Failure::new(Cause::Configuration, sentence).into());
            }
            *text = configuration::without_store(&text);
        }
        let chosen = self.kek.as_ref().map(KekChoice::settings).transpose()?;
        if let Some(settings) = chosen.flatten() {
            *text = configuration::with_kek(&text, &settings);
        }
        data_folder::replace(&opened.configuration(), &text)?;
        let text =
            str::from_utf8(&text).with_context(|| format!("{} is not text", path.display()))?;
        let config = Config::parse(text, &path)?;
        if config.id != opened.facts.gateway {
            let sentence = format!(
                "{} is for the gateway {}, the backup has {}",
                path.display(),
                config.id,
                opened.facts.gateway
            );
            return Err(Failure::new(Cause::Configuration, sentence).into());
        }
        Ok(config)
    }

    fn print(&self, report: &Report, what: &str) -> anyhow::Result<()> {
        if self.json {
            return output::json(report);
        }
        let (facts, words) = (&report.facts, &report.fingerprint);
        output::line(format_args!("{}: {what}", self.backup.display()))?;
        output::line(format_args!("gateway         {}", facts.gateway))?;
        output::line(format_args!("identity        {}", facts.identity))?;
        output::line(format_args!("fingerprint     {words}"))?;
        output::line(format_args!(
            "made            {} by version {}",
            facts.made, facts.program
        ))?;
        output::line(format_args!("credentials     {}", facts.credentials))?;
        if facts.damaged > 0 || facts.store != "as_written" {
            output::line(format_args!(
                "damaged before  {} ({})",
                facts.damaged, facts.store
            ))?;
        }
        output::line(format_args!("envelope keys   {}", facts.envelope_keys))?;
        output::line(format_args!(
            "audit trail     to number {}",
            facts.audit_through
        ))?;
        for remark in &report.remarks {
            output::line(format_args!("- {remark}"))?;
        }
        Ok(())
    }
}
