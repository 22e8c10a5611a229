//! Servers that mean harm, or are something else; and somebody between.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};

use probe::report::{Cause, Stage};

use super::asking;
use super::samba::Samba;
use crate::hostile::{LONG, SHORT, serve};
use crate::server::PASSWORD;
use crate::told::Told;

async fn cause_of(port: u16, total_ms: u64) -> Cause {
    let mut request = asking(port, r"\\localhost\files", "ann", PASSWORD);
    request.limits.total_ms = total_ms;
    let told = Told::of(&request).await;
    let (stage, cause, _) = told.failure().unwrap();
    assert_eq!(stage, Stage::Tls);
    cause
}

fn asked(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0; 4096]).map(|_| ())
}

#[tokio::test]
async fn something_else_listens() {
    for greeting in [
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
        b"SSH-2.0-OpenSSH_9.2p1\r\n",
        b"220 (vsFTPd 3.0.3)\r\n",
        b"\0\0\0\x04\xffSMB",
        b"\0\0\0\x04nope",
        b"\0\0\0\0",
    ] {
        let port = serve(move |mut stream| {
            asked(&mut stream)?;
            stream.write_all(greeting)?;
            asked(&mut stream)
        });
        let found = cause_of(port, LONG).await;
        assert_eq!(found, Cause::WrongProtocol, "{greeting:?}");
    }
    let gone = serve(|mut stream| asked(&mut stream));
    assert_eq!(cause_of(gone, LONG).await, Cause::Closed);
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    assert_eq!(cause_of(silent, SHORT).await, Cause::TimedOut);
}

#[tokio::test]
async fn it_promises_too_much_or_never_stops() {
    let giant = serve(|mut stream| {
        asked(&mut stream)?;
        stream.write_all(b"\0\xff\xff\xff")?;
        // It is not waited for.
        stream.read_to_end(&mut Vec::new()).map(|_| ())
    });
    assert_eq!(cause_of(giant, LONG).await, Cause::TooMuch);
    // An answer to nobody, in order, again and again.
    let answers = serve(|mut stream| {
        asked(&mut stream)?;
        let mut answer = vec![0; 4 + 64];
        answer[3] = 64;
        answer[4..10].copy_from_slice(b"\xfeSMB\x40\0");
        // A response, to a message that was never sent.
        answer[4 + 16] = 1;
        answer[4 + 24..4 + 32].copy_from_slice(&[9; 8]);
        loop {
            stream.write_all(&answer)?;
        }
    });
    let found = cause_of(answers, LONG).await;
    assert!(
        matches!(found, Cause::TooMuch | Cause::WrongProtocol),
        "{found:?}"
    );
}

/// A message of the server's, counted from 1.
fn message(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    stream.read_exact(&mut message)?;
    let length = u32::from_be_bytes([0, message[1], message[2], message[3]]);
    message.resize(4 + length as usize, 0);
    stream.read_exact(&mut message[4..])?;
    Ok(message)
}

/// Everything goes through, with one bit of one answer turned.
fn between(server: u16, number: usize, at: usize) -> u16 {
    serve(move |mut client| {
        let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, server))?;
        for count in 1.. {
            server.write_all(&message(&mut client)?)?;
            let mut answer = message(&mut server)?;
            if count == number {
                answer[4 + at] ^= 4;
            }
            client.write_all(&answer)?;
        }
        Ok(())
    })
}

/// Dialect and ways to sign are in the first answer, the session's rights in the third, the share in the fourth.
pub(super) async fn nobody_between_changes_anything(samba: &Samba, user: &str) {
    let share = r"\\localhost\files";
    let untouched = between(samba.port, usize::MAX, 0);
    let told = Told::of(&asking(untouched, share, user, PASSWORD)).await;
    assert!(told.has_passed(), "{told:?}");
    for (number, at, stage) in [
        // The server's GUID, which means nothing to a client: the whole answer is signed for later.
        (1, 64 + 8, Stage::Authenticate),
        // Whether the session is encrypted.
        (3, 64 + 2, Stage::Authenticate),
        (4, 64 + 4, Stage::Authorise),
    ] {
        let port = between(samba.port, number, at);
        let told = Told::of(&asking(port, share, user, PASSWORD)).await;
        let (found, cause, _) = told.failure().unwrap();
        assert_eq!((found, cause), (stage, Cause::ServerNotProven), "{number}");
    }
}
