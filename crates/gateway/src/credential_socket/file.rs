//! The socket as a file: where it may be, who may connect, what is replaced, and that it is gone afterwards.

use std::fs::{self, DirBuilder, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use tokio::net::{UnixListener, UnixStream};

/// Everybody may connect: whoever asks is known, and the list decides.
const SOCKET_MODE: u32 = 0o666;
const FOLDER_MODE: u32 = 0o755;

/// Why there is no credential socket. Each sentence names the path or the user, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum SocketProblem {
    /// Nobody of this name is known.
    #[error(
        "credential_socket.users: there is no user {name:?} on this machine{}", told(source.as_ref())
    )]
    UnknownUser {
        /// As the configuration calls it.
        name: String,
        /// What the system said, if it could not answer.
        source: Option<io::Error>,
    },
    /// Something listens there.
    #[error(
        "credential_socket.path: {0} is in use by a process that runs; stop it, or choose another path"
    )]
    InUse(PathBuf),
    /// The file is something else, and stays.
    #[error(
        "credential_socket.path: {0} is there and is no socket; it was not touched. Move it away, or choose another path"
    )]
    NotASocket(PathBuf),
    /// Others could put a socket of their own in its place.
    #[error(
        "credential_socket.path: others may write into {0}; it must belong to root or this user, and be writable by its owner only (chmod go-w)"
    )]
    Writable(PathBuf),
    /// The operating system refused.
    #[error("credential_socket.path: {path}: {source}", path = path.display())]
    Io {
        /// The socket or its folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

fn told(source: Option<&io::Error>) -> String {
    source.map_or_else(String::new, |source| format!(" ({source})"))
}

/// The file of a socket that this process listens on; removed on drop, if it still is that one.
pub(super) struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
}

/// Listens at `path`. What a process that is gone has left there is replaced, everything else refused.
///
/// # Errors
/// See [`SocketProblem`].
pub(super) async fn bind(path: &Path) -> Result<(UnixListener, SocketFile), SocketProblem> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    prepare(folder)?;
    let _locked = lock(path)?;
    clear(path).await?;
    let listener = UnixListener::bind(path).map_err(failed(path))?;
    let metadata = fs::symlink_metadata(path).map_err(failed(path))?;
    let file = SocketFile {
        path: path.to_owned(),
        identity: (metadata.dev(), metadata.ino()),
    };
    fs::set_permissions(path, Permissions::from_mode(SOCKET_MODE)).map_err(failed(path))?;
    Ok((listener, file))
}

/// Two gateways that find the same remains would each remove what the other has made. The lock is on a file that nobody else
/// can open, and is not waited for: so nobody else can hold a start up.
fn lock(path: &Path) -> Result<File, SocketProblem> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let mut options = File::options();
    options.write(true).create(true).truncate(false).mode(0o600);
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    let file = options.open(&name).map_err(failed(&name))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(SocketProblem::InUse(path.to_owned())),
        Err(error) => Err(failed(&name)(error.into())),
    }
}

/// Makes the folder if there is none, and refuses one that others may change.
fn prepare(folder: &Path) -> Result<(), SocketProblem> {
    if !folder.exists() {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(FOLDER_MODE);
        builder.create(folder).map_err(failed(folder))?;
        // Whatever the umask has left of it.
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE)).map_err(failed(folder))?;
    }
    require_closed(folder, rustix::process::geteuid().as_raw())
}

/// Whether something that is there already is in the way of a gateway that runs as this user.
pub(super) fn check(path: &Path, user: u32) -> Result<(), SocketProblem> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    if !folder.exists() {
        return Ok(());
    }
    require_closed(folder, user)?;
    match fs::symlink_metadata(path) {
        Ok(found) if !found.file_type().is_socket() => {
            Err(SocketProblem::NotASocket(path.to_owned()))
        }
        _ => Ok(()),
    }
}

fn require_closed(folder: &Path, user: u32) -> Result<(), SocketProblem> {
    let metadata = fs::metadata(folder).map_err(failed(folder))?;
    let is_ours = [0, user].contains(&metadata.uid());
    if !is_ours || metadata.mode() & 0o022 != 0 {
        return Err(SocketProblem::Writable(folder.to_owned()));
    }
    Ok(())
}

/// Removes the socket of a process that is gone.
async fn clear(path: &Path) -> Result<(), SocketProblem> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(failed(path))?,
    };
    if !found.file_type().is_socket() {
        return Err(SocketProblem::NotASocket(path.to_owned()));
    }
    match UnixStream::connect(path).await {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
            fs::remove_file(path).map_err(failed(path))
        }
        // Also when it has no room for one more connection.
        _ => Err(SocketProblem::InUse(path.to_owned())),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> SocketProblem {
    let path = path.to_owned();
    move |source| SocketProblem::Io { path, source }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_there = fs::symlink_metadata(&self.path)
            .is_ok_and(|found| (found.dev(), found.ino()) == self.identity);
        if is_there {
            // What stays is replaced at the next start.
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("made/here/socket");
        (folder, path)
    }

    #[tokio::test]
    async fn everybody_may_connect_and_nobody_else_may_replace_it() {
        let (_folder, path) = folder();
        let (listener, file) = bind(&path).await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o7777;
        assert_eq!(mode(&path), 0o666);
        assert_eq!(mode(path.parent().unwrap()), 0o755);
        drop(listener);
        drop(file);
        assert!(!path.exists());
        for open in [0o777, 0o1777, 0o775] {
            fs::set_permissions(path.parent().unwrap(), Permissions::from_mode(open)).unwrap();
            let refused = bind(&path).await.err().unwrap();
            assert!(matches!(refused, SocketProblem::Writable(_)), "{open:o}");
        }
    }

    #[tokio::test]
    async fn nobody_who_locks_the_folder_holds_a_start_up() {
        let (_folder, path) = folder();
        drop(bind(&path).await.unwrap());
        let lock = |path: &Path| {
            let file = File::open(path).unwrap();
            flock(&file, FlockOperation::NonBlockingLockExclusive).unwrap();
            file
        };
        // As any user can who may read the folder.
        let held = lock(path.parent().unwrap());
        let bound = tokio::task::spawn_blocking({
            let (path, runtime) = (path.clone(), tokio::runtime::Handle::current());
            move || runtime.block_on(bind(&path)).map(drop)
        });
        let patience = std::time::Duration::from_secs(10);
        let bound = tokio::time::timeout(patience, bound).await;
        // Whoever waits for the lock goes on before this test ends.
        drop(held);
        bound.expect("it waits").unwrap().unwrap();

        let name = path.with_file_name("socket.lock");
        assert_eq!(fs::metadata(&name).unwrap().mode() & 0o7777, 0o600);
        let _held = lock(&name);
        let refused = bind(&path).await.err().unwrap();
        assert!(matches!(refused, SocketProblem::InUse(_)), "{refused}");
    }

    #[tokio::test]
    async fn only_what_a_dead_process_left_is_replaced() {
        let (_folder, path) = folder();
        let (listener, file) = bind(&path).await.unwrap();
        let refused = bind(&path).await.err().unwrap();
        assert!(matches!(refused, SocketProblem::InUse(_)), "{refused}");
        assert!(path.exists());
        // As a kill leaves it.
        drop(listener);
        std::mem::forget(file);
        let (_listener, file) = bind(&path).await.unwrap();

        // Somebody else's by now: it stays.
        fs::remove_file(&path).unwrap();
        fs::write(&path, "years of work").unwrap();
        drop(file);
        assert_eq!(fs::read_to_string(&path).unwrap(), "years of work");
        let refused = bind(&path).await.err().unwrap();
        assert!(matches!(refused, SocketProblem::NotASocket(_)), "{refused}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "years of work");
        fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
        assert!(bind(&path).await.is_err());
    }
}
