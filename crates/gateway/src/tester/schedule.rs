//! Stored credentials that are tried again and again, where the configuration says so: one at a time, spread over the hours.

use std::num::NonZeroU16;
use std::time::Duration;

use envelope::UnixSeconds;
use envelope::protocol::StoredCredential;
use probe::has_driver;
use probe::parent::{Confinement, Program, Test};
use probe::policy::Policy;
use probe::report::{Cause, Line};
use probe::request::Encryption;
use tokio::sync::watch;

use super::request;
use crate::clock;
use crate::custody::Custody;
use crate::custody::reveal::RevealedCredential;
use crate::custody::trying::Tested;

/// Who it is in the audit trail.
const WHO: &str = "schedule";
/// How long it is at most until it looks again, so that what was set meanwhile is tried.
const LOOK: Duration = Duration::from_secs(600);

/// What is tried, and how often.
pub struct Schedule {
    /// Each stored credential that can be tried, once in so many hours.
    pub every_hours: NonZeroU16,
    /// The process that tries.
    pub program: Program,
    /// Where it may go.
    pub policy: Policy,
}

impl Schedule {
    /// Tries what is due, until `stop`. What fails is logged; a test that has begun comes to its end.
    pub async fn run(self, custody: Custody, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = self.step(&custody).await;
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    fn every(&self) -> Duration {
        Duration::from_secs(60 * 60 * u64::from(self.every_hours.get()))
    }

    /// One test, if one is due; then how long to wait.
    async fn step(&self, custody: &Custody) -> Duration {
        let stored = match custody.list(None).await {
            Ok(stored) => stored,
            Err(error) => {
                tracing::error!(%error, "what is stored cannot be tried: the store does not answer");
                return LOOK;
            }
        };
        let stored: Vec<_> = stored
            .iter()
            .filter(|stored| can_be_tried(stored))
            .collect();
        if let Some(stored) = most_overdue(&stored, self.every(), clock::now()) {
            self.test(custody, stored).await;
        }
        let count = u32::try_from(stored.len().max(1)).unwrap_or(u32::MAX);
        (self.every() / count).clamp(Duration::from_secs(1), LOOK)
    }

    async fn test(&self, custody: &Custody, stored: &StoredCredential) {
        let StoredCredential { df, ls, .. } = stored;
        let credential = custody.credential_to_test(df, ls, WHO, clock::now()).await;
        let credential = match credential {
            Ok(credential) => credential,
            Err(error) => {
                tracing::error!(%df, %ls, %error, "the stored credential cannot be tried");
                return;
            }
        };
        let version = credential.version;
        let tested = Tested {
            df,
            ls,
            version,
            cause: self.cause(credential).await,
        };
        // The writer has logged why, if it could not.
        let _ = custody.record_test(&tested, WHO, clock::now()).await;
    }

    /// Why it failed; none if it passed.
    async fn cause(&self, credential: RevealedCredential) -> Option<Cause> {
        let policy = self.policy.clone();
        let request = request(credential.into(), Encryption::Required, policy, Vec::new());
        let test = Test::start(&self.program, &request, Confinement::default());
        drop(request);
        let mut test = match test {
            Ok(test) => test,
            Err(error) => {
                tracing::error!(%error, "a test is not started");
                return Some(Cause::ProbeNotStarted);
            }
        };
        loop {
            match test.next().await {
                Some(Line::Stage(_)) => {}
                Some(Line::Ending(ending)) => return ending.cause,
                None => return Some(Cause::ProbeDied),
            }
        }
    }
}

/// Where there is a driver, and the last test did not end so that another one could have the account locked: until it is set again, or
/// a person has tried it.
fn can_be_tried(stored: &StoredCredential) -> bool {
    let last = stored.last_test.as_ref();
    let code = last.and_then(|test| test.cause.as_deref());
    // One that this version does not know may be one.
    let could_lock = code.is_some_and(|code| {
        let cause = Cause::ALL.iter().find(|cause| cause.code() == code);
        cause.is_none_or(|cause| cause.could_lock())
    });
    has_driver(&stored.kind, &stored.auth) && !could_lock
}

/// Of those whose last test is so long ago, or that were never tried, the one that has waited longest.
fn most_overdue<'s>(
    stored: &[&'s StoredCredential],
    every: Duration,
    now: UnixSeconds,
) -> Option<&'s StoredCredential> {
    let tested_at = |stored: &StoredCredential| {
        let at = stored.last_test.as_ref().and_then(|test| test.at);
        at.map_or(0, |at| at.0)
    };
    let is_due =
        |stored: &&&StoredCredential| now.0.saturating_sub(tested_at(stored)) >= every.as_secs();
    let due = stored.iter().filter(is_due);
    due.min_by_key(|stored| tested_at(stored)).copied()
}

#[cfg(test)]
mod tests {
    use envelope::receipt::{TestOutcome, Verdict};

    use super::*;

    const NOW: UnixSeconds = UnixSeconds(1_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn stored(ls: &str, kind: &str, last: Option<(Option<&str>, u64)>) -> StoredCredential {
        let mut stored: StoredCredential = serde_json::from_value(serde_json::json!({
            "df": "factory", "ls": ls, "kind": kind, "auth": "Basic", "target": "", "properties": {},
            "secrets": [], "version": 1, "kid": "A".repeat(43), "set_by": "", "set_at": 0,
        }))
        .unwrap();
        stored.last_test = last.map(|(cause, ago)| TestOutcome {
            outcome: match cause {
                None => Verdict::Passed,
                Some(_) => Verdict::Failed,
            },
            cause: cause.map(str::to_owned),
            at: Some(UnixSeconds(NOW.0 - ago)),
        });
        stored
    }

    #[test]
    fn what_has_waited_longest_is_tried_first_and_nothing_too_early() {
        let kind = "OnPremisesPostgreSql";
        let fresh = stored("fresh", kind, Some((None, 3599)));
        let old = stored("old", kind, Some((None, 3600)));
        let older = stored("older", kind, Some((Some("refused"), 7200)));
        let new = stored("new", kind, None);
        let due = |all: &[&StoredCredential]| {
            most_overdue(all, HOUR, NOW).map(|stored| stored.ls.to_string())
        };
        assert_eq!(due(&[&fresh]), None);
        assert_eq!(due(&[&fresh, &old]).as_deref(), Some("old"));
        assert_eq!(due(&[&old, &older, &fresh]).as_deref(), Some("older"));
        assert_eq!(due(&[&old, &older, &new]).as_deref(), Some("new"));
    }

    #[test]
    fn what_could_have_an_account_locked_is_not_tried_again() {
        let after = |cause| {
            let last = Some((cause, 9999));
            can_be_tried(&stored("a", "OnPremisesPostgreSql", last))
        };
        assert!(after(None));
        for cause in ["refused", "timed_out", "no_such_database", "not_ready"] {
            assert!(after(Some(cause)), "{cause}");
        }
        for cause in [
            "wrong_password",
            "account_locked",
            "more_wanted",
            "of_later",
        ] {
            assert!(!after(Some(cause)), "{cause}");
        }
        assert!(!can_be_tried(&stored("a", "SapBw", None)));
    }
}
