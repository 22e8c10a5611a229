//! Frames of the native protocol, version 4: nine bytes of head, and a body.

use bytes::Bytes;
use scylla_cql::frame::request::SerializableRequest;
use scylla_cql::frame::response::{Response, ResponseOpcode};
use scylla_cql::frame::{SerializedRequest, parse_response_body_extensions};
use zeroize::Zeroizing;

use crate::messages::{Messages, Stream};
use crate::report::Cause;

const HEAD: usize = 9;
/// Of a frame that a server sends: the bit, and the highest version that there is.
const FROM_SERVER: u8 = 0x80;
const NEWEST: u8 = 6;
const VERSION: u8 = 4;
/// `AUTH_RESPONSE`.
const AUTH_RESPONSE: u8 = 0x0f;

/// Whether a server's frame may begin with this byte: whatever it is asked, it says so in a frame.
pub(super) fn is_beginning(byte: u8) -> bool {
    byte & FROM_SERVER != 0 && byte & !FROM_SERVER <= NEWEST
}

/// Frames to and from a server, one question at a time.
pub(super) struct Frames(Messages<Box<dyn Stream>>);

impl Frames {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self(Messages::new(stream))
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// What listens speaks another protocol, sends too much, or has closed the connection.
    pub(super) async fn ask(
        &mut self,
        question: &impl SerializableRequest,
    ) -> Result<Answer, Cause> {
        let frame = SerializedRequest::make(question, None, false);
        let frame = frame.map_err(|_| Cause::BadRequest)?;
        self.0.write(frame.get_data()).await?;
        self.answer().await
    }

    /// Answers to the server's question who we are: by this token (RFC 4616), which the library would leave behind unwiped.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(super) async fn prove(&mut self, token: &[u8]) -> Result<Answer, Cause> {
        let length = u16::try_from(token.len()).map_err(|_| Cause::BadRequest)?;
        let body = u32::from(length) + 4;
        let mut frame = Zeroizing::new(Vec::with_capacity(HEAD + 4 + token.len()));
        frame.extend_from_slice(&[VERSION, 0, 0, 0, AUTH_RESPONSE]);
        frame.extend_from_slice(&body.to_be_bytes());
        frame.extend_from_slice(&u32::from(length).to_be_bytes());
        frame.extend_from_slice(token);
        self.0.write(&frame).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Answer, Cause> {
        let head = self.0.read(HEAD).await?;
        let [version, flags, a, b, opcode, c, d, e, f] = *head.as_slice() else {
            return Err(Cause::WrongProtocol);
        };
        // Before its length: letters of another protocol are no length.
        let opcode = ResponseOpcode::try_from(opcode).map_err(|_| Cause::WrongProtocol)?;
        // What nobody asked for has another number.
        if !is_beginning(version) || [a, b] != [0, 0] {
            return Err(Cause::WrongProtocol);
        }
        let body = self
            .0
            .read(u32::from_be_bytes([c, d, e, f]) as usize)
            .await?;
        Answer::of(flags, opcode, body.into())
    }
}

/// An answer, as far as a test looks into it.
pub(super) enum Answer {
    Ready,
    /// By a class of this name.
    Authenticate(String),
    AuthSuccess,
    AuthChallenge,
    Rows,
    /// Code and words.
    Error(scylla_cql::frame::response::Error),
}

impl Answer {
    fn of(flags: u8, opcode: ResponseOpcode, body: Bytes) -> Result<Self, Cause> {
        let body = parse_response_body_extensions(flags, None, body);
        let body = body.map_err(|_| Cause::WrongProtocol)?.body;
        if opcode == ResponseOpcode::Result {
            return Ok(Self::Rows);
        }
        match Response::deserialize(&Default::default(), opcode, body, None) {
            Ok(Response::Ready) => Ok(Self::Ready),
            Ok(Response::Authenticate(by)) => Ok(Self::Authenticate(by.authenticator_name)),
            Ok(Response::AuthSuccess(_)) => Ok(Self::AuthSuccess),
            Ok(Response::AuthChallenge(_)) => Ok(Self::AuthChallenge),
            Ok(Response::Error(error)) => Ok(Self::Error(error)),
            _ => Err(Cause::WrongProtocol),
        }
    }
}
