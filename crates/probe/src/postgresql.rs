//! PostgreSQL, and Redshift, which speaks its protocol.

mod bounds;
mod refusal;
mod session;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::{Config, SimpleQueryMessage};

use crate::messages::Stream;
use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::{Encryption, Request};
use crate::tls;
use bounds::{Bounds, Watch};
use session::Session;

/// What the account's administrator sees of the test.
const APPLICATION: &str = "credential-gateway test";
const QUERY: &str = "SELECT 1";
/// `SSLRequest`: its length and its code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
/// The way to log in that has a user name and a password.
const BASIC: &str = "Basic";

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let (stream, end_point) = match request.encryption {
        Encryption::Off => {
            reporter.skipped(Stage::Tls, Cause::TlsOff);
            (Box::new(stream) as Box<dyn Stream>, None)
        }
        Encryption::Required => match encrypt(request, stream, scrubber).await {
            Ok((stream, shown)) => {
                reporter.passed_showing(Stage::Tls, shown.certificate);
                (stream, shown.end_point)
            }
            Err(halt) => return Err(reporter.failed(Stage::Tls, halt)),
        },
    };
    let config = match config(request) {
        Ok(config) => config,
        Err(cause) => return Err(reporter.failed(Stage::Authenticate, cause.into())),
    };
    let may_show = match request.encryption {
        Encryption::Required => bounds::Password::OverTls,
        Encryption::Off => bounds::Password::Hashed,
    };
    let may_show = config
        .get_password()
        .map_or(bounds::Password::Missing, |_| may_show);
    let (stream, watch) = Bounds::new(stream, may_show);
    let connected = config.connect_raw(stream, Session::new(end_point)).await;
    let (client, connection) = match connected {
        Ok(both) => both,
        Err(error) => return Err(refused(&error, &watch, scrubber, reporter)),
    };
    authenticated(&watch, reporter);
    reporter.passed(Stage::Authorise);
    let answer = tokio::select! {
        answer = client.simple_query(QUERY) => answer,
        // It has ended before the answer was there.
        _ = connection => {
            let cause = watch.cause().unwrap_or(Cause::Closed);
            return Err(reporter.failed(Stage::Query, cause.into()));
        }
    };
    match answer {
        Ok(rows) if rows.iter().any(is_one) => {
            reporter.passed(Stage::Query);
            Ok(())
        }
        Ok(_) => Err(reporter.failed(Stage::Query, Cause::QueryFailed.into())),
        Err(error) => {
            let mut halt = refusal::halt(&error, &watch, scrubber);
            if halt.code.is_some() {
                halt.cause = Cause::QueryFailed;
            }
            Err(reporter.failed(Stage::Query, halt))
        }
    }
}

fn is_one(message: &SimpleQueryMessage) -> bool {
    matches!(message, SimpleQueryMessage::Row(row) if row.len() == 1 && row.get(0) == Some("1"))
}

/// The server is asked for TLS first: it says yes or no with one byte.
async fn encrypt(
    request: &Request,
    mut stream: TcpStream,
    scrubber: &Scrubber,
) -> Result<(Box<dyn Stream>, tls::Shown), Halt> {
    let closed = |_| Halt::from(Cause::Closed);
    stream.write_all(&SSL_REQUEST).await.map_err(closed)?;
    match stream.read_u8().await.map_err(closed)? {
        b'S' => {}
        b'N' => return Err(Cause::TlsNotOffered.into()),
        // An error that nobody has authenticated: what it says is not read.
        b'E' => return Err(Cause::NotReady.into()),
        _ => return Err(Cause::WrongProtocol.into()),
    }
    let (stream, shown) = tls::handshake(request, stream, scrubber).await?;
    Ok((Box::new(stream), shown))
}

fn config(request: &Request) -> Result<Config, Cause> {
    let (Some(user), Some(database)) = (request.property("username"), request.property("database"))
    else {
        return Err(Cause::BadRequest);
    };
    let has_nul = |text: &str| text.contains('\0');
    if request.auth != BASIC || has_nul(user) || has_nul(database) {
        return Err(Cause::BadRequest);
    }
    let mut config = Config::new();
    config
        .user(user)
        .dbname(database)
        .application_name(APPLICATION)
        // TLS has been settled; see `session`.
        .ssl_mode(SslMode::Require)
        .ssl_negotiation(SslNegotiation::Direct);
    if let Some(password) = request.secret("password") {
        // EXPOSE: the driver proves to the data store that it knows it.
        config.password(password.expose());
    }
    Ok(config)
}

/// Which stage an error belongs to: PostgreSQL says that the login succeeded before it looks at the database.
fn refused(
    error: &tokio_postgres::Error,
    watch: &Watch,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Cause {
    let halt = refusal::halt(error, watch, scrubber);
    if watch.is_authenticated() && !refusal::is_about_account(halt.cause) {
        authenticated(watch, reporter);
        return reporter.failed(Stage::Authorise, halt);
    }
    reporter.failed(Stage::Authenticate, halt)
}

fn authenticated(watch: &Watch, reporter: &mut Reporter) {
    if watch.was_asked() {
        reporter.passed(Stage::Authenticate);
    } else {
        reporter.passed_with(Stage::Authenticate, Cause::PasswordNotChecked);
    }
}
