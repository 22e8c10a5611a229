//! Every cause: its code, what is said of it, what is advised, and the field that it is about.
//!
//! The words are Fluent files of the crate `language`, `cause-<code>` and its `.advice`. Without them a cause does not compile.

use language::{Message, message};
use serde::{Deserialize, Serialize};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The server's name.
    Host,
    /// The server's port.
    Port,
    /// The database.
    Database,
    /// The account.
    Username,
    /// Its password.
    Password,
    /// The private key, or the certificate with its key.
    KeyFile,
    /// What opens it.
    Passphrase,
    /// The server's SSH key.
    HostKey,
    /// Where at the server, in the address or by itself.
    Path,
}

/// One row for each cause: variant, code, field.
macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident $code:literal $($field:ident)?;)*) => {
        /// Why a stage failed. The code is stable: programs may rely on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Cause {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What happened, in plain words.
            #[must_use]
            pub fn sentence(self) -> Message {
                match self { $(Self::$variant => const { message(concat!("cause-", $code)) },)* }
            }

            /// What may help.
            #[must_use]
            pub fn advice(self) -> Message {
                match self { $(Self::$variant => const { message(concat!("cause-", $code, ".advice")) },)* }
            }

            /// The field to look at, if it is one field.
            #[must_use]
            pub fn field(self) -> Option<Field> {
                match self { $(Self::$variant => causes!(@field $($field)?),)* }
            }
        }
    };
    (@field) => { None };
    (@field $field:ident) => { Some(Field::$field) };
}

causes! {
    /// No driver for the kind.
    NoDriver "no_driver";
    /// Of ODBC, or its manager.
    DriverMissing "driver_missing";
    /// Nobody can tell where it would go.
    OdbcUnchecked "odbc_unchecked";
    /// The stage is skipped.
    TlsByDriver "tls_by_driver";
    /// A stage that passed.
    SettingsLeftOut "settings_left_out";
    /// A property is missing or cannot be used.
    BadRequest "bad_request";
    /// A deny rule.
    PolicyDenied "policy_denied" Host;
    /// Everything else is refused, and no allow rule fits.
    PolicyNotAllowed "policy_not_allowed" Host;
    /// A loopback address.
    PolicyLoopback "policy_loopback" Host;
    /// A link-local address.
    PolicyLinkLocal "policy_link_local" Host;
    /// A cloud's metadata service.
    PolicyMetadata "policy_metadata" Host;
    /// A multicast or broadcast address.
    PolicyMulticast "policy_multicast" Host;
    /// `0.0.0.0` and `::`.
    PolicyUnspecified "policy_unspecified" Host;
    /// Documentation, benchmarks, reserved.
    PolicyReserved "policy_reserved" Host;
    /// Neither a name nor an address.
    BadHost "bad_host" Host;
    /// The name does not exist.
    UnknownHost "unknown_host" Host;
    /// The resolver does not answer.
    ResolverFailed "resolver_failed";
    /// Nothing listens there.
    Refused "refused" Port;
    /// No answer: a firewall, most often.
    Filtered "filtered" Port;
    /// No route.
    Unreachable "unreachable" Host;
    /// The system does not let us.
    ConnectForbidden "connect_forbidden";
    /// Anything else while connecting.
    ConnectFailed "connect_failed";
    /// Something else listens there.
    WrongProtocol "wrong_protocol" Port;
    /// It hung up.
    Closed "closed" Port;
    /// A message larger than any that is needed, or too much of them.
    TooMuch "too_much" Port;
    /// The limit is reached.
    TimedOut "timed_out";
    /// TLS was wanted and there is none.
    TlsNotOffered "tls_not_offered";
    /// No version or cipher suite in common.
    TlsIncompatible "tls_incompatible";
    /// The handshake failed otherwise.
    TlsFailed "tls_failed";
    /// Nobody who is trusted signed it.
    CertificateUntrusted "certificate_untrusted";
    /// Its time is over.
    CertificateExpired "certificate_expired";
    /// Its time has not come.
    CertificateNotYetValid "certificate_not_yet_valid";
    /// It is for another name.
    CertificateWrongName "certificate_wrong_name" Host;
    /// Anything else that is wrong with it.
    CertificateInvalid "certificate_invalid";
    /// PostgreSQL does not tell which.
    WrongPassword "wrong_password" Password;
    /// No account has it.
    AccessKeyUnknown "access_key_unknown" Username;
    /// Microsoft's clouds: an organisation's directory.
    TenantUnknown "tenant_unknown";
    /// What is signed with it is not believed.
    WrongKey "wrong_key" Password;
    /// It was not even sent.
    KeyGarbled "key_garbled" Password;
    /// A shared access signature is over.
    SasExpired "sas_expired" Password;
    /// Salesforce: the gateway's address is in no trusted range.
    SecurityTokenMissing "security_token_missing";
    /// What was signed is too old, or of the future.
    ClockWrong "clock_wrong";
    /// A stage that passed: the account may not list.
    NotListed "not_listed";
    /// It was right, once.
    PasswordExpired "password_expired" Password;
    /// The password is missing, and asked for.
    PasswordMissing "password_missing" Password;
    /// As the server tells it.
    NoSuchUser "no_such_user" Username;
    /// No login.
    AccountLocked "account_locked" Username;
    /// `pg_hba.conf`, or the like.
    NotAdmitted "not_admitted" Username;
    /// A method that we do not have.
    MethodUnknown "method_unknown";
    /// After it was given the secret.
    MoreWanted "more_wanted";
    /// It would be sent in the clear.
    CleartextRefused "cleartext_refused";
    /// `LOCAL INFILE`.
    FileWanted "file_wanted" Host;
    /// The server cannot prove that it knows the password.
    ServerNotProven "server_not_proven";
    /// A stage that passed: the password was never asked for.
    PasswordNotChecked "password_not_checked";
    /// No such database.
    NoSuchDatabase "no_such_database" Database;
    /// No permission.
    NoPermission "no_permission" Database;
    /// One answer for both.
    NoDatabaseAccess "no_database_access" Database;
    /// By the server's own word, after the login.
    SentElsewhere "sent_elsewhere" Host;
    /// A named instance: its port would have to be asked for.
    PortUnknown "port_unknown" Host;
    /// The database takes no connections.
    DatabaseClosed "database_closed" Database;
    /// Too many.
    TooManyConnections "too_many_connections";
    /// Starting, stopping.
    NotReady "not_ready";
    /// It has a cause of its own.
    StoreRefused "store_refused";
    /// The query failed.
    QueryFailed "query_failed";
    /// Nobody is let in.
    SignInRequired "sign_in_required";
    /// Not the one that was chosen.
    MethodOther "method_other";
    /// By TLS's alert, or in the answer.
    ClientCertificateRefused "client_certificate_refused" KeyFile;
    /// A stage that passed: the certificate was never asked for.
    ClientCertificateNotAsked "client_certificate_not_asked";
    /// In the system's certificate store.
    CertificateElsewhere "certificate_elsewhere";
    /// The passphrase does not open the file.
    WrongPassphrase "wrong_passphrase" Passphrase;
    /// No key, a format or an algorithm that we do not have.
    KeyUnusable "key_unusable" KeyFile;
    /// 403, or the like.
    Forbidden "forbidden" Path;
    /// 404, or the like.
    NothingThere "nothing_there" Path;
    /// 3xx. It is not followed.
    Redirected "redirected" Path;
    /// 2xx, but not with what the kind has.
    WrongContent "wrong_content" Path;
    /// No key exchange, cipher or kind of host key in common.
    SshIncompatible "ssh_incompatible";
    /// Nobody has said which key the server has.
    HostKeyUnknown "host_key_unknown" HostKey;
    /// Another one.
    HostKeyChanged "host_key_changed" HostKey;
    /// A stage that passed: `skipHostKeyValidation`.
    HostKeyNotChecked "host_key_not_checked";
    /// By its public key.
    KeyRefused "key_refused" KeyFile;
    /// Logged in, but no files.
    NoFileTransfer "no_file_transfer";
    /// A server of FTP that lets nobody in who sends passwords in the clear.
    TlsRequired "tls_required";
    /// Logged in, but nowhere to be.
    HomeClosed "home_closed";
    /// TLS is off by choice: the stage is skipped.
    TlsOff "tls_off";
    /// The child came to an end before its report.
    ProbeDied "probe_died";
    /// The child said something that is no report.
    ProbeGarbled "probe_garbled";
    /// The child was not started.
    ProbeNotStarted "probe_not_started";
}
