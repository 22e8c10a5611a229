//! Oracle Database, by a listener and a database of our own: no other can be had here.

mod database;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use envelope::Secret;
use probe::report::{Cause, Outcome, Stage};
use probe::request::{Destination, Request};

use crate::hostile::{LONG, SHORT, serve};
use crate::server::PASSWORD;
use crate::told::{Told, request};
use database::{Database, Peer, REDIRECT, REFUSE, RESEND, refusal};

/// `ann` of this service at this port.
pub(crate) fn asking(port: u16, word: &str, name: &str) -> Request {
    let mut request = request(port);
    request.kind = "OnPremisesOracle".to_owned();
    let port = port.to_string();
    let properties = [
        ("Host", "localhost"),
        ("Port", port.as_str()),
        ("User Id", "ann"),
        (word, name),
    ];
    let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    request.properties = properties.map(own).into();
    request.destination = Destination::of("OnPremisesOracle", &request.properties);
    let password = request.secrets.remove("password").unwrap();
    request.secrets.insert("Password".to_owned(), password);
    request
}

/// What a database refuses in these words, after a sign-in with this password.
pub(crate) fn repeating(password: &str, words: &str) -> Request {
    let port = Database::refusing(password, 600, words).start();
    asking(port, "ServiceName", "shop")
}

async fn failure_at(port: u16) -> (Stage, Cause, String) {
    Told::failure_of(&asking(port, "ServiceName", "shop")).await
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

fn at_login(cause: Cause, code: &str) -> (Stage, Cause, String) {
    found(Stage::Authenticate, cause, code)
}

/// A listener that does this with whoever wants something.
fn listening(
    then: impl Fn(&mut Peer) -> std::io::Result<()> + Send + Sync + Clone + 'static,
) -> u16 {
    serve(move |stream| {
        let mut peer = Peer::new(stream, Default::default());
        peer.connect_data()?;
        then(&mut peer)?;
        // Until the other side has enough.
        while peer.read().is_ok() {}
        Ok(())
    })
}

#[tokio::test]
async fn whoever_is_known_gets_in() {
    let database = Database::of(PASSWORD);
    let heard = database.heard.clone();
    let port = database.start();
    for word in ["ServiceName", "Sid"] {
        let told = Told::of(&asking(port, word, "shop")).await;
        assert!(told.has_passed(), "{told:?}");
        let tls = told.stage(Stage::Tls);
        assert_eq!(
            (tls.result, tls.cause),
            (Outcome::Skipped, Some(Cause::TlsOff))
        );
    }
    let heard = heard.lock().unwrap().clone();
    let has = |text: &str| {
        heard
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(
        has("AUTH_PASSWORD") && !has(PASSWORD),
        "it went over as it is"
    );
    // Neither does anything of the gateway's machine, but the number of a process that has ended.
    let machine = rustix::system::uname();
    assert!(!has(machine.nodename().to_str().unwrap()));
}

#[tokio::test]
async fn what_the_database_may_say() {
    let other = Database::of("another").start();
    assert_eq!(
        failure_at(other).await,
        at_login(Cause::WrongPassword, "ORA-01017")
    );
    for (number, stage, cause, code) in [
        (
            28000,
            Stage::Authenticate,
            Cause::AccountLocked,
            "ORA-28000",
        ),
        (
            28001,
            Stage::Authenticate,
            Cause::PasswordExpired,
            "ORA-28001",
        ),
        (1045, Stage::Authorise, Cause::NoPermission, "ORA-01045"),
        (
            1035,
            Stage::Authenticate,
            Cause::DatabaseClosed,
            "ORA-01035",
        ),
        (1033, Stage::Authenticate, Cause::NotReady, "ORA-01033"),
        (
            18,
            Stage::Authenticate,
            Cause::TooManyConnections,
            "ORA-00018",
        ),
        (600, Stage::Authenticate, Cause::StoreRefused, "ORA-00600"),
    ] {
        let words = format!("{code}: no\n");
        let port = Database::refusing(PASSWORD, number, &words).start();
        assert_eq!(failure_at(port).await, found(stage, cause, code));
    }
    let words = format!("{PASSWORD} {}", "x".repeat(900));
    let port = Database::refusing(PASSWORD, 600, &words).start();
    let told = Told::of(&asking(port, "ServiceName", "shop")).await;
    let said = told.stage(Stage::Authenticate).said.clone().unwrap();
    assert!(said.as_str().starts_with("••• xx"), "another");
    assert_eq!(said.as_str().chars().count(), probe::report::MAX_CHARS);
}

#[tokio::test]
async fn what_the_listener_may_say() {
    let port = Database::of(PASSWORD).start();
    for (word, code) in [("ServiceName", "ORA-12514"), ("Sid", "ORA-12505")] {
        let request = asking(port, word, "nothing");
        let missing = at_login(Cause::NoSuchDatabase, code);
        assert_eq!(Told::failure_of(&request).await, missing);
    }
    for (number, cause, code) in [
        (12516, Cause::TooManyConnections, "ORA-12516"),
        (12528, Cause::NotReady, "ORA-12528"),
        (12526, Cause::DatabaseClosed, "ORA-12526"),
        (12529, Cause::NotAdmitted, "ORA-12529"),
        (0, Cause::StoreRefused, ""),
    ] {
        let port = listening(move |peer| peer.send(REFUSE, &refusal(number)));
        assert_eq!(failure_at(port).await, at_login(cause, code));
    }
    // Once more, please; and then it is as usual.
    let again = serve(|stream| {
        let database = Database::of(PASSWORD);
        let mut peer = Peer::new(stream, database.heard.clone());
        peer.connect_data()?;
        peer.send(RESEND, &[])?;
        peer.connect_data()?;
        database.serve(&mut peer)
    });
    let told = Told::of(&asking(again, "ServiceName", "shop")).await;
    assert!(told.has_passed(), "{told:?}");
}

#[tokio::test]
async fn nobody_is_followed_to_elsewhere() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let data =
        format!("(ADDRESS=(PROTOCOL=TCP)(HOST=127.0.0.1)(PORT={port}))\0(CONNECT_DATA=(SID=shop))");
    let redirect = move |peer: &mut Peer| {
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        peer.send(REDIRECT, &length)?;
        peer.answer(data.as_bytes())
    };
    let sent = at_login(Cause::SentElsewhere, "");
    assert_eq!(failure_at(listening(redirect.clone())).await, sent);
    let late = listening(move |peer| {
        peer.accept()?;
        redirect(peer)
    });
    assert_eq!(failure_at(late).await, sent);
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err(), "it went there");
}

#[tokio::test]
async fn what_the_driver_does_not_have() {
    let insists = listening(|peer| peer.accept_with(318, 0x10, 0));
    let old = listening(|peer| peer.accept_with(314, 0, 0));
    let verifier = Database {
        rounds: None,
        ..Database::of(PASSWORD)
    };
    for port in [insists, old, verifier.start()] {
        assert_eq!(failure_at(port).await, at_login(Cause::MethodUnknown, ""));
    }
    let encrypted = listening(|peer| peer.send_flagged(RESEND, 0x08, &[]));
    assert_eq!(
        failure_at(encrypted).await,
        at_login(Cause::TlsRequired, "")
    );
}

/// Whoever knows what an account answers with few rounds of a hash can try passwords by the million.
#[tokio::test]
async fn nothing_is_proven_to_whoever_makes_it_easy_to_guess() {
    let at = |rounds: u32| Database {
        rounds: Some(rounds),
        ..Database::of(PASSWORD)
    };
    let told = Told::of(&asking(at(4096).start(), "ServiceName", "shop")).await;
    assert!(told.has_passed(), "{told:?}");
    for (rounds, cause) in [
        (4095, Cause::ServerNotProven),
        (1, Cause::ServerNotProven),
        (1_000_001, Cause::TooMuch),
    ] {
        let database = at(rounds);
        let heard = database.heard.clone();
        assert_eq!(failure_at(database.start()).await, at_login(cause, ""));
        let heard = String::from_utf8_lossy(&heard.lock().unwrap()).into_owned();
        assert!(heard.contains("AUTH_TERMINAL") && !heard.contains("AUTH_PASSWORD"));
    }
    // Short cuts, on which an answer could have another one behind its end, are not taken: the login is as usual.
    let hurried = serve(|stream| {
        let database = Database::of(PASSWORD);
        let mut peer = Peer::new(stream, database.heard.clone());
        peer.connect_data()?;
        database.serve_with(&mut peer, 319, 0x1200_0000)
    });
    let told = Told::of(&asking(hurried, "ServiceName", "shop")).await;
    assert!(told.has_passed(), "{told:?}");
}

#[tokio::test]
async fn something_else_or_something_hostile_listens() {
    let saying = |bytes: &'static [u8]| listening(move |peer| peer.raw(bytes));
    let accepted = |bytes: &'static [u8]| {
        listening(move |peer| {
            peer.accept()?;
            peer.raw(bytes)
        })
    };
    for (port, cause) in [
        (saying(b"SSH-2.0-OpenSSH_9.2p1\r\n"), Cause::WrongProtocol),
        (
            saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            Cause::WrongProtocol,
        ),
        (saying(&[0, 8, 0, 0, 99, 0, 0, 0]), Cause::WrongProtocol),
        (saying(&[0, 0, 0, 0, 2, 0, 0, 0]), Cause::WrongProtocol),
        (accepted(&[0, 0, 0, 8, 6, 0, 0, 0]), Cause::WrongProtocol),
        (accepted(&[0, 0, 0, 8, 1, 0, 0, 0]), Cause::WrongProtocol),
        (
            accepted(&[0, 0, 0, 11, 6, 0, 0, 0, 0, 0, 77]),
            Cause::WrongProtocol,
        ),
        (
            accepted(&[0xff, 0xff, 0xff, 0xff, 6, 0, 0, 0]),
            Cause::TooMuch,
        ),
    ] {
        assert_eq!(failure_at(port).await, at_login(cause, ""));
    }
    // The driver takes such a thing for impossible.
    let garbled = Database {
        half: vec![0; 48],
        ..Database::of(PASSWORD)
    };
    assert_eq!(
        failure_at(garbled.start()).await,
        at_login(Cause::WrongProtocol, "")
    );
    let gone = serve(|mut stream| stream.read(&mut [0; 1024]).map(|_| ()));
    assert_eq!(failure_at(gone).await, at_login(Cause::Closed, ""));
    let endless = serve(|mut stream| {
        loop {
            stream.write_all(&[0, 8, 0, 0, RESEND, 0, 0, 0])?;
        }
    });
    let mut request = asking(endless, "ServiceName", "shop");
    request.limits.total_ms = LONG;
    assert_eq!(
        Told::failure_of(&request).await,
        at_login(Cause::TooMuch, "")
    );
    for silent in [
        serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ())),
        listening(Peer::accept),
    ] {
        let mut request = asking(silent, "ServiceName", "shop");
        request.limits.total_ms = SHORT * 10;
        assert_eq!(
            Told::failure_of(&request).await,
            at_login(Cause::TimedOut, "")
        );
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_not_sent() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let right = || asking(port, "ServiceName", "shop");
    let unusable = |cause| found(Stage::Tls, cause, "");
    let mut injected = right();
    let elsewhere = "x)))(ADDRESS=(PROTOCOL=TCP)(HOST=evil.example)(PORT=1))".to_owned();
    injected
        .properties
        .insert("ServiceName".to_owned(), elsewhere);
    assert_eq!(
        Told::failure_of(&injected).await,
        unusable(Cause::BadRequest)
    );
    let mut both = right();
    both.properties.insert("Sid".to_owned(), "shop".to_owned());
    assert_eq!(Told::failure_of(&both).await, unusable(Cause::BadRequest));
    let mut nobody = right();
    nobody.properties.remove("User Id");
    assert_eq!(Told::failure_of(&nobody).await, unusable(Cause::BadRequest));
    let mut silent = right();
    silent
        .secrets
        .insert("Password".to_owned(), Secret::new(String::new()));
    assert_eq!(
        Told::failure_of(&silent).await,
        unusable(Cause::PasswordMissing)
    );
    for stream in listener.incoming().take(4) {
        let mut stream = stream.unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
    }
}
