//! Servers that mean harm, or are something else: each has a clear cause within the limit.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use probe::report::{Cause, Stage};
use probe::request::{Encryption, Request};

use crate::told::{Told, request};

/// Serves each connection in a thread; they end with the test program.
pub(crate) fn serve(
    each: impl Fn(TcpStream) -> std::io::Result<()> + Send + Sync + Clone + 'static,
) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let each = each.clone();
            // The other side hangs up in the middle.
            thread::spawn(move || drop(each(stream)));
        }
    });
    port
}

pub(crate) const LONG: u64 = 30_000;
/// For those of whom nothing else is expected than that the time is over.
pub(crate) const SHORT: u64 = 300;

async fn both(port: u16, total_ms: u64) -> [(Stage, Cause); 2] {
    let mut found = Vec::new();
    for encryption in [Encryption::Off, Encryption::Required] {
        let mut request = request(port);
        request.encryption = encryption;
        request.limits.total_ms = total_ms;
        let began = Instant::now();
        let told = Told::of(&request).await;
        assert!(began.elapsed() < Duration::from_secs(60));
        let (stage, cause, _) = told.failure().unwrap();
        found.push((stage, cause));
    }
    found.try_into().unwrap()
}

pub(crate) fn greeted(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0; 1024]).map(|_| ())
}

/// Says this to whoever has said something.
pub(crate) fn saying(bytes: impl AsRef<[u8]> + Send + Sync + Clone + 'static) -> u16 {
    serve(move |mut stream| {
        greeted(&mut stream)?;
        stream.write_all(bytes.as_ref())
    })
}

#[tokio::test]
async fn something_else_listens() {
    let wrong = [
        (Stage::Authenticate, Cause::WrongProtocol),
        (Stage::Tls, Cause::WrongProtocol),
    ];
    let http = serve(|mut stream| {
        greeted(&mut stream)?;
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    });
    assert_eq!(both(http, LONG).await, wrong);
    let ssh = serve(|mut stream| {
        stream.write_all(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")?;
        greeted(&mut stream)
    });
    assert_eq!(both(ssh, LONG).await, wrong);
    let mysql = serve(|mut stream| {
        stream.write_all(b"J\0\0\0\x0a8.0.36\0")?;
        greeted(&mut stream)
    });
    assert_eq!(both(mysql, LONG).await, wrong);
}

#[tokio::test]
async fn it_says_nothing_or_hangs_up() {
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    let late = [
        (Stage::Authenticate, Cause::TimedOut),
        (Stage::Tls, Cause::TimedOut),
    ];
    assert_eq!(both(silent, SHORT).await, late);
    let gone = serve(|mut stream| greeted(&mut stream));
    let closed = [
        (Stage::Authenticate, Cause::Closed),
        (Stage::Tls, Cause::Closed),
    ];
    assert_eq!(both(gone, LONG).await, closed);
}

#[tokio::test]
async fn it_never_stops() {
    let banner = serve(|mut stream| {
        loop {
            stream.write_all(&[b'x'; 4096])?;
        }
    });
    let wrong = [
        (Stage::Authenticate, Cause::WrongProtocol),
        (Stage::Tls, Cause::WrongProtocol),
    ];
    assert_eq!(both(banner, LONG).await, wrong);
    // It lets everybody in, and then sends notices without end, each of them in order.
    let notices = serve(|mut stream| {
        greeted(&mut stream)?;
        stream.write_all(b"R\0\0\0\x08\0\0\0\0")?;
        loop {
            stream.write_all(b"N\0\0\0\x0dSNOTICE\0\0")?;
        }
    });
    assert_eq!(
        both(notices, LONG).await[0],
        (Stage::Authorise, Cause::TooMuch)
    );
    let tls_without_end = serve(|mut stream| {
        greeted(&mut stream)?;
        stream.write_all(b"S")?;
        loop {
            stream.write_all(&[0x16, 3, 3, 0x40, 0])?;
            stream.write_all(&[2; 0x4000])?;
        }
    });
    let [_, (stage, cause)] = both(tls_without_end, LONG).await;
    assert_eq!(stage, Stage::Tls);
    assert!(
        matches!(
            cause,
            Cause::WrongProtocol | Cause::TlsFailed | Cause::TooMuch
        ),
        "{cause:?}"
    );
}

#[tokio::test]
async fn it_promises_more_than_memory_holds() {
    // Authentication, error and notice of two gigabytes.
    for kind in [b'R', b'E', b'N'] {
        let giant = serve(move |mut stream| {
            stream.write_all(&[kind, 0x7f, 0xff, 0xff, 0xff])?;
            loop {
                stream.write_all(&[0; 4096])?;
            }
        });
        assert_eq!(
            both(giant, LONG).await[0],
            (Stage::Authenticate, Cause::TooMuch)
        );
    }
    let too_short = serve(|mut stream| {
        stream.write_all(b"R\0\0\0\x01")?;
        greeted(&mut stream)
    });
    assert_eq!(
        both(too_short, LONG).await[0],
        (Stage::Authenticate, Cause::WrongProtocol)
    );
}

#[tokio::test]
async fn it_drips() {
    let slow = serve(|mut stream| {
        // A notice that is never finished, a byte whenever the other side has waited.
        stream.write_all(b"N\0\0\x40\0")?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        loop {
            let _ = stream.read(&mut [0; 64]);
            stream.write_all(b"x")?;
        }
    });
    assert_eq!(
        both(slow, SHORT).await[0],
        (Stage::Authenticate, Cause::TimedOut)
    );
}

#[tokio::test]
async fn it_would_wear_the_processor_out() {
    // SCRAM with as many rounds as a number holds.
    let rounds = serve(|mut stream| {
        greeted(&mut stream)?;
        stream.write_all(b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0")?;
        let mut said = vec![0; 1024];
        let length = stream.read(&mut said)?;
        let said = String::from_utf8_lossy(&said[..length]).into_owned();
        let nonce = said.rsplit("r=").next().unwrap_or_default();
        let challenge = format!("r={nonce}x,s=c2FsdHNhbHRzYWx0,i=4294967295");
        let length = u32::try_from(challenge.len() + 8).unwrap_or_default();
        stream.write_all(b"R")?;
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(&[0, 0, 0, 11])?;
        stream.write_all(challenge.as_bytes())?;
        greeted(&mut stream)
    });
    assert_eq!(
        both(rounds, LONG).await[0],
        (Stage::Authenticate, Cause::ServerNotProven)
    );
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let body = [b"SFATAL\0VFATAL\0C28P01\0M", words.as_bytes(), b"\0\0"].concat();
    let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
    request(saying([&b"E"[..], &length, &body].concat()))
}
