//! A server of this protocol that answers every login as it is told, over TLS: Microsoft's has no other answer than yes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, Stream};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::certificates::{Authority, Leaf};
use crate::hostile::serve;

/// Version 16, and that it encrypts everything.
const PRELOGIN: [u8; 19] = [
    0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 1, 0,
];

/// What it answers: the tokens of each message.
pub(crate) fn answering(authority: &Authority, answers: Vec<Vec<u8>>) -> u16 {
    let (chain, key) = authority.issue(&Leaf::Sound);
    let chain = CertificateDer::pem_slice_iter(chain.as_bytes());
    let chain: Vec<_> = chain.map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    serve(move |mut stream| {
        receive(&mut stream)?;
        send(&mut stream, 4, &PRELOGIN)?;
        let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
        shake_hands(&mut session, &mut stream)?;
        let mut encrypted = Stream::new(&mut session, &mut stream);
        for answer in &answers {
            receive(&mut encrypted)?;
            send(&mut encrypted, 4, answer)?;
        }
        encrypted.read(&mut [0; 1]).map(|_| ())
    })
}

/// In packets, as SQL Server has it.
fn shake_hands(session: &mut ServerConnection, stream: &mut TcpStream) -> std::io::Result<()> {
    while session.is_handshaking() {
        let said = receive(stream)?;
        let mut said = said.as_slice();
        while !said.is_empty() {
            session.read_tls(&mut said)?;
            session
                .process_new_packets()
                .map_err(std::io::Error::other)?;
        }
        let mut answer = Vec::new();
        while session.wants_write() {
            session.write_tls(&mut answer)?;
        }
        if !answer.is_empty() {
            send(stream, 0x12, &answer)?;
        }
    }
    Ok(())
}

fn receive(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head)?;
        let mut part = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]])) - 8];
        stream.read_exact(&mut part)?;
        content.extend_from_slice(&part);
        if head[1] & 1 == 1 {
            return Ok(content);
        }
    }
}

fn send(stream: &mut impl Write, kind: u8, content: &[u8]) -> std::io::Result<()> {
    stream.write_all(&packet(kind, content))?;
    stream.flush()
}

/// A message of one packet.
pub(crate) fn packet(kind: u8, content: &[u8]) -> Vec<u8> {
    let [a, b] = u16::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&[kind, 1, a, b, 0, 0, 1, 0], content].concat()
}

/// What the server said of its abilities, but for encryption: `2` is none.
pub(crate) fn prelogin(encryption: u8) -> Vec<u8> {
    let mut content = PRELOGIN;
    content[17] = encryption;
    packet(4, &content)
}

/// An `ERROR`.
pub(crate) fn error(number: i32, words: &str) -> Vec<u8> {
    let words: Vec<u16> = words.encode_utf16().collect();
    let mut content = number.to_le_bytes().to_vec();
    content.extend_from_slice(&[1, 14]);
    content.extend_from_slice(&u16::try_from(words.len()).unwrap().to_le_bytes());
    content.extend(words.iter().flat_map(|unit| unit.to_le_bytes()));
    // Neither a server nor a procedure; line 1.
    content.extend_from_slice(&[0, 0, 1, 0, 0, 0]);
    let length = u16::try_from(content.len()).unwrap().to_le_bytes();
    [&[0xaa, length[0], length[1]], content.as_slice()].concat()
}

/// `LOGINACK` of TDS 7.4, by a server without a name.
pub(crate) const ACKNOWLEDGED: [u8; 13] = [0xad, 10, 0, 1, 0x74, 0, 0, 4, 0, 16, 0, 0, 0];
/// `DONE` of something that failed.
pub(crate) const DONE: [u8; 13] = [0xfd, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
