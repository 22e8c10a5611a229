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
    /// Whoever has no number here has this one.
    #[error(
        "credential_socket.users: the number {0} stands for every user whom this machine does not know, in containers for one, so it cannot be listed; give the process a user of its own"
    )]
    Nobody(u32),
    /// Two entries are for the same user.
    #[error(
        "credential_socket.users: the user with the number {0} is listed twice; name it once, with all of its patterns"
    )]
    Twice(u32),
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
        "credential_socket.path: others may write into {0}; it must belong to root or this user, and be writable by its owner only (chmod go-w). A folder above the socket's may have the sticky bit instead, as /tmp has"
    )]
    Writable(PathBuf),
    /// Nobody else could reach it.
    #[error(
        "credential_socket.path: {0} is in the data folder, which nobody else can enter; choose a path elsewhere, such as /run/credential-gateway/credential.sock"
    )]
    InDataFolder(PathBuf),
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
pub(super) async fn bind(
    path: &Path,
    data_folder: &Path,
) -> Result<(UnixListener, SocketFile), SocketProblem> {
    let user = rustix::process::geteuid().as_raw();
    check(path, data_folder, user)?;
    let folder = path.parent().unwrap_or(Path::new("/"));
    make(folder)?;
    require_closed(folder, user)?;
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

/// Makes the folder if there is none.
fn make(folder: &Path) -> Result<(), SocketProblem> {
    if !folder.exists() {
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(FOLDER_MODE);
        builder.create(folder).map_err(failed(folder))?;
        // Whatever the umask has left of it.
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE)).map_err(failed(folder))?;
    }
    Ok(())
}

/// Whether something that is there already is in the way of a gateway that runs as this user on this data folder.
pub(super) fn check(path: &Path, data_folder: &Path, user: u32) -> Result<(), SocketProblem> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let there = folder.ancestors().find(|there| there.exists());
    let there = there.unwrap_or(Path::new("/"));
    let real = |path: &Path| path.canonicalize().map_err(failed(path));
    if real(there)?.starts_with(real(data_folder)?) {
        return Err(SocketProblem::InDataFolder(path.to_owned()));
    }
    require_safe_way(there, user)?;
    if there != folder {
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

/// Whoever may rename a folder on the way can put another one in its place. So each belongs to root or the gateway's user, and can
/// be written by nobody else, or has the sticky bit; and so does each link.
fn require_safe_way(there: &Path, user: u32) -> Result<(), SocketProblem> {
    let real = there.canonicalize().map_err(failed(there))?;
    for step in there.ancestors().chain(real.ancestors()) {
        let metadata = fs::symlink_metadata(step).map_err(failed(step))?;
        let is_ours = [0, user].contains(&metadata.uid());
        let is_closed = metadata.is_symlink() || metadata.mode() & 0o022 == 0;
        let is_sticky = metadata.mode() & 0o1000 != 0;
        if !is_ours || !(is_closed || is_sticky) {
            return Err(SocketProblem::Writable(step.to_owned()));
        }
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
mod tests;
