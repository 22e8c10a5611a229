//! A server of the native protocol, as its specification has it: one account, and whatever is to be wrong.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::hostile::serve;
use crate::server::PASSWORD;

pub(super) const PASSWORD_CLASS: &str = "org.apache.cassandra.auth.PasswordAuthenticator";
const STARTUP: u8 = 0x01;
const QUERY: u8 = 0x07;
const AUTH_RESPONSE: u8 = 0x0f;

/// An answer, with the flag of a warning where it has one.
pub(super) fn frame(flags: u8, opcode: u8, body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x84, flags, 0, 0, opcode];
    frame.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
    frame.extend_from_slice(body);
    frame
}

/// A short string.
fn string(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    [&length.to_be_bytes(), text.as_bytes()].concat()
}

pub(super) fn error(code: u32, words: &str) -> Vec<u8> {
    let mut body = [code.to_be_bytes().to_vec(), string(words)].concat();
    if code == 0x1000 {
        // Consistency, how many are required, how many are alive.
        body.extend_from_slice(&[0, 4, 0, 0, 0, 2, 0, 0, 0, 1]);
    }
    frame(0, 0x00, &body)
}

fn asked(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head)?;
    assert_eq!(head[..4], [4, 0, 0, 0], "it is no request of version 4");
    let mut body = vec![0; u32::from_be_bytes([head[5], head[6], head[7], head[8]]) as usize];
    stream.read_exact(&mut body)?;
    Ok((head[4], body))
}

/// What it does instead of what it should.
#[derive(Clone, Copy, Default)]
pub(super) struct Odd {
    /// Instead of asking for a password: a class, or an error.
    pub(super) first: Option<First>,
    /// Instead of believing whoever has it.
    pub(super) login: Option<(u32, &'static str)>,
    /// Instead of the rows.
    pub(super) query: Option<(u32, &'static str)>,
}

#[derive(Clone, Copy)]
pub(super) enum First {
    Ready,
    Class(&'static str),
    Error(u32, &'static str),
}

pub(super) fn start(odd: Odd) -> u16 {
    serve(move |stream| talk(stream, odd))
}

fn talk(mut stream: TcpStream, odd: Odd) -> std::io::Result<()> {
    let options = [&[0, 1][..], &string("CQL_VERSION"), &string("3.0.0")].concat();
    let (opcode, body) = asked(&mut stream)?;
    assert_eq!((opcode, body), (STARTUP, options));
    let class = match odd.first {
        Some(First::Ready) => return rows(stream, odd, &frame(0, 0x02, b"")),
        Some(First::Error(code, words)) => return stream.write_all(&error(code, words)),
        Some(First::Class(class)) => class,
        None => PASSWORD_CLASS,
    };
    stream.write_all(&frame(0, 0x03, &string(class)))?;
    let (opcode, body) = asked(&mut stream)?;
    assert_eq!(opcode, AUTH_RESPONSE);
    let token = format!("\0ann\0{PASSWORD}");
    let length = u32::try_from(token.len()).unwrap().to_be_bytes();
    let is_known = body == [&length, token.as_bytes()].concat();
    match odd.login {
        Some((code, words)) => stream.write_all(&error(code, words)),
        None if !is_known => {
            let words = "Provided username ann and/or password are incorrect";
            stream.write_all(&error(0x0100, words))
        }
        // As some servers do, with words of its own.
        None => rows(stream, odd, &frame(0, 0x10, &[0, 0, 0, 2, b'o', b'k'])),
    }
}

fn rows(mut stream: TcpStream, odd: Odd, welcome: &[u8]) -> std::io::Result<()> {
    stream.write_all(welcome)?;
    let (opcode, body) = asked(&mut stream)?;
    assert_eq!(opcode, QUERY);
    let statement = "SELECT release_version FROM system.local";
    let (text, settings) = body[4..].split_at(statement.len());
    assert_eq!(text, statement.as_bytes());
    // Of one node, and nothing else.
    assert_eq!(settings, [0, 1, 0]);
    match odd.query {
        Some((code, words)) => stream.write_all(&error(code, words)),
        None => {
            // A warning, then rows of which a test looks at nothing.
            let warnings = [&[0, 1][..], &string("aggregation without a key")].concat();
            stream.write_all(&frame(0x08, 0x08, &[&warnings[..], &[0, 0, 0, 2]].concat()))
        }
    }
}
