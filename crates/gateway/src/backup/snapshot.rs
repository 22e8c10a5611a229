//! Everything that a gateway is, at one moment, while it serves and others write.
//!
//! Keys are begun, renewed and ended under the lock on the keys. While this has it, the store is copied in one read transaction,
//! and then the key files that it names and the keyring's terms; credentials are set meanwhile, and come after the copy. The audit
//! trail is taken up to the copy's last number. All of it is opened, as after a restore; if something does not fit together all
//! the same, it is done again.

use std::fs::File;
use std::path::Path;

use envelope::UnixSeconds;
use zeroize::Zeroizing;

use super::archive::{Content, Member};
use super::manifest::Facts;
use super::member_name::{CONFIGURATION, IDENTITY, MemberName, STORE, TERMS};
use super::scratch_folder::{ScratchFolder, remove_leftovers};
use super::verify::{Unsound, Verified, verify};
use super::{audit_files, terms};
use crate::clock;
use crate::custody::{Custody, CustodyError};
use crate::data_folder::{self, DataFolder, FolderError};
use crate::keyring::KeyringError;
use crate::keys::file;
use crate::store::envelope_keys::{self, KeyState};
use crate::store::{Place, Store, StoreError};

/// Whatever changes meanwhile changes seldom.
const ATTEMPTS: usize = 4;

/// What goes into a backup.
pub struct Snapshot {
    /// What it says of itself.
    pub facts: Facts,
    /// When it was taken.
    pub made: UnixSeconds,
    /// The files, in their order.
    pub members: Vec<Member>,
    /// Has the copies.
    _scratch: ScratchFolder,
}

/// Why nothing could be taken.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// What was taken does not fit together: not meanwhile, but for good.
    #[error("what the gateway has does not fit together, and no backup was made of it: {0}")]
    Unsound(#[from] Unsound),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the data folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The keyring.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// An identity key that is to take the place of another cannot.
    #[error("the identity key is being replaced, and that cannot be finished: {0}")]
    Replacement(#[from] CustodyError),
    /// Files change faster than they can be read.
    #[error("the gateway's files changed while they were read, each time; try again")]
    Changing,
}

/// Takes a snapshot.
///
/// # Errors
/// See [`SnapshotError`]. Nothing is left in the folder.
pub async fn take(custody: &Custody, now: UnixSeconds) -> Result<Snapshot, SnapshotError> {
    remove_leftovers(custody.folder().path())?;
    let mut outcome = attempt(custody, now).await;
    for _ in 1..ATTEMPTS {
        if outcome.is_ok() {
            break;
        }
        outcome = attempt(custody, now).await;
    }
    outcome
}

async fn attempt(custody: &Custody, now: UnixSeconds) -> Result<Snapshot, SnapshotError> {
    let folder = custody.folder();
    let scratch = ScratchFolder::make_in(folder.path())?;
    let copy = DataFolder::create(scratch.path().join("copy"))?;
    let terms = copy_protected(custody, &copy).await?;
    let verified = verify(&copy, custody.gateway_id(), custody.vault()).await?;
    let members = members(folder, &copy, terms, &verified)?;
    Ok(Snapshot {
        facts: Facts {
            gateway: custody.gateway_id().clone(),
            identity: verified.identity,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made: clock::rfc3339(now),
            credentials: verified.credentials,
            damaged: verified.damaged,
            store: verified.whole.code().to_owned(),
            envelope_keys: verified.envelope_keys,
            audit_through: verified.audit_through,
        },
        made: now,
        members,
        _scratch: scratch,
    })
}

/// The store, the key files that it names, and the terms that all of it is under.
async fn copy_protected(
    custody: &Custody,
    copy: &DataFolder,
) -> Result<Zeroizing<Vec<u8>>, SnapshotError> {
    let (folder, vault) = (custody.folder(), custody.vault());
    let _lock = custody.lock_keys().await?;
    // What was killed in the middle of a replacement would have a key in the backup that is a former one by now.
    custody.finish_under_lock().await?;
    vault.look_again()?;
    // What other gateways that share the store have put there.
    custody.take_shared_files().await?;
    custody.store().copy_to(&copy.store()).await?;
    let store = Store::open(
        &Place::Sqlite(copy.store()),
        custody.gateway_id(),
        &vault.keys(),
    )
    .await?;
    let (_, rows) =
        envelope_keys::read(&mut store.reading().acquire().await.map_err(StoreError::from)?)
            .await?;
    store.reading().close().await;
    copy_file(&folder.identity(), &copy.identity())?;
    for row in rows.iter().filter(|row| row.state != KeyState::Gone) {
        copy_file(&file::path(folder, &row.kid), &file::path(copy, &row.kid))?;
    }
    Ok(terms::to_json(&vault.keys()))
}

fn copy_file(from: &Path, to: &Path) -> Result<(), FolderError> {
    data_folder::write_new(to, &data_folder::read_private(from)?)
}

fn members(
    folder: &DataFolder,
    copy: &DataFolder,
    terms: Zeroizing<Vec<u8>>,
    verified: &Verified,
) -> Result<Vec<Member>, SnapshotError> {
    let mut members = plain_files(folder)?;
    members.push(member(STORE, opened(&copy.store())?)?);
    members.push(member(IDENTITY, opened(&copy.identity())?)?);
    for (name, path) in files_of(&copy.envelope_keys(), "envelope-keys")? {
        members.push(Member {
            name,
            content: opened(&path)?,
        });
    }
    members.push(member(TERMS, Content::Bytes(terms))?);
    let audit = audit_files::through(folder.path(), verified.audit_through);
    members.extend(audit.map_err(|source| FolderError::Io {
        path: folder.audit(),
        source,
    })?);
    Ok(members)
}

/// The configuration, certificates and issuers: of one moment, because they were the same when they were read again.
fn plain_files(folder: &DataFolder) -> Result<Vec<Member>, SnapshotError> {
    let files = read_plain_files(folder)?;
    if read_plain_files(folder)? != files {
        return Err(SnapshotError::Changing);
    }
    let members = files.into_iter().map(|(name, bytes)| Member {
        name,
        content: Content::Bytes(bytes),
    });
    Ok(members.collect())
}

type PlainFile = (MemberName, Zeroizing<Vec<u8>>);

fn read_plain_files(folder: &DataFolder) -> Result<Vec<PlainFile>, SnapshotError> {
    let mut files = vec![(member_name(CONFIGURATION)?, folder.configuration())];
    files.extend(files_of(&folder.tls(), "tls")?);
    files.extend(files_of(&folder.issuers(), "issuers")?);
    let files = files.into_iter();
    let read = files.map(|(name, path)| Ok((name, data_folder::read(&path)?)));
    read.collect()
}

/// The files of a sub-folder that have a place in a backup, by name.
fn files_of(
    folder: &Path,
    prefix: &str,
) -> Result<Vec<(MemberName, std::path::PathBuf)>, FolderError> {
    let failed = FolderError::sub_folder(folder);
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(&failed)? {
        let entry = entry.map_err(&failed)?;
        let name = entry.file_name();
        let name = name
            .to_str()
            .and_then(|name| MemberName::parse(&format!("{prefix}/{name}")).ok());
        if let Some(name) = name.filter(|_| entry.file_type().is_ok_and(|kind| kind.is_file())) {
            files.push((name, entry.path()));
        }
    }
    files.sort_by(|one, other| one.0.as_str().cmp(other.0.as_str()));
    Ok(files)
}

fn opened(path: &Path) -> Result<Content, FolderError> {
    let failed = |source| FolderError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok(Content::File { file, length })
}

fn member(name: &str, content: Content) -> Result<Member, SnapshotError> {
    Ok(Member {
        name: member_name(name)?,
        content,
    })
}

/// Names of our own are members; this only tells the compiler so.
fn member_name(name: &str) -> Result<MemberName, SnapshotError> {
    MemberName::parse(name).map_err(|_| SnapshotError::Changing)
}
