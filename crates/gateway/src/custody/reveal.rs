//! Revealing a stored credential, for the data-movement process on the gateway's own machine: by the command line and the credential
//! socket. Never over the network: no route calls this.

use std::collections::BTreeMap;
use std::mem;

use envelope::{DataFactoryName, LinkedServiceName, Secret, UnixSeconds};
use zeroize::Zeroizing;

use super::checked::revalidated;
use super::entry::{Damage, Found};
use super::{Custody, Parts, RefusalBudget};
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::StoreError;
use crate::store::credentials::CredentialRow;
use crate::store::writer::WriteError;
use crate::vault::DoesNotOpen;
use crate::vault::record::{KeptCredential, UnknownRecord};

/// A revealed credential: the authenticated record, not the readable columns beside it. Its secrets are wiped on drop.
pub struct RevealedCredential {
    /// Data factory.
    pub df: DataFactoryName,
    /// Linked service.
    pub ls: LinkedServiceName,
    /// Counts from 1 per linked service.
    pub version: u64,
    /// The kind's id.
    pub kind: String,
    /// The authentication type's id.
    pub auth: String,
    /// Destination, account and options, by field name.
    pub properties: BTreeMap<String, String>,
    /// The secrets, by field name.
    pub secrets: BTreeMap<String, Secret>,
}

/// Why nothing is revealed.
#[derive(Debug, thiserror::Error)]
pub enum RevealProblem {
    /// Nothing is stored for this linked service.
    #[error("there is no credential for this linked service")]
    NotFound,
    /// A certain version was asked for, and this one is stored.
    #[error("version {0} of this credential is stored")]
    OtherVersion(u64),
    /// What is stored is not what was written last.
    #[error("{}", described(*.0))]
    Damaged(Damage),
    /// The record does not open in its place.
    #[error(transparent)]
    DoesNotOpen(#[from] DoesNotOpen),
    /// The record opened and is of an unknown format.
    #[error(transparent)]
    UnknownRecord(#[from] UnknownRecord),
    /// The rules of its kind have changed since it was stored.
    #[error("the stored credential no longer fits the rules of its kind: set it again")]
    NoLongerValid,
    /// That it is revealed cannot be recorded.
    #[error(transparent)]
    Audit(#[from] WriteError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn described(damage: Damage) -> String {
    format!(
        "the stored credential is damaged ({}); set it again, or put the folder back from the backup",
        damage.code()
    )
}

impl RevealProblem {
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::OtherVersion(_) => "other_version",
            Self::Damaged(damage) => damage.code(),
            Self::DoesNotOpen(_) => "does_not_open",
            Self::UnknownRecord(_) => "unknown_record",
            Self::NoLongerValid => "no_longer_valid",
            Self::Audit(_) => "audit",
            Self::Store(_) => "store",
        }
    }
}

impl RevealedCredential {
    /// The connection string with the secrets in it, in a buffer that is wiped.
    ///
    /// # Errors
    /// [`RevealProblem::NoLongerValid`].
    pub fn connection_string(&self) -> Result<Zeroizing<String>, RevealProblem> {
        let validated = revalidated(&self.kind, &self.auth, &self.properties, &self.secrets)
            .map_err(|_| RevealProblem::NoLongerValid)?;
        // EXPOSE: the connection string is what the data-movement process signs in with.
        Ok(validated.connection_string(|name| self.secrets.get(name).map(Secret::expose)))
    }
}

impl From<RevealedCredential> for KeptCredential {
    fn from(revealed: RevealedCredential) -> Self {
        let RevealedCredential {
            kind,
            auth,
            properties,
            secrets,
            ..
        } = revealed;
        Self {
            kind,
            auth,
            properties,
            secrets,
        }
    }
}

impl Custody {
    /// Reveals the credential of a linked service. That it was revealed, to whom and when, is in the audit file before
    /// this returns; a failure is recorded too. The caller has made sure that it is the owner who asks,
    /// or somebody whom the owner has listed.
    ///
    /// # Errors
    /// See [`RevealProblem`].
    pub async fn reveal(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
        who: &str,
        now: UnixSeconds,
    ) -> Result<RevealedCredential, RevealProblem> {
        let revealed = self.reveal_unrecorded(df, ls, None).await;
        let event = revealing(&revealed, df, ls, who, now);
        self.record(event).await?;
        revealed
    }

    /// The same, and no other version than `version` will do if there is one. Failures are recorded within the budget of who asks, and
    /// past it counted only.
    ///
    /// # Errors
    /// See [`RevealProblem`].
    pub async fn reveal_version(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
        version: Option<u64>,
        (who, budget): (&str, &RefusalBudget),
        now: UnixSeconds,
    ) -> Result<RevealedCredential, RevealProblem> {
        let revealed = self.reveal_unrecorded(df, ls, version).await;
        let mut event = revealing(&revealed, df, ls, who, now);
        if revealed.is_err() {
            let Some(unwritten) = budget.take(now) else {
                return revealed;
            };
            event.unwritten = (unwritten > 0).then_some(unwritten);
        }
        self.record(event).await?;
        revealed
    }

    /// Records that somebody was refused who is not allowed to have a credential; past the budget of who asks such refusals are counted
    /// only. `place` is what was asked for, if that was looked at.
    pub async fn reveal_refused(
        &self,
        place: Option<(&DataFactoryName, &LinkedServiceName)>,
        (who, budget): (&str, &RefusalBudget),
        now: UnixSeconds,
    ) {
        let Some(unwritten) = budget.take(now) else {
            return;
        };
        let event = AuditEvent {
            who: Some(who.to_owned()),
            df: place.map(|(df, _)| df.clone()),
            ls: place.map(|(_, ls)| ls.clone()),
            reason: Some("not_allowed".to_owned()),
            unwritten: (unwritten > 0).then_some(unwritten),
            ..AuditEvent::new(Event::CredentialRevealed, Outcome::Refused, now)
        };
        // Nothing is given either way; the writer has logged why.
        let _ = self.record(event).await;
    }

    pub(super) async fn reveal_unrecorded(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
        version: Option<u64>,
    ) -> Result<RevealedCredential, RevealProblem> {
        let row = match self.look(df.as_str(), ls.as_str()).await? {
            Found::Nothing => return Err(RevealProblem::NotFound),
            Found::Damaged(damage) => {
                let what = damage.code();
                tracing::error!(%df, %ls, what, "the stored credential is damaged");
                return Err(RevealProblem::Damaged(damage));
            }
            Found::Sound(row) => row,
        };
        if version.is_some_and(|version| version != row.shown.version) {
            return Err(RevealProblem::OtherVersion(row.shown.version));
        }
        let record = self.parts.vault.reveal(row.place(), &row.protected)?;
        let mut kept = KeptCredential::decode(&record)?;
        Ok(RevealedCredential {
            df: df.clone(),
            ls: ls.clone(),
            version: row.shown.version,
            kind: mem::take(&mut kept.kind),
            auth: mem::take(&mut kept.auth),
            properties: mem::take(&mut kept.properties),
            secrets: mem::take(&mut kept.secrets),
        })
    }
}

impl Parts {
    /// The credential in a row, for whoever wants to keep something of it. One that cannot be revealed has nothing that could be kept:
    /// the secrets are asked for again, which also is what repairs it.
    pub(super) fn kept(&self, row: &CredentialRow) -> Option<KeptCredential> {
        let revealed = self.vault.reveal(row.place(), &row.protected);
        let kept = revealed
            .ok()
            .and_then(|record| KeptCredential::decode(&record).ok());
        if kept.is_none() {
            tracing::error!(df = %row.shown.df, ls = %row.shown.ls, "the stored credential cannot be revealed");
        }
        kept
    }
}

/// What the audit says of it.
fn revealing(
    revealed: &Result<RevealedCredential, RevealProblem>,
    df: &DataFactoryName,
    ls: &LinkedServiceName,
    who: &str,
    now: UnixSeconds,
) -> AuditEvent {
    let mut event = AuditEvent::new(Event::CredentialRevealed, Outcome::Ok, now).by(who, df, ls);
    match revealed {
        Ok(revealed) => {
            event.kind = Some(revealed.kind.clone());
            event.version = Some(revealed.version);
        }
        Err(problem) => {
            event.result = Outcome::Failed;
            event.reason = Some(problem.reason().to_owned());
        }
    }
    event
}
