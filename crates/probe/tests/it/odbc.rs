//! ODBC: PostgreSQL's and MariaDB's drivers, at real servers; and drivers that are not there.

use std::collections::BTreeMap;

use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::hostile::{self, SHORT, serve};
use crate::mysql;
use crate::server::{PASSWORD, Server};
use crate::told::{Told, request};

/// What a careless writer of connection strings would break out with.
const ODD_PASSWORD: &str = "a;b}c{d Server=e";

pub(crate) fn asking(connection_string: &str, user: &str, password: &str) -> Request {
    let mut request = request(0);
    request.kind = "OnPremisesOdbc".to_owned();
    request.auth = "Basic".to_owned();
    request.properties = BTreeMap::from([
        ("connectionString".to_owned(), connection_string.to_owned()),
        ("userName".to_owned(), user.to_owned()),
    ]);
    let secret = Secret::new(password.to_owned());
    request.secrets = BTreeMap::from([("password".to_owned(), secret)]);
    request.destination = Destination::of(&request.kind, &request.properties);
    request
}

fn with_credential(connection_string: &str, credential: &str) -> Request {
    let mut request = asking(connection_string, "", "");
    request.auth = "Anonymous".to_owned();
    let secret = Secret::new(credential.to_owned());
    request.secrets = BTreeMap::from([("credential".to_owned(), secret)]);
    request
}

fn found(stage: Stage, cause: Cause) -> (Stage, Cause) {
    (stage, cause)
}

async fn failure_of(request: &Request) -> (Stage, Cause) {
    let (stage, cause, _) = Told::failure_of(request).await;
    (stage, cause)
}

#[tokio::test]
async fn every_state_of_a_postgresql() {
    let server = Server::start(
        "host all outside 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 scram-sha-256\n",
    );
    let create =
        |name: &str, more: &str| format!("CREATE ROLE {name} {more} PASSWORD '{PASSWORD}'");
    let statements = [
        create("ann", "LOGIN"),
        create("locked", "NOLOGIN"),
        create("outside", "LOGIN"),
        create("limited", "LOGIN CONNECTION LIMIT 0"),
        create("expired", "LOGIN VALID UNTIL '2020-01-01'"),
        format!("CREATE ROLE odd LOGIN PASSWORD '{ODD_PASSWORD}'"),
        "CREATE DATABASE shop".to_owned(),
        "CREATE DATABASE private".to_owned(),
        "REVOKE CONNECT ON DATABASE private FROM PUBLIC".to_owned(),
        "CREATE DATABASE closed ALLOW_CONNECTIONS false".to_owned(),
    ];
    let statements: Vec<&str> = statements.iter().map(String::as_str).collect();
    server.run(&statements).await;
    let at = |database: &str, more: &str| {
        let port = server.port;
        format!(
            "Driver={{PostgreSQL Unicode}};Servername=localhost;Port={port};Database={database};{more}"
        )
    };
    let told = Told::of(&asking(&at("shop", ""), "ann", PASSWORD)).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Tls).cause, Some(Cause::TlsByDriver));
    assert_eq!(told.stage(Stage::Tls).result, Outcome::Skipped);
    assert_eq!(told.stage(Stage::Authenticate).cause, None);
    let odd = asking(&at("shop", ""), "odd", ODD_PASSWORD);
    let told = Told::of(&odd).await;
    assert!(told.has_passed(), "{told:?}");
    let whole = with_credential(&at("shop", ""), &format!("Uid=ann;Pwd={PASSWORD}"));
    let told = Told::of(&whole).await;
    assert!(told.has_passed(), "{told:?}");
    let more = with_credential(&at("shop", ""), "Uid=ann;Pwd=x;Servername=elsewhere");
    let unchecked = found(Stage::Authenticate, Cause::OdbcUnchecked);
    assert_eq!(failure_of(&more).await, unchecked);
    let ended = asking(&at("shop", ""), "ann\0", PASSWORD);
    let unusable = found(Stage::Authenticate, Cause::BadRequest);
    assert_eq!(failure_of(&ended).await, unusable);
    // What could lead elsewhere is left out, and this is said.
    let led = at(
        "shop",
        "pqopt={host=192.0.2.1};ConnSettings={DROP DATABASE private}",
    );
    let told = Told::of(&asking(&led, "ann", PASSWORD)).await;
    assert!(told.has_passed(), "{told:?}");
    let note = told.stage(Stage::Authenticate).cause;
    assert_eq!(note, Some(Cause::SettingsLeftOut));

    use Cause as C;
    use Stage as S;
    for (database, user, password, expected) in [
        (
            "shop",
            "ann",
            "guess",
            found(S::Authenticate, C::WrongPassword),
        ),
        (
            "shop",
            "nobody",
            PASSWORD,
            found(S::Authenticate, C::WrongPassword),
        ),
        (
            "shop",
            "expired",
            PASSWORD,
            found(S::Authenticate, C::WrongPassword),
        ),
        (
            "shop",
            "locked",
            PASSWORD,
            found(S::Authenticate, C::AccountLocked),
        ),
        (
            "shop",
            "outside",
            PASSWORD,
            found(S::Authenticate, C::NotAdmitted),
        ),
        (
            "shop",
            "limited",
            PASSWORD,
            found(S::Authenticate, C::TooManyConnections),
        ),
        (
            "nowhere",
            "ann",
            PASSWORD,
            found(S::Authorise, C::NoSuchDatabase),
        ),
        (
            "private",
            "ann",
            PASSWORD,
            found(S::Authorise, C::NoPermission),
        ),
        (
            "closed",
            "ann",
            PASSWORD,
            found(S::Authorise, C::DatabaseClosed),
        ),
    ] {
        let request = asking(&at(database, ""), user, password);
        assert_eq!(failure_of(&request).await, expected, "{user} {database}");
    }
    assert_eq!(Cause::WrongPassword.field(), Some(Field::Password));
    // A library below the driver would read a name like this one as settings, if it were asked to.
    let inside = asking(&at("{host=192.0.2.1 dbname=shop}", ""), "ann", PASSWORD);
    let unknown = found(S::Authorise, C::NoSuchDatabase);
    assert_eq!(failure_of(&inside).await, unknown);
    let encrypted = asking(&at("shop", "SSLmode=require"), "ann", PASSWORD);
    let none = found(S::Authenticate, C::TlsNotOffered);
    assert_eq!(failure_of(&encrypted).await, none);
    // Where it may go is looked at before the driver is told anything.
    let mut elsewhere = asking(&at("shop", ""), "ann", PASSWORD);
    elsewhere.policy = probe::policy::Policy::default();
    let refused = found(S::Resolve, C::PolicyLoopback);
    assert_eq!(failure_of(&elsewhere).await, refused);
}

#[tokio::test]
async fn every_state_of_a_mariadb() {
    let server = mysql::server::Server::start();
    let create = |name: &str, more: &str| {
        format!(
            "CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}' {more}; GRANT SELECT ON shop.* TO {name}@'%'"
        )
    };
    server.run(&[
        "CREATE DATABASE shop; CREATE DATABASE private",
        &create("ann", ""),
        &create("locked", "ACCOUNT LOCK"),
        &create("expired", "PASSWORD EXPIRE"),
        &create("everywhere", ""),
        "GRANT SELECT ON *.* TO everywhere@'%'",
        &format!(
            "CREATE USER odd@'%' IDENTIFIED BY '{ODD_PASSWORD}'; GRANT SELECT ON shop.* TO odd@'%'"
        ),
    ]);
    let at = |database: &str| {
        let port = server.port;
        format!("Driver={{MariaDB Unicode}};Server=localhost;Port={port};Database={database}")
    };
    for (user, password) in [("ann", PASSWORD), ("odd", ODD_PASSWORD)] {
        let told = Told::of(&asking(&at("shop"), user, password)).await;
        assert!(told.has_passed(), "{user}: {told:?}");
    }
    use Cause as C;
    use Stage as S;
    for (database, user, password, expected) in [
        (
            "shop",
            "ann",
            "guess",
            found(S::Authenticate, C::WrongPassword),
        ),
        (
            "shop",
            "locked",
            PASSWORD,
            found(S::Authenticate, C::AccountLocked),
        ),
        (
            "shop",
            "expired",
            PASSWORD,
            found(S::Authenticate, C::PasswordExpired),
        ),
        (
            "nowhere",
            "everywhere",
            PASSWORD,
            found(S::Authorise, C::NoSuchDatabase),
        ),
        (
            "private",
            "ann",
            PASSWORD,
            found(S::Authorise, C::NoPermission),
        ),
    ] {
        let request = asking(&at(database), user, password);
        assert_eq!(failure_of(&request).await, expected, "{user} {database}");
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_known_is_not_used() {
    for (text, cause) in [
        ("DSN=sales", Cause::OdbcUnchecked),
        (
            "DSN=sales;Driver={MariaDB Unicode};Server=localhost",
            Cause::OdbcUnchecked,
        ),
        ("Driver=/tmp/mine.so;Server=localhost", Cause::OdbcUnchecked),
        ("Driver={Somebody's};Server=localhost", Cause::OdbcUnchecked),
        (
            "Driver={MariaDB ODBC 99 Driver};Server=localhost",
            Cause::DriverMissing,
        ),
    ] {
        let request = asking(text, "ann", PASSWORD);
        assert_eq!(
            failure_of(&request).await,
            found(Stage::Policy, cause),
            "{text}"
        );
    }
    let no_host = asking("Driver={MariaDB Unicode};Port=3306", "ann", PASSWORD);
    assert_eq!(
        failure_of(&no_host).await,
        found(Stage::Policy, Cause::BadHost)
    );
    for (kind, driver) in [
        ("OnPremisesDb2", "IBM DB2 ODBC DRIVER"),
        (
            "OnPremisesSybase",
            "Adaptive Server Enterprise (SAP ASE ODBC Driver)",
        ),
        ("OnPremisesTeradata", "Teradata Database ODBC Driver"),
        ("SapHana", "HDBODBC (SAP HANA client)"),
    ] {
        let mut request = request(1);
        request.kind = kind.to_owned();
        let told = Told::of(&request).await;
        let missing = Some((Stage::Policy, Cause::DriverMissing, ""));
        assert_eq!(told.failure(), missing);
        let said = told.stage(Stage::Policy).said.clone().unwrap();
        assert_eq!(said.as_str(), driver);
    }
}

#[tokio::test]
async fn something_else_or_something_hostile_listens() {
    use std::io::{Read as _, Write as _};
    let driver = ["Driver={PostgreSQL Unicode}", "Driver={MariaDB Unicode}"];
    let endless = serve(|mut stream| {
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    for driver in driver {
        for (port, total_ms) in [(endless, 2_000), (silent, SHORT)] {
            let text = format!("{driver};Server=localhost;Port={port}");
            let mut request = asking(&text, "ann", PASSWORD);
            request.limits.total_ms = total_ms;
            let (stage, cause) = failure_of(&request).await;
            assert_eq!(stage, Stage::Authenticate);
            // Some drivers give up by themselves.
            let is_clear = matches!(
                cause,
                Cause::TimedOut | Cause::StoreRefused | Cause::Closed | Cause::ProbeDied
            );
            assert!(is_clear, "{driver}: {cause:?}");
        }
    }
}

/// A server that refuses in these words, and who asks it by its driver: with a password, or with a part of a connection string.
pub(crate) fn repeating(words: &str, password: &str, is_in_one: bool) -> Request {
    let port = hostile::repeating(words).destination.port;
    let text = format!("Driver={{PostgreSQL Unicode}};Servername=localhost;Port={port}");
    if !is_in_one {
        return asking(&text, "ann", password);
    }
    let braced = password.replace('}', "}}");
    with_credential(&text, &format!("Uid=ann;Pwd={{{braced}}}"))
}
