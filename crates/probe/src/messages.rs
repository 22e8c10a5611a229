//! A connection whose other side is not listened to without end: what it says of a message's length is not believed before it is bounded.

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::report::Cause;

/// As long as a message of a test may be, in bytes.
const MAX_MESSAGE: usize = 64 * 1024;
/// As much as a server may send in all, in bytes.
const MAX_ALL: usize = 1024 * 1024;

/// What a protocol is spoken over.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Bytes to and from a server.
pub(crate) struct Messages<S> {
    stream: S,
    left: usize,
}

impl<S: Stream> Messages<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            left: MAX_ALL,
        }
    }

    /// So many bytes, neither fewer nor more.
    ///
    /// # Errors
    /// [`Cause::TooMuch`] before anything is read or room is made for it, [`Cause::Closed`].
    pub(crate) async fn read(&mut self, length: usize) -> Result<Vec<u8>, Cause> {
        if length > MAX_MESSAGE || length > self.left {
            return Err(Cause::TooMuch);
        }
        self.left -= length;
        let mut bytes = vec![0; length];
        match self.stream.read_exact(&mut bytes).await {
            Ok(_) => Ok(bytes),
            Err(_) => Err(Cause::Closed),
        }
    }

    /// All of them.
    ///
    /// # Errors
    /// [`Cause::Closed`].
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        written.await.map_err(|_| Cause::Closed)
    }

    /// The connection, with everything that was not asked for still in it.
    pub(crate) fn into_stream(self) -> S {
        self.stream
    }
}
