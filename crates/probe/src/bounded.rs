//! A connection that gives up where a server sends more than a test needs: whatever is built on it makes room for what it is told.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::report::{Cause, Halt};

/// Whether the bound was reached, for whoever explains the error.
#[derive(Clone, Default)]
pub(crate) struct Overflow(Arc<AtomicBool>);

impl Overflow {
    /// It was.
    pub(crate) fn has_happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// That it was, or else this.
    pub(crate) fn or(&self, halt: Halt) -> Halt {
        match self.has_happened() {
            true => Cause::TooMuch.into(),
            false => halt,
        }
    }
}

/// The first byte that came, for whoever explains what is no TLS.
#[derive(Clone, Default)]
pub(crate) struct FirstByte(Arc<OnceLock<u8>>);

#[cfg(any(feature = "cassandra", feature = "mongodb"))]
impl FirstByte {
    /// If one came.
    pub(crate) fn get(&self) -> Option<u8> {
        self.0.get().copied()
    }
}

/// The connection.
pub(crate) struct Bounded<S> {
    stream: S,
    left: usize,
    overflow: Overflow,
    first: FirstByte,
}

impl<S> Bounded<S> {
    /// As many bytes may come as `most`.
    pub(crate) fn new(stream: S, most: usize, overflow: Overflow) -> Self {
        Self {
            stream,
            left: most,
            overflow,
            first: FirstByte::default(),
        }
    }

    /// It is kept in mind.
    #[cfg(any(feature = "cassandra", feature = "mongodb"))]
    pub(crate) fn first_byte(&self) -> FirstByte {
        self.first.clone()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = read {
            let came = buffer.filled().len() - before;
            let Some(left) = self.left.checked_sub(came) else {
                self.overflow.0.store(true, Ordering::Relaxed);
                buffer.set_filled(before);
                return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
            };
            self.left = left;
            if let Some(first) = buffer.filled().get(before) {
                self.first.0.get_or_init(|| *first);
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt as _;

    #[tokio::test(flavor = "current_thread")]
    async fn what_fits_comes_and_what_does_not_is_an_error() {
        let overflow = Overflow::default();
        let mut stream = Bounded::new(&b"12345"[..], 5, overflow.clone());
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.unwrap();
        assert_eq!(stream.first.0.get(), Some(&b'1'));
        assert!(read == b"12345" && !overflow.has_happened());
        let mut stream = Bounded::new(&b"123456"[..], 5, overflow.clone());
        assert!(stream.read_to_end(&mut read).await.is_err());
        assert!(overflow.has_happened());
    }
}
