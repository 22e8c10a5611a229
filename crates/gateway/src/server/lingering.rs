//! Closing a connection whose caller is still sending. What is closed over bytes that nobody has read is reset, and the answer that
//! says why may be lost with it: so those bytes are taken first, for a moment (RFC 9112 §9.6).

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// How long a caller may go on sending what is not wanted.
const MOMENT: Duration = Duration::from_secs(1);

/// How much of it is taken, in bytes: more than anybody sends by mistake.
const BYTES: usize = 16 << 20;

/// Whether the last request may have left bytes behind.
#[derive(Clone, Default)]
pub(super) struct Unread(Arc<AtomicBool>);

impl Unread {
    pub(super) fn set(&self, unread: bool) {
        self.0.store(unread, Ordering::Relaxed);
    }
}

/// A stream whose shutdown waits for the other side, if there may be unread bytes.
pub(super) struct Lingering<S> {
    stream: S,
    unread: Unread,
    /// There once the writing half is shut down.
    over: Option<Pin<Box<Sleep>>>,
    /// Bytes that were taken since.
    taken: usize,
}

impl<S> Lingering<S> {
    pub(super) fn new(stream: S, unread: Unread) -> Self {
        Self {
            stream,
            unread,
            over: None,
            taken: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let it = &mut *self;
        if it.over.is_none() {
            ready!(Pin::new(&mut it.stream).poll_shutdown(context))?;
            if !it.unread.0.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        let over = it
            .over
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(MOMENT)));
        let mut passed_over = [0; 4096];
        while over.as_mut().poll(context).is_pending() {
            let mut buffer = ReadBuf::new(&mut passed_over);
            let read = ready!(Pin::new(&mut it.stream).poll_read(context, &mut buffer));
            // It has been told already; whether it hears more of this is its own affair.
            it.taken += buffer.filled().len();
            if read.is_err() || buffer.filled().is_empty() || it.taken > BYTES {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
