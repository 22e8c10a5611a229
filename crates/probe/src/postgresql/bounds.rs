//! Looks at what the server sends before the driver does: the driver makes room for whatever length a message claims, and answers a
//! request for the password in the clear.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::report::Cause;

/// As long as a message of a test may be, in bytes.
const MAX_MESSAGE: u32 = 64 * 1024;
/// As much as a server may send in all, in bytes.
const MAX_ALL: usize = 1024 * 1024;
/// Kind, length, and the number of a request for authentication.
const HEAD: usize = 9;
/// What a server of this protocol may begin with: a request for authentication, an error, a notice, a version.
const BEGINNINGS: [u8; 4] = [b'R', b'E', b'N', b'v'];

/// How the password may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Password {
    /// There is none.
    Missing,
    /// Only so that a listener does not learn it.
    Hashed,
    /// In any way.
    OverTls,
}

/// What has been seen.
#[derive(Debug, Default)]
struct Seen {
    is_authenticated: bool,
    was_asked: bool,
    cause: Option<Cause>,
}

/// What has been seen on the connection, for whoever explains the driver's error.
#[derive(Clone, Default)]
pub(super) struct Watch(Arc<Mutex<Seen>>);

impl Watch {
    /// The server said that it believes the credential.
    pub(super) fn is_authenticated(&self) -> bool {
        self.seen().is_authenticated
    }

    /// The server asked for the password.
    pub(super) fn was_asked(&self) -> bool {
        self.seen().was_asked
    }

    /// Why the connection was given up here.
    pub(super) fn cause(&self) -> Option<Cause> {
        self.seen().cause
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection.
pub(super) struct Bounds<S> {
    stream: S,
    watch: Watch,
    password: Password,
    /// The present message's first bytes.
    head: [u8; HEAD],
    filled: usize,
    /// What is still to come of it.
    body: usize,
    messages: usize,
    all: usize,
}

impl<S> Bounds<S> {
    pub(super) fn new(stream: S, password: Password) -> (Self, Watch) {
        let watch = Watch::default();
        let bounds = Self {
            stream,
            watch: watch.clone(),
            password,
            head: [0; HEAD],
            filled: 0,
            body: 0,
            messages: 0,
            all: 0,
        };
        (bounds, watch)
    }

    fn look(&mut self, mut bytes: &[u8]) -> Result<(), Cause> {
        self.all += bytes.len();
        if self.all > MAX_ALL {
            return Err(Cause::TooMuch);
        }
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.body > 0 {
                let skipped = self.body.min(bytes.len());
                self.body -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            bytes = rest;
            self.head[self.filled] = byte;
            self.filled += 1;
            self.head_grew()?;
        }
        Ok(())
    }

    fn head_grew(&mut self) -> Result<(), Cause> {
        let [kind, a, b, c, d, number @ ..] = self.head;
        if self.filled == 1 && self.messages == 0 && !BEGINNINGS.contains(&kind) {
            return Err(Cause::WrongProtocol);
        }
        if self.filled < 5 {
            return Ok(());
        }
        let length = u32::from_be_bytes([a, b, c, d]);
        let is_authentication = kind == b'R';
        if self.filled == 5 {
            if length > MAX_MESSAGE {
                return Err(Cause::TooMuch);
            }
            if length < if is_authentication { 8 } else { 4 } {
                return Err(Cause::WrongProtocol);
            }
            if is_authentication {
                return Ok(());
            }
        } else if self.filled < HEAD {
            return Ok(());
        } else {
            self.authentication(u32::from_be_bytes(number))?;
        }
        // The length counts itself and not the kind.
        self.body = length as usize + 1 - self.filled;
        self.filled = 0;
        self.messages += 1;
        Ok(())
    }

    /// `Authentication…`, by its number.
    fn authentication(&self, number: u32) -> Result<(), Cause> {
        let mut seen = self.watch.seen();
        match (number, self.password) {
            (0, _) => seen.is_authenticated = true,
            // Clear, MD5, SASL.
            (3 | 5 | 10, Password::Missing) => return Err(Cause::PasswordMissing),
            (3, Password::Hashed) => return Err(Cause::CleartextRefused),
            (3 | 5 | 10, _) => seen.was_asked = true,
            // SASL goes on.
            (11 | 12, _) => {}
            _ => return Err(Cause::MethodUnknown),
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounds<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read
            && let Err(cause) = self.look(&buffer.filled()[before..])
        {
            // The driver does not get to see it.
            buffer.set_filled(before);
            self.watch.seen().cause = Some(cause);
            return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounds<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
