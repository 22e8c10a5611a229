//! What is kept: envelope keys, the terms of the keyring, credentials, the audit trail.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use envelope::UnixSeconds;

use super::finding::{Findings, shown};
use super::protection::Opened;
use crate::audit::name_missing_file;
use crate::audit::verify::{Against, Remembered, Source, Witness, verify};
use crate::cli::failure::Cause;
use crate::clock::{now, rfc3339};
use crate::config::Config;
use crate::custody::terms::protected;
use crate::custody::verification::{Whole, verify_at};
use crate::data_folder::DataFolder;
use crate::identity;
use crate::keys::file;
use crate::store::Connection;
use crate::store::envelope_keys::{self, KeyRow, KeyState};
use crate::store::terms::{self, TermRow, TermState};
use crate::vault::{Vault, key_file};

/// How long an audit trail is read.
const AUDIT_PATIENCE: Duration = Duration::from_secs(10);
/// Seconds that a key may be overdue: a running gateway looks each minute, and making a key takes a while.
const OVERDUE: u64 = 60 * 60;
/// More of a sort are counted only.
const MOST: usize = 10;

pub(super) async fn look(
    folder: &DataFolder,
    config: &Config,
    opened: Option<&mut Opened>,
    findings: &mut Findings,
) {
    let Some(Opened {
        vault,
        identities,
        store: Some(store),
    }) = opened
    else {
        findings.skip(
            "credentials",
            "without keyring and store neither keys, credentials nor audit trail can be looked at",
        );
        return;
    };
    let keys = envelope_keys::read(store).await;
    if let Some((_, rows)) = findings.take("envelope_keys", keys) {
        envelope_keys(folder, config, vault, &rows, findings);
    }
    findings.take("terms", protected::check(vault, store).await);
    let rows = terms::read(store).await;
    if let Some(rows) = findings.take("terms", rows) {
        terms(folder, vault, store, &rows, findings).await;
    }
    match identities {
        None => findings.skip("audit", "nobody says whose signatures are right"),
        Some(identities) => {
            let against = Against {
                gateway: Some(config.id.to_string()),
                identity: Witness::Key(identities.present.public().clone()),
                store: None,
                checkpoints: Vec::new(),
            };
            let opened = trail(folder, vault, store).await;
            if let Some((sources, remembered)) = findings.take("audit", opened) {
                let store = Some(remembered);
                let against = Against { store, ..against };
                audit(&folder.audit(), sources, against, findings);
            }
        }
    }
    credentials(folder, vault, store, findings).await;
}

fn envelope_keys(
    folder: &DataFolder,
    config: &Config,
    vault: &Vault,
    rows: &[KeyRow],
    findings: &mut Findings,
) {
    const NAME: &str = "envelope_keys";
    let Some(files) = findings.take(NAME, file::named(folder)) else {
        return;
    };
    for row in rows.iter().filter(|row| row.state != KeyState::Gone) {
        let key = file::load(&file::path(folder, &row.kid), vault);
        if findings.take(NAME, key).is_none() {
            return;
        }
    }
    let Some(active) = rows.iter().find(|row| row.state == KeyState::Active) else {
        let advice = "put the folder back from the backup";
        return findings.fail(NAME, Cause::Damaged, "none is active", advice);
    };
    let times = config.keys.times();
    let is_over = |at: u64| now().0 > at.saturating_add(OVERDUE);
    let mut noted = Vec::new();
    let end = active.since.0.saturating_add(times.active.as_secs());
    if is_over(end) {
        let end = rfc3339(UnixSeconds(end));
        noted.push(format!("the active key should have been replaced on {end}"));
    }
    let retiring = rows.iter().filter(|row| row.state == KeyState::Retiring);
    for row in retiring.clone() {
        if is_over(row.since.0.saturating_add(times.retiring.as_secs())) {
            noted.push(format!("{} should be gone by now", row.kid));
        }
    }
    for (path, _) in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let row = rows.iter().find(|row| row.kid.as_str() == stem);
        match row.map(|row| row.state) {
            Some(KeyState::Gone) => {
                noted.push(format!("{} is of a key that is gone", shown(&path)));
            }
            None => noted.push(format!("{} is of no key of the store's", shown(&path))),
            Some(_) => {}
        }
    }
    if noted.is_empty() {
        let (kid, since) = (&active.kid, rfc3339(active.since));
        let (end, retiring) = (rfc3339(UnixSeconds(end)), retiring.count());
        let found = format!(
            "{kid} is active since {since} and will be replaced on {end}; {retiring} are retiring"
        );
        findings.pass(NAME, found);
    } else {
        let advice = "a running gateway replaces keys that are due and removes those that are gone within a minute; a file that no row knows was left by a rotation that was cut off, or put there: move it away";
        findings.note(NAME, few(noted), advice);
    }
}

async fn terms(
    folder: &DataFolder,
    vault: &Vault,
    store: &mut Connection<'_>,
    rows: &[TermRow],
    findings: &mut Findings,
) {
    const NAME: &str = "terms";
    let Some(mut files) = findings.take(NAME, file::named(folder)) else {
        return;
    };
    files.push((folder.identity(), identity::KEY_NAME.to_owned()));
    let mut noted = Vec::new();
    for row in rows.iter().filter(|row| row.state == TermState::Former) {
        let left = terms::rows_under(store, row.term).await;
        let Some(left) = findings.take(NAME, left) else {
            return;
        };
        let is_under = |(path, _): &&(_, _)| {
            let path: &std::path::PathBuf = path;
            key_file::term_of(path).is_ok_and(|term| term == row.term)
        };
        let files = files.iter().filter(is_under).count();
        noted.push(format!(
            "{} is being replaced: {left} rows and {files} key files are under it still",
            row.term
        ));
    }
    for key in vault.keys() {
        let row = rows.iter().find(|row| row.term == key.term());
        if row.is_none_or(|row| row.state == TermState::Gone) {
            let term = key.term();
            noted.push(format!(
                "keyring.json has a key for {term}, which is not in use"
            ));
        }
    }
    if noted.is_empty() {
        let active = rows.iter().find(|row| row.state == TermState::Active);
        let active = active.map_or_else(String::new, |row| row.term.to_string());
        findings.pass(NAME, format_args!("everything is protected under {active}"));
    } else {
        let advice = "a running gateway goes on with it by itself; without one, start it. Rows that are damaged keep their term until they are set again or deleted";
        findings.note(NAME, few(noted), advice);
    }
}

async fn credentials(
    folder: &DataFolder,
    vault: &Vault,
    store: &mut Connection<'_>,
    findings: &mut Findings,
) {
    const NAME: &str = "credentials";
    let report = verify_at(vault, store, &folder.audit()).await;
    let Some(report) = findings.take(NAME, report) else {
        return;
    };
    if report.is_sound() {
        let sound = report.sound;
        return findings.pass(NAME, format_args!("{sound}, each as it was written last"));
    }
    let is_as_written = report.whole == Whole::AsWritten && report.damaged.is_empty();
    if is_as_written && findings.has_failed("audit") {
        let sound = report.sound;
        return findings.skip(
            NAME,
            format_args!(
                "{sound}, each with its seal; whether one of them is older than it should be, the audit trail does not tell: see `audit`"
            ),
        );
    }
    let mut wrong = Vec::new();
    if report.whole != Whole::AsWritten {
        wrong.push(format!("the store as a whole: {}", report.whole.code()));
    }
    if let Some(reason) = &report.unverified {
        wrong.push(format!("cannot be verified: {reason}"));
    }
    for entry in &report.damaged {
        let (df, ls, code) = (&entry.df, &entry.ls, entry.damage.code());
        wrong.push(format!("{ls} in {df}: {code}").replace('\n', "\u{fffd}"));
    }
    let advice = match is_as_written {
        true => {
            "nothing is wrong with the store itself, and what happened to the audit trail was accepted; if you know that the store is right as it is, `key verify --accept`"
        }
        false => {
            "somebody wrote into the store past the gateway, or an older copy was put back. Set these credentials again or delete them, or put the folder back from the backup; then `key verify --accept`"
        }
    };
    findings.fail(NAME, Cause::Damaged, few(wrong), advice);
}

/// The trail's files, and what the store remembers of them.
async fn trail(
    folder: &DataFolder,
    vault: &Vault,
    store: &mut Connection<'_>,
) -> anyhow::Result<(Vec<Source>, Remembered)> {
    let mut remembered = Remembered::of(vault, store).await?;
    let sources = Source::all(&folder.audit(), remembered.last())?;
    remembered.look_again(vault, store).await?;
    Ok((sources, remembered))
}

/// Reads the trail, but not for ever.
fn audit(path: &Path, sources: Vec<Source>, against: Against, findings: &mut Findings) {
    const NAME: &str = "audit";
    let (sender, receiver) = mpsc::channel();
    // A thread that nobody waits for: it ends with the process.
    thread::spawn(move || {
        // Nobody may be there to hear it.
        let _ = sender.send(verify(sources, against));
    });
    let Ok(report) = receiver.recv_timeout(AUDIT_PATIENCE) else {
        let seconds = AUDIT_PATIENCE.as_secs();
        return findings.skip(
            NAME,
            format_args!("it takes more than {seconds} seconds to read; run `audit verify`"),
        );
    };
    let Some(mut report) = findings.take(NAME, report) else {
        return;
    };
    name_missing_file(&mut report, path);
    if report.whole {
        return findings.pass(NAME, &report);
    }
    let wrong = report.findings.iter().map(ToString::to_string).collect();
    let advice = "do not mend it: keep a copy as evidence, and run `audit verify` for all of it. What the lines said is in copies that were sent elsewhere. Once you know what happened, `audit accept`, then `key verify --accept`";
    findings.fail(NAME, Cause::Damaged, few(wrong), advice);
}

/// One line each; of many the first.
fn few(mut lines: Vec<String>) -> String {
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}
