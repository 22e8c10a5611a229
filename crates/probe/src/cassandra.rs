//! Cassandra, and what speaks its native protocol. No other host of the cluster is looked for.

mod frames;

use std::borrow::Cow;
use std::collections::HashMap;

use scylla_cql::frame::request::Startup;
use scylla_cql::frame::request::query::{Query, QueryParameters};
use scylla_cql::frame::response::error::{DbError, Error};
use scylla_cql::frame::types::Consistency;
use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use crate::tls;
use frames::{Answer, Frames};

/// What every account may read.
const QUERY: &str = "SELECT release_version FROM system.local";
/// Classes that take a user name and a password (SASL PLAIN) end with this.
const BY_PASSWORD: &str = "PasswordAuthenticator";

/// TLS to query, over a connection that is there.
pub(crate) async fn test(
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    let stream = tls::stage(request, stream, scrubber, reporter, frames::is_beginning).await?;
    let mut frames = Frames::new(stream);
    match log_in(request, &mut frames, scrubber).await {
        Ok(None) => reporter.passed(Stage::Authenticate),
        Ok(Some(note)) => reporter.passed_with(Stage::Authenticate, note),
        Err(halt) => return Err(reporter.failed(Stage::Authenticate, halt)),
    }
    let question = Query {
        contents: Cow::Borrowed(QUERY),
        // Of the node that is asked: the others may be away.
        parameters: QueryParameters {
            consistency: Consistency::One,
            ..QueryParameters::default()
        },
    };
    let halt = match frames.ask(&question).await {
        Ok(Answer::Rows) => {
            reporter.passed(Stage::Authorise);
            reporter.passed(Stage::Query);
            return Ok(());
        }
        Ok(Answer::Error(error)) => refused(&error, scrubber),
        Ok(_) => Cause::WrongProtocol.into(),
        Err(cause) => cause.into(),
    };
    if halt.cause == Cause::NoPermission {
        return Err(reporter.failed(Stage::Authorise, halt));
    }
    reporter.passed(Stage::Authorise);
    Err(reporter.failed(Stage::Query, halt))
}

/// What is worth knowing of the credential.
async fn log_in(
    request: &Request,
    frames: &mut Frames,
    scrubber: &Scrubber,
) -> Result<Option<Cause>, Halt> {
    let is_anonymous = request.auth == "Anonymous";
    let options =
        HashMap::from([("CQL_VERSION", "3.0.0")].map(|(name, value)| (name.into(), value.into())));
    let by = match frames.ask(&Startup { options }).await? {
        Answer::Ready if is_anonymous => return Ok(None),
        Answer::Ready => return Ok(Some(Cause::PasswordNotChecked)),
        Answer::Authenticate(_) if is_anonymous => return Err(Cause::SignInRequired.into()),
        Answer::Authenticate(by) => by,
        Answer::Error(error) => return Err(refused(&error, scrubber)),
        _ => return Err(Cause::WrongProtocol.into()),
    };
    if !by.ends_with(BY_PASSWORD) {
        return Err(Halt {
            said: Some(scrubber.scrub(&by)),
            ..Halt::from(Cause::MethodUnknown)
        });
    }
    match frames.prove(&token(request)?).await? {
        Answer::AuthSuccess => Ok(None),
        Answer::AuthChallenge => Err(Cause::MethodUnknown.into()),
        Answer::Error(error) => Err(refused(&error, scrubber)),
        _ => Err(Cause::WrongProtocol.into()),
    }
}

/// RFC 4616: a NUL, the user name, a NUL, the password.
fn token(request: &Request) -> Result<Zeroizing<Vec<u8>>, Cause> {
    let user = request.property("username").ok_or(Cause::BadRequest)?;
    let password = request.secret("password").ok_or(Cause::PasswordMissing)?;
    // EXPOSE: the data store is told it, in the clear only where TLS was switched off.
    let password = password.expose();
    if user.contains('\0') || password.contains('\0') {
        return Err(Cause::BadRequest);
    }
    let mut token = Zeroizing::new(Vec::with_capacity(user.len() + password.len() + 2));
    for text in [user, password] {
        token.push(0);
        token.extend_from_slice(text.as_bytes());
    }
    Ok(token)
}

/// The cause, with the server's code and words.
fn refused(error: &Error, scrubber: &Scrubber) -> Halt {
    let code = error.error.code(&Default::default());
    Halt {
        code: Some(format!("0x{code:04X}").into()),
        said: Some(scrubber.scrub(&error.reason)),
        ..Halt::from(of(error))
    }
}

fn of(error: &Error) -> Cause {
    match error.error {
        // One code for these; a server speaks English whatever its system does.
        DbError::AuthenticationError if error.reason.contains("not permitted to log in") => {
            Cause::AccountLocked
        }
        DbError::AuthenticationError if error.reason.starts_with("Unable to perform") => {
            Cause::NotReady
        }
        DbError::AuthenticationError => Cause::WrongPassword,
        DbError::Unauthorized => Cause::NoPermission,
        DbError::Unavailable { .. } | DbError::IsBootstrapping => Cause::NotReady,
        DbError::Overloaded => Cause::TooManyConnections,
        _ => Cause::StoreRefused,
    }
}
