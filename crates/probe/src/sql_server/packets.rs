//! Packets: a head of eight bytes with their length; messages are made of them.

use bytes::{Bytes, BytesMut};
use tds_protocol::packet::{DEFAULT_PACKET_SIZE, PACKET_HEADER_SIZE};
use tds_protocol::{PacketHeader, PacketStatus, PacketType};
use zeroize::Zeroizing;

use crate::messages::{Messages, Stream};
use crate::report::Cause;

/// As much as is in a packet at most, in bytes, until both sides have agreed on more: which is not asked for.
pub(super) const MAX_CONTENT: usize = DEFAULT_PACKET_SIZE - PACKET_HEADER_SIZE;

/// Messages to and from a server.
pub(super) struct Packets<S>(Messages<S>);

impl<S: Stream> Packets<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Messages::new(stream))
    }

    /// A message, in as many packets as it takes.
    ///
    /// # Errors
    /// [`Cause::Closed`].
    pub(super) async fn send(&mut self, kind: PacketType, content: &[u8]) -> Result<(), Cause> {
        self.0.write(&packets(kind, content)).await
    }

    /// The server's next message.
    ///
    /// # Errors
    /// What listens speaks another protocol, sends too much, or has closed the connection.
    pub(super) async fn receive(&mut self) -> Result<Bytes, Cause> {
        let mut content = BytesMut::new();
        loop {
            let head = self.0.read(PACKET_HEADER_SIZE).await?;
            let head =
                PacketHeader::decode(&mut head.as_slice()).map_err(|_| Cause::WrongProtocol)?;
            let length = usize::from(head.length).checked_sub(PACKET_HEADER_SIZE);
            let length = length.ok_or(Cause::WrongProtocol)?;
            if head.packet_type != PacketType::TabularResult {
                return Err(Cause::WrongProtocol);
            }
            content.extend_from_slice(&self.0.read(length).await?);
            if head.status.contains(PacketStatus::END_OF_MESSAGE) {
                return Ok(content.freeze());
            }
        }
    }

    pub(super) fn into_stream(self) -> S {
        self.0.into_stream()
    }
}

/// A message as packets: wiped, because one of them has the password in it.
pub(super) fn packets(kind: PacketType, content: &[u8]) -> Zeroizing<Vec<u8>> {
    let count = content.len().div_ceil(MAX_CONTENT);
    let mut bytes = Zeroizing::new(Vec::with_capacity(
        content.len() + count * PACKET_HEADER_SIZE,
    ));
    for (index, part) in content.chunks(MAX_CONTENT).enumerate() {
        let status = if index + 1 == count {
            PacketStatus::END_OF_MESSAGE
        } else {
            PacketStatus::NORMAL
        };
        let length = u16::try_from(part.len() + PACKET_HEADER_SIZE).unwrap_or(u16::MAX);
        let mut head = PacketHeader::new(kind, status, length);
        // Counted from one, and around.
        head.packet_id = u8::try_from((index + 1) % 256).unwrap_or(0);
        bytes.extend_from_slice(&head.encode_to_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}
