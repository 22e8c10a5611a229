//! From the server's code to a cause.

use super::packets::ERROR;
use crate::report::{Cause, Halt, Scrubber};

/// Why it went no further.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It was noticed here.
    Noticed(Cause),
    /// The server said so, with a code and its words.
    Said(u16, String),
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self::Noticed(cause)
    }
}

impl Refusal {
    /// A packet that is not the one that was waited for.
    pub(super) fn of(packet: &[u8]) -> Self {
        match packet {
            // Between the code and the words there may be a number sign and five letters of SQLSTATE.
            [ERROR, a, b, rest @ ..] => {
                let words = match rest {
                    [b'#', _, _, _, _, _, words @ ..] => words,
                    words => words,
                };
                let words = String::from_utf8_lossy(words).into_owned();
                Self::Said(u16::from_le_bytes([*a, *b]), words)
            }
            // `LOCAL INFILE`: whatever was asked, a server may answer with the name of a file.
            [0xfb, _, ..] => Self::Noticed(Cause::FileWanted),
            _ => Self::Noticed(Cause::WrongProtocol),
        }
    }

    /// What is reported of it.
    pub(super) fn halt(self, scrubber: &Scrubber) -> Halt {
        let cause = self.cause();
        match self {
            Self::Noticed(cause) => cause.into(),
            Self::Said(code, words) => Halt {
                code: Some(code.to_string().into()),
                said: Some(scrubber.scrub(&words)),
                ..Halt::from(cause)
            },
        }
    }

    /// Before TLS nobody has authenticated what is said: its words are not repeated.
    pub(super) fn halt_unauthenticated(self) -> Halt {
        let cause = self.cause();
        match self {
            Self::Noticed(cause) => cause.into(),
            Self::Said(code, _) => Halt {
                code: Some(code.to_string().into()),
                ..Halt::from(cause)
            },
        }
    }

    /// The cause. Codes from 4000 are MariaDB's, those between 3000 and that MySQL's.
    pub(super) fn cause(&self) -> Cause {
        let code = match self {
            Self::Noticed(cause) => return *cause,
            Self::Said(code, _) => *code,
        };
        match code {
            1045 => Cause::WrongPassword,
            3118 | 3955 | 4150 | 4151 => Cause::AccountLocked,
            1820 | 1862 => Cause::PasswordExpired,
            // Its host, or its way to the server.
            1129 | 1130 | 1698 | 3159 => Cause::NotAdmitted,
            1251 => Cause::MethodUnknown,
            1049 => Cause::NoSuchDatabase,
            1044 => Cause::NoPermission,
            1040 | 1203 | 1226 => Cause::TooManyConnections,
            1053 | 1077 | 1079 => Cause::NotReady,
            1043 | 1047 => Cause::WrongProtocol,
            _ => Cause::StoreRefused,
        }
    }

    /// The same, of a query: what it is for matters more than the code.
    pub(super) fn of_query(self, scrubber: &Scrubber) -> Halt {
        let halt = self.halt(scrubber);
        let is_said = halt.code.is_some();
        Halt {
            cause: if is_said {
                Cause::QueryFailed
            } else {
                halt.cause
            },
            ..halt
        }
    }

    /// The account's own limits are looked at after its password.
    pub(super) fn is_after_login(&self) -> bool {
        matches!(self, Self::Said(1203 | 1226, _))
    }
}
