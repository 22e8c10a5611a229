//! How often there may be a test: so seldom that it is neither a way to guess passwords, nor to have an account locked, nor to look
//! for open ports. In this process's memory; a ticket's own limit is custody's.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use envelope::{DataFactoryName, LinkedServiceName};
use probe::request::Destination;

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Subject {
    /// All tests for a linked service.
    LinkedService(DataFactoryName, LinkedServiceName),
    /// All tests at a host, whatever the port.
    Host(String),
    /// Tests that may have had a wrong password, for an account at a data store.
    AccountGuessed(String, u16, Option<String>),
    /// The same for a linked service, however its host and account are spelled.
    GuessedFor(DataFactoryName, LinkedServiceName),
}

/// So many within such a time.
struct Limit {
    times: usize,
    window: Duration,
}

impl Subject {
    /// Data stores lock an account after three wrong passwords at the least, most after five or ten, and forget them after a quarter of
    /// an hour or more.
    const fn limit(&self) -> Limit {
        let (times, minutes) = match self {
            Self::LinkedService(..) => (40, 10),
            Self::Host(_) => (60, 10),
            Self::AccountGuessed(..) => (4, 15),
            Self::GuessedFor(..) => (8, 15),
        };
        Limit {
            times,
            window: Duration::from_secs(minutes * 60),
        }
    }

    const fn is_of_guesses(&self) -> bool {
        matches!(self, Self::AccountGuessed(..) | Self::GuessedFor(..))
    }

    const fn too_often(&self, seconds: u64) -> TooOften {
        match self {
            Self::LinkedService(..) => TooOften::LinkedService { seconds },
            Self::Host(_) => TooOften::Host { seconds },
            Self::AccountGuessed(..) | Self::GuessedFor(..) => TooOften::WrongPassword { seconds },
        }
    }
}

/// What there were too many tests for, and after how many seconds there may be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooOften {
    /// A linked service.
    #[error("too many tests for this linked service")]
    LinkedService {
        /// To wait.
        seconds: u64,
    },
    /// A host.
    #[error("too many tests at this host")]
    Host {
        /// To wait.
        seconds: u64,
    },
    /// An account, or a linked service, with passwords that were not right.
    #[error("too many wrong passwords")]
    WrongPassword {
        /// To wait.
        seconds: u64,
    },
}

impl TooOften {
    /// The audit trail's reason.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::LinkedService { .. } => "rate_limited: linked_service",
            Self::Host { .. } => "rate_limited: host",
            Self::WrongPassword { .. } => "rate_limited: wrong_password",
        }
    }

    /// To wait.
    #[must_use]
    pub const fn seconds(&self) -> u64 {
        match self {
            Self::LinkedService { seconds }
            | Self::Host { seconds }
            | Self::WrongPassword { seconds } => *seconds,
        }
    }
}

/// When there was a test for what.
#[derive(Default)]
pub struct Frequency(Mutex<HashMap<Subject, VecDeque<Instant>>>);

/// A test that counts as a wrong password until it is known to have been none: of many at once, no more than the limit are under way.
pub struct Guess {
    frequency: Arc<Frequency>,
    subjects: Vec<Subject>,
    at: Instant,
}

/// For which linked service, where (and where it signs in, if that is elsewhere), and for which account.
pub type Asked<'a> = (
    (&'a DataFactoryName, &'a LinkedServiceName),
    (&'a Destination, Option<&'a Destination>),
    Option<&'a str>,
);

impl Frequency {
    /// Counts a test, or refuses it uncounted.
    ///
    /// # Errors
    /// See [`TooOften`].
    pub fn admit(self: &Arc<Self>, asked: Asked<'_>, now: Instant) -> Result<Guess, TooOften> {
        let ((df, ls), (destination, sign_in), account) = asked;
        // One name in another spelling is no other host.
        let host = |destination: &Destination| {
            let host = destination.host.to_lowercase();
            host.trim_end_matches('.').to_owned()
        };
        let account = account.map(str::to_lowercase);
        let guessed = sign_in.unwrap_or(destination);
        let mut subjects = vec![
            Subject::LinkedService(df.clone(), ls.clone()),
            Subject::Host(host(destination)),
            Subject::AccountGuessed(host(guessed), guessed.port, account),
            Subject::GuessedFor(df.clone(), ls.clone()),
        ];
        subjects.extend(sign_in.map(|sign_in| Subject::Host(host(sign_in))));
        let mut times = self.times();
        times.retain(|subject, times| {
            let window = subject.limit().window;
            while times.front().is_some_and(|&time| time + window <= now) {
                times.pop_front();
            }
            !times.is_empty()
        });
        for subject in &subjects {
            let Limit {
                times: most,
                window,
            } = subject.limit();
            let known = times.get(subject).filter(|times| times.len() >= most);
            if let Some(&oldest) = known.and_then(VecDeque::front) {
                let left = (oldest + window).saturating_duration_since(now);
                return Err(subject.too_often(left.as_secs() + 1));
            }
        }
        for subject in &subjects {
            times.entry(subject.clone()).or_default().push_back(now);
        }
        Ok(Guess {
            frequency: self.clone(),
            subjects: subjects
                .into_iter()
                .filter(Subject::is_of_guesses)
                .collect(),
            at: now,
        })
    }

    fn times(&self) -> MutexGuard<'_, HashMap<Subject, VecDeque<Instant>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess {
    /// The password was right, or was not sent.
    pub fn was_none(&mut self) {
        let mut times = self.frequency.times();
        for subject in self.subjects.drain(..) {
            if let Some(times) = times.get_mut(&subject)
                && let Some(place) = times.iter().position(|&time| time == self.at)
            {
                times.remove(place);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Asking {
        df: DataFactoryName,
        frequency: Arc<Frequency>,
        begin: Instant,
    }

    impl Asking {
        fn new() -> Self {
            Self {
                df: DataFactoryName::parse("factory").unwrap(),
                frequency: Arc::default(),
                begin: Instant::now(),
            }
        }

        fn test(
            &self,
            ls: &str,
            host: &str,
            port: u16,
            account: &str,
            second: u64,
        ) -> Result<Guess, TooOften> {
            let ls = LinkedServiceName::parse(ls).unwrap();
            let destination = Destination {
                host: host.to_owned(),
                port,
            };
            let asked = ((&self.df, &ls), (&destination, None), Some(account));
            let now = self.begin + Duration::from_secs(second);
            self.frequency.admit(asked, now)
        }

        fn right(&self, ls: &str, host: &str, port: u16, second: u64) -> Result<(), TooOften> {
            let mut guess = self.test(ls, host, port, "author", second)?;
            guess.was_none();
            Ok(())
        }
    }

    #[test]
    fn the_fifth_wrong_password_of_an_account_has_to_wait() {
        let asking = Asking::new();
        for second in 0..4 {
            // The same host and account in other spellings, from other linked services.
            let host = ["db.corp", "DB.corp", "db.corp.", "db.CORP"][second];
            let account = ["author", "Author", "AUTHOR", "author"][second];
            let ls = ["a", "b", "c", "d"][second];
            assert!(asking.test(ls, host, 5432, account, second as u64).is_ok());
        }
        let refused = asking.test("e", "db.corp", 5432, "author", 4).err();
        assert_eq!(refused, Some(TooOften::WrongPassword { seconds: 897 }));
        assert!(asking.test("e", "db.corp", 5432, "other", 4).is_ok());
        assert!(asking.test("e", "db.corp", 5432, "author", 900).is_ok());
        assert!(asking.test("e", "db.corp", 5432, "author", 900).is_err());
    }

    #[test]
    fn right_passwords_are_no_guesses() {
        let asking = Asking::new();
        for second in 0..20 {
            asking.right("a", "db.corp", 5432, second).unwrap();
        }
        for second in 20..24 {
            assert!(asking.test("a", "db.corp", 5432, "author", second).is_ok());
        }
        assert!(asking.right("a", "db.corp", 5432, 24).is_err());
    }

    #[test]
    fn a_guesser_who_spells_the_account_in_other_ways_has_to_wait_too() {
        let asking = Asking::new();
        let test = |number: u64| asking.test("a", "db.corp", 5432, &number.to_string(), number);
        assert!((0..8).map(test).all(|guess| guess.is_ok()));
        let refused = test(8).err();
        assert_eq!(refused, Some(TooOften::WrongPassword { seconds: 893 }));
    }

    #[test]
    fn who_signs_in_elsewhere_is_guessed_there_whatever_the_store() {
        let asking = Asking::new();
        let at = |host: &str| Destination {
            host: host.to_owned(),
            port: 443,
        };
        let login = at("login.example");
        let test = |number: usize| {
            let ls = LinkedServiceName::parse(&number.to_string()).unwrap();
            let store = at(&format!("{number}.example"));
            let asked = ((&asking.df, &ls), (&store, Some(&login)), Some("author"));
            asking.frequency.admit(asked, asking.begin)
        };
        assert!((0..4).map(test).all(|guess| guess.is_ok()));
        let refused = test(4).err();
        assert_eq!(refused, Some(TooOften::WrongPassword { seconds: 901 }));
    }

    #[test]
    fn neither_a_linked_service_nor_a_host_is_tested_without_end() {
        let asking = Asking::new();
        for port in 0..40 {
            asking.right("a", "one.corp", port, 0).unwrap();
        }
        let refused = asking.right("a", "two.corp", 1, 1).err();
        assert_eq!(refused, Some(TooOften::LinkedService { seconds: 600 }));
        for port in 0..20 {
            asking.right("b", "one.corp", port, 1).unwrap();
        }
        let refused = asking.right("c", "one.corp", 1, 1).err();
        assert_eq!(refused, Some(TooOften::Host { seconds: 600 }));
        assert!(asking.right("c", "one.corp", 1, 600).is_ok());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let asking = Asking::new();
        for number in 0..100 {
            let name = number.to_string();
            assert!(asking.test(&name, &name, 1, "author", 0).is_ok());
        }
        assert!(asking.test("a", "db.corp", 1, "author", 900).is_ok());
        assert_eq!(asking.frequency.times().len(), 4);
    }
}
