//! Servers that mean harm, or are something else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use probe::report::{Cause, Stage};
use probe::request::Request;

use super::asking;
use crate::hostile::{LONG, SHORT, saying, serve};
use crate::told::Told;

async fn cause_of(port: u16, total_ms: u64) -> (Stage, Cause) {
    let url = format!("http://localhost:{port}/");
    let mut request = asking("Http", "Anonymous", &url);
    request.limits.total_ms = total_ms;
    let told = Told::of(&request).await;
    let (stage, cause, _) = told.failure().unwrap();
    (stage, cause)
}

fn asked(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.read(&mut [0; 4096]).map(|_| ())
}

#[tokio::test]
async fn something_else_listens() {
    for greeting in [
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "220 (vsFTPd 3.0.3)\r\n",
        "J\0\0\0\x0a8.0.36\0",
        "ICY 200 OK\r\n\r\n",
    ] {
        let port = serve(move |mut stream| {
            asked(&mut stream)?;
            stream.write_all(greeting.as_bytes())
        });
        let found = cause_of(port, LONG).await;
        assert_eq!(
            found,
            (Stage::Authenticate, Cause::WrongProtocol),
            "{greeting}"
        );
    }
    let gone = serve(|mut stream| asked(&mut stream));
    assert_eq!(
        cause_of(gone, LONG).await,
        (Stage::Authenticate, Cause::Closed)
    );
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    assert_eq!(
        cause_of(silent, SHORT).await,
        (Stage::Authenticate, Cause::TimedOut)
    );
}

#[tokio::test]
async fn it_never_stops() {
    let endless = |beginning: &'static str, again: &'static str| {
        serve(move |mut stream| {
            asked(&mut stream)?;
            stream.write_all(beginning.as_bytes())?;
            loop {
                stream.write_all(again.as_bytes())?;
            }
        })
    };
    let long_line = endless(
        "HTTP/1.1 200 OK\r\nX: ",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    );
    let many_headers = endless("HTTP/1.1 200 OK\r\n", "X: y\r\n");
    let interim = endless("", "HTTP/1.1 100 Continue\r\n\r\n");
    for port in [long_line, many_headers, interim] {
        let found = cause_of(port, LONG).await;
        assert_eq!(found, (Stage::Authenticate, Cause::TooMuch));
    }
    // An answer has been given: its rest is of no interest.
    let body = endless(
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n",
        "xxxxxxxxxxxxxxxxxxx",
    );
    let url = format!("http://localhost:{body}/");
    assert!(
        Told::of(&asking("Http", "Anonymous", &url))
            .await
            .has_passed()
    );
}

#[tokio::test]
async fn it_drips() {
    let slow = serve(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        loop {
            let _ = stream.read(&mut [0; 64]);
            stream.write_all(b"H")?;
        }
    });
    let (stage, cause) = cause_of(slow, SHORT).await;
    assert_eq!(stage, Stage::Authenticate);
    // "HH" is no protocol any more.
    assert!(
        matches!(cause, Cause::TimedOut | Cause::WrongProtocol),
        "{cause:?}"
    );
    let slow_body = serve(|mut stream| {
        asked(&mut stream)?;
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")?;
        stream.set_read_timeout(Some(Duration::from_millis(50)))?;
        loop {
            let _ = stream.read(&mut [0; 64]);
            stream.write_all(b"x")?;
        }
    });
    assert_eq!(
        cause_of(slow_body, SHORT).await,
        (Stage::Authenticate, Cause::TimedOut)
    );
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let body = serde_json::json!({ "error": { "message": words } }).to_string();
    let head = format!("HTTP/1.1 500 No\r\nContent-Length: {}\r\n\r\n", body.len());
    let port = saying(head + &body);
    asking("Http", "Basic", &format!("http://localhost:{port}/"))
}

#[tokio::test]
async fn of_where_it_sends_to_the_name_is_told_and_nothing_that_follows() {
    let sending = serve(|mut stream| {
        asked(&mut stream)?;
        stream.write_all(
            b"HTTP/1.1 301 No\r\nLocation: http://user:pass@other.example:99/a?b=c\r\n\r\n",
        )
    });
    let told = Told::of(&asking(
        "Http",
        "Anonymous",
        &format!("http://localhost:{sending}/"),
    ))
    .await;
    let said = told.stage(Stage::Query).said.clone().unwrap();
    assert_eq!(said.as_str(), "other.example");
}
