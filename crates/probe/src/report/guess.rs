//! Whether a test may have been a wrong guess: what those count who hold tests to a number.

use super::{Cause, Outcome, Stage, StageReport};

/// Whether the data store may have been given a secret that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// It was not given any, or it is right.
    None,
    /// It may have been, and may count it.
    Perhaps,
}

/// What a cause says of the secret, of a stage that has failed with it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The data store was not given it, or refuses whoever asks.
    Unasked,
    /// The account got in.
    Right,
    /// Neither is certain.
    Nothing,
}

impl Guess {
    /// After one more stage. From the end of the connection on the store may be given the secret, until it has said what it thinks of it.
    #[must_use]
    pub fn after(self, report: &StageReport) -> Self {
        let said = report.cause.map_or(Said::Nothing, Cause::says);
        match (report.stage, report.result) {
            (Stage::Policy | Stage::Resolve, _) => Self::None,
            (Stage::Connect, Outcome::Passed) => Self::Perhaps,
            (Stage::Connect, Outcome::Failed | Outcome::Skipped) => Self::None,
            (Stage::Tls, Outcome::Failed) => Self::None,
            (Stage::Tls, Outcome::Passed | Outcome::Skipped) => self,
            // Of HTTP: it was given, and made no difference. Whether it counts is seen from what follows.
            (Stage::Authenticate, Outcome::Passed)
                if report.cause == Some(Cause::PasswordNotChecked) =>
            {
                self
            }
            (Stage::Authenticate, Outcome::Passed) => Self::None,
            (Stage::Authenticate, Outcome::Failed) => match said {
                Said::Unasked | Said::Right => Self::None,
                Said::Nothing => Self::Perhaps,
            },
            // A server of HTTP may say so of a wrong password, too, instead of 401.
            (Stage::Authorise | Stage::Query, Outcome::Failed) if said != Said::Right => {
                Self::Perhaps
            }
            (Stage::Query, Outcome::Passed) => Self::None,
            (Stage::Authenticate, Outcome::Skipped) | (Stage::Authorise | Stage::Query, _) => self,
        }
    }
}

impl Cause {
    /// Whether somebody who goes on trying could have the account locked. What the connection ended with is none of those: it is the
    /// same for a right secret, and hours are between two tests that nobody watches.
    #[must_use]
    pub fn could_lock(self) -> bool {
        let is_of_connection = matches!(
            self,
            Self::TlsFailed
                | Self::WrongProtocol
                | Self::Closed
                | Self::TooMuch
                | Self::TimedOut
                | Self::ProbeDied
                | Self::ProbeGarbled
        );
        self.says() == Said::Nothing && !is_of_connection
    }

    /// Each is named, so that none is forgotten: in doubt it says nothing.
    const fn says(self) -> Said {
        match self {
            Self::NoDriver
            | Self::DriverMissing
            | Self::OdbcUnchecked
            | Self::TlsByDriver
            | Self::SettingsLeftOut
            | Self::BadRequest
            | Self::KeyGarbled
            | Self::PolicyDenied
            | Self::PolicyNotAllowed
            | Self::PolicyLoopback
            | Self::PolicyLinkLocal
            | Self::PolicyMetadata
            | Self::PolicyMulticast
            | Self::PolicyUnspecified
            | Self::PolicyReserved
            | Self::BadHost
            | Self::UnknownHost
            | Self::ResolverFailed
            | Self::Refused
            | Self::Filtered
            | Self::Unreachable
            | Self::ConnectForbidden
            | Self::ConnectFailed
            | Self::TlsNotOffered
            | Self::TlsIncompatible
            | Self::TlsOff
            | Self::CertificateUntrusted
            | Self::CertificateExpired
            | Self::CertificateNotYetValid
            | Self::CertificateWrongName
            | Self::CertificateInvalid
            | Self::CertificateElsewhere
            | Self::ClientCertificateNotAsked
            | Self::SshIncompatible
            | Self::HostKeyUnknown
            | Self::HostKeyChanged
            | Self::HostKeyNotChecked
            | Self::PasswordMissing
            | Self::PasswordNotChecked
            | Self::WrongPassphrase
            | Self::KeyUnusable
            | Self::MethodUnknown
            | Self::MethodOther
            | Self::CleartextRefused
            | Self::SignInRequired
            | Self::NotAdmitted
            | Self::PortUnknown
            | Self::TenantUnknown
            | Self::TooManyConnections
            | Self::NotReady
            | Self::ProbeNotStarted => Said::Unasked,
            Self::NoSuchDatabase
            | Self::NoPermission
            | Self::NoDatabaseAccess
            | Self::DatabaseClosed
            | Self::QueryFailed
            | Self::NoFileTransfer
            | Self::HomeClosed
            | Self::NotListed => Said::Right,
            Self::WrongPassword
            | Self::AccessKeyUnknown
            | Self::WrongKey
            | Self::SasExpired
            | Self::SecurityTokenMissing
            | Self::ClockWrong
            | Self::PasswordExpired
            | Self::NoSuchUser
            | Self::AccountLocked
            | Self::KeyRefused
            | Self::ClientCertificateRefused
            | Self::MoreWanted
            | Self::ServerNotProven
            | Self::FileWanted
            | Self::SentElsewhere
            | Self::StoreRefused
            | Self::TlsFailed
            | Self::TlsRequired
            | Self::Forbidden
            | Self::NothingThere
            | Self::Redirected
            | Self::WrongContent
            | Self::WrongProtocol
            | Self::Closed
            | Self::TooMuch
            | Self::TimedOut
            | Self::ProbeDied
            | Self::ProbeGarbled => Said::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(stage: Stage, result: Outcome, cause: Option<Cause>) -> StageReport {
        StageReport {
            stage,
            result,
            ms: 1,
            cause,
            code: None,
            said: None,
            certificate: None,
        }
    }

    /// A test that got a connection and then ended like this.
    fn guess(ends: &[(Stage, Outcome, Option<Cause>)]) -> Guess {
        let connected = Guess::None.after(&ended(Stage::Connect, Outcome::Passed, None));
        ends.iter()
            .fold(connected, |guess, &(stage, result, cause)| {
                guess.after(&ended(stage, result, cause))
            })
    }

    #[test]
    fn what_the_store_was_not_given_is_no_guess() {
        use Outcome::Failed;
        for cause in [
            Cause::WrongPassphrase,
            Cause::KeyUnusable,
            Cause::NotAdmitted,
            Cause::MethodUnknown,
        ] {
            let found = guess(&[(Stage::Authenticate, Failed, Some(cause))]);
            assert_eq!(found, Guess::None, "{cause:?}");
        }
        for cause in [
            Cause::WrongPassword,
            Cause::KeyRefused,
            Cause::AccountLocked,
            Cause::MoreWanted,
            Cause::Closed,
            Cause::TimedOut,
        ] {
            let found = guess(&[(Stage::Authenticate, Failed, Some(cause))]);
            assert_eq!(found, Guess::Perhaps, "{cause:?}");
        }
        let found = guess(&[(Stage::Tls, Failed, Some(Cause::Closed))]);
        assert_eq!(found, Guess::None);
        assert_eq!(guess(&[]), Guess::Perhaps);
    }

    #[test]
    fn what_got_in_is_no_guess_and_what_http_says_without_401_may_be() {
        use Outcome::{Failed, Passed};
        let in_it = (Stage::Authenticate, Passed, None);
        let query = |result, cause| (Stage::Query, result, cause);
        assert_eq!(guess(&[in_it]), Guess::None);
        let missing = (Stage::Authorise, Failed, Some(Cause::NoSuchDatabase));
        assert_eq!(guess(&[in_it, missing]), Guess::None);
        for cause in [Cause::Redirected, Cause::NotReady, Cause::NothingThere] {
            let found = guess(&[in_it, query(Failed, Some(cause))]);
            assert_eq!(found, Guess::Perhaps, "{cause:?}");
        }
        // It was let in without being asked, or what it sent made no difference.
        let unchecked = (Stage::Authenticate, Passed, Some(Cause::PasswordNotChecked));
        assert_eq!(guess(&[unchecked, query(Passed, None)]), Guess::None);
        // Until an answer shows that it does not count.
        assert_eq!(guess(&[unchecked]), Guess::Perhaps);
        let authorised = (Stage::Authorise, Passed, None);
        assert_eq!(guess(&[unchecked, authorised]), Guess::Perhaps);
        assert_eq!(guess(&[unchecked, missing]), Guess::Perhaps);
        let hidden = query(Failed, Some(Cause::NothingThere));
        assert_eq!(guess(&[unchecked, hidden]), Guess::Perhaps);
    }
}
