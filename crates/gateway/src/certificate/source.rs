//! Which files the certificate is in. Each of ours is one file with the chain and its key, because two files cannot be replaced at
//! the same moment.

use std::path::{Path, PathBuf};

use envelope::UnixSeconds;

use super::soundness::{self, Refused, Reservation};
use crate::config::{Config, ServedName, TlsFiles};
use crate::data_folder::{self, DataFolder};
use crate::tls::{ServerCertificate, TlsError};

/// The files under `tls/`.
pub struct Files {
    /// The private authority's certificate, to be trusted by browsers.
    pub ca_certificate: PathBuf,
    /// The private authority's key.
    pub ca_key: PathBuf,
    /// What was issued under it: leaf, authority, the leaf's key.
    pub made: PathBuf,
    /// What `certificate replace` put there: leaf, further certificates, the leaf's key.
    pub own: PathBuf,
}

impl Files {
    /// Where they are, whether there or not.
    #[must_use]
    pub fn in_folder(folder: &DataFolder) -> Self {
        let at = |name| folder.tls().join(name);
        Self {
            ca_certificate: at("ca.pem"),
            ca_key: at("ca.key"),
            made: at("leaf.pem"),
            own: at("own.pem"),
        }
    }
}

/// Where the certificate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The files that `[tls]` in `gateway.toml` names.
    Named(TlsFiles),
    /// The administrator's own, put into the folder by `certificate replace`.
    Own(PathBuf),
    /// The gateway's, under its own authority.
    Made(PathBuf),
}

impl Source {
    /// The files named in `gateway.toml`, else what `certificate replace` put into the folder, else what the gateway made.
    #[must_use]
    pub fn of(folder: &DataFolder, config: &Config) -> Self {
        if let Some(files) = &config.tls {
            return Self::Named(files.clone());
        }
        let files = Files::in_folder(folder);
        if files.own.exists() {
            Self::Own(files.own)
        } else {
            Self::Made(files.made)
        }
    }

    /// The chain's file.
    #[must_use]
    pub fn certificate(&self) -> &Path {
        match self {
            Self::Named(files) => &files.certificate,
            Self::Own(file) | Self::Made(file) => file,
        }
    }

    /// The key's file.
    #[must_use]
    pub fn key(&self) -> &Path {
        match self {
            Self::Named(files) => &files.key,
            Self::Own(file) | Self::Made(file) => file,
        }
    }

    /// The file of the root that the chain ends at, if it is in a file of its own.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        match self {
            Self::Named(files) => files.root.as_deref(),
            Self::Own(_) | Self::Made(_) => None,
        }
    }

    /// In words, for people.
    #[must_use]
    pub fn told(&self) -> &'static str {
        match self {
            Self::Named(_) => "named in gateway.toml",
            Self::Own(_) => "put in place by `certificate replace`",
            Self::Made(_) => "made by this gateway under its own authority",
        }
    }

    /// The pair in the files.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn load(&self) -> Result<ServerCertificate, TlsError> {
        let (path, advice) = match self {
            Self::Named(files) => return ServerCertificate::load(&files.certificate, &files.key),
            Self::Own(path) => (
                path,
                "put your own in place again with `credential-gateway certificate replace`",
            ),
            Self::Made(path) => (
                path,
                "have a new one made with `credential-gateway certificate renew`",
            ),
        };
        let content = data_folder::read(path).map_err(|error| match error.is_not_found() {
            true => TlsError::Lost {
                path: path.clone(),
                advice,
            },
            false => TlsError::Unreadable {
                what: "certificate",
                path: path.clone(),
                reason: error.reason(),
            },
        })?;
        ServerCertificate::read(&content, &content, path, path).map_err(|error| TlsError::Damaged {
            path: path.clone(),
            reason: error.to_string(),
            advice,
        })
    }

    /// What speaks against showing this pair, which was loaded from here.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn check(
        &self,
        certificate: &ServerCertificate,
        names: &[ServedName],
        now: UnixSeconds,
    ) -> Result<Vec<Reservation>, Refused> {
        let checked = soundness::check_key(self.key()).and_then(|open| {
            let mut reservations = soundness::check(certificate, self.root(), names, now)?;
            reservations.extend(open);
            Ok(reservations)
        });
        let mut reservations = checked.map_err(|fault| Refused {
            path: self.certificate().to_owned(),
            fault,
        })?;
        if let Self::Made(_) = self {
            // That the gateway's own authority has to be trusted first, everybody knows who has one.
            reservations.retain(|it| !matches!(it, Reservation::UnknownRoot(_)));
        }
        Ok(reservations)
    }
}
