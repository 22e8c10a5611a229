//! Servers that mean harm, or are something else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use probe::report::{Cause, Stage};
use probe::request::Request;

use super::{as_user, asking, in_the_clear};
use crate::hostile::{LONG, SHORT, serve};
use crate::server::PASSWORD;
use crate::told::Told;

async fn told_of(port: u16, total_ms: u64) -> Told {
    let request = asking(port, "Basic");
    let mut request = as_user(in_the_clear(request), "ann", PASSWORD);
    request.limits.total_ms = total_ms;
    Told::of(&request).await
}

async fn both(port: u16, total_ms: u64) -> [(Stage, Cause); 2] {
    let clear = told_of(port, total_ms).await;
    let mut request = as_user(asking(port, "Basic"), "ann", PASSWORD);
    request.limits.total_ms = total_ms;
    let encrypted = Told::of(&request).await;
    [clear, encrypted].map(|told| {
        let (stage, cause, _) = told.failure().unwrap();
        (stage, cause)
    })
}

fn at_both(cause: Cause) -> [(Stage, Cause); 2] {
    [(Stage::Authenticate, cause), (Stage::Tls, cause)]
}

/// Says these in turn, one for each line that comes, the first of them unasked.
fn saying(replies: &'static [&'static str]) -> u16 {
    serve(move |stream| {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let mut stream = stream;
        for reply in replies {
            stream.write_all(reply.as_bytes())?;
            lines.next().transpose()?;
        }
        Ok(())
    })
}

#[tokio::test]
async fn something_else_listens() {
    for greeting in [
        "SSH-2.0-OpenSSH_9.2p1\r\n",
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "+OK POP3 ready\r\n",
        "2200 no\r\n",
    ] {
        let port = serve(move |mut stream| {
            stream.write_all(greeting.as_bytes())?;
            stream.read(&mut [0; 64]).map(|_| ())
        });
        let found = both(port, LONG).await;
        assert_eq!(found, at_both(Cause::WrongProtocol), "{greeting}");
    }
    // A mail server greets as a server of FTP does.
    let mail = saying(&["220 mail ESMTP\r\n", "500 what\r\n"]);
    let expected = [
        (Stage::Authenticate, Cause::WrongProtocol),
        (Stage::Tls, Cause::TlsNotOffered),
    ];
    assert_eq!(both(mail, LONG).await, expected);
    let gone = serve(|_| Ok(()));
    assert_eq!(both(gone, LONG).await, at_both(Cause::Closed));
    let silent = serve(|mut stream| stream.read_to_end(&mut Vec::new()).map(|_| ()));
    assert_eq!(both(silent, SHORT).await, at_both(Cause::TimedOut));
    let busy = saying(&["421 There are too many connected users.\r\n"]);
    assert_eq!(both(busy, LONG).await, at_both(Cause::TooManyConnections));
    let stopping = saying(&["421 Service not available.\r\n"]);
    assert_eq!(both(stopping, LONG).await, at_both(Cause::NotReady));
}

#[tokio::test]
async fn it_never_stops() {
    let endless = |beginning: &'static str, again: &'static str| {
        serve(move |mut stream| {
            stream.write_all(beginning.as_bytes())?;
            loop {
                stream.write_all(again.as_bytes())?;
            }
        })
    };
    let greeting = endless("220-Welcome\r\n", "220-and welcome\r\n");
    let giant = endless("220 ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    for port in [greeting, giant] {
        assert_eq!(both(port, LONG).await, at_both(Cause::TooMuch));
    }
}

#[tokio::test]
async fn what_is_said_before_tls_does_not_count_after_it() {
    let injecting = saying(&["220 ready\r\n", "234 go\r\n230 you are in\r\n"]);
    let [_, found] = both(injecting, LONG).await;
    assert_eq!(found, (Stage::Tls, Cause::WrongProtocol));
}

#[tokio::test]
async fn a_password_that_is_not_asked_for_is_not_checked() {
    let open = saying(&["220 \r\n", "230 in\r\n", "257 \"/\"\r\n", "250 there\r\n"]);
    let told = told_of(open, LONG).await;
    assert!(told.has_passed(), "{told:?}");
    let stage = told.stage(Stage::Authenticate);
    assert_eq!(stage.cause, Some(Cause::PasswordNotChecked));
}

#[tokio::test]
async fn what_comes_after_the_password_is_told_from_what_comes_before_it() {
    for (replies, expected) in [
        (&["220 \r\n", "332 account\r\n"][..], Cause::MethodUnknown),
        (
            &["220 \r\n", "331 password\r\n", "332 account\r\n"],
            Cause::MoreWanted,
        ),
        (
            &["220 \r\n", "421 too many users\r\n"],
            Cause::TooManyConnections,
        ),
        (
            &["220 \r\n", "331 password\r\n", "421 too many attempts\r\n"],
            Cause::Closed,
        ),
    ] {
        let told = told_of(saying(replies), LONG).await;
        let (stage, cause, _) = told.failure().unwrap();
        assert_eq!((stage, cause), (Stage::Authenticate, expected));
    }
}

#[tokio::test]
async fn nobody_goes_where_it_points() {
    let elsewhere = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    elsewhere.set_nonblocking(true).unwrap();
    let port = elsewhere.local_addr().unwrap().port();
    let pointing = serve(move |stream: TcpStream| {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let mut stream = stream;
        stream.write_all(b"220 \r\n")?;
        while let Some(line) = lines.next().transpose()? {
            let verb = line.split(' ').next().unwrap_or_default();
            let pointer = format!("(127,0,0,1,{},{}) (|||{port}|)", port / 256, port % 256);
            let code = match verb {
                "USER" => 331,
                "PASS" => 230,
                "PWD" => 257,
                "CWD" => 250,
                "PASV" => 227,
                "EPSV" => 229,
                _ => 502,
            };
            stream.write_all(format!("{code} {pointer}\r\n").as_bytes())?;
        }
        Ok(())
    });
    let told = told_of(pointing, LONG).await;
    assert!(told.has_passed(), "{told:?}");
    let nobody = elsewhere.accept().unwrap_err();
    assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
}

/// A server that refuses in these words, and who asks it.
pub(crate) fn repeating(words: &str) -> Request {
    let refusal = format!("530 {words}\r\n");
    let port = serve(move |stream| {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let mut stream = stream;
        for reply in ["220 \r\n", "331 \r\n", &refusal] {
            stream.write_all(reply.as_bytes())?;
            lines.next().transpose()?;
        }
        Ok(())
    });
    as_user(in_the_clear(asking(port, "Basic")), "ann", PASSWORD)
}
