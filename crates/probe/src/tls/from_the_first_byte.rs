//! Protocols that have TLS from their first byte or never.

use tokio::net::TcpStream;

use super::handshake;
use crate::messages::Stream;
use crate::report::{Cause, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};

/// The stage.
///
/// # Errors
/// The cause, which has been reported.
pub(crate) async fn stage(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<Box<dyn Stream>, Cause> {
    if request.encryption == Encryption::Off {
        reporter.skipped(Stage::Tls, Cause::TlsOff);
        return Ok(Box::new(stream));
    }
    match handshake(request, stream, scrubber).await {
        Ok((stream, shown)) => {
            reporter.passed_showing(Stage::Tls, shown.certificate);
            Ok(Box::new(stream))
        }
        Err(halt) => Err(reporter.failed(Stage::Tls, halt)),
    }
}
