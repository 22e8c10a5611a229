//! Microsoft's mock of a server for what passes, and servers of this protocol for what does not.

mod login;
mod mock;

use std::io::{Read as _, Write as _};

use probe::Request;
use probe::report::{Cause, Stage};
use probe::request::Encryption;

use crate::certificates::{Authority, Leaf};
use crate::hostile::serve;
use crate::told::{self, Told};
use login::{ACKNOWLEDGED, DONE, answering, error, packet, prelogin};
use mock::Mock;

pub(crate) fn request(port: u16) -> Request {
    let mut request = told::request(port);
    request.kind = "OnPremisesSqlServer".to_owned();
    request.auth = "SQL".to_owned();
    request.encryption = Encryption::Required;
    for (name, renamed) in [("username", "User ID"), ("database", "Initial Catalog")] {
        let value = request.properties.remove(name).unwrap();
        request.properties.insert(renamed.to_owned(), value);
    }
    request
}

#[tokio::test]
async fn microsofts_mock_lets_everybody_in() {
    let authority = Authority::new("Authority of the test");
    let (chain, key) = authority.issue(&Leaf::Sound);
    let folder = tempfile::tempdir().unwrap();
    let mock = Mock::with_tls(folder.path(), &chain, &key, &[]);
    let mut request = request(mock.port);
    let told = Told::of(&request).await;
    let untrusted = (Stage::Tls, Cause::CertificateUntrusted, "");
    assert_eq!(told.failure(), Some(untrusted));
    request.authorities = vec![authority.pem()];
    let told = Told::of(&request).await;
    assert!(told.has_passed(), "{told:?}");
    let clear = Mock::start(&[]);
    request.destination.port = clear.port;
    let told = Told::of(&request).await;
    assert_eq!(told.failure(), Some((Stage::Tls, Cause::TlsNotOffered, "")));
}

#[tokio::test]
async fn every_answer_to_a_login() {
    let authority = Authority::new("Authority of the test");
    let routed = [0xe3, 12, 0, 20, 7, 0, 0, 0x99, 5, 1, 0, b'x', 0, 0, 0];
    for (tokens, stage, cause, code) in [
        (
            error(18456, "no"),
            Stage::Authenticate,
            Cause::WrongPassword,
            "18456",
        ),
        (
            error(18470, "off"),
            Stage::Authenticate,
            Cause::AccountLocked,
            "18470",
        ),
        (
            error(18487, "old"),
            Stage::Authenticate,
            Cause::PasswordExpired,
            "18487",
        ),
        (
            error(40615, "firewall"),
            Stage::Authenticate,
            Cause::NotAdmitted,
            "40615",
        ),
        (
            [error(4060, "db"), error(18456, "no")].concat(),
            Stage::Authorise,
            Cause::NoDatabaseAccess,
            "4060",
        ),
        (
            [&routed[..], &ACKNOWLEDGED].concat(),
            Stage::Authorise,
            Cause::SentElsewhere,
            "",
        ),
    ] {
        let tokens = [tokens, DONE.to_vec()].concat();
        let mut request = request(answering(&authority, vec![tokens]));
        request.authorities = vec![authority.pem()];
        let told = Told::of(&request).await;
        assert_eq!(told.failure(), Some((stage, cause, code)), "{told:?}");
    }
}

#[tokio::test]
async fn something_else_listens_or_means_harm() {
    for (answer, cause) in [
        (
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            Cause::WrongProtocol,
        ),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", Cause::WrongProtocol),
        (&prelogin(2), Cause::TlsNotOffered),
        (&packet(4, b"\0\0"), Cause::WrongProtocol),
        // Packets without an end; one that is shorter than its head.
        (&[4, 0, 0x80, 0, 0, 0, 1, 0].repeat(9000), Cause::TooMuch),
        (&[4, 1, 0, 7, 0, 0, 1, 0], Cause::WrongProtocol),
        (b"", Cause::Closed),
    ] {
        let answer = answer.to_vec();
        let is_endless = cause == Cause::TooMuch;
        let port = serve(move |mut stream| {
            let _ = stream.read(&mut [0; 1024])?;
            loop {
                stream.write_all(&answer)?;
                if !is_endless {
                    return Ok(());
                }
            }
        });
        let told = Told::of(&request(port)).await;
        let (stage, found, _) = told.failure().unwrap();
        assert_eq!((stage, found), (Stage::Tls, cause));
    }
    // What is chosen to be in the clear sends no password either.
    let port = serve(|mut stream| {
        let _ = stream.read(&mut [0; 1024])?;
        stream.write_all(&prelogin(2))
    });
    let mut request = request(port);
    request
        .properties
        .insert("Encrypt".to_owned(), "false".to_owned());
    let told = Told::of(&request).await;
    let refused = (Stage::Authenticate, Cause::CleartextRefused, "");
    assert_eq!(told.failure(), Some(refused));
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let authority = Authority::new("Authority of the test");
    let tokens = [error(18456, words), DONE.to_vec()].concat();
    let mut request = request(answering(&authority, vec![tokens]));
    request.authorities = vec![authority.pem()];
    request
}
