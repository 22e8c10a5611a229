//! Making what the gateway shows if nobody gives it anything else: at `init`, by `certificate renew`, and by a running gateway
//! when it is time.

use std::path::{Path, PathBuf};

use envelope::UnixSeconds;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::authority::{Authority, AuthorityUnusable, CertificateNotMade};
use super::soundness::Refused;
use super::source::{Files, Source};
use super::{machine, standing};
use crate::config::served_name::Host;
use crate::config::{Config, ServedName};
use crate::data_folder::{self, DataFolder, FolderError};
use crate::tls::{ServerCertificate, TlsError};

/// Why no new leaf is in place. The one before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum RenewalError {
    /// The authority's files.
    #[error("the authority in {}: {reason}; `credential-gateway certificate renew --new-authority` makes a new one", path.display())]
    Authority {
        /// Its certificate.
        path: PathBuf,
        /// Why.
        reason: AuthorityUnusable,
    },
    /// A file of the authority's is gone.
    #[error(
        "{0} of the gateway's own authority is missing; put it back from a copy of the folder, or make a new authority with `credential-gateway certificate renew --new-authority`, which has to be trusted anew"
    )]
    AuthorityLost(PathBuf),
    /// The authority's time is over before that of what it would sign now.
    #[error("the authority in {} ends itself soon; `credential-gateway certificate renew --new-authority` makes a new one, which has to be trusted anew", .0.display())]
    AuthorityEnds(PathBuf),
    /// What would be made is not acceptable, mostly because the authority does not vouch for a name.
    #[error("the authority in {} cannot vouch for all of {hosts} ({reason}); `credential-gateway certificate renew --new-authority` makes one that can, which has to be trusted anew", path.display())]
    NotVouched {
        /// The authority's certificate.
        path: PathBuf,
        /// The names.
        hosts: String,
        /// Why.
        reason: String,
    },
    /// Nothing could be made.
    #[error(transparent)]
    NotMade(#[from] CertificateNotMade),
    /// What was made cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
}

/// A new leaf, perhaps with its authority, that is not in its place yet.
pub struct Prepared {
    certificate: ServerCertificate,
    /// In the order in which they are written.
    files: Vec<(PathBuf, Zeroizing<Vec<u8>>)>,
}

/// A new authority and a leaf under it, for the names served, those under which `listen` is reached, and loopback. What is there
/// is replaced.
///
/// # Errors
/// See [`RenewalError`].
pub fn begin(
    folder: &DataFolder,
    config: &Config,
    now: UnixSeconds,
) -> Result<ServerCertificate, RenewalError> {
    prepare_all(folder, config, now)?.put()
}

/// As [`begin`], up to the moment before it is put in place.
///
/// # Errors
/// See [`RenewalError`].
pub fn prepare_all(
    folder: &DataFolder,
    config: &Config,
    now: UnixSeconds,
) -> Result<Prepared, RenewalError> {
    let outside = machine::reached_from_outside(config.listen);
    let inside = machine::reached_from_inside();
    let hosts = each_once(config.names.iter().chain(&outside).chain(&inside));
    let authority = Authority::make(&config.name, &hosts, moment(now))?;
    let leaf = authority.issue(&hosts, moment(now))?;
    let files = Files::in_folder(folder);
    let certificate = accept(&files, leaf.as_bytes(), &config.names, now)?;
    let text = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    // The one for these may be lost.
    folder.make_sub_folders()?;
    Ok(Prepared {
        certificate,
        // The leaf, which has the new authority in it, comes last: a running gateway goes by it.
        files: vec![
            (files.ca_key, text(&authority.key_pem())),
            (files.ca_certificate, text(&authority.certificate_pem())),
            (files.made, text(&leaf)),
        ],
    })
}

/// A new leaf under the authority that is there: for the names served, and whomever the present leaf is for.
///
/// # Errors
/// See [`RenewalError`].
pub fn renew(
    folder: &DataFolder,
    config: &Config,
    now: UnixSeconds,
) -> Result<ServerCertificate, RenewalError> {
    prepare(folder, config, now)?.put()
}

/// As [`renew`], up to the moment before it is put in place.
///
/// # Errors
/// See [`RenewalError`].
pub fn prepare(
    folder: &DataFolder,
    config: &Config,
    now: UnixSeconds,
) -> Result<Prepared, RenewalError> {
    let files = Files::in_folder(folder);
    let lost = |path: &Path, error: FolderError| match error.is_not_found() {
        true => RenewalError::AuthorityLost(path.to_owned()),
        false => error.into(),
    };
    let certificate = data_folder::read(&files.ca_certificate)
        .map_err(|error| lost(&files.ca_certificate, error))?;
    let key =
        data_folder::read_private(&files.ca_key).map_err(|error| lost(&files.ca_key, error))?;
    let authority =
        Authority::read(&certificate, &key).map_err(|reason| RenewalError::Authority {
            path: files.ca_certificate.clone(),
            reason,
        })?;
    let days_left = (authority.not_after().0.saturating_sub(now.0)) / (24 * 60 * 60);
    if days_left < standing::WARNING_DAYS.unsigned_abs() {
        return Err(RenewalError::AuthorityEnds(files.ca_certificate));
    }
    // The machine may be called otherwise than when the authority was made, which vouches for what it was called then.
    let present = Source::Made(files.made.clone()).load();
    let present: Vec<ServedName> = match &present {
        Ok(present) => present.facts()[0].hosts.iter(),
        Err(_) => [].iter(),
    }
    .filter_map(|host| ServedName::parse(host).ok())
    .collect();
    let hosts = each_once(config.names.iter().chain(&present));
    let leaf = authority.issue(&hosts, moment(now))?;
    let certificate = accept(&files, leaf.as_bytes(), &config.names, now)?;
    Ok(Prepared {
        certificate,
        files: vec![(files.made, Zeroizing::new(leaf.as_bytes().to_vec()))],
    })
}

impl Prepared {
    /// What will be shown.
    #[must_use]
    pub fn certificate(&self) -> &ServerCertificate {
        &self.certificate
    }

    /// Puts it in place.
    ///
    /// # Errors
    /// [`RenewalError::Folder`].
    pub fn put(self) -> Result<ServerCertificate, RenewalError> {
        for (path, content) in &self.files {
            data_folder::replace(path, content)?;
        }
        Ok(self.certificate)
    }
}

/// What was made, looked at as somebody else's would be.
fn accept(
    files: &Files,
    leaf: &[u8],
    names: &[ServedName],
    now: UnixSeconds,
) -> Result<ServerCertificate, RenewalError> {
    let source = Source::Made(files.made.clone());
    let made = ServerCertificate::read(leaf, leaf, source.certificate(), source.key())?;
    match source.check(&made, names, now) {
        Ok(_) => Ok(made),
        Err(Refused { fault, .. }) => Err(RenewalError::NotVouched {
            path: files.ca_certificate.clone(),
            hosts: made.facts()[0].hosts.join(", "),
            reason: fault.to_string(),
        }),
    }
}

fn each_once<'n>(names: impl Iterator<Item = &'n ServedName>) -> Vec<Host> {
    let mut hosts = Vec::new();
    for host in names.map(ServedName::host) {
        if !hosts.contains(host) {
            hosts.push(host.clone());
        }
    }
    hosts
}

fn moment(at: UnixSeconds) -> OffsetDateTime {
    i64::try_from(at.0)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
