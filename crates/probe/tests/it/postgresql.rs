use std::net::Ipv4Addr;

use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::Encryption;

use crate::certificates::{Authority, Leaf};
use crate::server::{PASSWORD, Server};
use crate::told::{Told, request};

const HBA: &str = "
host all open,ghost 127.0.0.1/32 trust
host all rejected 127.0.0.1/32 reject
hostssl all only_tls 127.0.0.1/32 scram-sha-256
hostnossl all only_tls 127.0.0.1/32 reject
host all clear 127.0.0.1/32 password
host all hashed 127.0.0.1/32 md5
host shop,private,closed,full,nowhere all 127.0.0.1/32 scram-sha-256
";

async fn accounts(server: &Server) {
    let with_password =
        |name: &str, more: &str| format!("CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' {more}");
    let roles = [
        with_password("ann", ""),
        with_password("expired", "VALID UNTIL '2020-01-01'"),
        with_password("locked", ""),
        "ALTER ROLE locked NOLOGIN".to_owned(),
        with_password("limited", "CONNECTION LIMIT 0"),
        with_password("rejected", ""),
        with_password("only_tls", ""),
        with_password("clear", ""),
        with_password("open", ""),
        "SET password_encryption = 'md5'".to_owned(),
        with_password("hashed", ""),
    ];
    let statements: Vec<&str> = roles
        .iter()
        .map(String::as_str)
        .chain([
            "CREATE DATABASE shop",
            "CREATE DATABASE private",
            "REVOKE CONNECT ON DATABASE private FROM PUBLIC",
            "CREATE DATABASE closed ALLOW_CONNECTIONS false",
            "CREATE DATABASE \"full\" CONNECTION LIMIT 0",
        ])
        .collect();
    server.run(&statements).await;
}

/// User, database, and the failure: `None` for those that pass.
type Row = (
    &'static str,
    &'static str,
    Option<(Stage, Cause, &'static str)>,
);

/// Without TLS, with the right password.
const ROWS: [Row; 15] = [
    ("ann", "shop", None),
    ("hashed", "shop", None),
    ("open", "shop", None),
    // The server tells nobody which of these it is.
    (
        "nobody",
        "shop",
        Some((Stage::Authenticate, Cause::WrongPassword, "28P01")),
    ),
    (
        "expired",
        "shop",
        Some((Stage::Authenticate, Cause::WrongPassword, "28P01")),
    ),
    (
        "ghost",
        "shop",
        Some((Stage::Authenticate, Cause::NoSuchUser, "28000")),
    ),
    (
        "locked",
        "shop",
        Some((Stage::Authenticate, Cause::AccountLocked, "28000")),
    ),
    (
        "rejected",
        "shop",
        Some((Stage::Authenticate, Cause::NotAdmitted, "28000")),
    ),
    (
        "only_tls",
        "shop",
        Some((Stage::Authenticate, Cause::NotAdmitted, "28000")),
    ),
    (
        "ann",
        "elsewhere",
        Some((Stage::Authenticate, Cause::NotAdmitted, "28000")),
    ),
    (
        "limited",
        "shop",
        Some((Stage::Authorise, Cause::TooManyConnections, "53300")),
    ),
    (
        "ann",
        "nowhere",
        Some((Stage::Authorise, Cause::NoSuchDatabase, "3D000")),
    ),
    (
        "ann",
        "private",
        Some((Stage::Authorise, Cause::NoPermission, "42501")),
    ),
    (
        "ann",
        "closed",
        Some((Stage::Authorise, Cause::DatabaseClosed, "55000")),
    ),
    (
        "ann",
        "full",
        Some((Stage::Authorise, Cause::TooManyConnections, "53300")),
    ),
];

/// One test: to make a server takes longer than all that is asked of it.
#[tokio::test]
async fn every_state_of_a_server() {
    let server = Server::start(HBA);
    accounts(&server).await;
    every_state_of_an_account_and_a_database(&server).await;
    every_certificate(&server).await;
}

async fn every_state_of_an_account_and_a_database(server: &Server) {
    let as_user = |user: &str, database: &str| {
        let mut request = request(server.port);
        request
            .properties
            .insert("username".to_owned(), user.to_owned());
        request
            .properties
            .insert("database".to_owned(), database.to_owned());
        request
    };
    for (user, database, expected) in ROWS {
        let told = Told::of(&as_user(user, database)).await;
        assert_eq!(told.failure(), expected, "{user} {database}: {told:?}");
        assert_eq!(told.has_passed(), expected.is_none());
    }
    let passed = Told::of(&as_user("ann", "shop")).await;
    assert_eq!(passed.stages.len(), Stage::ALL.len());
    assert_eq!(passed.stage(Stage::Tls).cause, Some(Cause::TlsOff));
    assert_eq!(passed.stage(Stage::Authenticate).cause, None);
    let unchecked = Told::of(&as_user("open", "shop")).await;
    let note = unchecked.stage(Stage::Authenticate);
    assert_eq!(
        (note.result, note.cause),
        (Outcome::Passed, Some(Cause::PasswordNotChecked))
    );

    let mut wrong = as_user("ann", "shop");
    wrong
        .secrets
        .insert("password".to_owned(), Secret::new("guess".to_owned()));
    let told = Told::of(&wrong).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::WrongPassword, "28P01"))
    );
    assert_eq!(
        told.ending.cause.and_then(Cause::field),
        Some(Field::Password)
    );
    wrong.secrets.clear();
    let told = Told::of(&wrong).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::PasswordMissing, ""))
    );
    let told = Told::of(&as_user("clear", "shop")).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Authenticate, Cause::CleartextRefused, ""))
    );

    // The user's name is the password: the server repeats it, the report does not.
    let told = Told::of(&as_user(PASSWORD, "shop")).await;
    let said = told.stage(Stage::Authenticate).said.clone().unwrap();
    assert!(said.as_str().contains("•••"), "nothing was replaced");

    let mut many = Vec::new();
    for _ in 0..17 {
        many.push(server.admin().await);
    }
    let told = Told::of(&as_user("ann", "shop")).await;
    assert_eq!(told.ending.cause, Some(Cause::TooManyConnections));
}

async fn every_certificate(server: &Server) {
    let mut request = request(server.port);
    request.encryption = Encryption::Required;
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some((Stage::Tls, Cause::TlsNotOffered, "")));

    let authority = Authority::new("Authority of the test");
    let show = |leaf: &Leaf| {
        let (chain, key) = authority.issue(leaf);
        server.show(&chain, &key);
    };
    // What is expected of a certificate: when its authority is trusted, and when its fingerprint is.
    let rows = [
        (Leaf::Sound, None, None),
        (Leaf::OtherName, Some(Cause::CertificateWrongName), None),
        (
            Leaf::Expired,
            Some(Cause::CertificateExpired),
            Some(Cause::CertificateExpired),
        ),
        (
            Leaf::NotYetValid,
            Some(Cause::CertificateNotYetValid),
            Some(Cause::CertificateNotYetValid),
        ),
    ];
    for (leaf, by_authority, by_fingerprint) in rows {
        show(&leaf);
        request.authorities = vec![authority.pem()];
        request.trusted.clear();
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_authority, "{leaf:?}: {told:?}");
        let certificate = told.stage(Stage::Tls).certificate.clone().unwrap();
        assert_eq!(certificate.subject.as_str(), "CN=leaf of the test");
        assert_eq!(certificate.issuer.as_str(), "CN=Authority of the test");

        request.authorities.clear();
        let told = Told::of(&request).await;
        let untrusted = by_fingerprint.unwrap_or(Cause::CertificateUntrusted);
        assert_eq!(
            told.failure(),
            Some((Stage::Tls, untrusted, "")),
            "{leaf:?}"
        );
        assert_eq!(
            told.stage(Stage::Tls).certificate,
            Some(certificate.clone())
        );

        let fingerprint = certificate.sha256.as_str().to_owned();
        request.trusted = vec![fingerprint.try_into().unwrap()];
        let told = Told::of(&request).await;
        assert_eq!(told.ending.cause, by_fingerprint, "{leaf:?}: {told:?}");
    }
    // What was trusted is that certificate, and no other.
    show(&Leaf::Sound);
    let told = Told::of(&request).await;
    assert_eq!(
        told.failure(),
        Some((Stage::Tls, Cause::CertificateUntrusted, ""))
    );

    request.authorities = vec![authority.pem()];
    for user in ["ann", "only_tls", "clear"] {
        request
            .properties
            .insert("username".to_owned(), user.to_owned());
        let told = Told::of(&request).await;
        assert!(told.has_passed(), "{user}: {told:?}");
        assert!(told.stage(Stage::Tls).certificate.is_some());
    }
}

#[tokio::test]
async fn nobody_there_and_nowhere_to_go() {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut request = request(listener.local_addr().unwrap().port());
    drop(listener);
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some((Stage::Connect, Cause::Refused, "")));

    request.destination.host = "no-such-server.invalid".to_owned();
    let told = Told::of(&request).await;
    let (stage, cause, _) = told.failure().unwrap();
    assert_eq!(stage, Stage::Resolve);
    // A machine without a resolver cannot know it.
    assert!(
        matches!(cause, Cause::UnknownHost | Cause::ResolverFailed),
        "{cause:?}"
    );

    request.destination.host = "http://db".to_owned();
    assert_eq!(
        Told::of(&request).await.failure(),
        Some((Stage::Policy, Cause::BadHost, ""))
    );
    request.destination.host = "169.254.169.254".to_owned();
    assert_eq!(
        Told::of(&request).await.failure(),
        Some((Stage::Policy, Cause::PolicyMetadata, ""))
    );
    request.policy = probe::policy::Policy::default();
    request.destination.host = "localhost".to_owned();
    assert_eq!(
        Told::of(&request).await.failure(),
        Some((Stage::Resolve, Cause::PolicyLoopback, ""))
    );
    request.destination.host = "127.0.0.1".to_owned();
    assert_eq!(
        Told::of(&request).await.failure(),
        Some((Stage::Policy, Cause::PolicyLoopback, ""))
    );
    request.kind = "Nobody".to_owned();
    assert_eq!(
        Told::of(&request).await.failure(),
        Some((Stage::Policy, Cause::NoDriver, ""))
    );
}
