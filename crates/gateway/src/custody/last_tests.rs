//! How the last test of what is stored ended: kept beside the credential, for people and for a collector.
//!
//! ```text
//! seal = HMAC-SHA256(seal key of the term, each part with its length: what, gateway, df, ls, version, when, cause)
//! ```
//! A row without its seal, or of another version than the one that is stored, says nothing. An older one of the same version that
//! somebody puts back is believed: the audit trail has each test.

use std::collections::BTreeMap;

use envelope::protocol::StoredCredential;
use envelope::receipt::{TestOutcome, Verdict as Outcome};
use envelope::{DataFactoryName, UnixSeconds};

use super::entry::Found;
use super::tried::Verdict;
use super::{Custody, Parts};
use crate::audit::AuditEvent;
use crate::audit::log::AuditLog;
use crate::keyring::Term;
use crate::store::last_tests::{self, LastTestRow};
use crate::store::writer::Change;
use crate::store::{Connection, StoreError, terms};

const WHAT: &[u8] = b"credential-gateway last test 1";

/// Of which credential: data factory, linked service, version.
pub(super) type Of<'a> = (&'a str, &'a str, u64);

impl Parts {
    /// How the test of what is stored ended, for [`last_tests::put`].
    pub(super) fn last_test(
        &self,
        (df, ls, version): Of<'_>,
        verdict: Verdict,
        term: Term,
    ) -> Result<LastTestRow, StoreError> {
        let row = LastTestRow {
            df: df.to_owned(),
            ls: ls.to_owned(),
            version: i64::try_from(version).unwrap_or(i64::MAX),
            ended_at: i64::try_from(verdict.at.0).unwrap_or(i64::MAX),
            cause: verdict
                .cause
                .map_or_else(String::new, |cause| cause.code().to_owned()),
            term: 0,
            seal: Vec::new(),
        };
        self.sealed(row, term)
    }

    /// Seals what is remembered of a linked service under another term, if it is as it was written.
    pub(super) async fn renew_last_test(
        &self,
        transaction: &mut Connection<'_>,
        (df, ls): (&DataFactoryName, &str),
        term: Term,
    ) -> Result<(), StoreError> {
        for row in last_tests::read(transaction, Some(df), Some(ls)).await? {
            if row.term != i64::from(term.0) && self.is_sealed(&row) {
                let row = self.sealed(row, term)?;
                last_tests::put(&row).execute(transaction).await?;
            }
        }
        Ok(())
    }

    fn sealed(&self, mut row: LastTestRow, term: Term) -> Result<LastTestRow, StoreError> {
        let seal = parts(&row, |parts| self.vault.seal_parts(term, WHAT, parts));
        let seal = seal.ok_or(StoreError::Damaged {
            table: "term",
            what: "the active term cannot be used",
        })?;
        (row.term, row.seal) = (i64::from(term.0), seal.to_vec());
        Ok(row)
    }

    fn is_sealed(&self, row: &LastTestRow) -> bool {
        Term::from_stored(row.term).is_some_and(|term| {
            parts(row, |parts| {
                self.vault.are_sealed(term, WHAT, parts, &row.seal)
            })
        })
    }
}

fn parts<T>(row: &LastTestRow, each: impl FnOnce(&[&[u8]]) -> T) -> T {
    each(&[
        row.df.as_bytes(),
        row.ls.as_bytes(),
        &row.version.to_be_bytes(),
        &row.ended_at.to_be_bytes(),
        row.cause.as_bytes(),
    ])
}

fn told(row: &LastTestRow) -> TestOutcome {
    let has_passed = row.cause.is_empty();
    TestOutcome {
        outcome: match has_passed {
            true => Outcome::Passed,
            false => Outcome::Failed,
        },
        cause: (!has_passed).then(|| row.cause.clone()),
        at: u64::try_from(row.ended_at).ok().map(UnixSeconds),
    }
}

impl Custody {
    /// Adds what is remembered of their last tests to what is shown of stored credentials.
    pub(super) async fn add_last_tests(
        &self,
        df: Option<&DataFactoryName>,
        shown: &mut [StoredCredential],
    ) -> Result<(), StoreError> {
        let ls = match shown {
            [] => return Ok(()),
            [only] => Some(only.ls.to_string()),
            _ => None,
        };
        let rows = last_tests::read(&mut self.reading().await?, df, ls.as_deref()).await?;
        let sealed = rows.iter().filter(|row| self.parts.is_sealed(row));
        let by_name: BTreeMap<_, _> = sealed
            .map(|row| ((row.df.as_str(), row.ls.as_str()), row))
            .collect();
        for shown in shown {
            let row = by_name.get(&(shown.df.as_str(), shown.ls.as_str()));
            let row = row.filter(|row| u64::try_from(row.version) == Ok(shown.version));
            shown.last_test = row.map(|row| told(row));
        }
        Ok(())
    }
}

/// The last tests of all that is stored, for a collector.
pub struct LastTests {
    /// When the one that is the longest ago ended; 0 if nothing that is stored was tested.
    pub oldest: UnixSeconds,
    /// How many credentials have passed theirs.
    pub passed: usize,
    /// How many have not.
    pub failed: usize,
}

impl Custody {
    /// How old they are, and how they ended.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last_tests(&self) -> Result<LastTests, StoreError> {
        let rows = last_tests::read(&mut self.reading().await?, None, None).await?;
        let sealed = rows.iter().filter(|row| self.parts.is_sealed(row));
        let told: Vec<_> = sealed.map(told).collect();
        let oldest = told.iter().filter_map(|test| test.at).min();
        let passed = told.iter().filter(|test| test.outcome == Outcome::Passed);
        let passed = passed.count();
        Ok(LastTests {
            oldest: oldest.unwrap_or(UnixSeconds(0)),
            passed,
            failed: told.len() - passed,
        })
    }
}

/// Records that a stored credential was tested, and remembers how that ended, unless another version is stored by now.
pub(super) struct RecordTest {
    pub(super) parts: std::sync::Arc<Parts>,
    pub(super) event: AuditEvent,
    pub(super) df: String,
    pub(super) ls: String,
    pub(super) version: u64,
    pub(super) verdict: Verdict,
}

impl Change for RecordTest {
    type Answer = ();

    async fn apply(self, transaction: &mut Connection<'_>) -> Result<(), StoreError> {
        let (df, ls) = (self.df.as_str(), self.ls.as_str());
        let judged = self.parts.read(transaction, df, ls).await?;
        if let Found::Sound(row) = judged.found
            && row.shown.version == self.version
        {
            let of = (df, ls, self.version);
            let term = terms::active(transaction).await?;
            let row = self.parts.last_test(of, self.verdict, term)?;
            last_tests::put(&row).execute(transaction).await?;
        }
        AuditLog::put(transaction, &self.event).await
    }
}
