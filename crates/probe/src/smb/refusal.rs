//! What a server's status means (MS-ERREF, section 2.3).

use smb2::Error;
use smb2::types::status::NtStatus;

use crate::report::{Cause, Halt, Scrubber};

/// `STATUS_NO_SUCH_USER`.
const NO_SUCH_USER: NtStatus = NtStatus(0xC000_0064);
/// `STATUS_WRONG_PASSWORD`.
const WRONG_PASSWORD: NtStatus = NtStatus(0xC000_006A);
/// `STATUS_LOGON_TYPE_NOT_GRANTED`.
const LOGON_TYPE_NOT_GRANTED: NtStatus = NtStatus(0xC000_015B);
/// `STATUS_NTLM_BLOCKED`.
const NTLM_BLOCKED: NtStatus = NtStatus(0xC000_0418);

/// For this cause, with the server's status.
pub(super) fn halt(error: &Error, cause: Cause, scrubber: &Scrubber) -> Halt {
    match status(error) {
        None => cause.into(),
        Some(status) => Halt {
            code: Some(scrubber.scrub(&format!("0x{:08X}", status.0))),
            said: Some(scrubber.scrub(&status.to_string())),
            ..Halt::from(cause)
        },
    }
}

fn status(error: &Error) -> Option<NtStatus> {
    match error {
        Error::Protocol { status, .. } => Some(*status),
        _ => None,
    }
}

/// Before anybody has said who he is.
pub(super) fn unspoken(error: &Error) -> Cause {
    of_connection(error, Cause::WrongProtocol)
}

/// While logging in.
pub(super) fn of_login(error: &Error) -> Cause {
    let Some(status) = status(error) else {
        return of_connection(error, Cause::StoreRefused);
    };
    match status {
        NtStatus::LOGON_FAILURE | WRONG_PASSWORD => Cause::WrongPassword,
        NO_SUCH_USER => Cause::NoSuchUser,
        NtStatus::PASSWORD_EXPIRED | NtStatus::PASSWORD_MUST_CHANGE => Cause::PasswordExpired,
        NtStatus::ACCOUNT_DISABLED | NtStatus::ACCOUNT_LOCKED_OUT | NtStatus::ACCOUNT_EXPIRED => {
            Cause::AccountLocked
        }
        NtStatus::ACCOUNT_RESTRICTION
        | NtStatus::INVALID_LOGON_HOURS
        | NtStatus::INVALID_WORKSTATION
        | NtStatus::ACCESS_DENIED
        | LOGON_TYPE_NOT_GRANTED => Cause::NotAdmitted,
        NtStatus::NOT_SUPPORTED | NTLM_BLOCKED => Cause::MethodUnknown,
        _ => of_any(status, Cause::StoreRefused),
    }
}

/// At a share or a folder of it.
pub(super) fn of_files(error: &Error) -> Cause {
    let Some(status) = status(error) else {
        return of_connection(error, Cause::QueryFailed);
    };
    match status {
        NtStatus::BAD_NETWORK_NAME
        | NtStatus::OBJECT_NAME_NOT_FOUND
        | NtStatus::OBJECT_PATH_NOT_FOUND
        | NtStatus::OBJECT_NAME_INVALID
        | NtStatus::NOT_A_DIRECTORY => Cause::NothingThere,
        NtStatus::ACCESS_DENIED => Cause::Forbidden,
        NtStatus::PATH_NOT_COVERED => Cause::SentElsewhere,
        _ => of_any(status, Cause::QueryFailed),
    }
}

fn of_any(status: NtStatus, otherwise: Cause) -> Cause {
    match status {
        NtStatus::REQUEST_NOT_ACCEPTED | NtStatus::INSUFF_SERVER_RESOURCES => {
            Cause::TooManyConnections
        }
        _ => otherwise,
    }
}

fn of_connection(error: &Error, otherwise: Cause) -> Cause {
    match error {
        Error::Disconnected | Error::Io(_) => Cause::Closed,
        Error::Timeout => Cause::TimedOut,
        Error::InvalidData { .. } => Cause::WrongProtocol,
        Error::SignatureInvalid { .. } => Cause::ServerNotProven,
        // It lets in whoever it does not know, as nobody.
        Error::GuestSessionRefused { .. } => Cause::WrongPassword,
        Error::ShareRedirected { .. } | Error::DfsReferralRequired { .. } => Cause::SentElsewhere,
        _ => otherwise,
    }
}
