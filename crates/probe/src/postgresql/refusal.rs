//! From the server's code (SQLSTATE) to a cause.

use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::DbError;

use super::bounds::Watch;
use crate::report::{Cause, Halt, Scrubber};

/// Why the driver gave up.
pub(super) fn halt(error: &Error, watch: &Watch, scrubber: &Scrubber) -> Halt {
    if let Some(cause) = watch.cause() {
        return cause.into();
    }
    match error.as_db_error() {
        None => without_code(error).into(),
        Some(said) => {
            let code = said.code().code();
            let is_code = code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
            Halt {
                code: is_code.then(|| scrubber.scrub(code)),
                said: Some(scrubber.scrub(said.message())),
                ..Halt::from(of(code, said))
            }
        }
    }
}

/// Those that are failures of authentication even where the password was right.
pub(super) fn is_about_account(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::WrongPassword | Cause::NoSuchUser | Cause::AccountLocked | Cause::NotAdmitted
    )
}

fn of(code: &str, said: &DbError) -> Cause {
    match code {
        "28P01" => Cause::WrongPassword,
        "28000" => of_28000(said),
        "3D000" => Cause::NoSuchDatabase,
        "42501" => Cause::NoPermission,
        "53300" => Cause::TooManyConnections,
        "55000" => Cause::DatabaseClosed,
        "57P01" | "57P02" | "57P03" => Cause::NotReady,
        // A protocol violation, or a version that it does not have.
        "08P01" | "0A000" => Cause::WrongProtocol,
        _ => Cause::StoreRefused,
    }
}

/// One code for several causes: the place in the server's source, which is in no language, tells those about the account from those about
/// the way in. Among the former only the words do, where they are English.
fn of_28000(said: &DbError) -> Cause {
    let message = said.message();
    match said.routine() {
        Some("InitializeSessionUserId") if message.contains("does not exist") => Cause::NoSuchUser,
        Some("InitializeSessionUserId") => Cause::AccountLocked,
        _ => Cause::NotAdmitted,
    }
}

fn without_code(error: &Error) -> Cause {
    // The driver's own word for it; what the server said is not in it.
    if error.to_string().starts_with("authentication error") {
        return Cause::ServerNotProven;
    }
    let source = std::error::Error::source(error);
    let io = source.and_then(|source| source.downcast_ref::<io::Error>());
    match io.map(io::Error::kind) {
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput) => Cause::WrongProtocol,
        Some(_) => Cause::Closed,
        None if error.is_closed() => Cause::Closed,
        None => Cause::WrongProtocol,
    }
}
