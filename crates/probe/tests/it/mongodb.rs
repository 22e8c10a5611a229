//! MongoDB, at SecantusDB and by a server of our own: MongoDB itself cannot be had here.

mod secantusdb;
mod server;

use std::io::{Read as _, Write as _};

use bson::doc;
use envelope::Secret;
use probe::report::{Cause, Field, Outcome, Stage};
use probe::request::{Encryption, Request};

use crate::certificates::Authority;
use crate::hostile::{LONG, SHORT, greeted, saying, serve};
use crate::terminator;
use crate::told::{self, Told};
use secantusdb::SecantusDb;
use server::{Odd, message, start};

pub(crate) fn asking(port: u16) -> Request {
    let mut request = told::request(port);
    request.kind = "OnPremisesMongoDb".to_owned();
    request.properties.clear();
    for (name, value) in [
        ("username", "ann"),
        ("databaseName", "shop"),
        ("authSource", "users"),
    ] {
        request.properties.insert(name.to_owned(), value.to_owned());
    }
    request
}

fn guessing(port: u16) -> Request {
    let mut request = asking(port);
    let guess = Secret::new("guess".to_owned());
    request.secrets.insert("password".to_owned(), guess);
    request
}

fn anonymous(port: u16) -> Request {
    let mut request = asking(port);
    request.auth = "Anonymous".to_owned();
    request.secrets.clear();
    request
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

#[tokio::test]
async fn every_state_of_an_account_and_a_database() {
    let authority = Authority::new("Authority of the test");
    let server = SecantusDb::start(&authority);
    let ask = |user: &str, database: &str| {
        let mut request = asking(server.port);
        request.encryption = Encryption::Required;
        request.authorities = vec![authority.pem()];
        for (name, value) in [("username", user), ("databaseName", database)] {
            request.properties.insert(name.to_owned(), value.to_owned());
        }
        request
    };
    for (user, database) in [
        ("ann", "shop"),
        ("old", "shop"),
        ("new", "shop"),
        ("everywhere", "private"),
    ] {
        let told = Told::of(&ask(user, database)).await;
        assert!(told.has_passed(), "{user}: {told:?}");
    }
    let with_password = |user: &str, password: &str| {
        let mut request = ask(user, "shop");
        let secret = Secret::new(password.to_owned());
        request.secrets.insert("password".to_owned(), secret);
        request
    };
    // As it was set, and as it is when it has been prepared.
    for password in ["correct\u{a0}horse\u{ad}", "correct horse"] {
        let told = Told::of(&with_password("odd", password)).await;
        assert!(told.has_passed(), "{told:?}");
    }
    let mut other_users = ask("ann", "shop");
    other_users.properties.remove("authSource");
    let mut nobody = anonymous(server.port);
    nobody.encryption = Encryption::Required;
    nobody.authorities = vec![authority.pem()];
    let at_login = |cause, code| found(Stage::Authenticate, cause, code);
    for (request, expected) in [
        (
            with_password("ann", "guess"),
            at_login(Cause::WrongPassword, "18"),
        ),
        (
            with_password("old", "guess"),
            at_login(Cause::WrongPassword, "18"),
        ),
        (ask("unknown", "shop"), at_login(Cause::WrongPassword, "18")),
        (other_users, at_login(Cause::WrongPassword, "18")),
        (nobody, at_login(Cause::SignInRequired, "13")),
        (
            ask("nobody", "shop"),
            found(Stage::Authorise, Cause::NoPermission, "13"),
        ),
        (
            ask("ann", "private"),
            found(Stage::Authorise, Cause::NoPermission, "13"),
        ),
        (
            ask("everywhere", "nowhere"),
            found(Stage::Authorise, Cause::NoSuchDatabase, ""),
        ),
        (asking(server.port), at_login(Cause::Closed, "")),
    ] {
        assert_eq!(Told::failure_of(&request).await, expected);
    }
}

#[tokio::test]
async fn whoever_is_known_gets_in() {
    for odd in [
        Odd::default(),
        Odd {
            ways: &["SCRAM-SHA-1"],
            ..Odd::default()
        },
        Odd {
            is_old: true,
            rounds: 10_000,
            ..Odd::default()
        },
        Odd {
            is_long: true,
            ..Odd::default()
        },
        // Nobody has written to it, but it is there.
        Odd {
            collections: 0,
            ..Odd::default()
        },
    ] {
        let port = start(odd);
        let told = Told::of(&asking(port)).await;
        assert!(told.has_passed(), "{told:?}");
        assert_eq!(told.stage(Stage::Tls).result, Outcome::Skipped);
        let wrong = found(Stage::Authenticate, Cause::WrongPassword, "18");
        assert_eq!(Told::failure_of(&guessing(port)).await, wrong);
    }
    assert_eq!(Cause::WrongPassword.field(), Some(Field::Password));
    let port = start(Odd::default());
    terminator::check(port, asking(port)).await;
    let mut nobody = asking(port);
    nobody.secrets.clear();
    let missing = found(Stage::Authenticate, Cause::PasswordMissing, "");
    assert_eq!(Told::failure_of(&nobody).await, missing);
    let wanted = found(Stage::Authenticate, Cause::SignInRequired, "13");
    assert_eq!(Told::failure_of(&anonymous(port)).await, wanted);
    let open = start(Odd {
        is_impostor: true,
        ..Odd::default()
    });
    assert!(Told::of(&anonymous(open)).await.has_passed());
}

#[tokio::test]
async fn what_a_server_may_refuse() {
    use Cause as C;
    use Stage as S;
    let refusing = |command, code| Odd {
        refuses: Some((command, code, "no")),
        ..Odd::default()
    };
    for (odd, expected) in [
        (
            refusing("hello", 91),
            found(S::Authenticate, C::NotReady, "91"),
        ),
        (
            refusing("saslStart", 334),
            found(S::Authenticate, C::MethodUnknown, "334"),
        ),
        (
            Odd {
                ways: &["GSSAPI", "PLAIN"],
                ..Odd::default()
            },
            found(S::Authenticate, C::MethodUnknown, ""),
        ),
        (
            refusing("listCollections", 13),
            found(S::Authorise, C::NoPermission, "13"),
        ),
        (
            refusing("listCollections", 8),
            found(S::Query, C::StoreRefused, "8"),
        ),
        (
            Odd {
                collections: 0,
                databases: 0,
                ..Odd::default()
            },
            found(S::Authorise, C::NoSuchDatabase, ""),
        ),
    ] {
        assert_eq!(Told::failure_of(&asking(start(odd))).await, expected);
    }
    // A server that tells its databases to administrators only.
    let port = start(Odd {
        collections: 0,
        ..refusing("listDatabases", 13)
    });
    assert!(Told::of(&asking(port)).await.has_passed());
}

#[tokio::test]
async fn a_server_that_does_not_know_the_password() {
    for odd in [
        Odd {
            is_impostor: true,
            ..Odd::default()
        },
        Odd {
            is_hasty: true,
            ..Odd::default()
        },
        // What it gets could be guessed from.
        Odd {
            rounds: 1,
            ..Odd::default()
        },
    ] {
        let expected = found(Stage::Authenticate, Cause::ServerNotProven, "");
        assert_eq!(Told::failure_of(&asking(start(odd))).await, expected);
    }
    let laborious = start(Odd {
        rounds: u32::MAX,
        ..Odd::default()
    });
    let expected = found(Stage::Authenticate, Cause::TooMuch, "");
    assert_eq!(Told::failure_of(&asking(laborious)).await, expected);
}

async fn cause_at(port: u16, total_ms: u64) -> (Stage, Cause) {
    let mut request = asking(port);
    request.limits.total_ms = total_ms;
    let (stage, cause, _) = Told::failure_of(&request).await;
    (stage, cause)
}

#[tokio::test]
async fn something_else_or_something_hostile_listens() {
    let fine = || message(1, 2013, 0, &doc! { "ok": 1.0 });
    let mut giant = fine();
    giant[..4].copy_from_slice(&i32::MAX.to_le_bytes());
    let mut negative = fine();
    negative[..4].copy_from_slice(&(-1i32).to_le_bytes());
    let mut short = fine();
    short[..4].copy_from_slice(&20i32.to_le_bytes());
    let mut lying = fine();
    lying[21..25].copy_from_slice(&999i32.to_le_bytes());
    for (bytes, cause) in [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            Cause::WrongProtocol,
        ),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(), Cause::WrongProtocol),
        (
            message(9, 2013, 0, &doc! { "ok": 1.0 }),
            Cause::WrongProtocol,
        ),
        // Compressed, which nobody asked for.
        (
            message(1, 2012, 0, &doc! { "ok": 1.0 }),
            Cause::WrongProtocol,
        ),
        (
            message(1, 2013, 1, &doc! { "ok": 1.0 }),
            Cause::WrongProtocol,
        ),
        (
            message(1, 2013, 0, &doc! { "nothing": 1.0 }),
            Cause::WrongProtocol,
        ),
        (giant, Cause::TooMuch),
        (negative, Cause::WrongProtocol),
        (short, Cause::WrongProtocol),
        (lying, Cause::WrongProtocol),
        (fine()[..20].to_vec(), Cause::Closed),
    ] {
        let found = cause_at(saying(bytes.clone()), LONG).await;
        assert_eq!(found, (Stage::Authenticate, cause), "{bytes:?}");
    }
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let late = (Stage::Authenticate, Cause::TimedOut);
    assert_eq!(cause_at(silent, SHORT).await, late);
    let slow = serve(move |mut stream| {
        stream.write_all(&fine()[..4])?;
        stream.read_to_end(&mut Vec::new()).map(|_| ())
    });
    assert_eq!(cause_at(slow, SHORT).await, late);
}

#[tokio::test]
async fn a_login_without_end() {
    let port = serve(|mut stream| {
        for number in 1.. {
            greeted(&mut stream)?;
            let answer = match number {
                1 => doc! { "ok": 1.0 },
                _ => {
                    doc! { "ok": 1.0, "conversationId": 1, "done": false, "payload": bson::Binary {
                        subtype: bson::spec::BinarySubtype::Generic,
                        bytes: b"r=x".to_vec(),
                    } }
                }
            };
            stream.write_all(&message(number, 2013, 0, &answer))?;
        }
        Ok(())
    });
    let expected = (Stage::Authenticate, Cause::ServerNotProven);
    assert_eq!(cause_at(port, LONG).await, expected);
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let refusal = doc! { "ok": 0.0, "code": 1, "errmsg": words };
    asking(saying(message(1, 2013, 0, &refusal)))
}
