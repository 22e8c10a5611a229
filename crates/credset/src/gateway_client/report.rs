//! An answer that comes line by line.

use http::Request;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::MOST_BYTES;
use crate::failure::Failure;
use crate::http_answer::Answer;
use crate::trouble;

/// Sends the request. Of an answer with status 200 each line is handed over as it comes, and no body is left; any other is read to its end.
///
/// # Errors
/// When the connection breaks, the answer is longer than anything should be, and what `hear` says.
pub(super) async fn listen(
    stream: TlsStream<TcpStream>,
    request: Request<Full<Bytes>>,
    hear: &mut impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Answer, Failure> {
    let broken = |why: hyper::Error| trouble::interrupted_answer(&why);
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let driven = Driven(tokio::spawn(connection));
    let (head, body) = sender
        .send_request(request)
        .await
        .map_err(broken)?
        .into_parts();
    let mut body = Limited::new(body, MOST_BYTES);
    let mut rest = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|why| trouble::interrupted_answer(&why))?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        rest.extend_from_slice(&data);
        while head.status == 200
            && let Some(end) = rest.iter().position(|byte| *byte == b'\n')
        {
            hear(&rest[..end])?;
            rest.drain(..=end);
        }
    }
    drop(driven);
    let status = head.status.as_u16();
    Ok(Answer::new(status, &head.headers, rest))
}

/// A connection's own task, which ends with this: with it the gateway ends the test.
struct Driven(tokio::task::JoinHandle<Result<(), hyper::Error>>);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.abort();
    }
}
