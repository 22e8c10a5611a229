//! Servers that mean harm, or are something else: each has a clear cause within the limit.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use probe::report::{Cause, Stage};
use probe::request::{Encryption, Request};

use super::request;
use crate::hostile::serve;
use crate::server::PASSWORD;
use crate::told::Told;

const LONG: u64 = 30_000;
/// For those of whom nothing else is expected than that the time is over.
const SHORT: u64 = 300;

async fn with(port: u16, encryption: Encryption, total_ms: u64) -> (Stage, Cause) {
    let mut request = request(port);
    request.encryption = encryption;
    request.limits.total_ms = total_ms;
    let began = Instant::now();
    let told = Told::of(&request).await;
    assert!(began.elapsed() < Duration::from_secs(60));
    let (stage, cause, _) = told.failure().unwrap();
    (stage, cause)
}

async fn both(port: u16, total_ms: u64) -> [Cause; 2] {
    let (stage, clear) = with(port, Encryption::Off, total_ms).await;
    assert_eq!(stage, Stage::Authenticate);
    let (stage, encrypted) = with(port, Encryption::Required, total_ms).await;
    assert_eq!(stage, Stage::Tls);
    [clear, encrypted]
}

fn packet(number: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap().to_le_bytes();
    let mut packet = vec![length[0], length[1], length[2], number];
    packet.extend_from_slice(content);
    packet
}

/// Version 8.0.36 of the protocol's version 10, with these abilities and this length of the scramble; its method is `plugin`.
fn greeting(abilities: u32, scramble: u8, plugin: &str) -> Vec<u8> {
    let [a, b, c, d] = abilities.to_le_bytes();
    let mut content = b"\x0a8.0.36\0\x01\0\0\0saltsalt\0".to_vec();
    content.extend_from_slice(&[a, b, 45, 2, 0, c, d, scramble]);
    content.extend_from_slice(&[0; 10]);
    content.extend_from_slice(b"saltsaltsalt\0");
    content.extend_from_slice(plugin.as_bytes());
    content.push(0);
    packet(0, &content)
}

/// Protocol 4.1, secure connection, methods by name; TLS is 0x800.
const ABILITIES: u32 = 0x0008_8200;
const NATIVE: &str = "mysql_native_password";

fn heard(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let mut content = vec![0; u32::from_le_bytes([head[0], head[1], head[2], 0]) as usize];
    stream.read_exact(&mut content)?;
    Ok(content)
}

#[tokio::test]
async fn something_else_listens() {
    for banner in [
        &b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"[..],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"220 (vsFTPd 3.0.3)\r\n",
        // A packet, of version 9; one that ends within itself; one that lacks the protocol.
        b"\x0a\0\0\0\x093.20.17\0\0",
        b"\x02\0\0\0\x0a\0",
        &greeting(0x0008_8000, 21, NATIVE),
    ] {
        let banner = banner.to_vec();
        let port = serve(move |mut stream| {
            stream.write_all(&banner)?;
            stream.read(&mut [0; 64]).map(|_| ())
        });
        assert_eq!(both(port, LONG).await, [Cause::WrongProtocol; 2]);
    }
}

#[tokio::test]
async fn it_says_nothing_or_hangs_up() {
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    assert_eq!(both(silent, SHORT).await, [Cause::TimedOut; 2]);
    let gone = serve(|stream| stream.shutdown(std::net::Shutdown::Write));
    assert_eq!(both(gone, LONG).await, [Cause::Closed; 2]);
}

#[tokio::test]
async fn it_never_stops() {
    let banner = serve(|mut stream| {
        loop {
            stream.write_all(&[0; 4096])?;
        }
    });
    assert_eq!(both(banner, LONG).await, [Cause::WrongProtocol; 2]);
    let giant = serve(|mut stream| {
        stream.write_all(b"\xff\xff\xff\0\x0a8.0.36")?;
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    assert_eq!(both(giant, LONG).await, [Cause::TooMuch; 2]);
    let slow = serve(|mut stream| {
        stream.write_all(b"\x00\x40\0\0\x0a")?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        loop {
            let _ = stream.read(&mut [0; 64]);
            stream.write_all(b"x")?;
        }
    });
    assert_eq!(both(slow, SHORT).await, [Cause::TimedOut; 2]);
    // It asks for another method again and again.
    let switching = serve(|mut stream| {
        stream.write_all(&greeting(ABILITIES, 21, NATIVE))?;
        let mut number = 2;
        loop {
            heard(&mut stream)?;
            let again = b"\xfemysql_native_password\0saltsaltsaltsaltsalt\0";
            stream.write_all(&packet(number, again))?;
            number += 2;
        }
    });
    let found = with(switching, Encryption::Off, LONG).await;
    assert_eq!(found, (Stage::Authenticate, Cause::TooMuch));
}

#[tokio::test]
async fn every_length_of_a_scramble_has_an_end() {
    for scramble in [0, 8, 127, 128, 130, 255] {
        let port = serve(move |mut stream| {
            stream.write_all(&greeting(ABILITIES, scramble, NATIVE))?;
            heard(&mut stream)?;
            stream.write_all(&packet(2, b"\xff\x15\x04#28000no"))
        });
        let (_, cause) = with(port, Encryption::Off, LONG).await;
        let ends = matches!(cause, Cause::WrongPassword | Cause::WrongProtocol);
        assert!(ends, "{scramble}: {cause:?}");
    }
}

/// Each with its number.
type Sends = &'static [(u8, &'static [u8])];

/// A server that begins as `plugin` and sends what it is told, each after an answer; what it heard.
async fn conversation(plugin: &'static str, sends: Sends) -> (Stage, Cause, Vec<Vec<u8>>) {
    let (sender, received) = std::sync::mpsc::channel();
    let port = serve(move |mut stream| {
        let mut all = Vec::new();
        let mut talk = || {
            stream.write_all(&greeting(ABILITIES, 21, plugin))?;
            for (number, content) in sends {
                all.push(heard(&mut stream)?);
                stream.write_all(&packet(*number, content))?;
            }
            all.push(heard(&mut stream)?);
            std::io::Result::Ok(())
        };
        let ended = talk();
        sender.send(all).unwrap();
        ended
    });
    let (stage, cause) = with(port, Encryption::Off, LONG).await;
    let heard = received.recv_timeout(Duration::from_secs(60)).unwrap();
    (stage, cause, heard)
}

const CLEAR: [(&str, Sends); 4] = [
    (NATIVE, &[(2, b"\xfemysql_clear_password\0")]),
    (
        NATIVE,
        &[(2, b"\xfesha256_password\0saltsaltsaltsaltsalt\0")],
    ),
    (
        "mysql_clear_password",
        &[(2, b"\xfemysql_clear_password\0")],
    ),
    // The account is not in the cache: the whole password, please.
    ("caching_sha2_password", &[(2, b"\x01\x04")]),
];
const UNKNOWN: [Sends; 4] = [
    &[(2, b"\xfe")],
    &[(2, b"\xfemysql_old_password\0saltsalt\0")],
    &[(2, b"\xfedialog\0")],
    &[(2, b"\xfeauth_gssapi_client\0x")],
];
const FILE: Sends = &[(2, b"\0\0\0\x02\0\0\0"), (1, b"\xfb/etc/passwd")];

#[tokio::test]
async fn the_password_is_not_sent_in_the_clear() {
    for (plugin, sends) in CLEAR {
        let (stage, cause, heard) = conversation(plugin, sends).await;
        assert_eq!(
            (stage, cause),
            (Stage::Authenticate, Cause::CleartextRefused),
            "{plugin}"
        );
        let password = PASSWORD.as_bytes();
        let is_there = |said: &Vec<u8>| said.windows(password.len()).any(|part| part == password);
        assert!(!heard.is_empty() && !heard.iter().any(is_there), "{plugin}");
    }
    for sends in UNKNOWN {
        let (stage, cause, _) = conversation(NATIVE, sends).await;
        assert_eq!((stage, cause), (Stage::Authenticate, Cause::MethodUnknown));
    }
}

#[tokio::test]
async fn it_asks_for_a_file() {
    let (stage, cause, _) = conversation(NATIVE, FILE).await;
    assert_eq!((stage, cause), (Stage::Authorise, Cause::FileWanted));
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let refusal = [b"\xff\x15\x04#28000", words.as_bytes()].concat();
    request(serve(move |mut stream| {
        stream.write_all(&packet(0, &refusal))
    }))
}
