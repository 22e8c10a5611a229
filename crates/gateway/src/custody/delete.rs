//! Deleting a stored credential: with a ticket, or by the gateway's owner on its own machine.

use std::sync::Arc;

use envelope::{DataFactoryName, LinkedServiceName, UnixSeconds};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::access::AuthorisedTicket;
use super::entry::{Found, MAX_VERSION};
use super::learning::Extent;
use super::newest::Newest;
use super::{Custody, Parts};
use crate::audit::log::AuditLog;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::tickets::{self, TicketKey, Used};
use crate::store::writer::{Change, WriteError};
use crate::store::{Connection, StoreError};
use crate::store::{glance, last_tests};

/// What was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The version that was stored.
    pub version: u64,
    /// The same request was answered before, and nothing was changed this time.
    pub repeated: bool,
}

/// Why nothing was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteProblem {
    /// Nothing is stored for this linked service.
    #[error("there is no credential for this linked service")]
    NotFound,
    /// The ticket was used for something else.
    #[error("the ticket was used")]
    TicketUsed,
    /// The store or the audit trail does not answer, or the gateway is stopping.
    #[error("the gateway cannot delete anything now")]
    Unavailable,
}

impl From<WriteError> for DeleteProblem {
    // The writer has logged why.
    fn from(_: WriteError) -> Self {
        Self::Unavailable
    }
}

impl Custody {
    /// Deletes the credential that the ticket names, and uses the ticket up. The same ticket again gets the same answer.
    ///
    /// # Errors
    /// See [`DeleteProblem`]. Nothing to delete leaves the ticket unused.
    pub async fn delete(
        &self,
        ticket: AuthorisedTicket,
        now: UnixSeconds,
    ) -> Result<Deleted, DeleteProblem> {
        let change = DeleteCredential {
            parts: self.parts.clone(),
            df: ticket.claims.df.clone(),
            ls: ticket.claims.ls.clone(),
            ticket: Some((ticket.key(), ticket.claims.exp)),
            event: ticket.event(Event::CredentialDeleted, Outcome::Ok, now),
        };
        self.carry_out(change).await
    }

    async fn carry_out(&self, change: DeleteCredential) -> Result<Deleted, DeleteProblem> {
        let (df, ls) = (change.df.clone(), change.ls.clone());
        let deleted = self.parts.writer.write(change).await??;
        if !deleted.repeated {
            let newest = Newest {
                version: i64::try_from(deleted.version).unwrap_or(MAX_VERSION),
                is_deleted: true,
            };
            self.parts.newest.learn(df.as_str(), ls.as_str(), newest);
        }
        Ok(deleted)
    }

    /// Deletes a credential without a ticket. The caller has made sure that it is the owner who asks.
    ///
    /// # Errors
    /// [`DeleteProblem::NotFound`], [`DeleteProblem::Unavailable`].
    pub async fn delete_as_owner(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
        who: &str,
        now: UnixSeconds,
    ) -> Result<Deleted, DeleteProblem> {
        let change = DeleteCredential {
            parts: self.parts.clone(),
            df: df.clone(),
            ls: ls.clone(),
            ticket: None,
            event: AuditEvent::new(Event::CredentialDeleted, Outcome::Ok, now).by(who, df, ls),
        };
        // This process may have seen nothing yet, and a damaged row may say what it likes.
        self.learn_told(Extent::AfterIndex).await;
        self.carry_out(change).await
    }
}

struct DeleteCredential {
    parts: Arc<Parts>,
    df: DataFactoryName,
    ls: LinkedServiceName,
    ticket: Option<(TicketKey, UnixSeconds)>,
    event: AuditEvent,
}

/// The answer as the ticket's row keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    deleted: u64,
}

impl Change for DeleteCredential {
    type Answer = Result<Deleted, DeleteProblem>;

    async fn apply(mut self, transaction: &mut Connection<'_>) -> Result<Self::Answer, StoreError> {
        let outcome = match self.used(transaction).await? {
            Some(used) => again(&used)?,
            None => self.delete(transaction).await?,
        };
        match outcome {
            Ok(Deleted { version, repeated }) => {
                self.event.version = Some(version);
                self.event.result = if repeated {
                    Outcome::Repeated
                } else {
                    Outcome::Ok
                };
            }
            Err(problem) => {
                let reason = match problem {
                    DeleteProblem::NotFound => "not_found",
                    DeleteProblem::TicketUsed => "ticket_used",
                    DeleteProblem::Unavailable => "unavailable",
                };
                self.event.reason = Some(reason.to_owned());
                self.event.result = Outcome::Refused;
            }
        }
        AuditLog::put(transaction, &self.event).await?;
        Ok(outcome)
    }
}

impl DeleteCredential {
    async fn used(&self, transaction: &mut Connection<'_>) -> Result<Option<Used>, StoreError> {
        match &self.ticket {
            Some((key, _)) => Ok(glance::read(transaction, key).await?.ticket.used),
            None => Ok(None),
        }
    }

    async fn delete(
        &mut self,
        transaction: &mut Connection<'_>,
    ) -> Result<Result<Deleted, DeleteProblem>, StoreError> {
        let (df, ls) = (self.df.as_str(), self.ls.as_str());
        let judged = self.parts.read(transaction, df, ls).await?;
        let before = judged.before();
        match judged.found {
            Found::Nothing => return Ok(Err(DeleteProblem::NotFound)),
            // To delete it is a way out, and told of.
            Found::Damaged(damage) => self.event.reason = Some(damage.code().to_owned()),
            Found::Sound(_) => {}
        }
        let stored = judged.last_version.max(1);
        if stored > MAX_VERSION {
            tracing::error!(df, ls, "the version of the damaged row is not believed");
            return Ok(Err(DeleteProblem::Unavailable));
        }
        let deleted = self.parts.delete(transaction, df, ls, stored, before);
        self.event.changes = deleted.await?;
        last_tests::remove(df, ls).execute(transaction).await?;
        let version = stored.unsigned_abs();
        if let Some((key, exp)) = &self.ticket {
            let outcome =
                serde_json::to_string(&Kept { deleted: version }).map_err(|_| damaged())?;
            let digest = deletion_digest();
            tickets::use_up(key, *exp, &Used { digest, outcome })
                .execute(transaction)
                .await?;
        }
        Ok(Ok(Deleted {
            version,
            repeated: false,
        }))
    }
}

fn again(used: &Used) -> Result<Result<Deleted, DeleteProblem>, StoreError> {
    if used.digest != deletion_digest() {
        return Ok(Err(DeleteProblem::TicketUsed));
    }
    let kept: Kept = serde_json::from_str(&used.outcome).map_err(|_| damaged())?;
    Ok(Ok(Deleted {
        version: kept.deleted,
        repeated: true,
    }))
}

/// What stands in the place of an envelope's digest: no envelope is this text.
fn deletion_digest() -> [u8; 32] {
    Sha256::digest(b"delete").into()
}

fn damaged() -> StoreError {
    StoreError::Damaged {
        table: "ticket",
        what: "outcome",
    }
}
