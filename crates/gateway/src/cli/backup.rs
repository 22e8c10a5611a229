//! `backup`: everything that the gateway is, in one encrypted file.

pub(super) mod passphrase;

use std::fs;
use std::io::{BufWriter, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::failure::{Cause, Failure};
use super::{Opened, operator, output};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::backup::age::passphrase::{Cost, Passphrase};
use crate::backup::age::recovery_key::RecoveryKey;
use crate::backup::age::{self, Lock};
use crate::backup::archive;
use crate::backup::manifest::Facts;
use crate::backup::snapshot::{self, Snapshot};
use crate::clock;
use crate::custody::Custody;
use crate::data_folder::sync_folder;

/// How much of the file is written at a time, in bytes.
const BUFFER_BYTES: usize = 1 << 17;

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write, which must not exist yet; - is standard output.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A recovery key, age1…, may be repeated: the identity of any one of them opens the backup. Without one there is a passphrase.
    #[arg(long = "recipient", value_name = "KEY", value_parser = RecoveryKey::parse)]
    recipients: Vec<RecoveryKey>,
    /// A file for the owner only with the passphrase in its first line [default: it is asked for].
    #[arg(long, value_name = "FILE", conflicts_with = "recipients")]
    passphrase_file: Option<PathBuf>,
    /// What each try of the passphrase costs in memory, also when the backup is restored.
    #[arg(long, value_name = "MEBIBYTES", default_value_t = 256, value_parser = clap::value_parser!(u32).range(8..=1024), conflicts_with = "recipients")]
    memory: u32,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What opens the backup.
enum Key {
    Passphrase(Passphrase, Cost),
    Recovery(Vec<RecoveryKey>),
}

#[derive(Serialize)]
struct Made<'a> {
    out: &'a Path,
    #[serde(flatten)]
    facts: &'a Facts,
}

impl Backup {
    pub(super) async fn run(self, gateway: Opened) -> anyhow::Result<()> {
        let to_stdout = self.out.as_os_str() == "-";
        if !to_stdout && self.out.symlink_metadata().is_ok() {
            let sentence = format!(
                "{} is already there and is not overwritten",
                self.out.display()
            );
            return Err(Failure::new(Cause::Refused, sentence).into());
        }
        if to_stdout && self.json {
            let sentence =
                "--json has its place on standard output, and so has the backup of --out -";
            return Err(Failure::new(Cause::Usage, sentence).into());
        }
        let key = self.key()?;
        let custody = gateway.custody;
        let snapshot = snapshot::take(&custody, clock::now()).await?;
        let facts = snapshot.facts.clone();
        let written = if to_stdout {
            let stream = output::stream()?;
            record(&custody, &key, Outcome::Ok).await?;
            write(stream, &key, snapshot)
                .map(drop)
                .context("the backup could not be written")
        } else {
            to_file(&self.out, &key, snapshot, &custody).await
        };
        if written.is_err()
            && let Err(error) = record(&custody, &key, Outcome::Failed).await
        {
            output::remark(error);
        }
        custody.shutdown().await;
        written?;
        if facts.damaged > 0 || facts.store != "as_written" {
            output::remark(format_args!(
                "the store is damaged, and it is in the backup as it is: {} of its credentials are not as they were written, the whole is {:?}",
                facts.damaged, facts.store
            ));
        }
        match (to_stdout, self.json) {
            (true, _) => Ok(()),
            (false, true) => output::json(&Made {
                out: &self.out,
                facts: &facts,
            }),
            (false, false) => Ok(output::line(format_args!(
                "{}: {} as of {}, {} credentials, {} envelope keys; {}",
                self.out.display(),
                facts.gateway,
                facts.made,
                facts.credentials,
                facts.envelope_keys,
                key.described()
            ))?),
        }
    }

    fn key(&self) -> anyhow::Result<Key> {
        if self.recipients.is_empty() {
            let passphrase = passphrase::new(self.passphrase_file.as_deref())?;
            return Ok(Key::Passphrase(passphrase, Cost::of_mebibytes(self.memory)));
        }
        Ok(Key::Recovery(self.recipients.clone()))
    }
}

impl Key {
    fn lock(&self) -> Lock<'_> {
        match self {
            Self::Passphrase(passphrase, cost) => Lock::Passphrase(passphrase, *cost),
            Self::Recovery(keys) => Lock::RecoveryKeys(keys),
        }
    }

    fn described(&self) -> String {
        match self {
            Self::Passphrase(..) => "opens with the passphrase".to_owned(),
            Self::Recovery(keys) => {
                let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
                format!("opens with the identity of {}", keys.join(", "))
            }
        }
    }
}

/// Under a name of its own until it is whole and on disk. The audit has its line before the backup has its name: none exists that
/// is not in there.
async fn to_file(
    path: &Path,
    key: &Key,
    snapshot: Snapshot,
    custody: &Custody,
) -> anyhow::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let failed = || format!("{} cannot be written", path.display());
    let temporary = tempfile::Builder::new()
        .prefix(".backup-")
        .permissions(fs::Permissions::from_mode(0o600))
        .tempfile_in(folder)
        .with_context(failed)?;
    let file = write(temporary.as_file().try_clone()?, key, snapshot).with_context(failed)?;
    file.sync_all().with_context(failed)?;
    record(custody, key, Outcome::Ok).await?;
    temporary
        .persist_noclobber(path)
        .map_err(|error| error.error)
        .with_context(failed)?;
    Ok(sync_folder(folder)?)
}

fn write(sink: fs::File, key: &Key, mut snapshot: Snapshot) -> anyhow::Result<fs::File> {
    let sink = BufWriter::with_capacity(BUFFER_BYTES, sink);
    let mut encrypting = age::encrypt(sink, &key.lock())?;
    let Snapshot { facts, made, .. } = &snapshot;
    archive::write(
        &mut encrypting,
        facts.clone(),
        made.0,
        &mut snapshot.members,
    )?;
    let mut sink = encrypting.finish()?;
    sink.flush()?;
    Ok(sink.into_inner()?)
}

async fn record(custody: &Custody, key: &Key, result: Outcome) -> anyhow::Result<()> {
    let mut event = AuditEvent::new(Event::BackupMade, result, clock::now());
    event.who = Some(operator::name());
    event.reason = Some(key.described());
    custody
        .record(event)
        .await
        .context("the audit cannot be written")
}
