//! The handshake of TLS in the packets of `PRELOGIN`, as this protocol has it; afterwards TLS lies bare on the connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tds_protocol::PacketType;
use tds_protocol::packet::PACKET_HEADER_SIZE;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::packets::{MAX_CONTENT, packets};

/// What packets a handshake comes in: the first bytes of `PRELOGIN` and of a table's. No record of TLS begins like them.
const KINDS: [u8; 2] = [0x12, 0x04];
/// As much as is said in one go of a handshake, in bytes: certificates of a client are not among it.
const MAX_FLIGHT: usize = 64 * 1024;

/// The connection under TLS.
pub(super) struct Wrapped<S> {
    stream: S,
    is_written_bare: bool,
    is_read_bare: bool,
    /// The present packet's head.
    head: [u8; PACKET_HEADER_SIZE],
    filled: usize,
    /// What is still to come of it, in bytes.
    left: usize,
    /// What has been said since the last flush; then, in packets, what is not written yet.
    said: Vec<u8>,
    packets: Vec<u8>,
}

impl<S> Wrapped<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            is_written_bare: false,
            is_read_bare: false,
            head: [0; PACKET_HEADER_SIZE],
            filled: 0,
            left: 0,
            said: Vec::new(),
            packets: Vec::new(),
        }
    }

    /// The handshake is over. What the server sends is looked at: a late message of it may still be in a packet.
    pub(super) fn end_wrapping(&mut self) {
        self.is_written_bare = true;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Wrapped<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        while this.left == 0 && !this.is_read_bare {
            // What a first byte says decides whether there is a head.
            let until = if this.filled == 0 {
                1
            } else {
                PACKET_HEADER_SIZE
            };
            let mut head = ReadBuf::new(&mut this.head[this.filled..until]);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut head))?;
            let read = head.filled().len();
            if read == 0 {
                return Poll::Ready(Ok(()));
            }
            this.filled += read;
            if !KINDS.contains(&this.head[0]) {
                // A record of TLS, or nonsense for it to complain about.
                this.is_read_bare = true;
                buffer.put_slice(&this.head[..1]);
                return Poll::Ready(Ok(()));
            }
            if this.filled == PACKET_HEADER_SIZE {
                let length = u16::from_be_bytes([this.head[2], this.head[3]]);
                let left = usize::from(length).checked_sub(PACKET_HEADER_SIZE);
                // Nothing in it: a handshake could go on like that for ever.
                let left = left.filter(|left| *left > 0);
                this.left = left.ok_or(io::ErrorKind::InvalidData)?;
                this.filled = 0;
            }
        }
        if this.is_read_bare {
            return Pin::new(&mut this.stream).poll_read(context, buffer);
        }
        let mut bytes = [0; MAX_CONTENT];
        let room = this.left.min(buffer.remaining()).min(bytes.len());
        let mut part = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut this.stream).poll_read(context, &mut part))?;
        this.left -= part.filled().len();
        buffer.put_slice(part.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wrapped<S> {
    /// What is said in one go of the handshake is one message: it is kept until the flush.
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.is_written_bare {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        if self.said.len() + bytes.len() > MAX_FLIGHT {
            return Poll::Ready(Err(io::ErrorKind::InvalidInput.into()));
        }
        self.said.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let said = std::mem::take(&mut this.said);
        this.packets
            .extend_from_slice(&packets(PacketType::PreLogin, &said));
        while !this.packets.is_empty() {
            let stream = Pin::new(&mut this.stream);
            let written = ready!(stream.poll_write(context, &this.packets))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            this.packets.drain(..written);
        }
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
