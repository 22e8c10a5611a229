//! Protocols that have TLS from their first byte or never.

use tokio::net::TcpStream;

use super::handshake;
use crate::bounded::{Bounded, Overflow};
use crate::messages::Stream;
use crate::report::{Cause, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};

/// As much as a server may send in all, in bytes, encrypted.
const MAX_ALL: usize = 2 * 1024 * 1024;

/// The stage. Of a server that has no TLS, what it answers begins with a byte of the protocol's own (`is_own`), if it answers at all.
///
/// # Errors
/// The cause, which has been reported.
pub(crate) async fn stage(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
    is_own: fn(u8) -> bool,
) -> Result<Box<dyn Stream>, Cause> {
    if request.encryption == Encryption::Off {
        reporter.skipped(Stage::Tls, Cause::TlsOff);
        return Ok(Box::new(stream));
    }
    let stream = Bounded::new(stream, MAX_ALL, Overflow::default());
    let first = stream.first_byte();
    match handshake(request, stream, scrubber).await {
        Ok((stream, shown)) => {
            reporter.passed_showing(Stage::Tls, shown.certificate);
            Ok(Box::new(stream))
        }
        Err(mut halt) => {
            if halt.cause == Cause::WrongProtocol && first.get().is_some_and(is_own) {
                halt.cause = Cause::TlsNotOffered;
            }
            Err(reporter.failed(Stage::Tls, halt))
        }
    }
}
