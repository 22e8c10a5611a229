//! The data folder: where each file of a gateway lies, and how a file gets there.

mod file;
mod reading;
mod serve_lock;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use file::{private_folder, require_private};
pub use file::{remove, replace, sync_folder, take_place, write_new};
pub use reading::{read, read_private};
pub use serve_lock::ServeLock;

/// The folder that holds everything a gateway keeps, readable by its owner only.
///
/// | file | holds |
/// |---|---|
/// | `gateway.toml` | the configuration |
/// | `kek.key` or `kek.cred` | the key-encryption key, of the providers that keep it in a file |
/// | `keyring.json` | the keys under which everything else is protected, wrapped under the key-encryption key |
/// | `identity.key` | the Ed25519 identity key, protected |
/// | `identity-next.key` | the one that is about to take its place, while it is being replaced |
/// | `node.key` | with a shared store: what opens this gateway's shares of the keyring, wrapped under the key-encryption key |
/// | `envelope-keys/<kid>.key` | the RSA envelope keys, protected |
/// | `tls/` | the private authority with its key; the certificate that is shown, with its key |
/// | `issuers/<name>.toml` | who else may issue tickets |
/// | `serve.lock` | nothing; a gateway that runs has a lock on it |
/// | `.backup-…/` | copies, while a backup is made or restored |
/// | `store.sqlite` | protected credentials, used tickets, audit lines on their way |
/// | `audit.jsonl` | one line per event |
/// | `audit-<first>-<last>.jsonl` | the lines before, in files that were full |
/// | `audit.index` | what the lines tell up to one of them; made anew if it is missing |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// Nobody else changes key files; the lock ends with this, or with the process.
pub struct KeysLock(#[expect(dead_code, reason = "held, and released on drop")] File);

/// Why a file or folder could not be used. Names the path, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder is not there.
    #[error("the data folder {0} does not exist; make it with `credential-gateway init`")]
    Missing(PathBuf),
    /// One of its sub-folders is gone.
    #[error("{path} is missing; put it back from a copy of the folder. {advice}", path = path.display())]
    SubFolderMissing {
        /// The sub-folder.
        path: PathBuf,
        /// What else helps.
        advice: &'static str,
    },
    /// The system does not let this user in.
    #[error("user {user} has no permission for the data folder {path}; run the command as the user that the gateway runs as, for example with sudo -u", path = path.display())]
    NotPermitted {
        /// The folder.
        path: PathBuf,
        /// Who asked, by number.
        user: u32,
    },
    /// Something else bears the folder's name.
    #[error("{0} is not a folder")]
    NotAFolder(PathBuf),
    /// Others than the owner may read it.
    #[error("{path} may be read by others than its owner (mode {mode:04o}); make it private with `chmod {wanted} {path}`", path = path.display())]
    NotPrivate {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// What they should be, for `chmod`.
        wanted: &'static str,
    },
    /// A file that must not be overwritten is already there.
    #[error("{0} is already there and is not overwritten")]
    AlreadyThere(PathBuf),
    /// The file is longer than such a file can be.
    #[error("{path} is larger than {limit} bytes", path = path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The operating system refused.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl FolderError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// Why a sub-folder cannot be listed.
    pub(crate) fn sub_folder(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::SubFolderMissing {
                advice: match path.file_name().and_then(|name| name.to_str()) {
                    Some("envelope-keys") => {
                        "If it is lost, `credential-gateway key rotate --now` makes it anew with another key: nothing that is stored is under the former"
                    }
                    Some("issuers") => {
                        "The portals are registered there: if it is lost, make it (mkdir -m 700) and register them again with `credential-gateway portal add`"
                    }
                    Some("tls") => {
                        "The certificate is there: if it is lost, make a new one with `credential-gateway certificate renew --new-authority`, which has to be trusted anew"
                    }
                    _ => "It belongs to the gateway",
                },
                path: path.clone(),
            },
            _ => Self::Io {
                path: path.clone(),
                source,
            },
        }
    }

    /// What is wrong, where the file is named already.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Io { source, .. } => source.to_string(),
            Self::TooLarge { limit, .. } => format!("it is larger than {limit} bytes"),
            other => other.to_string(),
        }
    }

    /// The file is simply not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == io::ErrorKind::NotFound,
            Self::SubFolderMissing { .. } => true,
            _ => false,
        }
    }
}

impl DataFolder {
    /// An existing folder.
    ///
    /// # Errors
    /// [`FolderError::Missing`], [`FolderError::NotPermitted`], [`FolderError::NotAFolder`]; [`FolderError::NotPrivate`] when group
    /// or others have any right to it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let path = path.into();
        let refused = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => FolderError::Missing(path.clone()),
            io::ErrorKind::PermissionDenied => FolderError::NotPermitted {
                path: path.clone(),
                user: rustix::process::geteuid().as_raw(),
            },
            _ => FolderError::io(&path)(error),
        };
        let metadata = fs::metadata(&path).map_err(refused)?;
        if !metadata.is_dir() {
            return Err(FolderError::NotAFolder(path));
        }
        fs::read_dir(&path).map_err(refused)?;
        require_private(&path, metadata.permissions().mode(), "700")?;
        Ok(Self { path })
    }

    /// Makes the folder (mode 0700) with its sub-folders, or opens it when it is already there.
    ///
    /// # Errors
    /// As [`DataFolder::open`]; an existing folder with other rights is refused rather than changed.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let path = path.into();
        private_folder(&path, true)?;
        let folder = Self::open(path)?;
        folder.make_sub_folders()?;
        Ok(folder)
    }

    /// Makes those of its sub-folders that are not there, as [`DataFolder::create`] does.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn make_sub_folders(&self) -> Result<(), FolderError> {
        for sub_folder in [self.envelope_keys(), self.tls(), self.issuers()] {
            private_folder(&sub_folder, false)?;
        }
        sync_folder(&self.path)
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `gateway.toml`, the configuration.
    #[must_use]
    pub fn configuration(&self) -> PathBuf {
        self.path.join("gateway.toml")
    }

    /// `kek.key`, the key-encryption key.
    #[must_use]
    pub fn kek(&self) -> PathBuf {
        self.path.join("kek.key")
    }

    /// `kek.cred`, the key-encryption key, sealed by systemd-creds.
    #[must_use]
    pub fn kek_credential(&self) -> PathBuf {
        self.path.join("kek.cred")
    }

    /// `keyring.json`, the wrapped keys.
    #[must_use]
    pub fn keyring(&self) -> PathBuf {
        self.path.join("keyring.json")
    }

    /// `identity.key`, the gateway's long-lived signing key, protected.
    #[must_use]
    pub fn identity(&self) -> PathBuf {
        self.path.join("identity.key")
    }

    /// `identity-next.key`, the key that is about to take the place of `identity.key`.
    #[must_use]
    pub fn next_identity(&self) -> PathBuf {
        self.path.join("identity-next.key")
    }

    /// `node.key`, what opens this gateway's shares of the keyring.
    #[must_use]
    pub fn node_key(&self) -> PathBuf {
        self.path.join("node.key")
    }

    /// `envelope-keys/`, one protected private key per file.
    #[must_use]
    pub fn envelope_keys(&self) -> PathBuf {
        self.path.join("envelope-keys")
    }

    /// `tls/`, certificates and their keys.
    #[must_use]
    pub fn tls(&self) -> PathBuf {
        self.path.join("tls")
    }

    /// `issuers/`, one registered issuer per file.
    #[must_use]
    pub fn issuers(&self) -> PathBuf {
        self.path.join("issuers")
    }

    /// `store.sqlite`.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.path.join("store.sqlite")
    }

    /// `audit.jsonl`.
    #[must_use]
    pub fn audit(&self) -> PathBuf {
        self.path.join("audit.jsonl")
    }

    /// `audit.index`.
    #[must_use]
    pub fn audit_index(&self) -> PathBuf {
        self.path.join("audit.index")
    }

    /// `serve.lock`, which a running gateway has a lock on.
    #[must_use]
    pub fn serve_lock(&self) -> PathBuf {
        self.path.join("serve.lock")
    }

    /// Keeps other processes, and other tasks of this one, from changing key files until it is dropped. Waits for them: not to
    /// be called where waiting blocks others.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn lock_keys(&self) -> Result<KeysLock, FolderError> {
        let failed = FolderError::io(&self.path);
        let lock = File::open(&self.path).and_then(|folder| {
            flock(&folder, FlockOperation::LockExclusive)?;
            Ok(folder)
        });
        lock.map(KeysLock).map_err(failed)
    }

    /// Whether the folder belongs to the user this process acts as. Secrets are revealed to the owner only, and
    /// `root` is not an exception: acting as the owner is one `sudo -u` away, and then it says so in the system's log.
    ///
    /// # Errors
    /// [`FolderError::Io`] when the folder's owner cannot be read.
    pub fn is_mine(&self) -> Result<bool, FolderError> {
        let owner = fs::metadata(&self.path)
            .map_err(FolderError::io(&self.path))?
            .uid();
        Ok(owner == rustix::process::geteuid().as_raw())
    }
}

#[cfg(test)]
mod tests;
