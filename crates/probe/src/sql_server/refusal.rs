//! From the server's numbers to a cause.

use tds_protocol::token::ServerError;

use crate::report::{Cause, Halt, Scrubber};

/// Why it went no further.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It was noticed here.
    Noticed(Cause),
    /// The server said so.
    Said(Box<ServerError>),
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self::Noticed(cause)
    }
}

impl Refusal {
    /// Of several errors the one that says most: that the login failed comes after every cause of it.
    pub(super) fn of(errors: Vec<ServerError>) -> Self {
        let rank = |error: &ServerError| match of(error.number) {
            Cause::StoreRefused => 2,
            Cause::WrongPassword => 1,
            _ => 0,
        };
        match errors.into_iter().min_by_key(rank) {
            Some(error) => Self::Said(Box::new(error)),
            None => Self::Noticed(Cause::WrongProtocol),
        }
    }

    /// What is reported of it.
    pub(super) fn halt(self, scrubber: &Scrubber) -> Halt {
        match self {
            Self::Noticed(cause) => cause.into(),
            Self::Said(error) => Halt {
                code: Some(error.number.to_string().into()),
                said: Some(scrubber.scrub(&error.message)),
                ..Halt::from(of(error.number))
            },
        }
    }

    /// The same, of a query: what it is for matters more than the number.
    pub(super) fn of_query(self, scrubber: &Scrubber) -> Halt {
        let is_said = matches!(self, Self::Said(_));
        let halt = self.halt(scrubber);
        Halt {
            cause: if is_said {
                Cause::QueryFailed
            } else {
                halt.cause
            },
            ..halt
        }
    }
}

/// Whether it is about what the account may use: the server looks at the password first.
pub(super) fn is_after_login(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::NoDatabaseAccess | Cause::TooManyConnections | Cause::SentElsewhere
    )
}

/// Numbers from 40000 are those of the cloud's servers.
fn of(number: i32) -> Cause {
    match number {
        18456 => Cause::WrongPassword,
        18470 | 18486 => Cause::AccountLocked,
        18487 | 18488 => Cause::PasswordExpired,
        18452 | 18459 | 40615 | 40914 => Cause::NotAdmitted,
        4060 | 4064 => Cause::NoDatabaseAccess,
        17809 | 10928 | 10929 | 49918..=49920 => Cause::TooManyConnections,
        6005 | 17142 | 18401 | 18461 | 40197 | 40501 | 40613 => Cause::NotReady,
        _ => Cause::StoreRefused,
    }
}
