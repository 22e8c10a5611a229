//! A real MariaDB in every state that a configuration can give it, and servers of its protocol that mean harm.

mod hostile;
pub(crate) mod server;

use std::io::Read as _;
use std::net::{Ipv4Addr, TcpStream};

use envelope::Secret;
use probe::Request;
use probe::report::{Cause, Field, Stage};
use probe::request::Encryption;

use crate::certificates::{Authority, Leaf};
use crate::server::PASSWORD;
use crate::sftp::User;
use crate::told::{self, Told};
pub(crate) use hostile::repeating;
use server::Server;

pub(crate) fn request(port: u16) -> Request {
    let mut request = told::request(port);
    request.kind = "OnPremisesMySql".to_owned();
    let user = request.properties.remove("username").unwrap();
    request.properties.insert("userName".to_owned(), user);
    request
}

fn as_user(port: u16, user: &str, database: &str) -> Request {
    let mut request = request(port);
    for (name, value) in [("userName", user), ("database", database)] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request
}

fn accounts(server: &Server) {
    let create = |name: &str, more: &str| {
        format!(
            "CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}' {more}; GRANT SELECT ON shop.* TO {name}@'%'"
        )
    };
    server.run(&[
        "CREATE DATABASE shop; CREATE DATABASE private",
        "INSTALL SONAME 'auth_ed25519'",
        &create("ann", ""),
        &create("locked", "ACCOUNT LOCK"),
        &create("expired", "PASSWORD EXPIRE"),
        &create("only_tls", "REQUIRE SSL"),
        &create("limited", "WITH MAX_CONNECTIONS_PER_HOUR 1"),
        &create("everywhere", ""),
        "GRANT SELECT ON *.* TO everywhere@'%'",
        &format!("CREATE USER curve@'%' IDENTIFIED VIA ed25519 USING PASSWORD('{PASSWORD}')"),
        "GRANT SELECT ON shop.* TO curve@'%'",
        "CREATE USER local@'%' IDENTIFIED VIA unix_socket",
        "CREATE USER open@'%'",
    ]);
}

/// User, database, and the failure: `None` for those that pass.
type Row = (
    &'static str,
    &'static str,
    Option<(Stage, Cause, &'static str)>,
);

/// Without TLS, with the right password.
const ROWS: [Row; 13] = [
    ("ann", "shop", None),
    ("curve", "shop", None),
    ("everywhere", "shop", None),
    // The server tells nobody which of these it is.
    (
        "nobody",
        "shop",
        Some((Stage::Authenticate, Cause::WrongPassword, "1045")),
    ),
    (
        "open",
        "shop",
        Some((Stage::Authenticate, Cause::WrongPassword, "1045")),
    ),
    (
        "only_tls",
        "shop",
        Some((Stage::Authenticate, Cause::WrongPassword, "1045")),
    ),
    (
        "local",
        "shop",
        Some((Stage::Authenticate, Cause::NotAdmitted, "1698")),
    ),
    (
        "locked",
        "shop",
        Some((Stage::Authenticate, Cause::AccountLocked, "4151")),
    ),
    (
        "expired",
        "shop",
        Some((Stage::Authenticate, Cause::PasswordExpired, "1820")),
    ),
    (
        "ann",
        "private",
        Some((Stage::Authorise, Cause::NoPermission, "1044")),
    ),
    (
        "everywhere",
        "nowhere",
        Some((Stage::Authorise, Cause::NoSuchDatabase, "1049")),
    ),
    ("limited", "shop", None),
    (
        "limited",
        "shop",
        Some((Stage::Authorise, Cause::TooManyConnections, "1226")),
    ),
];

/// One test: to make a server takes longer than all that is asked of it.
#[tokio::test]
async fn every_state_of_a_server() {
    let mut server = Server::start();
    accounts(&server);
    every_state_of_an_account_and_a_database(&server).await;
    every_certificate(&mut server).await;
    every_state_of_the_server(&server).await;
}

async fn every_state_of_an_account_and_a_database(server: &Server) {
    for (user, database, expected) in ROWS {
        let told = Told::of(&as_user(server.port, user, database)).await;
        assert_eq!(told.failure(), expected, "{user} {database}: {told:?}");
        assert_eq!(told.has_passed(), expected.is_none());
    }
    let passed = Told::of(&request(server.port)).await;
    assert_eq!(passed.stages.len(), Stage::ALL.len());
    assert_eq!(passed.stage(Stage::Tls).cause, Some(Cause::TlsOff));

    let mut wrong = request(server.port);
    let guess = Secret::new("guess".to_owned());
    wrong.secrets.insert("password".to_owned(), guess);
    let told = Told::of(&wrong).await;
    let expected = (Stage::Authenticate, Cause::WrongPassword, "1045");
    assert_eq!(told.failure(), Some(expected));
    let field = told.ending.cause.and_then(Cause::field);
    assert_eq!(field, Some(Field::Password));
    wrong.secrets.clear();
    let told = Told::of(&wrong).await;
    let expected = (Stage::Authenticate, Cause::PasswordMissing, "1045");
    assert_eq!(told.failure(), Some(expected));

    // The user's name is the password: the server repeats it, the report does not.
    let told = Told::of(&as_user(server.port, PASSWORD, "shop")).await;
    let said = told.stage(Stage::Authenticate).said.clone().unwrap();
    assert!(said.as_str().contains("•••"), "nothing was replaced");

    server.run(&["SET GLOBAL disconnect_on_expired_password = ON"]);
    let told = Told::of(&as_user(server.port, "expired", "shop")).await;
    let expected = (Stage::Authenticate, Cause::PasswordExpired, "1862");
    assert_eq!(told.failure(), Some(expected));

    server.run(&["SET GLOBAL max_password_errors = 1"]);
    let mut guessed = as_user(server.port, "everywhere", "shop");
    let guess = Secret::new("guess".to_owned());
    guessed.secrets.insert("password".to_owned(), guess);
    let told = Told::of(&guessed).await;
    assert_eq!(told.ending.cause, Some(Cause::WrongPassword));
    let told = Told::of(&as_user(server.port, "everywhere", "shop")).await;
    let expected = (Stage::Authenticate, Cause::AccountLocked, "4150");
    assert_eq!(told.failure(), Some(expected));

    let mut request = request(server.port);
    request.encryption = Encryption::Required;
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some((Stage::Tls, Cause::TlsNotOffered, "")));
}

async fn every_certificate(server: &mut Server) {
    let mut request = request(server.port);
    request.encryption = Encryption::Required;
    let authority = Authority::new("Authority of the test");
    let (chain, key) = authority.issue(&Leaf::Sound);
    server.restart_with(&chain, &key);
    // What is expected of a certificate whose authority is trusted, and of one that is trusted itself.
    let rows = [
        (Leaf::Sound, None, None),
        (Leaf::OtherName, Some(Cause::CertificateWrongName), None),
        (
            Leaf::Expired,
            Some(Cause::CertificateExpired),
            Some(Cause::CertificateExpired),
        ),
    ];
    for (leaf, by_authority, by_fingerprint) in rows {
        let (chain, key) = authority.issue(&leaf);
        server.show(&chain, &key);
        request.authorities = vec![authority.pem()];
        request.trusted.clear();
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_authority, "{leaf:?}: {told:?}");
        request.authorities.clear();
        let told = Told::of(&request).await;
        let untrusted = by_fingerprint.unwrap_or(Cause::CertificateUntrusted);
        assert_eq!(
            told.failure(),
            Some((Stage::Tls, untrusted, "")),
            "{leaf:?}"
        );
        let certificate = told.stage(Stage::Tls).certificate.clone().unwrap();
        let fingerprint = certificate.sha256.as_str().to_owned();
        request.trusted = vec![fingerprint.try_into().unwrap()];
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_fingerprint, "{leaf:?}: {told:?}");
    }
    let (chain, key) = authority.issue(&Leaf::Sound);
    server.show(&chain, &key);
    request.authorities = vec![authority.pem()];
    for user in ["ann", "only_tls", "curve"] {
        request
            .properties
            .insert("userName".to_owned(), user.to_owned());
        let told = Told::of(&request).await;
        assert!(told.has_passed(), "{user}: {told:?}");
        assert!(told.stage(Stage::Tls).certificate.is_some());
    }
}

/// Whoever asks others for their opinion needs the password itself: the users of the system, by PAM.
#[tokio::test]
async fn the_password_itself_is_sent_over_tls_and_not_without() {
    let user = User::with_password();
    let mut server = Server::start();
    let name = user.name();
    server.run(&[
        "CREATE DATABASE shop",
        "INSTALL SONAME 'auth_pam'",
        // Of no service's own: what the system does for any other.
        &format!("CREATE USER '{name}'@'%' IDENTIFIED VIA pam USING 'credential-probe'"),
        &format!("GRANT SELECT ON shop.* TO '{name}'@'%'"),
    ]);
    let mut request = as_user(server.port, name, "shop");
    let told = Told::of(&request).await;
    let refused = (Stage::Authenticate, Cause::CleartextRefused, "");
    assert_eq!(told.failure(), Some(refused));
    assert_eq!(told.stage(Stage::Tls).cause, Some(Cause::TlsOff));

    let authority = Authority::new("Authority of the test");
    let (chain, key) = authority.issue(&Leaf::Sound);
    server.restart_with(&chain, &key);
    // It is there, and not asked for.
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some(refused));
    request.encryption = Encryption::Required;
    request.authorities = vec![authority.pem()];
    let told = Told::of(&request).await;
    assert!(told.has_passed(), "{told:?}");
    let guess = Secret::new("guess".to_owned());
    request.secrets.insert("password".to_owned(), guess);
    let told = Told::of(&request).await;
    let wrong = (Stage::Authenticate, Cause::WrongPassword, "1045");
    assert_eq!(told.failure(), Some(wrong));
}

async fn every_state_of_the_server(server: &Server) {
    // Those who have not logged in yet count, too.
    let mut many = Vec::new();
    loop {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        if head[4] == 0xff {
            break;
        }
        many.push(stream);
    }
    let mut request = request(server.port);
    let told = Told::of(&request).await;
    let expected = (Stage::Authenticate, Cause::TooManyConnections, "1040");
    assert_eq!(told.failure(), Some(expected));
    request.encryption = Encryption::Required;
    let told = Told::of(&request).await;
    let expected = (Stage::Tls, Cause::TooManyConnections, "1040");
    assert_eq!(told.failure(), Some(expected));
    assert_eq!(told.stage(Stage::Tls).said, None);
}

#[tokio::test]
async fn nobody_is_there() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let request = request(listener.local_addr().unwrap().port());
    drop(listener);
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some((Stage::Connect, Cause::Refused, "")));
}
