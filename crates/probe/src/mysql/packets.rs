//! Packets: a length of three bytes, a number, and what is in it.

use crate::messages::{Messages, Stream};
use crate::report::Cause;

const HEAD: usize = 4;
/// What the server begins with: its version of the protocol, or an error.
const BEGINNINGS: [u8; 2] = [10, ERROR];
/// The first byte of an error.
pub(super) const ERROR: u8 = 0xff;

/// Packets to and from a server. Each has the number that follows the one before.
pub(super) struct Packets {
    messages: Messages<Box<dyn Stream>>,
    number: u8,
    has_begun: bool,
}

impl Packets {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            messages: Messages::new(stream),
            number: 0,
            has_begun: false,
        }
    }

    /// The next packet of the server.
    ///
    /// # Errors
    /// What listens speaks another protocol, sends too much, or has closed the connection.
    pub(super) async fn read(&mut self) -> Result<Vec<u8>, Cause> {
        let head = self.messages.read(HEAD).await?;
        let [a, b, c, number] = *head.as_slice() else {
            return Err(Cause::WrongProtocol);
        };
        // Before its length: letters of another protocol are no length.
        if number != self.number {
            return Err(Cause::WrongProtocol);
        }
        self.number = number.wrapping_add(1);
        let length = u32::from_le_bytes([a, b, c, 0]) as usize;
        let packet = self.messages.read(length).await?;
        let begins = packet.first().is_some_and(|byte| BEGINNINGS.contains(byte));
        if !self.has_begun && !begins {
            return Err(Cause::WrongProtocol);
        }
        self.has_begun = true;
        Ok(packet)
    }

    /// An answer to the packet that was read last.
    ///
    /// # Errors
    /// [`Cause::Closed`]; [`Cause::BadRequest`] when it does not fit into one.
    pub(super) async fn answer(&mut self, packet: &[u8]) -> Result<(), Cause> {
        let length = u16::try_from(packet.len()).map_err(|_| Cause::BadRequest)?;
        let [a, b] = length.to_le_bytes();
        let mut bytes = zeroize::Zeroizing::new(Vec::with_capacity(HEAD + packet.len()));
        bytes.extend_from_slice(&[a, b, 0, self.number]);
        bytes.extend_from_slice(packet);
        self.number = self.number.wrapping_add(1);
        self.messages.write(&bytes).await
    }

    /// A command: numbers begin anew.
    ///
    /// # Errors
    /// As [`Self::answer`].
    pub(super) async fn command(&mut self, code: u8, argument: &str) -> Result<(), Cause> {
        self.number = 0;
        let mut packet = vec![code];
        packet.extend_from_slice(argument.as_bytes());
        self.answer(&packet).await
    }

    /// The connection and the number that is next: for TLS, which lies between two packets.
    pub(super) fn into_parts(self) -> (Box<dyn Stream>, u8) {
        (self.messages.into_stream(), self.number)
    }

    /// A conversation that goes on.
    pub(super) fn resume(stream: Box<dyn Stream>, number: u8) -> Self {
        Self {
            messages: Messages::new(stream),
            number,
            has_begun: true,
        }
    }
}
