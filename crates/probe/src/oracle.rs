//! Oracle Database, by Oracle's own driver. It makes its own connections and goes wherever a listener sends it: so it is given a way to
//! ourselves, and what passes there is looked at.

mod packet;
mod refusal;
mod relay;
mod rounds;

use std::net::{Ipv4Addr, SocketAddr};

use oracledb::{Config, Connection, Error, ErrorKind};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use relay::relay;

/// What the data store's administrator sees of the test.
const PROGRAM: &str = "credential-gateway-test";

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let begun = begin(request, stream).await;
    let (config, relayed) = match begun {
        Ok(begun) => begun,
        Err(cause) => return Err(reporter.failed(Stage::Tls, cause.into())),
    };
    // As the connection string has it: PROTOCOL=TCP.
    reporter.skipped(Stage::Tls, Cause::TlsOff);
    let connected = spawn_blocking(move || oracledb::connect(config)).await;
    let connection = match outcome(connected) {
        Ok(connection) => connection,
        Err(failure) => {
            let (stage, halt) = reason(failure, relayed, scrubber).await;
            if stage == Stage::Authorise {
                reporter.passed(Stage::Authenticate);
            }
            return Err(reporter.failed(stage, halt));
        }
    };
    reporter.passed(Stage::Authenticate);
    // Whoever may not make a session does not get this far.
    reporter.passed(Stage::Authorise);
    match outcome(spawn_blocking(move || answers(&connection)).await) {
        Ok(()) => {
            reporter.passed(Stage::Query);
            Ok(())
        }
        Err(failure) => {
            let (_, halt) = reason(failure, relayed, scrubber).await;
            Err(reporter.failed(Stage::Query, halt))
        }
    }
}

/// One round trip within the session.
fn answers(connection: &Connection) -> Result<(), Error> {
    connection.ping()
}

/// What the driver is told, and what becomes of the connection that it thinks is the data store's.
async fn begin(
    request: &Request,
    stream: TcpStream,
) -> Result<(Config, JoinHandle<Option<Halt>>), Cause> {
    let user = request.property("User Id").ok_or(Cause::BadRequest)?;
    let password = request.secret("Password").ok_or(Cause::PasswordMissing)?;
    let database = database(request)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    let listener = listener.map_err(|_| Cause::ProbeNotStarted)?;
    let address = listener.local_addr().map_err(|_| Cause::ProbeNotStarted)?;
    // EXPOSE: the data store is shown that it is known; it is not sent as it is.
    let config = Config::default().set_credentials(user, password.expose());
    let config = named(config, &descriptor(address, &database)).map_err(|_| Cause::BadRequest)?;
    Ok((config, tokio::spawn(relay(listener, stream))))
}

fn named(config: Config, descriptor: &str) -> Result<Config, Error> {
    config
        .set_connect_string(descriptor)?
        .set_program(PROGRAM)?
        .set_machine(PROGRAM)?
        .set_osuser(PROGRAM)
}

/// Which of the listener's databases, in the words of a descriptor. Nothing else gets into it.
fn database(request: &Request) -> Result<String, Cause> {
    let (word, name) = match (request.property("ServiceName"), request.property("Sid")) {
        (Some(name), None) => ("SERVICE_NAME", name),
        (None, Some(name)) => ("SID", name),
        _ => return Err(Cause::BadRequest),
    };
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_$#.-".contains(&byte);
    match name.bytes().all(fits) {
        true => Ok(format!("({word}={name})")),
        false => Err(Cause::BadRequest),
    }
}

fn descriptor(address: SocketAddr, database: &str) -> String {
    let (host, port) = (address.ip(), address.port());
    // Else the driver waits a second before it says that it could not.
    format!(
        "(DESCRIPTION=(RETRY_DELAY=0)(ADDRESS=(PROTOCOL=TCP)(HOST={host})(PORT={port}))(CONNECT_DATA={database}))"
    )
}

/// Why the driver gave up: the database said no, it could not go on, or it met something that its authors did not think of.
enum Failure {
    Error(Error),
    Panic,
}

fn outcome<T>(ended: Result<Result<T, Error>, JoinError>) -> Result<T, Failure> {
    match ended {
        Ok(outcome) => outcome.map_err(Failure::Error),
        Err(_) => Err(Failure::Panic),
    }
}

/// What the database says comes first, then what was seen of the listener and the connection.
async fn reason(
    failure: Failure,
    relayed: JoinHandle<Option<Halt>>,
    scrubber: &Scrubber,
) -> (Stage, Halt) {
    let kind = match &failure {
        Failure::Error(error) => Some(error.kind()),
        Failure::Panic => None,
    };
    if let Some(ErrorKind::DbError(error)) = kind {
        let (stage, cause) = refusal::cause_of(error.code());
        let halt = Halt {
            code: Some(scrubber.scrub(&refusal::code(error.code()))),
            said: Some(scrubber.scrub(error.message())),
            ..Halt::from(cause)
        };
        return (stage, halt);
    }
    // The driver has let go of its end, so that this one ends, too.
    if let Ok(Some(halt)) = relayed.await {
        return (Stage::Authenticate, halt);
    }
    let cause = match kind {
        Some(ErrorKind::ServerVersionNotSupported) => Cause::MethodUnknown,
        Some(ErrorKind::DeadConnection | ErrorKind::StreamOperation) => Cause::Closed,
        _ => Cause::WrongProtocol,
    };
    (Stage::Authenticate, cause.into())
}
