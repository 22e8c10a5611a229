//! Messages over the connection that was checked (MS-SMB2, section 2.1), none of them larger than a test needs.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use smb2::client::connection::Connection;
use smb2::transport::{TransportReceive, TransportSend};
use smb2::{Error, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::negotiation::Negotiation;
use crate::bounded::{Bounded, Overflow};
use crate::report::Cause;

/// As much as a server may send in all, in bytes.
const MAX_ALL: usize = 1024 * 1024;
/// As long as a message may be, in bytes: a list of files has up to 64 KiB.
const MAX_MESSAGE: usize = 128 * 1024;
/// How a message begins: as it is, and encrypted. Compressed ones were not asked for.
const BEGINNINGS: [&[u8]; 2] = [b"\xfeSMB", b"\xfdSMB"];

/// What was wrong with what came: whoever waits for an answer is told only that there is none.
#[derive(Clone, Default)]
pub(super) struct Fault {
    cause: Arc<OnceLock<Cause>>,
    overflow: Overflow,
}

impl Fault {
    pub(super) fn cause(&self) -> Option<Cause> {
        let too_much = self.overflow.has_happened().then_some(Cause::TooMuch);
        too_much.or_else(|| self.cause.get().copied())
    }

    fn happens(&self, cause: Cause) -> Error {
        // The first one counts.
        let _ = self.cause.set(cause);
        Error::invalid_data("this is no message of a test's")
    }
}

struct Sender {
    stream: Mutex<WriteHalf<Bounded<TcpStream>>>,
    negotiation: Negotiation,
}

struct Receiver {
    stream: Mutex<ReadHalf<Bounded<TcpStream>>>,
    fault: Fault,
    negotiation: Negotiation,
}

/// A client over this connection, which makes no other.
pub(super) fn connection(
    stream: TcpStream,
    fault: Fault,
    negotiation: Negotiation,
    server: &str,
) -> Connection {
    let stream = Bounded::new(stream, MAX_ALL, fault.overflow.clone());
    let (reader, writer) = tokio::io::split(stream);
    let receiver = Receiver {
        stream: Mutex::new(reader),
        fault,
        negotiation: negotiation.clone(),
    };
    let sender = Sender {
        stream: Mutex::new(writer),
        negotiation,
    };
    Connection::from_transport(Box::new(sender), Box::new(receiver), server)
}

#[async_trait]
impl TransportSend for Sender {
    async fn send(&self, message: &[u8]) -> Result<()> {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        // The first byte of a length is a kind, and zero.
        if length >> 24 != 0 {
            return Err(Error::invalid_data("a message is too long"));
        }
        let mut message = message.to_vec();
        self.negotiation.announce(&mut message);
        let mut stream = self.stream.lock().await;
        stream.write_all(&length.to_be_bytes()).await?;
        stream.write_all(&message).await?;
        Ok(stream.flush().await?)
    }
}

#[async_trait]
impl TransportReceive for Receiver {
    async fn receive(&self) -> Result<Vec<u8>> {
        let mut stream = self.stream.lock().await;
        let mut length = [0; 4];
        stream.read_exact(&mut length).await?;
        if length[0] != 0 {
            return Err(self.fault.happens(Cause::WrongProtocol));
        }
        let length = u32::from_be_bytes(length) as usize;
        if length > MAX_MESSAGE {
            return Err(self.fault.happens(Cause::TooMuch));
        }
        let mut message = vec![0; length];
        stream.read_exact(&mut message).await?;
        match BEGINNINGS.iter().any(|start| message.starts_with(start)) {
            true => {
                self.negotiation.hear(&message);
                Ok(message)
            }
            false => Err(self.fault.happens(Cause::WrongProtocol)),
        }
    }
}
