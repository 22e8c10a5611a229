//! An answer that comes line by line.

use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

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
    let asked = super::ask(stream, request).await;
    // With the connection the gateway ends the test.
    let (head, mut body, _driven) = asked.map_err(|why| trouble::interrupted_answer(&why))?;
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
    let status = head.status.as_u16();
    Ok(Answer::new(status, &head.headers, rest))
}
