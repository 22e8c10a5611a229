//! What drivers say, in states, numbers and words, and what it means.

use super::unix_odbc::Message;
use crate::report::{Cause, Clipped, Halt, Scrubber};

/// Of a failure while connecting.
pub(super) fn of_login(messages: &[Message], scrubber: &Scrubber) -> Halt {
    halt(messages, Cause::StoreRefused, scrubber)
}

/// Of a failed query: what it is for matters more than the state, unless the account may do nothing but change its password.
pub(super) fn of_query(messages: &[Message], scrubber: &Scrubber) -> Halt {
    let halt = halt(messages, Cause::QueryFailed, scrubber);
    match halt.cause {
        Cause::PasswordExpired => halt,
        _ => Halt {
            cause: Cause::QueryFailed,
            ..halt
        },
    }
}

/// Whether it is said after the login only.
pub(super) fn is_after_login(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::NoSuchDatabase | Cause::NoPermission | Cause::DatabaseClosed
    )
}

fn halt(messages: &[Message], otherwise: Cause, scrubber: &Scrubber) -> Halt {
    // Of several, the first that says something.
    let said = messages
        .iter()
        .find_map(|message| Some((message, of(message)?)));
    let (message, cause) = match said {
        Some((message, cause)) => (Some(message), cause),
        None => (messages.first(), otherwise),
    };
    Halt {
        code: message.map(|message| code(message, scrubber)),
        said: message.map(|message| scrubber.scrub(&message.text)),
        ..Halt::from(cause)
    }
}

fn code(message: &Message, scrubber: &Scrubber) -> Clipped {
    match message.number {
        0 => scrubber.scrub(&message.state),
        number => scrubber.scrub(&format!("{}/{number}", message.state)),
    }
}

fn of(message: &Message) -> Option<Cause> {
    by_words(&message.text).or(match (message.state.as_str(), message.number) {
        // MariaDB's and MySQL's own numbers.
        (_, 1044) => Some(Cause::NoPermission),
        (_, 1049) => Some(Cause::NoSuchDatabase),
        (_, 1040 | 1203 | 1226) => Some(Cause::TooManyConnections),
        (_, 1820 | 1862) => Some(Cause::PasswordExpired),
        (_, 4150 | 4151 | 3118) => Some(Cause::AccountLocked),
        (_, 1129 | 1130 | 1698) => Some(Cause::NotAdmitted),
        // DB2's, for all that is wrong with a login.
        ("08001", -30082) => Some(Cause::WrongPassword),
        ("28000" | "28P01", _) => Some(Cause::WrongPassword),
        ("3D000", _) => Some(Cause::NoSuchDatabase),
        ("42501", _) => Some(Cause::NoPermission),
        ("53300", _) => Some(Cause::TooManyConnections),
        ("57P03", _) => Some(Cause::NotReady),
        ("IM002" | "IM003" | "IM004", _) => Some(Cause::DriverMissing),
        ("HYT00" | "HYT01", _) => Some(Cause::TimedOut),
        ("08S01", _) => Some(Cause::Closed),
        _ => None,
    })
}

/// psqlODBC has one state for all that goes wrong, and the server's words.
fn by_words(text: &str) -> Option<Cause> {
    let is_about_database = text.contains("database \"");
    [
        ("password authentication failed", Cause::WrongPassword),
        ("is not permitted to log in", Cause::AccountLocked),
        ("no pg_hba.conf entry", Cause::NotAdmitted),
        ("pg_hba.conf rejects", Cause::NotAdmitted),
        ("too many connections", Cause::TooManyConnections),
        ("sorry, too many clients", Cause::TooManyConnections),
        ("permission denied for database", Cause::NoPermission),
        (
            "is not currently accepting connections",
            Cause::DatabaseClosed,
        ),
        ("the database system is", Cause::NotReady),
        ("server does not support SSL", Cause::TlsNotOffered),
        ("certificate verify failed", Cause::CertificateUntrusted),
    ]
    .into_iter()
    .find_map(|(words, cause)| text.contains(words).then_some(cause))
    .or_else(|| {
        (is_about_database && text.contains("does not exist")).then_some(Cause::NoSuchDatabase)
    })
}
