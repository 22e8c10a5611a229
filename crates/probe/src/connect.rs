//! The connection, to an address that has been checked.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::report::Cause;

/// As many addresses of a name as are tried.
const MAX_TRIED: usize = 4;

/// To the first of the addresses that accepts, within this time for all of them.
///
/// # Errors
/// The cause at the last of them.
pub(crate) async fn connect(
    addresses: &[SocketAddr],
    patience: Duration,
) -> Result<TcpStream, Cause> {
    let tried = &addresses[..addresses.len().min(MAX_TRIED)];
    let each = patience / u32::try_from(tried.len().max(1)).unwrap_or(1);
    let mut last = Cause::ConnectFailed;
    for address in tried {
        match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // A test is many small messages; without it, they only come later.
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = failure(&error),
            Err(_) => last = Cause::Filtered,
        }
    }
    Err(last)
}

fn failure(error: &Error) -> Cause {
    match error.kind() {
        ErrorKind::ConnectionRefused => Cause::Refused,
        ErrorKind::TimedOut => Cause::Filtered,
        ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::AddrNotAvailable
        | ErrorKind::NetworkDown => Cause::Unreachable,
        ErrorKind::PermissionDenied => Cause::ConnectForbidden,
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted => Cause::Closed,
        _ => Cause::ConnectFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_tells_apart_what_a_person_must_know() {
        for (number, cause) in [
            (libc::ECONNREFUSED, Cause::Refused),
            (libc::ETIMEDOUT, Cause::Filtered),
            (libc::EHOSTUNREACH, Cause::Unreachable),
            (libc::ENETUNREACH, Cause::Unreachable),
            (libc::EPERM, Cause::ConnectForbidden),
            (libc::EACCES, Cause::ConnectForbidden),
            (libc::ECONNRESET, Cause::Closed),
            (libc::EMFILE, Cause::ConnectFailed),
        ] {
            assert_eq!(
                failure(&Error::from_raw_os_error(number)),
                cause,
                "{number}"
            );
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_listens() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let found = connect(&[address], Duration::from_secs(5)).await;
        assert_eq!(found.err(), Some(Cause::Refused));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn nobody_answers() {
        // A full queue of connections drops what comes, as a firewall does.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(Ok(stream)) =
            timeout(Duration::from_millis(100), TcpStream::connect(address)).await
        {
            waiting.push(stream);
        }
        let found = connect(&[address], Duration::from_millis(100)).await;
        assert_eq!(found.err(), Some(Cause::Filtered));
    }
}
