//! The audit trail: `audit.jsonl`, one JSON object per line and event, in the order of their numbers.
//!
//! How a line gets there, so that no event is lost, doubled or out of order, with a gateway and a command line writing
//! at the same time and a crash at any point:
//! 1. The line is written to the table `audit_outbox` in the same transaction as what it tells of, and sealed ([`seals`]). SQLite
//!    lets one transaction write at a time, so numbers (`seq`) become visible in ascending order.
//! 2. After the commit, under an exclusive lock on the file ([`file`]), every line of the outbox that has its seal and that the
//!    file does not have is appended, also those of another process; then the file is synced. What others have appended counts
//!    only where it is the outbox's ([`arrived`]). Only then the caller is answered. The lock is never waited for inside a
//!    transaction.
//! 3. A later transaction removes from the outbox what the file has for certain, and keeps the highest such number.
//!
//! A crash between 1 and 2 leaves the line in the outbox: the next append, by whichever process, brings it. A crash in the
//! middle of an append leaves a torn last line: it is cut off (and that is an event of its own), and the line comes again
//! from the outbox. When the file cannot be written, callers are refused and nothing more is committed until it can.
//!
//! Each line has the hash of the one before it ([`line`]), which step 2 works out: under the lock, so that two processes
//! continue one chain. Now and then a line is a checkpoint, which the gateway's identity key signs ([`checkpoint`]). A file
//! that is full ends with one and is put aside ([`rotation`]). Everything that step 2 adds to a line of the outbox follows
//! from the file and the identity key, which is the one before or after the line that tells of its replacement: after a crash
//! the same bytes come again. [`verify`] reads it all back.

pub mod file;
pub mod log;
pub mod verify;

pub mod checkpoint;
pub mod line;
pub mod rotation;

pub(crate) mod lines;
pub(crate) mod members;

mod arrived;
mod copies;
mod outbox;
mod seals;

use std::net::IpAddr;
use std::path::Path;

use envelope::{DataFactoryName, Kid, LinkedServiceName, TicketId, UnixSeconds};
use serde::{Deserialize, Serialize, Serializer};

use crate::clock;
pub use copies::Destination;
pub use file::AuditError;
use verify::Accepted;

/// Longest text of one member, in characters. Some of it comes from strangers.
const MAX_TEXT_CHARS: usize = 256;

/// What happened, for the audit trail. There is no member that a secret could be put into by mistake: everything is a
/// name, a number or a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEvent {
    /// When, written as RFC 3339.
    #[serde(serialize_with = "as_rfc3339")]
    pub at: UnixSeconds,
    /// What.
    pub event: Event,
    /// How it ended.
    pub result: Outcome,
    /// Who did it: the ticket's `sub`, or the user of the command line. Only what was verified.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "clipped")]
    pub who: Option<String>,
    /// Issuer of the ticket; in a refusal before the signature was checked, the one it claims.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "clipped")]
    pub iss: Option<String>,
    /// Data factory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub df: Option<DataFactoryName>,
    /// Linked service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ls: Option<LinkedServiceName>,
    /// Kind of the data store.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "clipped")]
    pub kind: Option<String>,
    /// Version stored, deleted or revealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// How many changes there were to what is stored, this one included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<u64>,
    /// Envelope key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<Kid>,
    /// SHA-256 of a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// SHA-256 of `gateway.toml`, as it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
    /// SHA-256 of the list of the registered issuers' files ([`crate::issuers::digest`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuers: Option<String>,
    /// Term of the keyring.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<u32>,
    /// A gateway that shares the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jti: Option<TicketId>,
    /// Address of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<IpAddr>,
    /// Why it was refused or failed: a stable code, or evidence without data.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "clipped")]
    pub reason: Option<String>,
    /// File of the audit trail.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "clipped")]
    pub file: Option<String>,
    /// Which identity key handed over to which.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_over: Option<HandOver>,
    /// What was accepted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accepted: Vec<Accepted>,
    /// How many refusals before this one were counted instead of written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unwritten: Option<u64>,
}

/// How one identity key took another one's place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Thumbprint of the key that was replaced.
    pub former: Kid,
    /// Thumbprint of the key that took its place.
    pub successor: Kid,
    /// The same key itself: the `x` of its JWK.
    pub successor_key: String,
    /// What the former key signed ([`envelope::KeyStatement::hand_over`]).
    pub jws: String,
}

/// How the trail is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// A file of so many bytes is put aside at its next checkpoint, which comes at once.
    pub max_bytes: u64,
    /// How many files that were put aside are kept; none keeps all.
    pub keep_files: Option<usize>,
    /// Where each line is sent as well.
    pub copies: Vec<Destination>,
}

impl Default for Keeping {
    /// 64 MiB, all files, no copies.
    fn default() -> Self {
        Self {
            max_bytes: 64 << 20,
            keep_files: None,
            copies: Vec::new(),
        }
    }
}

/// The events that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The gateway began to serve.
    Started,
    /// The gateway stopped on request.
    Stopped,
    /// The gateway issued a ticket itself.
    TicketIssued,
    /// An issuer was registered.
    IssuerRegistered,
    /// An issuer's registration was ended.
    IssuerRemoved,
    /// A new envelope key is in use.
    KeyRotated,
    /// A new identity key is in use, and the private half of the former one is destroyed.
    IdentityReplaced,
    /// An envelope key is gone, and its private half with it.
    KeyGone,
    /// Another certificate was put in place, by a person or, without `who`, by the gateway's own renewal; or was not.
    CertificateReplaced,
    /// The running gateway shows another certificate, or refuses to.
    CertificateServed,
    /// A new term of the keyring is active.
    KeyringRotated,
    /// A term of the keyring is gone, and its key with it.
    KeyringTermGone,
    /// Another gateway may share the store.
    NodeApproved,
    /// A gateway that shared the store does not any more.
    NodeRemoved,
    /// The store is at a server now.
    StoreMoved,
    /// The keyring is wrapped under another key-encryption key.
    KeyringRewrapped,
    /// A row of the store, or the store as a whole, is not as it was written last.
    StoreDamaged,
    /// The store as a whole was taken for right as it is.
    StoreAccepted,
    /// A ticket was refused.
    TicketRefused,
    /// A credential was set, or was not.
    CredentialSet,
    /// A credential was deleted, or was not.
    CredentialDeleted,
    /// A credential was revealed, or was not.
    CredentialRevealed,
    /// A credential is about to be tried at its data store, or there was none to try.
    CredentialTestBegun,
    /// A credential was tried at its data store: it passed, or failed for the cause in `reason`.
    CredentialTested,
    /// A backup was made: whoever can open it has everything.
    BackupMade,
    /// The gateway was restored from a backup.
    Restored,
    /// A torn last line was cut off the audit file.
    AuditRepaired,
    /// The audit file does not continue where the store says it ended.
    AuditGap,
    /// What is not as it was written in the audit trail was looked at by a person, and is known from then on.
    AuditAccepted,
    /// An old file of the audit trail was removed, as the configuration says.
    AuditFileRemoved,
    /// The gateway signed the trail as it is up to the line before.
    Checkpoint,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Done.
    Ok,
    /// Done before by the same request; the same answer was given again.
    Repeated,
    /// Not allowed, or not acceptable.
    Refused,
    /// Allowed and acceptable, and failed.
    Failed,
}

impl AuditEvent {
    /// An event with nothing but the three members that every event has.
    #[must_use]
    pub fn new(event: Event, result: Outcome, at: UnixSeconds) -> Self {
        Self {
            at,
            event,
            result,
            who: None,
            iss: None,
            df: None,
            ls: None,
            kind: None,
            version: None,
            changes: None,
            kid: None,
            certificate: None,
            configuration: None,
            issuers: None,
            term: None,
            node: None,
            jti: None,
            remote: None,
            reason: None,
            file: None,
            hand_over: None,
            accepted: Vec::new(),
            unwritten: None,
        }
    }

    /// The same, done by somebody with what is stored for a linked service.
    #[must_use]
    pub fn by(self, who: &str, df: &DataFactoryName, ls: &LinkedServiceName) -> Self {
        Self {
            who: Some(who.to_owned()),
            df: Some(df.clone()),
            ls: Some(ls.clone()),
            ..self
        }
    }

    /// The event's line without its number, which the outbox gives.
    fn to_json(&self) -> String {
        // Every member is text, a number or a unit variant, which JSON can always write.
        serde_json::to_string(self).unwrap_or_else(|_| r#"{"event":"unwritable"}"#.to_owned())
    }
}

fn as_rfc3339<S: Serializer>(at: &UnixSeconds, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&clock::rfc3339(*at))
}

fn clipped<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match text {
        None => serializer.serialize_none(),
        Some(text) => serializer.collect_str(&format_args!(
            "{}",
            text.chars().take(MAX_TEXT_CHARS).collect::<String>()
        )),
    }
}

/// Has what is told of a trail without any file name the file that should be there.
pub fn name_missing_file(report: &mut verify::Report, audit: &Path) {
    for finding in report.findings.iter_mut().chain(&mut report.accepted) {
        if finding.file.as_os_str().is_empty() {
            finding.file = audit.to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_names_and_codes() {
        let mut event = AuditEvent::new(
            Event::CredentialSet,
            Outcome::Ok,
            UnixSeconds(1_795_468_380),
        );
        event.who = Some("ann\n{\"seq\":1}".to_owned());
        event.version = Some(3);
        assert_eq!(
            event.to_json(),
            r#"{"at":"2026-11-23T21:13:00Z","event":"credential_set","result":"ok","who":"ann\n{\"seq\":1}","version":3}"#
        );
    }

    #[test]
    fn a_stranger_cannot_write_long_lines() {
        let mut event = AuditEvent::new(Event::TicketRefused, Outcome::Refused, UnixSeconds(0));
        event.iss = Some("\u{1}".repeat(100_000));
        assert!(event.to_json().len() < 2048);
    }
}
