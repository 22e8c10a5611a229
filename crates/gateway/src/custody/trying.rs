//! What a test of a stored credential needs of the custody: the credential itself, for a process of the gateway's own, and a line in
//! the audit trail of what became of it.

use envelope::{DataFactoryName, LinkedServiceName, UnixSeconds};
use probe::report::Cause;

use super::Custody;
use super::last_tests::RecordTest;
use super::reveal::{RevealProblem, RevealedCredential};
use super::tried::Verdict;
use crate::audit::{AuditEvent, Event, Outcome};
use crate::store::writer::WriteError;

/// What became of a test.
pub struct Tested<'t> {
    /// Data factory.
    pub df: &'t DataFactoryName,
    /// Linked service.
    pub ls: &'t LinkedServiceName,
    /// The version that was tried.
    pub version: u64,
    /// Why it failed; none if it passed.
    pub cause: Option<Cause>,
}

impl Custody {
    /// The credential, for nobody but the process that tries it. That it is about to be tried is in the audit file before this returns, and
    /// so is that there is none to try.
    ///
    /// # Errors
    /// See [`RevealProblem`].
    pub async fn credential_to_test(
        &self,
        df: &DataFactoryName,
        ls: &LinkedServiceName,
        who: &str,
        now: UnixSeconds,
    ) -> Result<RevealedCredential, RevealProblem> {
        let revealed = self.reveal_unrecorded(df, ls, None).await;
        let mut event =
            AuditEvent::new(Event::CredentialTestBegun, Outcome::Ok, now).by(who, df, ls);
        match &revealed {
            Ok(credential) => event.version = Some(credential.version),
            Err(problem) => {
                event.result = Outcome::Failed;
                event.reason = Some(problem.reason().to_owned());
            }
        }
        self.record(event).await?;
        revealed
    }

    /// Records what became of a test, and remembers it beside the credential.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub async fn record_test(
        &self,
        tested: &Tested<'_>,
        who: &str,
        now: UnixSeconds,
    ) -> Result<(), WriteError> {
        let outcome = match tested.cause {
            None => Outcome::Ok,
            Some(_) => Outcome::Failed,
        };
        let mut event =
            AuditEvent::new(Event::CredentialTested, outcome, now).by(who, tested.df, tested.ls);
        event.version = Some(tested.version);
        event.reason = tested.cause.map(|cause| cause.code().to_owned());
        let change = RecordTest {
            parts: self.parts.clone(),
            event,
            df: tested.df.to_string(),
            ls: tested.ls.to_string(),
            version: tested.version,
            verdict: Verdict {
                cause: tested.cause,
                at: now,
            },
        };
        self.parts.writer.write(change).await
    }
}
