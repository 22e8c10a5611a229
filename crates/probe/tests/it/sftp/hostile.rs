//! Servers that mean harm, or are something else.

use std::io::{Read as _, Write as _};

use probe::report::{Cause, Stage};

use super::asking;
use crate::hostile::{LONG, SHORT, serve};
use crate::told::Told;

async fn cause_of(port: u16, total_ms: u64) -> Cause {
    let mut request = asking("ann", port, "Basic");
    request.limits.total_ms = total_ms;
    let told = Told::of(&request).await;
    let (stage, cause, _) = told.failure().unwrap();
    assert_eq!(stage, Stage::Tls);
    cause
}

#[tokio::test]
async fn something_else_listens() {
    for greeting in [
        "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
        "220 (vsFTPd 3.0.3)\r\n",
        "SSH-1.5-old\r\n",
    ] {
        let port = serve(move |mut stream| {
            stream.write_all(greeting.as_bytes())?;
            stream.read(&mut [0; 4096]).map(|_| ())
        });
        let found = cause_of(port, LONG).await;
        // Lines before the protocol's own are allowed (RFC 4253, section 4.2): nothing but the end tells.
        assert!(
            matches!(found, Cause::WrongProtocol | Cause::Closed),
            "{greeting}: {found:?}"
        );
    }
    let gone = serve(|mut stream| stream.read(&mut [0; 4096]).map(|_| ()));
    assert_eq!(cause_of(gone, LONG).await, Cause::Closed);
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    assert_eq!(cause_of(silent, SHORT).await, Cause::TimedOut);
}

#[tokio::test]
async fn it_never_stops_or_promises_too_much() {
    for (beginning, again) in [
        (&b""[..], &b"xxxxxxxxxxxxxxxx"[..]),
        (b"", b"a line of a banner\r\n"),
        (b"SSH-2.0-x\r\n\x7f\xff\xff\xff", b"xxxxxxxxxxxxxxxx"),
        (b"SSH-2.0-x\r\n\x00\x00\x00\x00", b"\0\0\0\0\0\0\0\0"),
    ] {
        let port = serve(move |mut stream| {
            stream.write_all(beginning)?;
            loop {
                stream.write_all(again)?;
            }
        });
        let found = cause_of(port, LONG).await;
        assert!(
            matches!(found, Cause::TooMuch | Cause::WrongProtocol | Cause::Closed),
            "{found:?}"
        );
    }
}
