//! Which cause each error is.

use std::error::Error;
use std::io;

use kek::KekError;
use probe::parent::NotStarted;

use super::{AlreadyTold, CannotStart, Cause, Failure};
use crate::audit::AuditError;
use crate::backup::age::AgeError;
use crate::backup::age::passphrase::TooShort;
use crate::backup::age::recovery_key::NotARecoveryKey;
use crate::backup::archive::ArchiveError;
use crate::backup::restore::RestoreError;
use crate::backup::snapshot::SnapshotError;
use crate::certificate::renewal::RenewalError;
use crate::config::ConfigError;
use crate::credential_socket::SocketProblem;
use crate::custody::CustodyError;
use crate::custody::access::TicketProblem;
use crate::custody::delete::DeleteProblem;
use crate::custody::reveal::RevealProblem;
use crate::custody::rotation::RotationProblem;
use crate::custody::set::SetProblem;
use crate::custody::terms::TermsProblem;
use crate::data_folder::FolderError;
use crate::identity::IdentityError;
use crate::issuers::IssuerError;
use crate::keyring::file::KeyringError;
use crate::keyring::provider::ProviderError;
use crate::keys::EnvelopeKeysError;
use crate::page_files::PageFilesError;
use crate::server::CannotListen;
use crate::store::StoreError;
use crate::store::trouble::Trouble;
use crate::store::writer::WriteError;
use crate::tls::TlsError;
use crate::vault::key_file::KeyFileError;

/// The cause of one error; none for a type that has no row here.
pub(super) fn of(error: &(dyn Error + 'static)) -> Option<Cause> {
    fn known<E: Error + 'static>(
        error: &(dyn Error + 'static),
        cause: fn(&E) -> Cause,
    ) -> Option<Cause> {
        error.downcast_ref().map(cause)
    }
    known(error, |failure: &Failure| failure.cause)
        .or_else(|| known(error, |told: &AlreadyTold| told.cause))
        .or_else(|| known(error, |cannot: &CannotStart| cannot.cause))
        .or_else(|| known(error, config))
        .or_else(|| known(error, |_: &PageFilesError| Cause::Configuration))
        .or_else(|| known(error, |_: &NotStarted| Cause::Local))
        .or_else(|| known(error, certificate))
        .or_else(|| known(error, renewal))
        .or_else(|| known(error, listening))
        .or_else(|| known(error, socket))
        .or_else(|| known(error, folder))
        .or_else(|| known(error, custody))
        .or_else(|| known(error, store))
        .or_else(|| known(error, write))
        .or_else(|| known(error, issuer))
        .or_else(|| known(error, ticket))
        .or_else(|| known(error, set))
        .or_else(|| known(error, reveal))
        .or_else(|| known(error, delete))
        .or_else(|| known(error, keys))
        .or_else(|| known(error, rotation))
        .or_else(|| known(error, snapshot))
        .or_else(|| known(error, restore))
        .or_else(|| known(error, |_: &NotARecoveryKey| Cause::Refused))
        .or_else(|| known(error, |_: &TooShort| Cause::Refused))
        .or_else(|| known(error, provider))
        .or_else(|| known(error, keyring))
        .or_else(|| known(error, identity))
        .or_else(|| known(error, terms))
        .or_else(|| known(error, |_: &envelope::TicketError| Cause::Ticket))
}

fn config(error: &ConfigError) -> Cause {
    match error {
        ConfigError::Missing(_) | ConfigError::Unreadable { .. } => Cause::Local,
        ConfigError::Faulty { .. } => Cause::Configuration,
    }
}

fn certificate(error: &TlsError) -> Cause {
    match error {
        TlsError::Lost { .. } => Cause::Local,
        TlsError::Damaged { .. } => Cause::Damaged,
        _ => Cause::Configuration,
    }
}

fn renewal(error: &RenewalError) -> Cause {
    match error {
        RenewalError::Tls(error) => certificate(error),
        RenewalError::Folder(error) => folder(error),
        RenewalError::Authority { .. } => Cause::Damaged,
        _ => Cause::Local,
    }
}

fn listening(error: &CannotListen) -> Cause {
    match error
        .source()
        .and_then(|source| source.downcast_ref())
        .map(io::Error::kind)
    {
        Some(io::ErrorKind::AddrInUse) => Cause::Busy,
        _ => Cause::Configuration,
    }
}

fn socket(error: &SocketProblem) -> Cause {
    match error {
        SocketProblem::InUse(_) => Cause::Busy,
        _ => Cause::Configuration,
    }
}

fn folder(error: &FolderError) -> Cause {
    match error {
        FolderError::NotPermitted { .. } => Cause::Refused,
        _ => Cause::Local,
    }
}

fn custody(error: &CustodyError) -> Cause {
    match error {
        CustodyError::Kek(error) | CustodyError::KekLost(error, _) => provider(error),
        CustodyError::Keyring(error) | CustodyError::KeyringLost(error, _) => keyring(error),
        CustodyError::Store(error) => store(error),
        CustodyError::Keys(error) => keys(error),
        CustodyError::Issuers(error) => issuer(error),
        CustodyError::Write(error) => write(error),
        CustodyError::Audit(AuditError::Store(error)) => store(error),
        CustodyError::Identity(error) => identity(error),
        _ => Cause::Local,
    }
}

fn identity(error: &IdentityError) -> Cause {
    match error {
        IdentityError::File(error) => key_file(error),
        IdentityError::Store(error) => store(error),
        _ => Cause::Damaged,
    }
}

fn provider(error: &ProviderError) -> Cause {
    match error {
        ProviderError::Damaged(_) => Cause::Damaged,
        ProviderError::Pin(_)
        | ProviderError::NoPin(_)
        | ProviderError::Refused {
            provider: "pkcs11",
            source: KekError::Missing(_),
            ..
        } => Cause::Configuration,
        _ => Cause::Local,
    }
}

fn keyring(error: &KeyringError) -> Cause {
    match error {
        KeyringError::Missing(_) => Cause::Local,
        KeyringError::OtherGateway { .. } | KeyringError::OtherProvider { .. } => {
            Cause::Configuration
        }
        _ => Cause::Damaged,
    }
}

fn terms(error: &TermsProblem) -> Cause {
    match error {
        TermsProblem::Keyring(error) => keyring(error),
        TermsProblem::File(error) => key_file(error),
        TermsProblem::Folder(error) => folder(error),
        TermsProblem::NodeKey(_) => Cause::Damaged,
        TermsProblem::Store(error) => store(error),
        TermsProblem::Write(error) => write(error),
        TermsProblem::Unfinished(_) | TermsProblem::Stopped => Cause::Busy,
    }
}

fn keys(error: &EnvelopeKeysError) -> Cause {
    match error {
        EnvelopeKeysError::File(error) => key_file(error),
        EnvelopeKeysError::Store(error) => store(error),
        EnvelopeKeysError::Identity(error) => identity(error),
        EnvelopeKeysError::Folder(_) | EnvelopeKeysError::Lost(_) => Cause::Local,
        EnvelopeKeysError::Stopped => Cause::Busy,
        _ => Cause::Damaged,
    }
}

fn rotation(error: &RotationProblem) -> Cause {
    match error {
        RotationProblem::Keys(error) => keys(error),
        RotationProblem::Write(error) => write(error),
        RotationProblem::Meanwhile => Cause::Busy,
    }
}

fn key_file(error: &KeyFileError) -> Cause {
    match error {
        KeyFileError::Missing(_) | KeyFileError::Folder(_) => Cause::Local,
        _ => Cause::Damaged,
    }
}

fn store(error: &StoreError) -> Cause {
    match error {
        StoreError::Missing(_) | StoreError::Io { .. } => Cause::Local,
        StoreError::NotANode(_) | StoreError::NameUsed(_) | StoreError::Taken(_) => Cause::Refused,
        StoreError::NoStore(_)
        | StoreError::NotDurable(_)
        | StoreError::Environment(_)
        | StoreError::Password(_) => Cause::Configuration,
        StoreError::Database(error) => match Trouble::of(error) {
            Some(Trouble::Busy) => Cause::Busy,
            Some(Trouble::OutOfReach) => Cause::Local,
            Some(Trouble::Damaged) | None => Cause::Damaged,
        },
        _ => Cause::Damaged,
    }
}

fn write(error: &WriteError) -> Cause {
    match error {
        WriteError::Stopped => Cause::Busy,
        _ => Cause::Local,
    }
}

fn issuer(error: &IssuerError) -> Cause {
    match error {
        IssuerError::Unknown(_) => Cause::NotFound,
        IssuerError::Mistake { .. } => Cause::Configuration,
        IssuerError::Folder(FolderError::AlreadyThere(_)) => Cause::Refused,
        IssuerError::Folder(_) => Cause::Local,
        // What was given to `portal add`.
        _ => Cause::Usage,
    }
}

fn ticket(error: &TicketProblem) -> Cause {
    match error {
        TicketProblem::Unavailable => Cause::Busy,
        _ => Cause::Ticket,
    }
}

fn set(error: &SetProblem) -> Cause {
    match error {
        SetProblem::TicketInvalid | SetProblem::TicketUsed | SetProblem::ContextMismatch => {
            Cause::Ticket
        }
        SetProblem::Busy | SetProblem::Unavailable => Cause::Busy,
        _ => Cause::Refused,
    }
}

fn reveal(error: &RevealProblem) -> Cause {
    match error {
        RevealProblem::NotFound | RevealProblem::OtherVersion(_) => Cause::NotFound,
        RevealProblem::Audit(error) => write(error),
        RevealProblem::Store(error) => store(error),
        _ => Cause::Damaged,
    }
}

fn delete(error: &DeleteProblem) -> Cause {
    match error {
        DeleteProblem::NotFound => Cause::NotFound,
        DeleteProblem::TicketUsed => Cause::Ticket,
        DeleteProblem::Unavailable => Cause::Busy,
    }
}

fn snapshot(error: &SnapshotError) -> Cause {
    match error {
        SnapshotError::Unsound(_) => Cause::Damaged,
        SnapshotError::Store(error) => store(error),
        SnapshotError::Keyring(_) | SnapshotError::Folder(_) => Cause::Local,
        SnapshotError::Replacement(error) => custody(error),
        SnapshotError::Changing => Cause::Busy,
    }
}

fn restore(error: &RestoreError) -> Cause {
    match error {
        RestoreError::Age(AgeError::Header(_)) => Cause::Damaged,
        RestoreError::Age(AgeError::Io(_) | AgeError::NoMemory { .. } | AgeError::Library) => {
            Cause::Local
        }
        RestoreError::Age(_) | RestoreError::NotEmpty(_) => Cause::Refused,
        RestoreError::Running(_) => Cause::Busy,
        RestoreError::Archive(ArchiveError::Read(error)) => match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Cause::Damaged,
            _ => Cause::Local,
        },
        RestoreError::Archive(ArchiveError::Write { .. }) => Cause::Local,
        RestoreError::Archive(_)
        | RestoreError::Terms(_)
        | RestoreError::Unsound(_)
        | RestoreError::OtherFacts { .. } => Cause::Damaged,
        RestoreError::Custody(error) => custody(error),
        RestoreError::Write(error) => write(error),
        RestoreError::Library
        | RestoreError::Folder(_)
        | RestoreError::Kek(_)
        | RestoreError::Keyring(_) => Cause::Local,
    }
}
