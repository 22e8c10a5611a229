//! Questions and answers over one connection.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

use super::answer::Answer;

/// As much as an answer's head may have, in bytes.
const MAX_HEAD: usize = 16 * 1024;
const MAX_HEADERS: usize = 64;
/// As much as is read of a body, in bytes: whoever answers has answered.
const MAX_BODY: usize = 8 * 1024;

/// What a request travels on.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// Ended when it is dropped.
pub(super) struct Conversation {
    sender: SendRequest<Full<Bytes>>,
    connection: JoinHandle<hyper::Result<()>>,
}

impl Conversation {
    pub(super) async fn begin(stream: Box<dyn Stream>) -> hyper::Result<Self> {
        let (sender, connection) = Builder::new()
            .max_buf_size(MAX_HEAD)
            .max_headers(MAX_HEADERS)
            .handshake(TokioIo::new(stream))
            .await?;
        let connection = tokio::spawn(connection);
        Ok(Self { sender, connection })
    }

    /// The beginning of an answer. If there is more of it than is read, nothing can be asked any more.
    pub(super) async fn exchange(
        &mut self,
        question: http::Request<Full<Bytes>>,
    ) -> hyper::Result<Answer> {
        self.sender.ready().await?;
        let response = match self.sender.send_request(question).await {
            Ok(response) => response,
            // It may have been told why before it could be asked.
            Err(error) if error.is_canceled() || error.is_closed() => {
                return Err(match (&mut self.connection).await {
                    Ok(Err(reason)) => reason,
                    _ => error,
                });
            }
            Err(error) => return Err(error),
        };
        let (head, mut body) = response.into_parts();
        // There may be a session in it. It never grows.
        let mut beginning = Zeroizing::new(Vec::with_capacity(MAX_BODY));
        while beginning.len() < MAX_BODY {
            match body.frame().await {
                Some(Ok(frame)) => {
                    let room = MAX_BODY - beginning.len();
                    let more = frame.data_ref().into_iter().flatten();
                    beginning.extend(more.take(room));
                }
                // What came until then is all that there is.
                Some(Err(_)) | None => break,
            }
        }
        Ok(Answer::new(head.status, head.headers, beginning))
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.connection.abort();
    }
}
