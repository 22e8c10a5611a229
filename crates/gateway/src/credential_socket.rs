//! The credential socket: gives credentials to processes of the same machine, those of listed users only. Off unless the
//! configuration has it.
//!
//! A connection carries one request and one answer, each a line of JSON ([`request`], [`answer`]). Who asks is what the kernel says of
//! the peer; a peer that is not listed is answered before anything that it wrote is read. Every credential that is given, and every
//! one that is not, is in the audit file first.

mod allowed;
mod answer;
mod file;
mod request;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use zeroize::Zeroizing;

use crate::clock;
use crate::config;
use crate::custody::Custody;
use crate::data_folder::DataFolder;
use crate::server::places::Places;
use crate::server::{rest_after, stopped};
use allowed::{AllowList, Peer};
use answer::Problem;
pub use file::SocketProblem;
use file::{SocketFile, bind};
use request::MAX_REQUEST_BYTES;

/// A bound socket, and who is answered on it.
pub struct CredentialSocket {
    listener: UnixListener,
    // After the listener: removed when nothing listens any more.
    _file: SocketFile,
    desk: Arc<Desk>,
    connections: usize,
}

/// What answers.
struct Desk {
    allowed: AllowList,
    request: Duration,
}

/// Whom a connection's place is counted for: all strangers together are one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    Listed(u32),
    Stranger,
}

impl CredentialSocket {
    /// Looks the users up and makes the socket. What a process that is gone has left is replaced.
    ///
    /// # Errors
    /// See [`SocketProblem`].
    pub async fn bind(
        settings: &config::CredentialSocket,
        folder: &DataFolder,
    ) -> Result<Self, SocketProblem> {
        let allowed = AllowList::resolve(&settings.users)?;
        let (listener, file) = bind(&settings.path, folder.path()).await?;
        Ok(Self {
            listener,
            _file: file,
            desk: Arc::new(Desk {
                allowed,
                request: settings.request,
            }),
            connections: settings.connections,
        })
    }

    /// Whether there could be such a socket, as far as that can be known without making it.
    ///
    /// # Errors
    /// Every variant of [`SocketProblem`] but [`SocketProblem::InUse`].
    pub fn check(
        settings: &config::CredentialSocket,
        folder: &DataFolder,
    ) -> Result<(), SocketProblem> {
        Self::check_for(settings, folder, rustix::process::geteuid().as_raw())
    }

    /// As [`CredentialSocket::check`], for a gateway that runs as this user.
    ///
    /// # Errors
    /// As [`CredentialSocket::check`].
    pub fn check_for(
        settings: &config::CredentialSocket,
        folder: &DataFolder,
        user: u32,
    ) -> Result<(), SocketProblem> {
        AllowList::resolve(&settings.users)?;
        file::check(&settings.path, folder.path(), user)
    }

    /// Answers until `stop` turns true, lets running answers finish within their time, and removes the socket.
    pub async fn run(self, custody: Custody, mut stop: watch::Receiver<bool>) {
        let places = Places::new(self.connections, self.connections / 4);
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = stopped(&mut stop) => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        // Without knowing who asks there is no answer.
                        let Ok(peer) = self.desk.allowed.peer(&stream) else { continue };
                        let caller = if peer.is_listed() { Caller::Listed(peer.uid()) } else { Caller::Stranger };
                        if let Some(place) = places.take(caller) {
                            let (desk, custody) = (self.desk.clone(), custody.clone());
                            connections.spawn(async move {
                                desk.serve(stream, &peer, &custody).await;
                                drop(place);
                            });
                        } else {
                            // As much as goes at once: somebody who does not read is not waited for.
                            let _ = stream.try_write(&Problem::Busy.line());
                        }
                    }
                    Err(error) => rest_after(&error).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
        drop(self.listener);
        let all_done = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(2 * self.desk.request, all_done).await;
    }
}

impl Desk {
    async fn serve(&self, mut stream: UnixStream, peer: &Peer, custody: &Custody) {
        let answer = match self.answer(&mut stream, peer, custody).await {
            Ok(credential) => credential,
            Err(problem) => problem.line(),
        };
        let given = async {
            stream.write_all(&answer).await?;
            drop(answer);
            stream.shutdown().await?;
            // What is still on its way is taken first, so that the answer is not lost with the connection.
            let mut rest = [0; MAX_REQUEST_BYTES];
            for _ in 0..16 {
                if stream.read(&mut rest).await? == 0 {
                    break;
                }
            }
            std::io::Result::Ok(())
        };
        // Somebody who went away meanwhile has lost the answer; the audit says that it was given.
        let _ = tokio::time::timeout(self.request, given).await;
    }

    async fn answer(
        &self,
        stream: &mut UnixStream,
        peer: &Peer,
        custody: &Custody,
    ) -> Result<Zeroizing<Vec<u8>>, Problem> {
        let name = peer.to_string();
        let who = (name.as_str(), peer.budget());
        if !peer.is_listed() {
            custody.reveal_refused(None, who, clock::now()).await;
            return Err(Problem::NotAllowed);
        }
        let asked = tokio::time::timeout(self.request, request::read(stream))
            .await
            .map_err(|_| Problem::Timeout)??;
        let (df, ls) = (&asked.df, &asked.ls);
        if !peer.may_have(df, ls) {
            custody
                .reveal_refused(Some((df, ls)), who, clock::now())
                .await;
            return Err(Problem::NotAllowed);
        }
        let revealed = custody.reveal_version(df, ls, asked.version, who, clock::now());
        let revealed = revealed.await.map_err(|problem| {
            let known = Problem::from(&problem);
            if known == Problem::Unavailable {
                tracing::error!(error = %problem, "a credential cannot be given");
            }
            known
        })?;
        answer::credential(&revealed)
    }
}
