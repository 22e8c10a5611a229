//! Commands in `OP_MSG`: a head of sixteen bytes, four of flags, a zero, a document.

use bson::raw::{RawDocument, RawDocumentBuf};

use crate::messages::{Messages, Stream};
use crate::report::{Cause, Clipped, Halt, Scrubber};

const HEAD: usize = 16;
const OP_MSG: i32 = 2013;
/// Flags, and the kind of the one section.
const BEFORE_DOCUMENT: usize = 5;
/// Flags of which a side that does not know them must not go on: a checksum is among them, and not asked for.
const REQUIRED_FLAGS: u32 = 0xffff;

/// Commands to and answers from a server, one at a time.
pub(super) struct Commands {
    messages: Messages<Box<dyn Stream>>,
    number: i32,
}

/// What is asked: names and values.
pub(super) type Command = bson::Document;

impl Commands {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            messages: Messages::new(stream),
            number: 0,
        }
    }

    /// Asks a database, and waits for the answer.
    ///
    /// # Errors
    /// What listens speaks another protocol, sends too much, or has closed the connection.
    pub(super) async fn ask(
        &mut self,
        database: &str,
        mut command: Command,
    ) -> Result<Answer, Cause> {
        command.insert("$db", database);
        let command = RawDocumentBuf::try_from(&command).map_err(|_| Cause::BadRequest)?;
        let command = command.as_bytes();
        self.number += 1;
        let length = i32::try_from(HEAD + BEFORE_DOCUMENT + command.len());
        let length = length.map_err(|_| Cause::BadRequest)?;
        let mut message = Vec::new();
        for number in [length, self.number, 0, OP_MSG, 0] {
            message.extend_from_slice(&number.to_le_bytes());
        }
        message.push(0);
        message.extend_from_slice(command);
        self.messages.write(&message).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer, Cause> {
        let head = self.messages.read(HEAD).await?;
        let number = |at: usize| {
            let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            bytes.map_or(0, i32::from_le_bytes)
        };
        // Before its length: letters of another protocol are no length.
        if number(8) != self.number || number(12) != OP_MSG {
            return Err(Cause::WrongProtocol);
        }
        let length = usize::try_from(number(0)).map_err(|_| Cause::WrongProtocol)?;
        let left = length.checked_sub(HEAD).ok_or(Cause::WrongProtocol)?;
        let body = self.messages.read(left).await?;
        let [a, b, c, d, 0, document @ ..] = body.as_slice() else {
            return Err(Cause::WrongProtocol);
        };
        if u32::from_le_bytes([*a, *b, *c, *d]) & REQUIRED_FLAGS != 0 {
            return Err(Cause::WrongProtocol);
        }
        let document = RawDocumentBuf::from_bytes(document.to_vec());
        document.map(Answer).map_err(|_| Cause::WrongProtocol)
    }
}

/// An answer. It is looked into no deeper than is asked.
pub(super) struct Answer(RawDocumentBuf);

impl Answer {
    pub(super) fn document(&self) -> &RawDocument {
        &self.0
    }

    /// A number, however it is written.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        use bson::raw::RawBsonRef::{Double, Int32, Int64};
        match self.0.get(name).ok()?? {
            Int32(number) => Some(number.into()),
            Int64(number) => Some(number),
            // Codes are whole and small.
            Double(number) => format!("{number:.0}").parse().ok(),
            _ => None,
        }
    }

    /// Itself, unless it is an error.
    pub(super) fn done(self) -> Result<Self, Refusal> {
        match self.number("ok") {
            Some(1) => Ok(self),
            Some(_) => Err(Refusal::Said {
                code: self.number("code").unwrap_or(0),
                words: self.0.get_str("errmsg").unwrap_or_default().to_owned(),
            }),
            None => Err(Cause::WrongProtocol.into()),
        }
    }
}

/// Why it went no further.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It was noticed here.
    Noticed(Cause),
    /// The account has these ways to log in, and we have none of them.
    OtherWays(String),
    /// The server said so.
    Said { code: i64, words: String },
}

impl From<Cause> for Refusal {
    fn from(cause: Cause) -> Self {
        Self::Noticed(cause)
    }
}

impl Refusal {
    /// The server's code.
    pub(super) fn code(&self) -> Option<i64> {
        match self {
            Self::Noticed(_) | Self::OtherWays(_) => None,
            Self::Said { code, .. } => Some(*code),
        }
    }

    /// What is reported of it.
    pub(super) fn halt(self, scrubber: &Scrubber) -> Halt {
        match self {
            Self::Noticed(cause) => cause.into(),
            Self::OtherWays(ways) => Halt {
                said: Some(scrubber.scrub(&ways)),
                ..Halt::from(Cause::MethodUnknown)
            },
            Self::Said { code, words } => Halt {
                code: Some(Clipped::from(code.to_string())),
                said: Some(scrubber.scrub(&words)),
                ..Halt::from(of(code))
            },
        }
    }
}

/// As in the server's `error_codes.yml`.
fn of(code: i64) -> Cause {
    match code {
        18 => Cause::WrongPassword,
        13 => Cause::NoPermission,
        334 => Cause::MethodUnknown,
        91 | 189 | 10107 | 11600 | 11602 | 13435 | 13436 => Cause::NotReady,
        202 | 462 => Cause::TooManyConnections,
        _ => Cause::StoreRefused,
    }
}
