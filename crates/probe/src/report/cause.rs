//! Every cause: its code, what is said of it, what is advised, and the field that it is about.

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

/// One row for each cause: variant, code, sentence, advice, field.
macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident $code:literal $sentence:literal $advice:literal $($field:ident)?;)*) => {
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
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence,)* }
            }

            /// What may help.
            #[must_use]
            pub fn advice(self) -> &'static str {
                match self { $(Self::$variant => $advice,)* }
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
    NoDriver "no_driver" "This gateway cannot try data stores of this kind with this way to sign in." "Try the credential with another program on the gateway's machine.";
    /// Of ODBC, or its manager.
    DriverMissing "driver_missing" "The ODBC driver for this data store is not installed on the gateway's machine." "Have the driver that is named here installed and registered (odbcinst.ini); or unixODBC itself, if that is named.";
    /// Nobody can tell where it would go.
    OdbcUnchecked "odbc_unchecked" "The connection string does not say, in words that the gateway knows, where its driver connects to. A test does not go where nobody can check." "Write the driver and the server themselves (Driver={…};Server=…), without a DSN or a file.";
    /// The stage is skipped.
    TlsByDriver "tls_by_driver" "Whether the connection is encrypted is up to the ODBC driver." "Say so in the connection string, in the driver's own words.";
    /// A stage that passed.
    SettingsLeftOut "settings_left_out" "The test did without settings of the connection string that could lead elsewhere, run something or read a file." "If the credential fails where it is used, look at them first.";
    /// A property is missing or cannot be used.
    BadRequest "bad_request" "The settings for the test are incomplete or contradict each other." "Fill in server, port, user name and database.";
    /// A deny rule.
    PolicyDenied "policy_denied" "The gateway's settings forbid tests to this destination." "The administrator can change `deny` under `[test]` in gateway.toml." Host;
    /// Everything else is refused, and no allow rule fits.
    PolicyNotAllowed "policy_not_allowed" "The gateway's settings allow tests only to listed destinations, and this is none of them." "The administrator can add it to `allow` under `[test]` in gateway.toml." Host;
    /// A loopback address.
    PolicyLoopback "policy_loopback" "The destination is the gateway's own machine." "Use the data store's name in the network, or have the administrator allow this network under `[test]` in gateway.toml." Host;
    /// A link-local address.
    PolicyLinkLocal "policy_link_local" "The destination is a link-local address." "Use the data store's routable address." Host;
    /// A cloud's metadata service.
    PolicyMetadata "policy_metadata" "The destination is a cloud's metadata service, not a data store." "Use the data store's own address." Host;
    /// A multicast or broadcast address.
    PolicyMulticast "policy_multicast" "The destination is a multicast or broadcast address." "Use the data store's own address." Host;
    /// `0.0.0.0` and `::`.
    PolicyUnspecified "policy_unspecified" "The destination is the unspecified address." "Use the data store's own address." Host;
    /// Documentation, benchmarks, reserved.
    PolicyReserved "policy_reserved" "The destination is in a range that is reserved for other purposes." "Use the data store's own address." Host;
    /// Neither a name nor an address.
    BadHost "bad_host" "This is neither a server's name nor an address." "Write the name alone, without protocol, port or path." Host;
    /// The name does not exist.
    UnknownHost "unknown_host" "The gateway's machine knows no server of this name." "Check the spelling, and whether the gateway's machine can resolve the name." Host;
    /// The resolver does not answer.
    ResolverFailed "resolver_failed" "The name could not be looked up: the resolver of the gateway's machine does not answer." "Try again; if it stays so, look at the DNS settings of the gateway's machine.";
    /// Nothing listens there.
    Refused "refused" "Nothing accepts connections at this port of the server." "Check the port, and whether the data store is running." Port;
    /// No answer: a firewall, most often.
    Filtered "filtered" "The server does not answer at this port. A firewall may be dropping the connection." "Check server and port, and whether firewalls let the gateway's machine through." Port;
    /// No route.
    Unreachable "unreachable" "There is no way from the gateway's machine to this address." "Check the address, and the routes and firewalls of the gateway's machine." Host;
    /// The system does not let us.
    ConnectForbidden "connect_forbidden" "The gateway's own machine forbids this connection." "Look at the firewall of the gateway's machine and at its unit's restrictions.";
    /// Anything else while connecting.
    ConnectFailed "connect_failed" "The connection could not be made." "Try again; if it stays so, look at the network of the gateway's machine.";
    /// Something else listens there.
    WrongProtocol "wrong_protocol" "What listens at this port does not speak the data store's protocol." "Check the port: it may belong to another service." Port;
    /// It hung up.
    Closed "closed" "The server closed the connection without an answer." "Check the port, the data store's log, and whether it accepts connections from the gateway's machine." Port;
    /// A message larger than any that is needed, or too much of them.
    TooMuch "too_much" "The server sent more than a data store sends for a test." "Check the port: it may belong to another service." Port;
    /// The limit is reached.
    TimedOut "timed_out" "The server did not finish within the time limit." "Try again; if it stays so, look at the data store's load and at what lies between.";
    /// TLS was wanted and there is none.
    TlsNotOffered "tls_not_offered" "The server offers no TLS, and the credential would travel in the clear." "Switch TLS on at the data store, or choose a connection without encryption if that is acceptable.";
    /// No version or cipher suite in common.
    TlsIncompatible "tls_incompatible" "The server and the gateway have no version or method of TLS in common." "The gateway speaks TLS 1.2 and 1.3: the data store needs one of them.";
    /// The handshake failed otherwise.
    TlsFailed "tls_failed" "The TLS handshake failed." "Look at the data store's log and at what lies between.";
    /// Nobody who is trusted signed it.
    CertificateUntrusted "certificate_untrusted" "The server's certificate was not issued by anybody whom the gateway's machine trusts." "Compare the SHA-256 fingerprint with the data store's administrator; then trust it for this linked service.";
    /// Its time is over.
    CertificateExpired "certificate_expired" "The server's certificate has expired." "The data store's administrator has to renew it. Look at the clock of the gateway's machine, too.";
    /// Its time has not come.
    CertificateNotYetValid "certificate_not_yet_valid" "The server's certificate is not valid yet." "Look at the clocks of the gateway's machine and of the data store.";
    /// It is for another name.
    CertificateWrongName "certificate_wrong_name" "The server's certificate is for another name." "Use a name that is in the certificate; or compare the SHA-256 fingerprint with the data store's administrator and trust it for this linked service." Host;
    /// Anything else that is wrong with it.
    CertificateInvalid "certificate_invalid" "The server's certificate cannot be used." "Compare the SHA-256 fingerprint with the data store's administrator; then trust it for this linked service, or have it replaced.";
    /// PostgreSQL does not tell which.
    WrongPassword "wrong_password" "The data store does not accept this user name with this password." "Check both. Most data stores give the same answer for a wrong password and an unknown user; some (PostgreSQL) for a password that has expired, too." Password;
    /// No account has it.
    AccessKeyUnknown "access_key_unknown" "The data store has no such access key." "Check the access key ID, capitals included. It may have been deleted or deactivated." Username;
    /// Microsoft's clouds: an organisation's directory.
    TenantUnknown "tenant_unknown" "There is no such tenant where the account would sign in." "Check the tenant: its ID, or one of its domains.";
    /// What is signed with it is not believed.
    WrongKey "wrong_key" "The data store does not accept this key for this account." "Check both, and whether the key has been replaced since." Password;
    /// It was not even sent.
    KeyGarbled "key_garbled" "The key is incomplete, or has characters that no such key has." "Copy it again, from beginning to end." Password;
    /// A shared access signature is over.
    SasExpired "sas_expired" "The shared access signature has expired." "Have a new one made, and enter that one." Password;
    /// Salesforce: the gateway's address is in no trusted range.
    SecurityTokenMissing "security_token_missing" "The data store asks for a security token from the gateway's machine, and none that it accepts was given." "Enter the account's latest security token; each change of the password makes a new one. Or have the gateway's address added to the trusted ranges.";
    /// What was signed is too old, or of the future.
    ClockWrong "clock_wrong" "The clock of the gateway's machine and that of the data store differ by too much." "Set the clock of the gateway's machine.";
    /// A stage that passed: the account may not list.
    NotListed "not_listed" "The data store knows the account but does not let it list what there is. What else it may do is not known." "If it may use what is meant to be read or written, nothing is wrong.";
    /// It was right, once.
    PasswordExpired "password_expired" "The password has expired." "Set a new password at the data store, and enter that one." Password;
    /// The password is missing, and asked for.
    PasswordMissing "password_missing" "The data store asks for a password, and none is given." "Enter the password." Password;
    /// As the server tells it.
    NoSuchUser "no_such_user" "The data store has no such user." "Check the user name, capitals included." Username;
    /// No login.
    AccountLocked "account_locked" "The account exists but may not log in." "The data store's administrator can unlock it, or give it the right to log in." Username;
    /// `pg_hba.conf`, or the like.
    NotAdmitted "not_admitted" "The data store does not admit this user from the gateway's machine to this database in this way." "The data store's administrator can admit it (PostgreSQL: pg_hba.conf), or asks for TLS." Username;
    /// A method that we do not have.
    MethodUnknown "method_unknown" "The data store asks for a way to log in that the gateway does not have." "Ask the data store's administrator for an account with a password.";
    /// After it was given the secret.
    MoreWanted "more_wanted" "The data store was given the secret and asks for more, such as a second factor: whether the secret is right is not known." "Ask the data store's administrator for an account that needs nothing else.";
    /// It would be sent in the clear.
    CleartextRefused "cleartext_refused" "The data store asks for the password in the clear, over a connection without TLS. It was not sent." "Switch TLS on, or use SCRAM at the data store.";
    /// `LOCAL INFILE`.
    FileWanted "file_wanted" "The server asked for a file of the gateway's machine, and did not get it." "It may be somebody else's: check server and port, and tell the data store's administrator." Host;
    /// The server cannot prove that it knows the password.
    ServerNotProven "server_not_proven" "The server could not prove that it knows the account. It may be somebody else's." "Check server and port, and tell the data store's administrator.";
    /// A stage that passed: the password was never asked for.
    PasswordNotChecked "password_not_checked" "The data store let the account in without asking for the password: whether it is right is not known." "The data store's administrator can ask for passwords (PostgreSQL: `trust` in pg_hba.conf asks for none).";
    /// No such database.
    NoSuchDatabase "no_such_database" "The data store has no such database." "Check the database's name, capitals included." Database;
    /// No permission.
    NoPermission "no_permission" "The account may not use this database." "The data store's administrator can grant it (PostgreSQL: GRANT CONNECT)." Database;
    /// One answer for both.
    NoDatabaseAccess "no_database_access" "The data store has no such database, or the account may not use it." "Check the database's name; the data store's administrator can grant access to it. SQL Server has one answer for both." Database;
    /// By the server's own word, after the login.
    SentElsewhere "sent_elsewhere" "The server sent the login on to another server. The test does not go there." "Use that server's own name; for a cloud's server, its connection policy `Proxy`." Host;
    /// A named instance: its port would have to be asked for.
    PortUnknown "port_unknown" "The port is not known: a named instance may have any." "Write the instance's port behind it, as in server\\instance,1433." Host;
    /// The database takes no connections.
    DatabaseClosed "database_closed" "The database accepts no connections." "The data store's administrator can open it." Database;
    /// Too many.
    TooManyConnections "too_many_connections" "The data store has as many connections as it allows." "Try again later, or have the limit raised.";
    /// Starting, stopping.
    NotReady "not_ready" "The data store is starting or stopping." "Try again in a moment.";
    /// It has a cause of its own.
    StoreRefused "store_refused" "The data store refused, for a cause of its own." "Its code, and its log, say more.";
    /// The query failed.
    QueryFailed "query_failed" "The account got in, but a simple query failed." "The data store's code, and its log, say more.";
    /// Nobody is let in.
    SignInRequired "sign_in_required" "The data store lets nobody in without a credential." "Choose another way to sign in: the data store says which it has.";
    /// Not the one that was chosen.
    MethodOther "method_other" "The data store does not offer the way to sign in that was chosen." "Choose one that it offers.";
    /// By TLS's alert, or in the answer.
    ClientCertificateRefused "client_certificate_refused" "The data store does not accept the client's certificate." "Check that it has not expired, and whether the data store's administrator has admitted it, or who issued it." KeyFile;
    /// A stage that passed: the certificate was never asked for.
    ClientCertificateNotAsked "client_certificate_not_asked" "The data store did not ask for the client's certificate: whether it is accepted is not known." "The data store's administrator can ask for it at this address.";
    /// In the system's certificate store.
    CertificateElsewhere "certificate_elsewhere" "The client's certificate is in a certificate store of the gateway's machine, which a test cannot use." "Give the certificate with its key as a file, or try it with another program.";
    /// The passphrase does not open the file.
    WrongPassphrase "wrong_passphrase" "The passphrase does not open the key file." "Check the passphrase, capitals included." Passphrase;
    /// No key, a format or an algorithm that we do not have.
    KeyUnusable "key_unusable" "The key file cannot be used: it is damaged, has no private key, or is of a sort that the gateway does not have." "Give a key of another sort: Ed25519, ECDSA or RSA; for a certificate, PKCS#12 with both." KeyFile;
    /// 403, or the like.
    Forbidden "forbidden" "The data store knows the account but does not let it use what the address names." "The data store's administrator can permit it." Path;
    /// 404, or the like.
    NothingThere "nothing_there" "The server has nothing at this address." "Check the path, capitals included." Path;
    /// 3xx. It is not followed.
    Redirected "redirected" "The server sends to another address. A test does not follow it." "Enter the address that it sends to, if it is the data store's." Path;
    /// 2xx, but not with what the kind has.
    WrongContent "wrong_content" "Something answers at this address, but not as a data store of this kind does." "Check the path, and the kind." Path;
    /// No key exchange, cipher or kind of host key in common.
    SshIncompatible "ssh_incompatible" "The server and the gateway have no version or method of SSH in common." "The gateway needs a host key of the kinds Ed25519 or ECDSA: the data store's administrator can add one.";
    /// Nobody has said which key the server has.
    HostKeyUnknown "host_key_unknown" "Nobody has said yet which host key this server has." "Compare the fingerprint with the data store's administrator; then trust it for this linked service." HostKey;
    /// Another one.
    HostKeyChanged "host_key_changed" "The server has another host key than the one that is trusted. It may be somebody else's." "Ask the data store's administrator whether the key was replaced, and compare the fingerprint, before you trust it." HostKey;
    /// A stage that passed: `skipHostKeyValidation`.
    HostKeyNotChecked "host_key_not_checked" "The server's host key was not checked, as chosen. It may be anybody's server." "Compare the fingerprint with the data store's administrator, enter it, and have it checked.";
    /// By its public key.
    KeyRefused "key_refused" "The data store does not accept this user name with this key." "Check both, and whether the data store's administrator has added the public key to the account." KeyFile;
    /// Logged in, but no files.
    NoFileTransfer "no_file_transfer" "The account got in, but the server gives it no file transfer." "The data store's administrator can switch SFTP on for the account.";
    /// A server of FTP that lets nobody in who sends passwords in the clear.
    TlsRequired "tls_required" "The data store lets the account in only with TLS." "Switch encryption on.";
    /// Logged in, but nowhere to be.
    HomeClosed "home_closed" "The account got in, but its folder at the server is missing or closed to it." "The data store's administrator can make the folder, or permit it.";
    /// TLS is off by choice: the stage is skipped.
    TlsOff "tls_off" "The connection is not encrypted, as chosen." "Anybody between can read it: switch TLS on if the data store offers it.";
    /// The child came to an end before its report.
    ProbeDied "probe_died" "The test's process ended before it had a result." "If it happens again with this server, tell the gateway's administrator: the server may be sending something harmful.";
    /// The child said something that is no report.
    ProbeGarbled "probe_garbled" "The test's process said something that is no report, and was ended." "Tell the gateway's administrator: the server may be sending something harmful.";
    /// The child was not started.
    ProbeNotStarted "probe_not_started" "The test could not be started on the gateway's machine." "Look whether the gateway's machine has memory and processes to spare.";
}
