//! What setting a credential writes: one step within the writer's transaction.

use std::sync::Arc;

use envelope::protocol::StoredCredential;
use envelope::receipt::{RECEIPT_TYP, RECEIPT_VERSION, TestOutcome, Verdict};
use envelope::{Kid, Receipt, SignedReceipt, UnixSeconds};
use probe::has_driver;
use serde::{Deserialize, Serialize};

use super::{SetProblem, Stored};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::custody::Parts;
use crate::custody::access::{AuthorisedTicket, MAX_FAILURES};
use crate::custody::checked::Checked;
use crate::custody::entry::{Damage, Found, MAX_VERSION};
use crate::custody::tried::{self, Saving};
use crate::identity::Identity;
use crate::keyring::Term;
use crate::store::credentials::CredentialRow;
use crate::store::tickets::{self, Used};
use crate::store::writer::Change;
use crate::store::{Connection, StoreError, glance, last_tests, terms};
use crate::vault::Place;
use crate::vault::record::KeptCredential;

/// Stores the credential and uses the ticket up; or, for a used ticket, finds out what to answer.
pub(super) struct SetCredential {
    pub(super) parts: Arc<Parts>,
    pub(super) ticket: AuthorisedTicket,
    pub(super) digest: [u8; 32],
    pub(super) kid: Kid,
    /// None when the ticket was already found used, and so the envelope was not opened.
    pub(super) checked: Option<Checked>,
    pub(super) event: AuditEvent,
    pub(super) now: UnixSeconds,
}

/// The answer as the ticket's row keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    created: bool,
    signed: SignedReceipt,
}

impl Kept {
    fn of(used: &Used) -> Result<Self, StoreError> {
        serde_json::from_str(&used.outcome).map_err(|_| StoreError::Damaged {
            table: "ticket",
            what: "outcome",
        })
    }
}

/// The receipt that the ticket's holder was given.
pub(in crate::custody) fn receipt_in(used: &Used) -> Result<SignedReceipt, StoreError> {
    Kept::of(used).map(|kept| kept.signed)
}

impl Change for SetCredential {
    type Answer = Result<Stored, SetProblem>;

    async fn apply(mut self, transaction: &mut Connection<'_>) -> Result<Self::Answer, StoreError> {
        let glance = glance::read(transaction, &self.ticket.key()).await?;
        let outcome = match (&glance.ticket.used, self.checked.take()) {
            (Some(used), _) => self.again(used)?,
            // Five failures in another process on the same store.
            (None, _) if glance.ticket.failures >= MAX_FAILURES => {
                Err(Refused("ended", SetProblem::TicketInvalid))
            }
            (None, None) => Err(Refused("ticket row is gone", SetProblem::Unavailable)),
            (None, Some(checked)) => {
                let signed = glance.succession.as_deref();
                self.store(transaction, checked, signed).await?
            }
        };
        match &outcome {
            Ok(stored) => {
                let receipt = &stored.signed.receipt;
                self.event.kind = Some(receipt.kind.clone());
                self.event.version = Some(receipt.version);
                self.event.result = if stored.repeated {
                    Outcome::Repeated
                } else {
                    Outcome::Ok
                };
            }
            Err(Refused(reason, problem)) => {
                self.event.reason = Some((*reason).to_owned());
                let is_fault = *problem == SetProblem::Unavailable;
                self.event.result = if is_fault {
                    Outcome::Failed
                } else {
                    Outcome::Refused
                };
            }
        }
        AuditLog::put(transaction, &self.event).await?;
        Ok(outcome.map_err(|Refused(_, problem)| problem))
    }
}

/// What a record is protected as.
struct Under {
    term: Term,
    version: u64,
}

/// Reason for the audit, problem for the caller.
struct Refused(&'static str, SetProblem);

impl SetCredential {
    /// A used ticket: the same envelope gets the same answer.
    fn again(&self, used: &Used) -> Result<Result<Stored, Refused>, StoreError> {
        if used.digest != self.digest {
            return Ok(Err(Refused("ticket_used", SetProblem::TicketUsed)));
        }
        let kept = Kept::of(used)?;
        Ok(Ok(Stored {
            signed: kept.signed,
            created: kept.created,
            repeated: true,
        }))
    }

    async fn store(
        &mut self,
        transaction: &mut Connection<'_>,
        checked: Checked,
        succession: Option<&str>,
    ) -> Result<Result<Stored, Refused>, StoreError> {
        let claims = &self.ticket.claims;
        let (df, ls) = (claims.df.as_str(), claims.ls.as_str());
        let judged = self.parts.read(transaction, df, ls).await?;
        let created = matches!(judged.found, Found::Nothing);
        let before = judged.before();
        let previous = match judged.found {
            Found::Nothing => None,
            Found::Sound(row) => Some(*row),
            Found::Damaged(damage) => {
                self.tell_damage(transaction, damage).await?;
                None
            }
        };
        let next = judged.last_version.checked_add(1);
        let Some(version) = next.filter(|&version| version <= MAX_VERSION) else {
            return Ok(Err(Refused("no version is left", SetProblem::Unavailable)));
        };
        let term = terms::active(transaction).await?;
        let under = Under {
            term,
            version: version.unsigned_abs(),
        };
        // In this transaction's view: a key that was replaced before it signs no more receipts.
        let identities = self.parts.succession.as_signed(succession, transaction);
        let identities = match identities.await {
            Ok(identities) => identities,
            Err(error) => {
                tracing::error!(%error, "the identity key cannot be read");
                return Ok(Err(Refused("cannot sign", SetProblem::Unavailable)));
            }
        };
        let (row, signed, verdict) =
            match self.prepare(checked, previous, under, &identities.present) {
                Ok(prepared) => prepared,
                Err(refused) => return Ok(Err(refused)),
            };
        let kept = Kept { created, signed };
        let Ok(outcome) = serde_json::to_string(&kept) else {
            return Ok(Err(Refused(
                "receipt cannot be written",
                SetProblem::Unavailable,
            )));
        };
        let of = (df, ls, version.unsigned_abs());
        let tested = verdict.map(|verdict| self.parts.last_test(of, verdict, term));
        let tested = tested.transpose()?;
        // This version was not tested: what was said of the one before is gone.
        let last_test = tested
            .as_ref()
            .map_or_else(|| last_tests::remove(df, ls), last_tests::put);
        let used = Used {
            digest: self.digest,
            outcome,
        };
        let key = self.ticket.key();
        let also = vec![last_test, tickets::use_up(&key, claims.exp, &used)];
        // But for what is told of damage, nothing was written before this line, and nothing after it fails but the disk.
        self.event.changes = self.parts.put(transaction, &row, before, also).await?;
        Ok(Ok(Stored {
            signed: kept.signed,
            created,
            repeated: false,
        }))
    }

    /// Everything that is computed: kept secrets merged in, record protected, receipt signed.
    fn prepare(
        &self,
        checked: Checked,
        previous: Option<CredentialRow>,
        Under { term, version }: Under,
        identity: &Identity,
    ) -> Result<(CredentialRow, SignedReceipt, Option<tried::Verdict>), Refused> {
        let claims = &self.ticket.claims;
        let previous = previous
            .filter(|_| checked.keeps())
            .and_then(|row| self.parts.kept(&row));
        let (target, account) = (checked.target.clone(), checked.account.clone());
        let kept = checked
            .complete(previous)
            .map_err(|names| Refused("secret_required", SetProblem::SecretRequired(names)))?;
        let (test, verdict) = self.tested(&kept)?;
        let receipt = Receipt {
            v: RECEIPT_VERSION,
            gw: self.parts.gateway.clone(),
            df: claims.df.clone(),
            ls: claims.ls.clone(),
            kind: kept.kind.clone(),
            auth: kept.auth.clone(),
            target,
            account,
            version,
            kid: self.kid.clone(),
            jti: claims.jti.clone(),
            sub: claims.sub.clone(),
            at: self.now,
            page: self.parts.page.clone(),
            test: Some(test),
        };
        let place = Place::Credential {
            df: &claims.df,
            ls: &claims.ls,
            kind: &kept.kind,
            version,
        };
        let protected = self
            .parts
            .vault
            .protect(term, place, kept.encode())
            .map_err(|_| Refused("cannot protect", SetProblem::Unavailable))?;
        let jws = identity
            .jws(RECEIPT_TYP, &receipt)
            .map_err(|_| Refused("cannot sign", SetProblem::Unavailable))?;
        let shown = StoredCredential {
            df: receipt.df.clone(),
            ls: receipt.ls.clone(),
            kind: receipt.kind.clone(),
            auth: receipt.auth.clone(),
            target: receipt.target.clone(),
            account: receipt.account.clone(),
            properties: kept.properties.clone(),
            secrets: kept.secrets.keys().cloned().collect(),
            version,
            kid: receipt.kid.clone(),
            set_by: receipt.sub.clone(),
            set_at: receipt.at,
            last_test: None,
        };
        Ok((
            CredentialRow { shown, protected },
            SignedReceipt { receipt, jws },
            verdict,
        ))
    }

    /// What the receipt says of the last test; or that there has to be one that this very content has passed.
    fn tested(
        &self,
        kept: &KeptCredential,
    ) -> Result<(TestOutcome, Option<tried::Verdict>), Refused> {
        let tried = &self.parts.tried;
        let verdict = tried.verdict(&self.ticket.key(), tried.mark(kept));
        let (outcome, cause) = match verdict.map(|verdict| verdict.cause) {
            None => (Verdict::None, None),
            Some(None) => (Verdict::Passed, None),
            Some(Some(cause)) => (Verdict::Failed, Some(cause.code().to_owned())),
        };
        let is_tried = self.parts.saving == Saving::Tested && has_driver(&kept.kind, &kept.auth);
        if is_tried && outcome != Verdict::Passed {
            return Err(Refused("test_required", SetProblem::TestRequired));
        }
        let test = TestOutcome {
            outcome,
            cause,
            at: verdict.map(|verdict| verdict.at),
        };
        Ok((test, verdict))
    }

    /// A line of its own: the event that follows says what became of the set.
    async fn tell_damage(
        &self,
        transaction: &mut Connection<'_>,
        damage: Damage,
    ) -> Result<(), StoreError> {
        let claims = &self.ticket.claims;
        let what = damage.code();
        tracing::error!(df = %claims.df, ls = %claims.ls, what, "the stored credential is damaged");
        let mut event = AuditEvent::new(Event::StoreDamaged, Outcome::Failed, self.now);
        event.df = Some(claims.df.clone());
        event.ls = Some(claims.ls.clone());
        event.reason = Some(what.to_owned());
        AuditLog::put(transaction, &event).await
    }
}
