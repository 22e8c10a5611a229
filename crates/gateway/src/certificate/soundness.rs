//! Whether a certificate may be shown. Everything that the browsers of people would refuse is refused before; what only some would
//! mind is told. Which certificate signed which, and for what, is decided by rustls-webpki, as in any client of rustls.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use envelope::UnixSeconds;
use rustls::RootCertStore;
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;

use super::facts::Facts;
use crate::clock;
use crate::config::ServedName;
use crate::config::served_name::Host;
use crate::data_folder;
use crate::tls::{self, ServerCertificate};

/// Seconds that a certificate may begin in the future: clocks differ.
const LENIENCE: u64 = 60 * 60;

/// The certificate in this file is not taken.
#[derive(Debug, thiserror::Error)]
#[error("the TLS certificate {} is refused: {fault}", path.display())]
pub struct Refused {
    /// The chain's file.
    pub path: PathBuf,
    /// Why.
    pub fault: Fault,
}

/// Why a certificate may not be shown.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Its time is over.
    #[error("{0} expired on {date}", date = clock::rfc3339(*.1))]
    Expired(Which, UnixSeconds),
    /// Its time has not come.
    #[error("{0} is valid from {date} only; is this machine's clock right?", date = clock::rfc3339(*.1))]
    NotYetValid(Which, UnixSeconds),
    /// It is for something else.
    #[error("{0} is not for servers: its extended key usage lacks serverAuth")]
    NotForServers(Which),
    /// It is who signs others.
    #[error(
        "{0} is an authority's own certificate (basicConstraints: CA), which browsers do not take for a server's: have that authority sign one for this gateway, and name that first"
    )]
    Authority(Which),
    /// Its own signature is not its key's.
    #[error(
        "{0} says that it is signed by itself, and is not: it was changed, or it is not the root that it says"
    )]
    ForgedRoot(Which),
    /// Others may put another key in its place.
    #[error("others may write into {path} (mode {mode:04o}): whoever did may have its key; make a new pair, and chmod 600 {path}", path = path.display())]
    KeyWritable {
        /// The key's file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The next certificate in the file did not sign it.
    #[error(
        "{which} is signed by `{issuer}`, and {next} is not that one, or may not sign it ({reason}); the file must have the leaf first, then each time the certificate of who signed the one before"
    )]
    NotSignedByNext {
        /// The certificate.
        which: Which,
        /// Who signed it, as it says.
        issuer: String,
        /// The one after it.
        next: Which,
        /// What webpki said.
        reason: String,
    },
    /// The chain ends before a root.
    #[error(
        "the chain is incomplete: {which} is signed by `{issuer}`, which is neither in the file nor among the authorities of this system ({reason}). Append that certificate to the file. If `{issuer}` is your root and is to stay out of the file, name the root's file (--root FILE, or `root` under [tls] in gateway.toml)"
    )]
    Incomplete {
        /// The last certificate.
        which: Which,
        /// Who signed it, as it says.
        issuer: String,
        /// What webpki said.
        reason: String,
    },
    /// The named root cannot be read, or is none.
    #[error("the root in {} cannot be used ({reason}); it must be one certificate in PEM, signed by itself", path.display())]
    Root {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        reason: String,
    },
    /// rustls cannot read the leaf.
    #[error("{0} cannot be used ({1})")]
    Unusable(Which, String),
}

/// One certificate of a chain, in words: its place and its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Which(Box<str>);

impl std::fmt::Display for Which {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What does not forbid showing a certificate, and yet is worth saying.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reservation {
    /// A name that the gateway serves is not in it.
    #[error(
        "it is not for {0}, which is among the names in gateway.toml: browsers that call the gateway so will warn"
    )]
    NotFor(Host),
    /// Nobody else vouches for it.
    #[error(
        "it is signed by itself: each browser has to be told to trust this very certificate, and the next one again"
    )]
    SelfSigned,
    /// Whoever comes has to be told to trust the root.
    #[error(
        "it ends in `{0}`, which this system does not trust: nor does a browser that was not told to"
    )]
    UnknownRoot(String),
    /// Others may have the key.
    #[error("everybody on this machine may read {} with its key (mode {mode:04o}): chmod 600, or 640 for a group", path.display())]
    KeyReadable {
        /// The key's file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// No browser takes such a key.
    #[error(
        "its key is an Ed25519 key, which browsers do not accept in a certificate: only programs such as credset will"
    )]
    Ed25519,
}

/// Checks a chain whose key is known to fit. `root` is the file of a root that is not in the chain.
///
/// # Errors
/// See [`Fault`].
pub fn check(
    certificate: &ServerCertificate,
    root: Option<&Path>,
    names: &[ServedName],
    now: UnixSeconds,
) -> Result<Vec<Reservation>, Fault> {
    let chain = Chain {
        certificates: certificate.chain(),
        facts: certificate.facts(),
        now,
    };
    let leaf = certificate
        .chain()
        .first()
        .map(ParsedCertificate::try_from)
        .and_then(Result::ok)
        .ok_or_else(|| Fault::Unusable(chain.which(0), "it is not a certificate".to_owned()))?;
    chain.check_times()?;
    if !chain.facts[0].is_for_servers {
        return Err(Fault::NotForServers(chain.which(0)));
    }
    if chain.facts[0].is_authority {
        return Err(Fault::Authority(chain.which(0)));
    }
    let mut reservations = Vec::new();
    if chain.facts[0].is_ed25519 {
        reservations.push(Reservation::Ed25519);
    }
    if chain.facts.len() == 1 && chain.facts[0].is_self_issued {
        chain.check_root()?;
        reservations.push(Reservation::SelfSigned);
    } else {
        chain.check_signatures(&leaf)?;
        reservations.extend(chain.check_end(&leaf, root)?);
    }
    let hosts = uncovered(&leaf, names);
    reservations.extend(hosts.map(Reservation::NotFor));
    Ok(reservations)
}

/// Who else may do what with the file that has the key. A pipe is nobody else's.
///
/// # Errors
/// [`Fault::KeyWritable`].
pub fn check_key(path: &Path) -> Result<Option<Reservation>, Fault> {
    // One that is not there is told of by whoever reads it.
    let Some(file) = path.metadata().ok().filter(Metadata::is_file) else {
        return Ok(None);
    };
    let mode = file.permissions().mode() & 0o7777;
    let path = path.to_owned();
    match mode {
        _ if mode & 0o022 != 0 => Err(Fault::KeyWritable { path, mode }),
        _ if mode & 0o004 != 0 => Ok(Some(Reservation::KeyReadable { path, mode })),
        _ => Ok(None),
    }
}

/// The hosts among `names` that the leaf is not for.
pub(super) fn uncovered(
    leaf: &ParsedCertificate<'_>,
    names: &[ServedName],
) -> impl Iterator<Item = Host> {
    names.iter().map(|name| name.host().clone()).filter(|host| {
        server_name(host).is_none_or(|name| verify_server_name(leaf, &name).is_err())
    })
}

/// A host as certificates are compared with; none if no certificate can name it.
pub(super) fn server_name(host: &Host) -> Option<ServerName<'static>> {
    match host {
        Host::Dns(name) => ServerName::try_from(name.clone()).ok(),
        Host::Address(address) => Some(ServerName::from(*address)),
    }
}

struct Chain<'a> {
    certificates: &'a [CertificateDer<'static>],
    facts: &'a [Facts],
    now: UnixSeconds,
}

impl Chain<'_> {
    fn which(&self, index: usize) -> Which {
        let (number, of) = (index + 1, self.certificates.len());
        let subject = self.facts.get(index).map_or("", |facts| &facts.subject);
        Which(format!("certificate {number} of {of} (`{subject}`)").into())
    }

    fn check_times(&self) -> Result<(), Fault> {
        for (index, facts) in self.facts.iter().enumerate() {
            if facts.not_after < self.now {
                return Err(Fault::Expired(self.which(index), facts.not_after));
            }
            if facts.not_before.0 > self.now.0.saturating_add(LENIENCE) {
                return Err(Fault::NotYetValid(self.which(index), facts.not_before));
            }
        }
        Ok(())
    }

    /// The way from the leaf to each further certificate, one after the other: the first that fails names the gap.
    fn check_signatures(&self, leaf: &ParsedCertificate<'_>) -> Result<(), Fault> {
        for next in 1..self.certificates.len() {
            let mut root = RootCertStore::empty();
            let outcome = root
                .add(self.certificates[next].clone())
                .and_then(|()| self.verify(leaf, &root, &self.certificates[1..next]));
            outcome.map_err(|error| Fault::NotSignedByNext {
                which: self.which(next - 1),
                issuer: self.facts[next - 1].issuer.clone(),
                next: self.which(next),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }

    /// A root is signed by itself, if anybody here can tell.
    fn check_root(&self) -> Result<(), Fault> {
        let last = self.facts.len() - 1;
        match self.facts[last].is_signed_by_itself {
            Some(false) => Err(Fault::ForgedRoot(self.which(last))),
            _ => Ok(()),
        }
    }

    fn check_end(
        &self,
        leaf: &ParsedCertificate<'_>,
        root: Option<&Path>,
    ) -> Result<Option<Reservation>, Fault> {
        let last = self.facts.len() - 1;
        let ends_in_root = self.facts[last].is_self_issued;
        if ends_in_root {
            self.check_root()?;
        }
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if let Some(path) = root {
            let unreadable = |reason: String| Fault::Root {
                path: path.to_owned(),
                reason,
            };
            let text = data_folder::read(path).map_err(|error| unreadable(error.to_string()))?;
            let root = CertificateDer::from_pem_slice(&text)
                .map_err(|error| unreadable(error.to_string()))?;
            let facts = Facts::of(&root).map_err(|error| unreadable(error.to_string()))?;
            if !facts.is_self_issued {
                let reason = format!(
                    "it is no root: `{}` has signed it; an intermediate certificate belongs into the chain",
                    facts.issuer
                );
                return Err(unreadable(reason));
            }
            if facts.is_signed_by_itself == Some(false) {
                return Err(unreadable("it is not signed by itself".to_owned()));
            }
            roots
                .add(root)
                .map_err(|error| unreadable(error.to_string()))?;
        }
        match self.verify(leaf, &roots, &self.certificates[1..]) {
            Ok(()) => Ok(None),
            Err(_) if ends_in_root => {
                let subject = self.facts[last].subject.clone();
                Ok(Some(Reservation::UnknownRoot(subject)))
            }
            Err(error) => Err(Fault::Incomplete {
                which: self.which(last),
                issuer: self.facts[last].issuer.clone(),
                reason: error.to_string(),
            }),
        }
    }

    fn verify(
        &self,
        leaf: &ParsedCertificate<'_>,
        roots: &RootCertStore,
        between: &[CertificateDer<'_>],
    ) -> Result<(), rustls::Error> {
        // What begins a little later than now has been let pass already.
        let begins = self.facts.iter().map(|facts| facts.not_before);
        let at = begins.fold(self.now, UnixSeconds::max);
        verify_server_cert_signed_by_trust_anchor(
            leaf,
            roots,
            between,
            UnixTime::since_unix_epoch(Duration::from_secs(at.0)),
            tls::provider().signature_verification_algorithms.all,
        )
    }
}
