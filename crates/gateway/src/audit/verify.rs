//! Reads a trail back and says what in it is not as it was written. Needs no gateway: files, and something to compare
//! them with. One line at a time, whatever the size.
//!
//! What finds what: a changed, missing, inserted or moved line does not fit the chain; a chain that was made anew does not
//! fit the checkpoints; an end that was cut off, or made anew after the last checkpoint, does not fit what the store
//! remembers, or a checkpoint that somebody kept elsewhere.

mod chain;
mod finding;
mod remembered;
mod source;

use std::fmt;
use std::io;
use std::path::PathBuf;

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::Kid;
use envelope::protocol::IdentityJwk;
use serde::Serialize;

use super::line::LineHash;
use super::lines::Found;
use crate::issuers::PublicKey;
use chain::Chain;
pub use finding::{Accepted, Finding, Kind};
pub use remembered::Remembered;
pub use source::Source;

/// What a trail is compared with.
#[derive(Clone)]
pub struct Against {
    /// The gateway's id; none takes the one that the first line names.
    pub gateway: Option<String>,
    /// The identity key that signed the checkpoints.
    pub identity: Witness,
    /// What the gateway's store remembers, if it is at hand.
    pub store: Option<Remembered>,
    /// Checkpoints (JWS) that were kept elsewhere.
    pub checkpoints: Vec<String>,
}

/// The identity key, or as much as is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The key.
    Key(IdentityJwk),
    /// Its thumbprint: the trail says the key.
    Thumbprint(Kid),
}

impl Witness {
    /// Whether signatures can be checked with it, now or when the trail has said the key.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Key(jwk) => jwk.kty == "OKP" && jwk.crv == "Ed25519" && self.key().is_some(),
            Self::Thumbprint(_) => true,
        }
    }

    fn kid(&self) -> Kid {
        match self {
            Self::Key(jwk) => jwk.thumbprint(),
            Self::Thumbprint(kid) => kid.clone(),
        }
    }

    fn key(&self) -> Option<PublicKey> {
        match self {
            Self::Key(jwk) => public_key(&jwk.x),
            Self::Thumbprint(_) => None,
        }
    }
}

fn public_key(x: &str) -> Option<PublicKey> {
    let bytes = Base64UrlUnpadded::decode_vec(x).ok()?;
    PublicKey::ed25519(&bytes.try_into().ok()?).ok()
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether there are no findings but those that were accepted.
    pub whole: bool,
    /// The gateway's id.
    pub gateway: Option<String>,
    /// The files that were read, in the chain's order.
    pub files: Vec<FileRead>,
    /// How many lines.
    pub lines: u64,
    /// Number of the first line; 0 if there is none.
    pub first: i64,
    /// Number of the last line.
    pub last: i64,
    /// Hash of the last line.
    pub head: LineHash,
    /// How many checkpoints hold.
    pub checkpoints: u64,
    /// Number of the last of them: what comes after it is not signed yet.
    pub signed_through: i64,
    /// The last of them, to be kept elsewhere.
    pub last_checkpoint: Option<String>,
    /// What is not as it was written, by place.
    pub findings: Vec<Finding>,
    /// What is not either, and a person has accepted, which the trail says and has signed.
    pub accepted: Vec<Finding>,
    /// How many findings are left out here.
    pub more_findings: u64,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRead {
    /// The file.
    pub file: PathBuf,
    /// Its lines.
    pub lines: u64,
}

/// A file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}", path = path.display())]
pub struct CannotRead {
    /// The file.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

/// Reads the files, in the chain's order.
///
/// # Errors
/// [`CannotRead`]; damage is a finding, not an error.
pub fn verify(sources: Vec<Source>, against: Against) -> Result<Report, CannotRead> {
    let mut chain = Chain::new(against);
    for source in sources {
        chain.begin_file(source.path());
        let path = source.path().to_owned();
        let read = source.each(|found| match found {
            Found::Line(line) => chain.line(line),
            Found::TooLong(line) => chain.unreadable(line),
            Found::Unfinished(bytes) => chain.unfinished(bytes),
        });
        read.map_err(|source| CannotRead { path, source })?;
    }
    Ok(chain.finish())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for accepted in &self.accepted {
            writeln!(f, "note: accepted before: {accepted}")?;
        }
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        if self.more_findings > 0 {
            writeln!(f, "and {} more", self.more_findings)?;
        }
        let verdict = if self.whole { "whole" } else { "NOT WHOLE" };
        let (lines, files) = (self.lines, self.files.len());
        write!(
            f,
            "{verdict}: {lines} lines, {} to {}, in {files} files; signed through line {} by {} checkpoints",
            self.first, self.last, self.signed_through, self.checkpoints
        )
    }
}
