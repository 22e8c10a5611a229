//! Cassandra, by a server of our own: no other can be had here.

mod server;

use std::io::{Read as _, Write as _};

use envelope::Secret;
use probe::report::{Cause, Outcome, Stage};
use probe::request::{Encryption, Request};

use crate::hostile::{LONG, SHORT, saying, serve};
use crate::terminator;
use crate::told::{self, Told};
use server::{First, Odd, frame, start};

pub(crate) fn asking(port: u16) -> Request {
    let mut request = told::request(port);
    request.kind = "OnPremisesCassandra".to_owned();
    request.properties.remove("database");
    request
}

async fn failure_at(odd: Odd) -> (Stage, Cause, String) {
    Told::failure_of(&asking(start(odd))).await
}

fn found(stage: Stage, cause: Cause, code: &str) -> (Stage, Cause, String) {
    (stage, cause, code.to_owned())
}

#[tokio::test]
async fn whoever_is_known_gets_in() {
    let port = start(Odd::default());
    let told = Told::of(&asking(port)).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Tls).result, Outcome::Skipped);
    terminator::check(port, asking(port)).await;
    let mut guess = asking(port);
    let secret = Secret::new("guess".to_owned());
    guess.secrets.insert("password".to_owned(), secret);
    let wrong = found(Stage::Authenticate, Cause::WrongPassword, "0x0100");
    assert_eq!(Told::failure_of(&guess).await, wrong);
    let mut nobody = asking(port);
    nobody.secrets.clear();
    let missing = found(Stage::Authenticate, Cause::PasswordMissing, "");
    assert_eq!(Told::failure_of(&nobody).await, missing);
    let mut anonymous = asking(port);
    anonymous.auth = "Anonymous".to_owned();
    let wanted = found(Stage::Authenticate, Cause::SignInRequired, "");
    assert_eq!(Told::failure_of(&anonymous).await, wanted);
}

#[tokio::test]
async fn a_server_without_tls() {
    // As Cassandra answers to TLS's first byte, taken for a version.
    let words = "Invalid or unsupported protocol version (22)";
    let told = server::error(0x000a, words);
    for (answer, cause) in [
        (told, Cause::TlsNotOffered),
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            Cause::WrongProtocol,
        ),
        (Vec::new(), Cause::Closed),
    ] {
        let mut request = asking(saying(answer));
        request.encryption = Encryption::Required;
        let found = found(Stage::Tls, cause, "");
        assert_eq!(Told::failure_of(&request).await, found);
    }
}

#[tokio::test]
async fn a_server_that_asks_nobody() {
    let port = start(Odd {
        first: Some(First::Ready),
        ..Odd::default()
    });
    let told = Told::of(&asking(port)).await;
    assert!(told.has_passed(), "{told:?}");
    let note = told.stage(Stage::Authenticate).cause;
    assert_eq!(note, Some(Cause::PasswordNotChecked));
    let mut anonymous = asking(port);
    anonymous.auth = "Anonymous".to_owned();
    let told = Told::of(&anonymous).await;
    assert!(told.has_passed() && told.stage(Stage::Authenticate).cause.is_none());
}

#[tokio::test]
async fn what_a_server_may_refuse() {
    use Cause as C;
    use Stage as S;
    let protocol = "Invalid or unsupported protocol version (4)";
    for (first, expected) in [
        (
            First::Error(0x000a, protocol),
            found(S::Authenticate, C::StoreRefused, "0x000A"),
        ),
        (
            First::Error(0x1001, "Too many requests"),
            found(S::Authenticate, C::TooManyConnections, "0x1001"),
        ),
        (
            First::Error(0x1002, "Bootstrapping"),
            found(S::Authenticate, C::NotReady, "0x1002"),
        ),
        (
            First::Class("com.example.KerberosAuthenticator"),
            found(S::Authenticate, C::MethodUnknown, ""),
        ),
    ] {
        let odd = Odd {
            first: Some(first),
            ..Odd::default()
        };
        assert_eq!(failure_at(odd).await, expected);
    }
    for (words, cause) in [
        ("ann is not permitted to log in", C::AccountLocked),
        (
            "Unable to perform authentication: Cannot achieve consistency level QUORUM",
            C::NotReady,
        ),
    ] {
        let odd = Odd {
            login: Some((0x0100, words)),
            ..Odd::default()
        };
        assert_eq!(
            failure_at(odd).await,
            found(S::Authenticate, cause, "0x0100")
        );
    }
    for (code, expected) in [
        (0x2100, found(S::Authorise, C::NoPermission, "0x2100")),
        (0x1000, found(S::Query, C::NotReady, "0x1000")),
        (0x2200, found(S::Query, C::StoreRefused, "0x2200")),
    ] {
        let odd = Odd {
            query: Some((code, "no")),
            ..Odd::default()
        };
        assert_eq!(failure_at(odd).await, expected);
    }
}

async fn cause_at(port: u16, total_ms: u64) -> (Stage, Cause) {
    let mut request = asking(port);
    request.limits.total_ms = total_ms;
    let (stage, cause, _) = Told::failure_of(&request).await;
    (stage, cause)
}

#[tokio::test]
async fn something_else_or_something_hostile_listens() {
    let mut giant = frame(0, 0x03, b"");
    giant[5..9].fill(0xff);
    let compressed = frame(0x01, 0x03, b"\0\x01x");
    let truncated = frame(0, 0x03, b"\0\x09x");
    let other_question = [&[0x84, 0, 0, 1][..], &frame(0, 0x02, b"")[4..]].concat();
    for (bytes, cause) in [
        (
            b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            Cause::WrongProtocol,
        ),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n".to_vec(), Cause::WrongProtocol),
        (giant, Cause::TooMuch),
        (compressed, Cause::WrongProtocol),
        (truncated, Cause::WrongProtocol),
        (other_question, Cause::WrongProtocol),
        (frame(0, 0x02, b"")[..5].to_vec(), Cause::Closed),
    ] {
        let found = cause_at(saying(bytes.clone()), LONG).await;
        assert_eq!(found, (Stage::Authenticate, cause), "{bytes:?}");
    }
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let late = (Stage::Authenticate, Cause::TimedOut);
    assert_eq!(cause_at(silent, SHORT).await, late);
    let slow = serve(|mut stream| {
        stream.write_all(&[0x84])?;
        stream.read_to_end(&mut Vec::new()).map(|_| ())
    });
    assert_eq!(cause_at(slow, SHORT).await, late);
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    asking(saying(server::error(0, words)))
}
