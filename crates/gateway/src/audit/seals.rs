//! Seals of what waits for the file and of what the store remembers of it.
//!
//! ```text
//! seal of a line = HMAC-SHA256(seal key of the term, each part with its length: what, gateway, number, line)
//! seal of a mark = HMAC-SHA256(seal key of the term, …: what, gateway, everything that is remembered)
//! ```
//! The identity key signs what comes out of the store. So whoever can write the store, and has no key of the keyring, must not
//! be able to put anything into the trail by it. Each transaction looks at the mark first ([`check`]) and seals at its end what
//! it has added ([`seal`]). The mark has the highest number that was given: what is above it was given by nobody.
//!
//! A line without its seal is never written to the file. One among the others has left a number, and a line that says so
//! ([`Event::AuditGap`]) takes its place; what is above all numbers that were given is removed.

use envelope::UnixSeconds;

use super::line::End;
use super::outbox::{self, Mark, Row, Seal};
use super::{AuditEvent, Event, Outcome};
use crate::keyring::Term;
use crate::store::connection::Connection;
use crate::store::statement::{Query, carry_out, query};
use crate::store::{StoreError, terms};
use crate::vault::Vault;
use crate::vault::seal::SEAL_BYTES;

const LINE: &[u8] = b"credential-gateway audit line 1";
const MARK: &[u8] = b"credential-gateway audit mark 1";

/// Lines on their way to the file.
pub(super) struct Waiting {
    /// Those that this gateway has written, up to the first that it has not.
    pub(super) rows: Vec<Row>,
    /// Whether there is one that it has not.
    pub(super) has_strange: bool,
}

impl Waiting {
    /// The next lines after a number.
    pub(super) async fn after(
        vault: &Vault,
        connection: &mut Connection<'_>,
        seq: i64,
    ) -> Result<Self, StoreError> {
        let mut rows = outbox::after(connection, seq).await?;
        let strange = rows.iter().position(|row| !row.is_sealed(vault));
        rows.truncate(strange.unwrap_or(rows.len()));
        Ok(Self {
            rows,
            has_strange: strange.is_some(),
        })
    }
}

impl Row {
    /// Whether it is this gateway's.
    pub(super) fn is_sealed(&self, vault: &Vault) -> bool {
        let parts: [&[u8]; 2] = [&self.seq.to_be_bytes(), self.line.as_bytes()];
        self.seal.is_of(vault, LINE, &parts)
    }
}

impl Mark {
    /// Whether it is this gateway's, or that of a store that has given no number yet.
    pub(super) fn is_sealed(&self, vault: &Vault, last_given: i64) -> bool {
        let is_new = self.end == End::NONE && self.given == 0 && last_given == 0;
        is_new || self.seal.is_of(vault, MARK, &[&self.parts()])
    }

    fn parts(&self) -> Vec<u8> {
        let head = self.end.head.to_string();
        let since = self.unsigned_since.unwrap_or(-1);
        let numbers = [self.end.seq, self.checkpoint_seq, since, self.given];
        let mut parts: Vec<u8> = numbers.into_iter().flat_map(i64::to_be_bytes).collect();
        parts.extend_from_slice(head.as_bytes());
        parts
    }
}

impl Seal {
    fn is_of(&self, vault: &Vault, what: &[u8], parts: &[&[u8]]) -> bool {
        Term::from_stored(self.term)
            .is_some_and(|term| vault.are_sealed(term, what, parts, &self.bytes))
    }
}

/// Whether [`check`] finds nothing to do: `durable` is the number of a line that the file has for certain. A mark and numbers that
/// are older than that were put back, and its numbers are not given a second time.
pub(super) async fn are_right(
    vault: &Vault,
    connection: &mut Connection<'_>,
    durable: i64,
) -> Result<bool, StoreError> {
    let mark = outbox::mark(connection).await?;
    let last = outbox::last_given(connection).await?;
    Ok(mark.is_sealed(vault, last) && last == mark.given && last >= durable)
}

/// Looks at what the store remembers, within the caller's transaction and before anything else in it, and gives the highest number
/// that was given. What nobody has sealed is replaced by what the caller knows: the file's last line.
pub(super) async fn check(
    vault: &Vault,
    transaction: &mut Connection<'_>,
    durable: &End,
    now: UnixSeconds,
) -> Result<i64, StoreError> {
    if are_right(vault, transaction, durable.seq).await? {
        return Ok(outbox::mark(transaction).await?.given);
    }
    mend(vault, transaction, (durable, durable.seq), now).await
}

/// As [`check`], and looks at each line as well. New lines get numbers above the second part of what the caller knows.
pub(super) async fn mend(
    vault: &Vault,
    transaction: &mut Connection<'_>,
    (durable, above): (&End, i64),
    now: UnixSeconds,
) -> Result<i64, StoreError> {
    let mark = outbox::mark(transaction).await?;
    let is_sealed = mark.is_sealed(vault, outbox::last_given(transaction).await?);
    let mut given = durable.seq;
    if is_sealed {
        given = given.max(mark.given);
    }
    let strange = waiting(transaction, |row| {
        let is_sealed = row.is_sealed(vault);
        if is_sealed {
            given = given.max(row.seq);
        }
        !is_sealed
    });
    let strange = strange.await?;
    for seq in strange.iter().map(|row| row.seq) {
        if seq <= durable.seq || seq > given {
            remove(transaction, seq).await?;
        } else {
            let event = gap("the line that waited here was changed in the store", now);
            let term = terms::active(transaction).await?;
            let line = SealedLine::new(vault, term, seq, event.to_json())?;
            line.put().execute(transaction).await?;
        }
    }
    outbox::go_on_after(transaction, given.max(above)).await?;
    if !is_sealed {
        outbox::put_mark(transaction, durable).await?;
    }
    let reason = match (is_sealed, strange.len()) {
        (true, _) if mark.given < durable.seq => {
            "what the store remembers of the trail is older than the trail".to_owned()
        }
        (true, lines) => {
            format!(
                "{lines} lines in the store, or their numbers, are none that this gateway has written"
            )
        }
        (false, _) => "what the store remembers of the trail was changed".to_owned(),
    };
    outbox::put(transaction, &gap(&reason, now)).await?;
    Ok(given)
}

/// Seals what this transaction has added after a number, and what is remembered; at the transaction's end.
pub(super) async fn seal(
    vault: &Vault,
    transaction: &mut Connection<'_>,
    given: i64,
) -> Result<(), StoreError> {
    let term = terms::active(transaction).await?;
    let unsealed = waiting(transaction, |row| {
        let is_new = row.seq > given;
        is_new || (row.seal.term != i64::from(term.0) && row.is_sealed(vault))
    });
    let unsealed = unsealed.await?.into_iter();
    let sealed = unsealed.map(|row| SealedLine::new(vault, term, row.seq, row.line));
    let sealed: Vec<SealedLine> = sealed.collect::<Result<_, StoreError>>()?;
    carry_out(sealed.iter().map(SealedLine::put), transaction).await?;
    let mut mark = outbox::mark(transaction).await?;
    mark.given = outbox::last_given(transaction).await?;
    let seal = vault.seal_parts(term, MARK, &[&mark.parts()]);
    query("UPDATE audit_mark SET given = $1, term = $2, seal = $3")
        .bind(mark.given)
        .bind(i64::from(term.0))
        .bind(seal.ok_or(no_seal())?.as_slice())
        .execute(transaction)
        .await?;
    Ok(())
}

/// Those of the rows that wait which somebody asks for.
async fn waiting(
    transaction: &mut Connection<'_>,
    mut is_asked_for: impl FnMut(&Row) -> bool,
) -> Result<Vec<Row>, StoreError> {
    let mut found = Vec::new();
    let mut last = i64::MIN;
    loop {
        let rows = outbox::after(transaction, last).await?;
        let Some(end) = rows.last() else {
            return Ok(found);
        };
        last = end.seq;
        found.extend(rows.into_iter().filter(&mut is_asked_for));
    }
}

/// The event, which is in the log as well: somebody has to look.
pub(super) fn gap(reason: &str, now: UnixSeconds) -> AuditEvent {
    tracing::warn!(reason, "the audit trail is not as this gateway left it");
    let mut event = AuditEvent::new(Event::AuditGap, Outcome::Ok, now);
    event.reason = Some(reason.to_owned());
    event
}

/// A line that waits, with its seal.
struct SealedLine {
    seq: i64,
    line: String,
    term: Term,
    seal: [u8; SEAL_BYTES],
}

impl SealedLine {
    fn new(vault: &Vault, term: Term, seq: i64, line: String) -> Result<Self, StoreError> {
        let seal = vault.seal_parts(term, LINE, &[&seq.to_be_bytes(), line.as_bytes()]);
        Ok(Self {
            seq,
            line,
            term,
            seal: seal.ok_or(no_seal())?,
        })
    }

    fn put(&self) -> Query<'_> {
        query("UPDATE audit_outbox SET line = $1, term = $2, seal = $3 WHERE seq = $4")
            .bind(&self.line)
            .bind(i64::from(self.term.0))
            .bind(self.seal.as_slice())
            .bind(self.seq)
    }
}

async fn remove(transaction: &mut Connection<'_>, seq: i64) -> Result<(), StoreError> {
    query("DELETE FROM audit_outbox WHERE seq = $1")
        .bind(seq)
        .execute(transaction)
        .await?;
    Ok(())
}

fn no_seal() -> StoreError {
    StoreError::Damaged {
        table: "term",
        what: "the active term cannot be used",
    }
}
