//! What is remembered of the tests under each ticket: how many there were, and of the last one its content's mark and its outcome.
//! In this process's memory and nowhere else.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use envelope::UnixSeconds;
use probe::report::Cause;
use serde::Deserialize;

use crate::store::tickets::TicketKey;
use crate::vault::CannotProtect;
use crate::vault::record::KeptCredential;

/// Tests that a ticket permits.
pub const MAX_TESTS: u32 = 20;

/// Whether a credential is tried before it is stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Saving {
    /// Only what has passed its test is stored, where there is a driver for it.
    Tested,
    /// Whoever sets it chooses.
    #[default]
    Chosen,
    /// Nothing is tried for callers.
    Off,
}

/// Stands for the whole content of a credential, secrets included. Without the key, which ends with this process, it says nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark([u8; 32]);

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Why it failed; none if it passed.
    pub cause: Option<Cause>,
    /// When.
    pub at: UnixSeconds,
}

/// The memory.
pub(super) struct Tried {
    key: hmac::Key,
    tickets: Mutex<HashMap<TicketKey, OfTicket>>,
}

struct OfTicket {
    exp: UnixSeconds,
    tests: u32,
    last: Option<(Mark, Verdict)>,
}

impl Tried {
    /// Nothing is remembered yet.
    ///
    /// # Errors
    /// [`CannotProtect`] without randomness.
    pub(super) fn new() -> Result<Self, CannotProtect> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        Ok(Self {
            key: key.map_err(|_| CannotProtect)?,
            tickets: Mutex::default(),
        })
    }

    pub(super) fn mark(&self, credential: &KeptCredential) -> Mark {
        let tag = hmac::sign(&self.key, &credential.encode());
        let mut mark = [0; 32];
        mark.copy_from_slice(tag.as_ref());
        Mark(mark)
    }

    /// Whether a ticket has a test left.
    pub(super) fn has_left(&self, ticket: &TicketKey) -> bool {
        let tickets = self.tickets();
        tickets
            .get(ticket)
            .is_none_or(|known| known.tests < MAX_TESTS)
    }

    /// Takes one of a ticket's tests; false if none is left. What it passed before does not count from now on.
    pub(super) fn take(&self, ticket: TicketKey, exp: UnixSeconds, now: UnixSeconds) -> bool {
        let mut tickets = self.tickets();
        // Nobody can do anything with those any more.
        tickets.retain(|_, known| known.exp > now);
        let known = tickets.entry(ticket).or_insert(OfTicket {
            exp,
            tests: 0,
            last: None,
        });
        if known.tests >= MAX_TESTS {
            return false;
        }
        known.tests += 1;
        known.last = None;
        true
    }

    pub(super) fn remember(&self, ticket: &TicketKey, mark: Mark, verdict: Verdict) {
        if let Some(known) = self.tickets().get_mut(ticket) {
            known.last = Some((mark, verdict));
        }
    }

    /// How the last test under the ticket ended, if it was of this very content.
    pub(super) fn verdict(&self, ticket: &TicketKey, mark: Mark) -> Option<Verdict> {
        let (tried, verdict) = self.tickets().get(ticket)?.last?;
        (tried == mark).then_some(verdict)
    }

    fn tickets(&self) -> MutexGuard<'_, HashMap<TicketKey, OfTicket>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use envelope::{Secret, TicketId};

    use super::*;

    const EXP: UnixSeconds = UnixSeconds(600);

    fn key(jti: &str) -> TicketKey {
        TicketKey {
            iss: "portal".to_owned(),
            jti: TicketId::parse(jti).unwrap(),
        }
    }

    fn credential(server: &str, password: &str) -> KeptCredential {
        let password = Secret::new(password.to_owned());
        KeptCredential {
            kind: "OnPremisesPostgreSql".to_owned(),
            auth: "Basic".to_owned(),
            properties: BTreeMap::from([("server".to_owned(), server.to_owned())]),
            secrets: BTreeMap::from([("password".to_owned(), password)]),
        }
    }

    #[test]
    fn a_verdict_is_of_one_content_under_one_ticket() {
        let tried = Tried::new().unwrap();
        assert!(tried.take(key("1"), EXP, UnixSeconds(0)));
        let verdict = Verdict {
            cause: None,
            at: UnixSeconds(1),
        };
        let mark = tried.mark(&credential("db", "one"));
        tried.remember(&key("1"), mark, verdict);
        let of = |ticket, credential| tried.verdict(&key(ticket), tried.mark(&credential));
        assert_eq!(of("1", credential("db", "one")), Some(verdict));
        assert_eq!(of("1", credential("db", "two")), None);
        assert_eq!(of("1", credential("elsewhere", "one")), None);
        assert_eq!(of("2", credential("db", "one")), None);
        // The next test has not ended yet.
        assert!(tried.take(key("1"), EXP, UnixSeconds(2)));
        assert_eq!(of("1", credential("db", "one")), None);
        let other = Tried::new().unwrap();
        assert!(other.mark(&credential("db", "one")) != mark);
    }

    #[test]
    fn a_ticket_has_twenty_tests_and_is_forgotten_when_it_has_expired() {
        let tried = Tried::new().unwrap();
        for _ in 0..MAX_TESTS {
            assert!(tried.has_left(&key("1")));
            assert!(tried.take(key("1"), EXP, UnixSeconds(0)));
        }
        assert!(!tried.has_left(&key("1")));
        assert!(!tried.take(key("1"), EXP, UnixSeconds(599)));
        assert!(tried.take(key("2"), UnixSeconds(1200), UnixSeconds(600)));
        assert_eq!(tried.tickets().len(), 1);
    }
}
