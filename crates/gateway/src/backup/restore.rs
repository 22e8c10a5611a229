//! From a backup to a gateway, on this machine or another: unpacked into a scratch folder, opened, and only then put in its place.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use envelope::UnixSeconds;
use kek::local::LocalKek;

use super::age::{self, AgeError, Opener};
use super::archive::{ArchiveError, Unpacked, unpack};
use super::manifest::Facts;
use super::scratch_folder::{ScratchFolder, remove_leftovers};
use super::terms::{self, NoTerms};
use super::verify::{AuditFound, Unsound, Verified, verify, verify_audit};
use crate::custody::{Custody, CustodyError, Settings};
use crate::data_folder::{self, DataFolder, FolderError};
use crate::keyring::file::Owner;
use crate::keyring::provider::{KekSettings, ProviderError};
use crate::keyring::{KeyringError, TermKey};
use crate::store::writer::WriteError;
use crate::vault::Vault;

/// A backup that was opened and found sound, in a scratch folder.
pub struct Opened {
    /// What it says of itself.
    pub facts: Facts,
    /// What was found.
    pub verified: Verified,
    /// What was found in the audit trail.
    pub audit: AuditFound,
    /// Everything but the keyring, as it will lie in the data folder.
    folder: DataFolder,
    terms: Vec<Arc<TermKey>>,
    _scratch: ScratchFolder,
}

/// Why a backup is not restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// It does not decrypt.
    #[error(transparent)]
    Age(#[from] AgeError),
    /// What is inside is not a backup's archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// What is inside has no terms.
    #[error(transparent)]
    Terms(#[from] NoTerms),
    /// What is inside does not fit together.
    #[error("what is in the backup does not fit together: {0}")]
    Unsound(#[from] Unsound),
    /// What it says of itself is not what is in it.
    #[error("the backup's manifest says {what} {told}, and there is {found}")]
    OtherFacts {
        /// What is meant.
        what: &'static str,
        /// What the manifest says.
        told: String,
        /// What was found.
        found: String,
    },
    /// Something is there already.
    #[error("{0} is not empty; nothing was changed. Choose a new or empty folder")]
    NotEmpty(PathBuf),
    /// A gateway runs on the folder, whatever is left in it.
    #[error("a gateway is running on {0}; stop it first")]
    Running(PathBuf),
    /// A file or folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The library failed.
    #[error("the cryptographic library failed")]
    Library,
    /// No key-encryption key could be made.
    #[error(transparent)]
    Kek(#[from] ProviderError),
    /// No keyring could be made.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The restored gateway does not open.
    #[error(transparent)]
    Custody(#[from] CustodyError),
    /// The restored gateway could not record where it comes from.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Opens a backup and everything in it, with a scratch folder in `place`. What is written there is as protected as in a data
/// folder: the terms stay in memory.
///
/// # Errors
/// See [`RestoreError`]. The scratch folder is gone then.
pub async fn open(
    source: impl Read,
    opener: &Opener,
    place: &Path,
) -> Result<Opened, RestoreError> {
    let decrypting = age::decrypt(BufReader::new(source), opener)?;
    let scratch = ScratchFolder::make_in(place)?;
    let folder = DataFolder::create(scratch.path().join("gateway"))?;
    let Unpacked { manifest, terms } = unpack(decrypting, folder.path())?;
    let facts = manifest.facts;
    let terms = terms::parse(&terms)?;
    let vault = passing_vault(&folder, &facts, &terms)?;
    let verified = verify(&folder, &facts.gateway, &vault).await?;
    let audit = verify_audit(&folder, &facts.gateway, &verified.identity_key, &vault).await?;
    data_folder::remove(&folder.keyring())?;
    compare(&facts, &verified)?;
    Ok(Opened {
        facts,
        verified,
        audit,
        folder,
        terms,
        _scratch: scratch,
    })
}

/// A vault under a key-encryption key that only this process ever has: what is wrapped under it is of no use to anybody.
fn passing_vault(
    folder: &DataFolder,
    facts: &Facts,
    terms: &[Arc<TermKey>],
) -> Result<Vault, RestoreError> {
    let owner = Owner {
        gateway: facts.gateway.clone(),
        settings: KekSettings::default(),
        kek: LocalKek::generate()
            .map_err(|_| RestoreError::Library)?
            .into(),
    };
    Ok(Vault::with_terms(folder, owner, terms.to_vec())?)
}

fn compare(facts: &Facts, verified: &Verified) -> Result<(), RestoreError> {
    let differs = |what, told: &dyn ToString, found: &dyn ToString| {
        let (told, found) = (told.to_string(), found.to_string());
        if told == found {
            Ok(())
        } else {
            Err(RestoreError::OtherFacts { what, told, found })
        }
    };
    differs("identity", &facts.identity, &verified.identity)?;
    differs("credentials", &facts.credentials, &verified.credentials)?;
    differs("damaged credentials", &facts.damaged, &verified.damaged)?;
    differs("state of the store", &facts.store, &verified.whole.code())?;
    differs(
        "envelope keys",
        &facts.envelope_keys,
        &verified.envelope_keys,
    )?;
    differs("last event", &facts.audit_through, &verified.audit_through)
}

impl Opened {
    /// The configuration, as it is in the backup.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.folder.configuration()
    }

    /// Makes a gateway of it in an empty folder, in which the scratch folder is: under a new key-encryption key, with a line in its
    /// audit trail that says where it comes from. The configuration is put in its place last.
    ///
    /// # Errors
    /// See [`RestoreError`]. The folder is as empty as it was then, unless moving the files there failed.
    pub async fn install(
        self,
        into: &DataFolder,
        settings: Settings,
        who: &str,
        now: UnixSeconds,
    ) -> Result<(), RestoreError> {
        let owner = Owner {
            gateway: settings.gateway.clone(),
            kek: settings.kek.make(&self.folder)?,
            settings: settings.kek.clone(),
        };
        Vault::with_terms(&self.folder, owner, self.terms)?;
        let custody = Custody::open(&self.folder, settings).await?;
        let recorded = custody.record_restored(who, &self.facts.made, now).await;
        custody.shutdown().await;
        recorded?;
        move_all(&self.folder, into).map_err(failed(into.path()))
    }
}

/// From the scratch folder to where it belongs, durably. The configuration comes last: its presence says that there is a gateway.
fn move_all(from: &DataFolder, into: &DataFolder) -> io::Result<()> {
    let configuration = from.configuration();
    let mut paths = Vec::new();
    for entry in from.path().read_dir()? {
        paths.push(entry?.path());
    }
    paths.retain(|path| *path != configuration);
    let there = |path: &Path| into.path().join(path.file_name().unwrap_or_default());
    // Everything that was written on this file system; files are many, and this is one call.
    rustix::fs::syncfs(File::open(from.path())?)?;
    for path in paths {
        fs::rename(&path, there(&path))?;
    }
    let folder = File::open(into.path())?;
    folder.sync_all()?;
    fs::rename(&configuration, there(&configuration))?;
    folder.sync_all()
}

/// The folder that a gateway may be restored into: a new one, or one without anything in it.
///
/// # Errors
/// [`RestoreError::NotEmpty`], [`RestoreError::Running`], [`RestoreError::Folder`].
pub fn empty_folder(path: &Path) -> Result<DataFolder, RestoreError> {
    if path.exists() {
        let folder = DataFolder::open(path)?;
        if folder.is_served()? {
            return Err(RestoreError::Running(path.to_owned()));
        }
        remove_leftovers(path)?;
        let mut entries = path.read_dir().map_err(failed(path))?;
        return match entries.next() {
            None => Ok(folder),
            Some(_) => Err(RestoreError::NotEmpty(path.to_owned())),
        };
    }
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(failed(path))?;
    Ok(DataFolder::open(path)?)
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RestoreError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }.into()
}
