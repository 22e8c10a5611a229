//! Windows authentication, at a server of our own that verifies NTLMv2 as [MS-NLMP] 3.3.2 has it. curl gets in, too.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::{Digest as _, Md4};
use md5::Md5;
use probe::report::{Cause, Outcome, Stage};
use probe::request::Request;

use super::{asking, guessing};
use crate::certificates::Authority;
use crate::hostile::serve;
use crate::server::PASSWORD;
use crate::terminator;
use crate::told::Told;

const NONCE: [u8; 8] = *b"01234567";

/// What a server asks for, and what it gives to whoever is known.
#[derive(Clone, Copy)]
struct Windows {
    /// Its headers to a stranger.
    offers: &'static [&'static str],
    /// The scheme that it answers to; to others it says the same as to a stranger.
    scheme: &'static str,
    status: &'static str,
}

const NTLM: Windows = Windows {
    offers: &["Negotiate", "NTLM"],
    scheme: "NTLM",
    status: "200 OK",
};

impl Windows {
    fn start(self) -> u16 {
        serve(move |mut stream| {
            // Who has begun on one connection cannot go on at another.
            let mut has_begun = false;
            loop {
                let head = head(&mut stream)?;
                let prefix = format!("{} ", self.scheme);
                let mut headers = head.lines().filter_map(|line| line.split_once(": "));
                let given = headers.find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
                let given = given.and_then(|(_, value)| value.strip_prefix(&prefix));
                let message = given.map(|given| Base64::decode_vec(given).unwrap());
                let answer = match message.as_ref().map(|message| message[8]) {
                    Some(1) => {
                        has_begun = true;
                        let challenge = Base64::encode_string(&challenge());
                        refusal(&[&format!("{} {challenge}", self.scheme)])
                    }
                    Some(3) if has_begun && is_ann(&message.unwrap()) => {
                        let status = self.status;
                        format!(
                            "HTTP/1.1 {status}\r\nOData-Version: 4.0\r\nContent-Length: 2\r\n\r\nok"
                        )
                    }
                    _ => refusal(self.offers),
                };
                stream.write_all(answer.as_bytes())?;
            }
        })
    }
}

fn head(stream: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8(head).unwrap())
}

fn refusal(offers: &[&str]) -> String {
    let offers = offers
        .iter()
        .map(|offer| format!("WWW-Authenticate: {offer}\r\n"));
    let offers = offers.collect::<String>();
    format!("HTTP/1.1 401 Unauthorized\r\n{offers}Content-Length: 2\r\n\r\nno")
}

/// With a time, so that the answer has to have a checksum, too.
fn challenge() -> Vec<u8> {
    let domain = utf16("CORP");
    let mut target = [2_u16.to_le_bytes(), 8_u16.to_le_bytes()].concat();
    target.extend(&domain);
    target.extend([7, 0, 8, 0, 0, 0x80, 0x3e, 0xd5, 0xde, 0xb1, 0x9d, 0x01]);
    target.extend([0; 4]);
    let mut message = b"NTLMSSP\0\x02\0\0\0".to_vec();
    message.extend([8, 0, 8, 0, 56, 0, 0, 0]);
    message.extend(0xe28a_8215_u32.to_le_bytes());
    message.extend(NONCE);
    message.extend([0; 8]);
    let length = u16::try_from(target.len()).unwrap().to_le_bytes();
    message.extend([length[0], length[1], length[0], length[1], 64, 0, 0, 0]);
    message.extend([10, 0, 0x63, 0x45, 0, 0, 0, 15]);
    message.extend(domain);
    message.extend(target);
    message
}

/// Whether this is proven by `CORP\ann` and her password, and by nobody else.
fn is_ann(message: &[u8]) -> bool {
    let part = |at: usize| {
        let number = |at: usize| u32::from_le_bytes(message[at..at + 4].try_into().unwrap());
        let (length, from) = (number(at) & 0xffff, number(at + 4));
        let (length, from) = (usize::try_from(length), usize::try_from(from));
        &message[from.unwrap()..][..length.unwrap()]
    };
    let (response, domain, user) = (part(20), part(28), part(36));
    if domain != utf16("CORP") || user != utf16("ann") {
        return false;
    }
    let hash = Md4::digest(utf16(PASSWORD));
    let key = hmac(&hash, &[&utf16("ANN"), &utf16("CORP")]);
    let (proof, rest) = response.split_at(16);
    hmac(&key, &[&NONCE, rest]) == proof
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut hmac = Hmac::<Md5>::new_from_slice(key).unwrap();
    parts.iter().for_each(|part| hmac.update(part));
    hmac.finalize().into_bytes().to_vec()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn known(kind: &str, port: u16, user: &str) -> Request {
    let mut request = asking(kind, "Windows", &format!("http://localhost:{port}/sales"));
    for name in ["userName", "username"] {
        request.properties.insert(name.to_owned(), user.to_owned());
    }
    request
}

#[tokio::test]
async fn whoever_proves_the_password_gets_in() {
    let negotiate = Windows {
        offers: &["Basic realm=\"x\", Negotiate"],
        scheme: "Negotiate",
        ..NTLM
    };
    for (server, kind) in [(NTLM, "Http"), (NTLM, "OData"), (negotiate, "Http")] {
        let told = Told::of(&known(kind, server.start(), r"CORP\ann")).await;
        assert!(told.has_passed(), "{told:?}");
        assert_eq!(told.stage(Stage::Authenticate).cause, None);
    }
    // Each question has to come over the same connection, and over TLS as well.
    let authority = Authority::new("Authority of the test");
    let port = terminator::start(&authority, NTLM.start()).await;
    let mut request = known("Http", port, r"CORP\ann");
    let url = format!("https://localhost:{port}/sales");
    request.properties.insert("url".to_owned(), url);
    request.authorities = vec![authority.pem()];
    let told = Told::of(&request).await;
    assert!(told.has_passed(), "{told:?}");
    assert_eq!(told.stage(Stage::Tls).result, Outcome::Passed);
}

#[tokio::test]
async fn whoever_does_not_is_told_why() {
    let port = NTLM.start();
    let at_login = |cause, code: &str| (Stage::Authenticate, cause, code.to_owned());
    let wrong = at_login(Cause::WrongPassword, "401");
    for request in [
        guessing(known("Http", port, r"CORP\ann")),
        known("Http", port, r"CORP\bob"),
        known("Http", port, r"ELSEWHERE\ann"),
        known("Http", port, "ann"),
    ] {
        assert_eq!(Told::failure_of(&request).await, wrong);
    }
    let mut silent = known("Http", port, r"CORP\ann");
    silent.secrets.clear();
    let missing = at_login(Cause::PasswordMissing, "");
    assert_eq!(Told::failure_of(&silent).await, missing);
    // Kerberos alone; another way to sign in; nothing for whoever is known.
    for (server, expected) in [
        (
            Windows {
                offers: &["Negotiate"],
                scheme: "Kerberos",
                ..NTLM
            },
            at_login(Cause::MethodUnknown, "401"),
        ),
        (
            Windows {
                offers: &["Basic realm=\"NTLM\""],
                ..NTLM
            },
            at_login(Cause::MethodOther, "401"),
        ),
        (
            Windows {
                status: "403 Forbidden",
                ..NTLM
            },
            (Stage::Authorise, Cause::Forbidden, "403".to_owned()),
        ),
        (
            Windows {
                status: "404 Not Found",
                ..NTLM
            },
            (Stage::Query, Cause::NothingThere, "404".to_owned()),
        ),
    ] {
        let request = known("Http", server.start(), r"CORP\ann");
        assert_eq!(Told::failure_of(&request).await, expected);
    }
}

#[tokio::test]
async fn what_is_no_challenge_is_no_reason_to_go_on() {
    for (challenge, cause) in [
        ("NTLM TlRMTVNTUAACAAAA", Cause::WrongProtocol),
        ("NTLM AAAA", Cause::WrongProtocol),
        ("NTLM !", Cause::MethodUnknown),
        ("NTLM", Cause::MethodUnknown),
    ] {
        let port = serve(move |mut stream| {
            loop {
                head(&mut stream)?;
                stream.write_all(refusal(&[challenge]).as_bytes())?;
            }
        });
        let request = known("Http", port, r"CORP\ann");
        let found = Told::failure_of(&request).await;
        assert_eq!(found, (Stage::Authenticate, cause, "401".to_owned()));
    }
    // Let in without being asked, or not asked for it.
    let open = serve(|mut stream| {
        head(&mut stream)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    });
    let told = Told::of(&known("Http", open, r"CORP\ann")).await;
    let noted = told.stage(Stage::Authenticate).cause;
    assert_eq!(
        (told.has_passed(), noted),
        (true, Some(Cause::PasswordNotChecked))
    );
}
