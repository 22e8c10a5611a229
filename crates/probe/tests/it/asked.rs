//! What is asked of a server of our own over HTTP.

use std::io::Read as _;
use std::net::TcpStream;

/// Head and body. The names in the head are in small letters, as hyper writes them.
pub(crate) fn asked(stream: &mut TcpStream) -> std::io::Result<(String, String)> {
    let mut text = Vec::new();
    loop {
        let mut part = [0; 4096];
        let read = stream.read(&mut part)?;
        text.extend_from_slice(&part[..read]);
        let all = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = all.split_once("\r\n\r\n") {
            let length = head.split("content-length: ").nth(1);
            let length = length.map_or(0, |length| length.lines().next().unwrap().parse().unwrap());
            if body.len() >= length {
                return Ok((head.to_owned(), body.to_owned()));
            }
        }
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}
