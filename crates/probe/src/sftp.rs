//! Files over SSH.

mod host_key;
mod key;
mod login;
mod rsa;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use russh::client::{self, Handle};
use russh::keys::Algorithm;
use russh_sftp::client::{Config, SftpSession};
use tokio::net::TcpStream;

use crate::bounded::{Bounded, Overflow};
use crate::connect;
use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use host_key::{Expected, Judge, Judgement};

/// As much as a server may send, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// As large as a message about files may be, in bytes.
const MAX_MESSAGE: u32 = 16 * 1024;

/// SSH's handshake to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let overflow = Overflow::default();
    let (mut session, judgement) =
        match handshake(request, stream, overflow.clone(), scrubber).await {
            Ok(both) => both,
            Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
        };
    match judgement {
        Judgement::Trusted(key) => reporter.passed_showing(Stage::Tls, Some(key)),
        Judgement::NotChecked(key) => {
            let note = host_key::halt(Cause::HostKeyNotChecked, key);
            reporter.passed_noting(Stage::Tls, note);
        }
        Judgement::Refused(halt) => return Err(reporter.failed(Stage::Tls, *halt)),
    }
    match login::log_in(request, &mut session).await {
        Ok(None) => reporter.passed(Stage::Authenticate),
        Ok(Some(note)) => reporter.passed_with(Stage::Authenticate, note),
        Err(cause) => return Err(reporter.failed(Stage::Authenticate, overflow.or(cause.into()))),
    }
    let files = match open(&session).await {
        Ok(files) => files,
        Err(cause) => return Err(reporter.failed(Stage::Authorise, overflow.or(cause.into()))),
    };
    reporter.passed(Stage::Authorise);
    match files.canonicalize(".").await {
        Ok(_) => reporter.passed(Stage::Query),
        Err(error) => {
            return Err(reporter.failed(Stage::Query, overflow.or(query(&error, scrubber))));
        }
    }
    Ok(())
}

/// The server's key, by each algorithm that it may have one for: the one that is trusted need not be the one that it prefers.
async fn handshake(
    request: &Request,
    stream: TcpStream,
    overflow: Overflow,
    scrubber: &Scrubber,
) -> Result<(Handle<Judge>, Judgement), Halt> {
    let address = stream.peer_addr().map_err(|_| Cause::Closed)?;
    let expected = Expected::of(request)?;
    let mut algorithms = host_key::algorithms();
    let mut shown = None;
    let mut stream = Some(stream);
    loop {
        let connection = match stream.take() {
            Some(stream) => stream,
            None => again(request, address).await?,
        };
        let connection = Bounded::new(connection, MAX_BYTES, overflow.clone());
        let (judge, seen) = Judge::new(&expected, &request.destination.host, scrubber);
        let outcome = client::connect_stream(config(&algorithms), connection, judge).await;
        let judgement = seen.take();
        match (outcome, judgement) {
            (Ok(session), Some(judgement)) => return Ok((session, judgement)),
            // Another one than the trusted: it may have more.
            (Err(_), Some(Judgement::Refused(halt))) if halt.cause == Cause::HostKeyChanged => {
                let tried = seen.algorithm();
                algorithms.retain(|algorithm| Some(algorithm) != tried.as_ref());
                if tried.is_none() || algorithms.is_empty() {
                    return Err(*shown.unwrap_or(halt));
                }
                shown.get_or_insert(halt);
            }
            (Err(_), Some(Judgement::Refused(halt))) => return Err(*halt),
            (Err(russh::Error::NoCommonAlgo { .. }), None) if shown.is_some() => {
                return Err(shown.map_or(Cause::HostKeyChanged.into(), |halt| *halt));
            }
            (Err(_), _) if overflow.has_happened() => return Err(Cause::TooMuch.into()),
            (Err(error), _) => return Err(failure(&error).into()),
            (Ok(_), None) => return Err(Cause::WrongProtocol.into()),
        }
    }
}

async fn again(request: &Request, address: SocketAddr) -> Result<TcpStream, Cause> {
    let patience = Duration::from_millis(request.limits.connect_ms);
    connect::connect(&[address], patience).await
}

fn config(algorithms: &[Algorithm]) -> Arc<client::Config> {
    let mut config = client::Config::default();
    config.preferred.key = algorithms.to_vec().into();
    // Nothing that a server sends is unpacked.
    config.preferred.compression = vec![russh::compression::NONE].into();
    Arc::new(config)
}

fn failure(error: &russh::Error) -> Cause {
    match error {
        russh::Error::Version => Cause::WrongProtocol,
        russh::Error::NoCommonAlgo { .. } | russh::Error::UnknownAlgo => Cause::SshIncompatible,
        russh::Error::WrongServerSig => Cause::ServerNotProven,
        russh::Error::PacketSize(_) => Cause::TooMuch,
        russh::Error::IO(error) => match error.kind() {
            std::io::ErrorKind::InvalidData => Cause::WrongProtocol,
            _ => Cause::Closed,
        },
        russh::Error::Disconnect | russh::Error::HUP => Cause::Closed,
        _ => Cause::WrongProtocol,
    }
}

/// The subsystem, and its first message.
async fn open(session: &Handle<Judge>) -> Result<SftpSession, Cause> {
    let channel = session.channel_open_session().await;
    let mut channel = channel.map_err(|_| Cause::NoFileTransfer)?;
    let asked = channel.request_subsystem(true, "sftp").await;
    asked.map_err(|_| Cause::Closed)?;
    loop {
        match channel.wait().await {
            Some(russh::ChannelMsg::Success) => break,
            Some(russh::ChannelMsg::WindowAdjusted { .. }) => {}
            Some(_) => return Err(Cause::NoFileTransfer),
            None => return Err(Cause::Closed),
        }
    }
    let config = Config {
        max_packet_len: MAX_MESSAGE,
        ..Config::default()
    };
    let files = SftpSession::new_with_config(channel.into_stream(), config).await;
    // It was promised, and then something else came, or nothing: a shell that greets, most often.
    files.map_err(|_| Cause::NoFileTransfer)
}

fn query(error: &russh_sftp::client::error::Error, scrubber: &Scrubber) -> Halt {
    use russh_sftp::client::error::Error;
    use russh_sftp::protocol::StatusCode;
    match error {
        Error::Status(status) => Halt {
            code: Some(scrubber.scrub(&format!("{:?}", status.status_code))),
            said: Some(scrubber.scrub(&status.error_message)),
            ..Halt::from(match status.status_code {
                StatusCode::PermissionDenied => Cause::Forbidden,
                _ => Cause::QueryFailed,
            })
        },
        Error::Timeout => Cause::TimedOut.into(),
        _ => Cause::QueryFailed.into(),
    }
}
