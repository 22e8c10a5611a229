//! The data folder: where each file of a gateway lies, and how a file gets there whole or not at all.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags};
use zeroize::Zeroizing;

/// The folder that holds everything a gateway keeps, readable by its owner only.
///
/// | file | holds |
/// |---|---|
/// | `gateway.toml` | the configuration |
/// | `kek.key` | the key-encryption key under which everything else is protected |
/// | `identity.key` | the Ed25519 identity key, protected |
/// | `envelope-keys/<kid>.key` | the RSA envelope keys, protected |
/// | `tls/` | certificates and the TLS key |
/// | `issuers/<name>.toml` | who else may issue tickets |
/// | `store.sqlite` | protected credentials, used tickets, audit lines on their way |
/// | `audit.jsonl` | one line per event |
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataFolder {
    path: PathBuf,
}

/// Why a file or folder could not be used. Names the path, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The folder is not there.
    #[error("the data folder {0} does not exist; make it with `credential-gateway init`")]
    Missing(PathBuf),
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
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// The file is simply not there.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Files of the folder larger than this are refused: keys, certificates and settings are small. In bytes.
const MAX_FILE_BYTES: u64 = 1 << 20;

impl DataFolder {
    /// An existing folder.
    ///
    /// # Errors
    /// [`FolderError::Missing`], [`FolderError::NotAFolder`]; [`FolderError::NotPrivate`] when group or others have
    /// any right to it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let path = path.into();
        let metadata = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(FolderError::Missing(path));
            }
            other => other.map_err(FolderError::io(&path))?,
        };
        if !metadata.is_dir() {
            return Err(FolderError::NotAFolder(path));
        }
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
        for sub_folder in [folder.envelope_keys(), folder.tls(), folder.issuers()] {
            private_folder(&sub_folder, false)?;
        }
        sync_folder(&folder.path)?;
        Ok(folder)
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

    /// `identity.key`, the gateway's long-lived signing key, protected.
    #[must_use]
    pub fn identity(&self) -> PathBuf {
        self.path.join("identity.key")
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

/// Writes a file (mode 0600) that must not exist yet: under a temporary name, synced, then renamed, then the folder
/// synced. After a crash there is the whole file or none.
///
/// # Errors
/// [`FolderError::AlreadyThere`], [`FolderError::Io`].
pub fn write_new(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    install(path, content, |temporary, target| {
        match rustix::fs::renameat_with(CWD, temporary, CWD, target, RenameFlags::NOREPLACE) {
            // A file system without RENAME_NOREPLACE: a hard link refuses an existing name just as well.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                fs::hard_link(temporary, target).and_then(|()| fs::remove_file(temporary))
            }
            other => other.map_err(io::Error::from),
        }
    })
}

/// As [`write_new`], but takes the place of a file that is there.
///
/// # Errors
/// [`FolderError::Io`].
pub fn replace(path: &Path, content: &[u8]) -> Result<(), FolderError> {
    install(path, content, |temporary, target| {
        fs::rename(temporary, target)
    })
}

/// Reads a small file into a buffer that is wiped.
///
/// # Errors
/// [`FolderError::TooLarge`] past 1 MiB, [`FolderError::Io`].
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let file = File::open(path).map_err(FolderError::io(path))?;
    let length = file.metadata().map_err(FolderError::io(path))?.len();
    if length > MAX_FILE_BYTES {
        return Err(FolderError::TooLarge {
            path: path.to_owned(),
            limit: MAX_FILE_BYTES,
        });
    }
    // One allocation of the right size: a growing Vec would leave unwiped copies behind.
    let mut content = Zeroizing::new(Vec::with_capacity(
        usize::try_from(length).unwrap_or_default() + 1,
    ));
    file.take(MAX_FILE_BYTES)
        .read_to_end(&mut content)
        .map_err(FolderError::io(path))?;
    Ok(content)
}

/// As [`read`], for a file that must be readable by its owner only.
///
/// # Errors
/// As [`read`], and [`FolderError::NotPrivate`].
pub fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let mode = fs::metadata(path)
        .map_err(FolderError::io(path))?
        .permissions()
        .mode();
    require_private(path, mode, "600")?;
    read(path)
}

/// Makes the names in a folder durable: a created or renamed file survives a power cut only after this.
///
/// # Errors
/// [`FolderError::Io`].
pub fn sync_folder(path: &Path) -> Result<(), FolderError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(FolderError::io(path))
}

fn install(
    path: &Path,
    content: &[u8],
    rename: impl FnOnce(&Path, &Path) -> io::Result<()>,
) -> Result<(), FolderError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}.new", std::process::id()));
    let outcome = write_synced(&temporary, content).and_then(|()| rename(&temporary, path));
    if let Err(error) = outcome {
        // Best effort: the name is ours alone, and the next attempt removes it as well.
        let _ = fs::remove_file(&temporary);
        return Err(match error.kind() {
            io::ErrorKind::AlreadyExists => FolderError::AlreadyThere(path.to_owned()),
            _ => FolderError::io(path)(error),
        });
    }
    sync_folder(folder)
}

fn write_synced(temporary: &Path, content: &[u8]) -> io::Result<()> {
    match fs::remove_file(temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(temporary)?;
    file.write_all(content)?;
    file.sync_all()
}

fn private_folder(path: &Path, with_parents: bool) -> Result<(), FolderError> {
    if path.is_dir() {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(with_parents)
        .mode(0o700)
        .create(path)
        .map_err(FolderError::io(path))
}

fn require_private(path: &Path, mode: u32, wanted: &'static str) -> Result<(), FolderError> {
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(FolderError::NotPrivate {
        path: path.to_owned(),
        mode: mode & 0o7777,
        wanted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scratch() -> (tempfile::TempDir, DataFolder) {
        let outer = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(outer.path().join("gateway")).unwrap();
        (outer, folder)
    }

    #[test]
    fn a_new_folder_is_for_its_owner_only() {
        let (_outer, folder) = scratch();
        for path in [
            folder.path().to_owned(),
            folder.envelope_keys(),
            folder.tls(),
            folder.issuers(),
        ] {
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o700,
                "{}",
                path.display()
            );
        }
        assert!(folder.is_mine().unwrap());
    }

    #[test]
    fn a_folder_open_to_others_is_refused() {
        let (_outer, folder) = scratch();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o750)).unwrap();
        assert!(matches!(
            DataFolder::open(folder.path()),
            Err(FolderError::NotPrivate { mode: 0o750, .. })
        ));
        assert!(matches!(
            DataFolder::open(folder.path().join("nowhere")),
            Err(FolderError::Missing(_))
        ));
    }

    #[test]
    fn a_file_is_written_once_and_privately() {
        let (_outer, folder) = scratch();
        write_new(&folder.kek(), b"first").unwrap();
        assert!(matches!(
            write_new(&folder.kek(), b"second"),
            Err(FolderError::AlreadyThere(_))
        ));
        assert_eq!(read_private(&folder.kek()).unwrap().as_slice(), b"first");
        assert_eq!(
            fs::metadata(folder.kek()).unwrap().permissions().mode() & 0o777,
            0o600
        );

        replace(&folder.kek(), b"third").unwrap();
        assert_eq!(read(&folder.kek()).unwrap().as_slice(), b"third");
        let left_over = fs::read_dir(folder.path()).unwrap().filter(|entry| {
            entry
                .as_ref()
                .is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(".new"))
        });
        assert_eq!(left_over.count(), 0, "no temporary file stays behind");
    }

    #[test]
    fn a_private_file_open_to_others_is_refused() {
        let (_outer, folder) = scratch();
        write_new(&folder.kek(), b"x").unwrap();
        fs::set_permissions(folder.kek(), fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            read_private(&folder.kek()),
            Err(FolderError::NotPrivate { mode: 0o640, .. })
        ));
    }

    #[test]
    fn an_oversized_file_is_refused() {
        let (_outer, folder) = scratch();
        fs::write(folder.configuration(), vec![b' '; 1 << 21]).unwrap();
        assert!(matches!(
            read(&folder.configuration()),
            Err(FolderError::TooLarge { .. })
        ));
        assert!(read(&folder.identity()).is_err_and(|error| error.is_not_found()));
    }
}
