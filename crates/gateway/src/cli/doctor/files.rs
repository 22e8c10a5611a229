//! The data folder's files: who may read them, whose they are, and what does not belong there; and the key files that the
//! configuration names elsewhere.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::finding::{Findings, shown};
use crate::audit::rotation::Rotated;
use crate::cli::failure::Cause;
use crate::config::Config;
use crate::data_folder::DataFolder;
use crate::keyring::provider::KekSettings;

/// More are counted only.
const MOST: usize = 10;
/// What is read by no secret's owner: readable by others, these are no failure.
const NO_SECRETS: [&str; 2] = ["gateway.toml", "tls/ca.pem"];

/// What is to be said of files, one line each.
#[derive(Default)]
struct Complaints(Vec<String>);

/// One file of the folder.
struct Found {
    path: PathBuf,
    /// Its path in the folder.
    name: String,
    metadata: Metadata,
}

pub(super) fn look(folder: &DataFolder, config: Option<&Config>, findings: &mut Findings) {
    let named = config.map_or_else(Vec::new, |config| named(folder, config));
    let mut found = Vec::new();
    let listed = list(folder.path(), folder.path(), &named, &mut found);
    let owner = fs::metadata(folder.path()).map(|metadata| metadata.uid());
    let (Some(()), Some(owner)) = (findings.take("rights", listed), owner.ok()) else {
        return;
    };
    rights(&found, config, findings);
    owners(&found, owner, findings);
    contents(&found, findings);
}

/// Everything in a folder but what the configuration names there.
fn list(top: &Path, folder: &Path, named: &[PathBuf], found: &mut Vec<Found>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        let metadata = match fs::symlink_metadata(&path) {
            // A file of a gateway that runs meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other?,
        };
        if named.contains(&path) {
            continue;
        }
        let name = path.strip_prefix(top).unwrap_or(&path);
        let name = name.to_string_lossy().into_owned();
        let is_ours = ["envelope-keys", "tls", "issuers"].contains(&name.as_str());
        if metadata.is_dir() && is_ours {
            list(top, &path, named, found)?;
        }
        found.push(Found {
            path,
            name,
            metadata,
        });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(())
}

/// What the configuration names, in the folder or elsewhere.
fn named(folder: &DataFolder, config: &Config) -> Vec<PathBuf> {
    let tls = config.tls.iter();
    let tls =
        tls.flat_map(|tls| [Some(&tls.certificate), Some(&tls.key), tls.root.as_ref()].into_iter());
    let pin = match &config.kek {
        KekSettings::Pkcs11 { pin_file, .. } => Some(pin_file),
        _ => None,
    };
    let named = tls.chain([pin, config.page.as_ref()]).flatten();
    // Those that are ours by name stay ours.
    named
        .filter(|path| !belongs(&in_folder(folder, path)))
        .cloned()
        .collect()
}

fn in_folder(folder: &DataFolder, path: &Path) -> String {
    let name = path.strip_prefix(folder.path()).unwrap_or(path);
    name.to_string_lossy().into_owned()
}

fn rights(found: &[Found], config: Option<&Config>, findings: &mut Findings) {
    let (mut failed, mut noted) = (Complaints::default(), Complaints::default());
    for file in found.iter().filter(|file| !file.metadata.is_symlink()) {
        let mode = file.metadata.mode() & 0o7777;
        if mode & 0o077 == 0 {
            continue;
        }
        let wanted = match file.metadata.is_dir() {
            true => "700",
            false => "600",
        };
        let path = shown(&file.path);
        let line = format!("{path} has mode {mode:04o}: chmod {wanted} {path}");
        let is_public = NO_SECRETS.contains(&file.name.as_str())
            || file.name.starts_with("issuers/")
            || !belongs(&file.name);
        match is_public {
            true => noted.0.push(line),
            false => {
                findings.is_too_open(&file.path);
                failed.0.push(line);
            }
        }
    }
    for (path, forbidden, wanted) in config.into_iter().flat_map(keys_elsewhere) {
        // One that is missing is told of where it is used.
        let Ok(metadata) = fs::metadata(path) else {
            continue;
        };
        let mode = metadata.mode() & 0o7777;
        if mode & forbidden != 0 {
            findings.is_too_open(path);
            let path = shown(path);
            let line = format!("{path} has mode {mode:04o}: chmod {wanted} {path}");
            failed.0.push(line);
        }
    }
    if !failed.0.is_empty() {
        failed.0.append(&mut noted.0);
        let advice = "whoever could read a key meanwhile may have a copy: if others use this machine, replace it (`key rotate --now`, `key rotate --store`, `certificate renew`)";
        findings.fail("rights", Cause::Local, failed.lines(), advice);
    } else if !noted.0.is_empty() {
        let advice = "they hold no secret, and are nobody's business all the same";
        findings.note("rights", noted.lines(), advice);
    } else {
        let files = found.len();
        findings.pass(
            "rights",
            format_args!("{files} files, for their owner only"),
        );
    }
}

/// Key files that the configuration names, the bits that they must not have, and what to give `chmod`.
fn keys_elsewhere(config: &Config) -> Vec<(&Path, u32, &'static str)> {
    let mut keys = Vec::new();
    if let Some(tls) = &config.tls {
        // A group of those that serve with it is usual.
        keys.push((tls.key.as_path(), 0o027, "640"));
    }
    if let KekSettings::Pkcs11 { pin_file, .. } = &config.kek {
        keys.push((pin_file.as_path(), 0o077, "600"));
    }
    keys
}

fn owners(found: &[Found], owner: u32, findings: &mut Findings) {
    let mut foreign = Complaints::default();
    for file in found.iter().filter(|file| file.metadata.uid() != owner) {
        let (path, uid) = (shown(&file.path), file.metadata.uid());
        foreign.0.push(format!(
            "{path} belongs to user {uid}, the folder to {owner}: chown {owner} {path}"
        ));
    }
    if !foreign.0.is_empty() {
        let advice = "the gateway runs as the folder's owner, and so should its commands (sudo -u)";
        findings.fail("owner", Cause::Local, foreign.lines(), advice);
    } else {
        findings.pass("owner", format_args!("everything belongs to user {owner}"));
    }
}

fn contents(found: &[Found], findings: &mut Findings) {
    let mut strange = Complaints::default();
    for file in found {
        let path = shown(&file.path);
        if is_leftover(&file.name) {
            if !is_being_written(&file.name) {
                strange.0.push(match file.metadata.is_dir() {
                    true => format!(
                        "{path} belongs to a backup that runs, or was left by one that was cut off: the next start or backup removes it"
                    ),
                    false => format!("{path} was left by something that was cut off: rm {path}"),
                });
            }
        } else if file.metadata.is_symlink() {
            strange.0.push(format!("{path} is a link"));
        } else if !belongs(&file.name) {
            strange
                .0
                .push(format!("{path} is not the gateway's: move it away"));
        }
    }
    match strange.0.is_empty() {
        true => findings.pass("contents", "nothing that does not belong there"),
        false => {
            let advice =
                "look at what it is first; a file that was left may hold what it was written for";
            findings.note("contents", strange.lines(), advice);
        }
    }
}

/// `.<name>.<process>.new`, and what else begins with a dot.
fn is_leftover(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default();
    last.starts_with('.')
}

/// Its process is there still.
fn is_being_written(name: &str) -> bool {
    let process = name
        .strip_suffix(".new")
        .and_then(|name| name.rsplit('.').next());
    process
        .and_then(|process| process.parse::<u32>().ok())
        .is_some_and(|process| Path::new("/proc").join(process.to_string()).exists())
}

/// Whether a gateway keeps a file of this name.
fn belongs(name: &str) -> bool {
    const NAMES: [&str; 19] = [
        "gateway.toml",
        "kek.key",
        "kek.cred",
        "keyring.json",
        "identity.key",
        "identity-next.key",
        "node.key",
        "envelope-keys",
        "tls",
        "tls/ca.pem",
        "tls/ca.key",
        "tls/leaf.pem",
        "tls/own.pem",
        "issuers",
        "store.sqlite",
        "audit.jsonl",
        "audit.index",
        "store.sqlite-wal",
        "serve.lock",
    ];
    let ends = |folder: &str, ending: &str| {
        let file = name
            .strip_prefix(folder)
            .and_then(|file| file.strip_suffix(ending));
        file.is_some_and(|file| !file.contains('/'))
    };
    NAMES.contains(&name)
        || name == "store.sqlite-shm"
        || ends("envelope-keys/", ".key")
        || ends("issuers/", ".toml")
        || (!name.contains('/') && Rotated::parse(Path::new(name)).is_some())
}

impl Complaints {
    fn lines(&self) -> String {
        let mut lines: Vec<&str> = self.0.iter().take(MOST).map(String::as_str).collect();
        let more = self.0.len().saturating_sub(MOST);
        let counted = format!("and {more} more");
        if more > 0 {
            lines.push(&counted);
        }
        lines.join("\n")
    }
}
