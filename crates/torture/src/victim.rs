//! The gateway that is tortured: one data folder that many processes serve in turn.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use credential_client::{CredentialSocket, Error, Problem};
use envelope::jwk::{JwkSet, Kid};
use load::issuer::FACTORY;
use load::{Installation, Issuer, Serving};
use tempfile::TempDir;

use crate::ledger::{SECRET_FIELD, Stored, secret};

/// The installation and who signs its tickets.
pub struct Victim {
    /// Its folder.
    pub installation: Installation,
    /// Signs tickets.
    pub issuer: Issuer,
    socket: CredentialSocket,
}

/// A process of it that listens.
pub struct Running {
    /// The process.
    pub serving: Serving,
    /// Its keys.
    pub keys: (JwkSet, Kid),
    /// From its start until it listened.
    pub ready: Duration,
}

impl Victim {
    /// Makes it, in a folder of its own, with its store there.
    ///
    /// # Errors
    /// When the program fails.
    pub fn make(program: &Path, folder: TempDir) -> Result<Self> {
        Self::make_with(program, folder, &[])
    }

    /// Makes it, in a folder of its own, with more arguments for `init`.
    ///
    /// # Errors
    /// When the program fails.
    pub fn make_with(program: &Path, folder: TempDir, more: &[&str]) -> Result<Self> {
        let issuer = Issuer::new()?;
        let socket = folder.path().join("run/credential.sock");
        let installation = Installation::make(program, folder, &issuer, more)?;
        let user = std::fs::metadata("/proc/self")?.uid();
        // The template ends with its section of limits.
        installation.configure(&format!(
            "connections = 4096\nconnections_per_address = 4096\n\n[credential_socket]\npath = {socket:?}\nusers = [{user}]\n"
        ))?;
        Ok(Self {
            installation,
            issuer,
            socket: CredentialSocket::new(socket).patience(Duration::from_secs(20)),
        })
    }

    /// Serves it.
    ///
    /// # Errors
    /// When it does not begin to listen.
    pub async fn run(&self) -> Result<Running> {
        self.run_in(&[]).await
    }

    /// Serves it with more in its environment.
    ///
    /// # Errors
    /// When it does not begin to listen.
    pub async fn run_in(&self, environment: &[(&str, &str)]) -> Result<Running> {
        let began = Instant::now();
        let begun = self.installation.begin(&[], environment)?;
        let serving = begun.listening(&self.installation)?;
        let ready = began.elapsed();
        let running = self.running(serving).await?;
        Ok(Running { ready, ..running })
    }

    /// What is asked of a process that listens before it is tortured.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn running(&self, serving: Serving) -> Result<Running> {
        let keys = serving.keys(&self.installation).await?;
        Ok(Running {
            serving,
            keys,
            ready: Duration::ZERO,
        })
    }

    /// What a process on this machine gets for a linked service.
    ///
    /// # Errors
    /// When something is there and cannot be had: it is half visible.
    pub fn stored(&self, linked_service: &str) -> Result<Option<Stored>> {
        match self.socket.credential(FACTORY, linked_service) {
            Ok(credential) => {
                let version = credential.version();
                let sent = secret(linked_service, version);
                // EXPOSE: compared with what was sent.
                let is_as_sent = credential
                    .secret(SECRET_FIELD)
                    .is_some_and(|stored| stored.expose() == sent);
                Ok(Some(Stored {
                    version,
                    is_as_sent,
                }))
            }
            Err(Error::Refused {
                problem: Problem::NotFound,
                ..
            }) => Ok(None),
            Err(error) => Err(error).context(format!("{linked_service} cannot be had")),
        }
    }

    /// Has the gateway's own commands look at everything that is kept, and at the whole trail. It must not be running.
    ///
    /// # Errors
    /// What they find.
    pub fn verify(&self) -> Result<()> {
        self.installation.output(&["key", "verify"])?;
        self.installation.output(&["audit", "verify"])?;
        Ok(())
    }
}
