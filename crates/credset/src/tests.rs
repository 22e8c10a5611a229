//! A gateway of the tests' own: it has the keys, and does what a script says with each request.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64ct::{Base64UrlUnpadded, Encoding as _};
use envelope::protocol::{IdentityJwk, Problem, ProblemCode};
use envelope::receipt::RECEIPT_TYP;
use envelope::statement::header;
use envelope::{
    DataFactoryName, Envelope, GatewayId, JwkSet, KeyStatement, LinkedServiceName, Operation,
    Receipt, RsaPublicJwk, TicketClaims, TicketId, UnixSeconds,
};
use serde_json::Value;

/// A modulus of 2048 bits, by its name in the tests of `envelope`.
pub(crate) fn key(name: &str) -> RsaPublicJwk {
    let moduli = include_str!("../../envelope/tests/keys/weak/moduli.json");
    let moduli: Vec<Value> = serde_json::from_str(moduli).unwrap();
    let found = moduli
        .iter()
        .find(|modulus| modulus["name"] == name && modulus["bits"] == 2048);
    let hex = found.unwrap()["n"].as_str().unwrap();
    let n: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap())
        .collect();
    RsaPublicJwk::from_numbers(&n, &[1, 0, 1]).unwrap()
}

/// An identity key.
pub(crate) struct Identity {
    pair: Ed25519KeyPair,
    pub(crate) public: IdentityJwk,
}

impl Identity {
    pub(crate) fn new() -> Self {
        let pair = Ed25519KeyPair::generate().unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        Self {
            public: IdentityJwk::ed25519(&public),
            pair,
        }
    }

    fn jws(&self, header: &str, payload: &[u8]) -> String {
        let segment = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let input = [segment(header.as_bytes()), segment(payload)].join(".");
        let signature = segment(self.pair.sign(input.as_bytes()).as_ref());
        [input, signature].join(".")
    }

    /// A key document with one key, as it is served at this time.
    pub(crate) fn document(&self, key: RsaPublicJwk, now: u64) -> String {
        let keys = JwkSet::from_keys([key]).unwrap();
        let gateway = GatewayId::parse("gw").unwrap();
        let now = UnixSeconds(now);
        let said = KeyStatement::about(&keys, gateway, self.public.clone(), 7, now);
        let said = serde_json::to_vec(&said).unwrap();
        let jws = self.jws(&header(&self.public.thumbprint()), &said);
        keys.with_statement(jws).to_json()
    }

    /// Claims of a ticket that names this key.
    pub(crate) fn claims(&self, iat: u64) -> TicketClaims {
        TicketClaims {
            iss: "portal".to_owned(),
            aud: GatewayId::parse("gw").unwrap(),
            sub: "author".to_owned(),
            jti: TicketId::parse("1").unwrap(),
            iat: UnixSeconds(iat),
            nbf: UnixSeconds(iat),
            exp: UnixSeconds(iat + 600),
            op: Operation::Set,
            df: DataFactoryName::parse("df").unwrap(),
            ls: LinkedServiceName::parse("ls").unwrap(),
            kind: None,
            thp: self.public.thumbprint(),
            org: None,
        }
    }

    /// What a gateway answers to this envelope.
    pub(crate) fn receipt(&self, envelope: &Envelope) -> String {
        let bound = envelope.binding();
        let receipt = Receipt {
            v: 1,
            gw: bound.gw.clone(),
            df: bound.df.clone(),
            ls: bound.ls.clone(),
            kind: "Http".to_owned(),
            auth: "Basic".to_owned(),
            target: "a".to_owned(),
            account: None,
            version: 1,
            kid: envelope.kid().clone(),
            jti: bound.jti.clone(),
            sub: "author".to_owned(),
            at: bound.iat,
            page: None,
            test: None,
        };
        let header = format!(
            r#"{{"alg":"EdDSA","typ":"{RECEIPT_TYP}","kid":"{}"}}"#,
            self.public.thumbprint()
        );
        let json = serde_json::to_string(&receipt).unwrap();
        let jws = self.jws(&header, json.as_bytes());
        format!(r#"{{"receipt":{json},"jws":"{jws}"}}"#)
    }
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// The key document with this key.
    Keys(&'static str),
    /// 409: the key is gone.
    Rotated,
    /// It arrives, and the connection breaks.
    Lost,
    /// 503.
    Busy,
    /// 201, with a receipt.
    Stored,
}

/// Serves one request for each act; returns where, and the file of its authority.
pub(crate) fn serve(identity: Arc<Identity>, script: Vec<Act>, now: u64) -> (u16, PathBuf) {
    let pair = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .self_signed(&pair)
        .unwrap();
    let file = tempfile::Builder::new().suffix(".pem").tempfile().unwrap();
    std::fs::write(file.path(), certificate.pem()).unwrap();
    let (_, path) = file.keep().unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            rustls_pki_types::PrivateKeyDer::Pkcs8(pair.serialize_der().into()),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for (act, socket) in script.into_iter().zip(listener.incoming()) {
            let session = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(session, socket.unwrap());
            let body = request(&mut stream);
            let answer = match act {
                Act::Lost => continue,
                Act::Keys(name) => answer(200, &identity.document(key(name), now)),
                Act::Rotated => answer(409, &problem(ProblemCode::KeyRotated)),
                Act::Busy => answer(503, &problem(ProblemCode::Unavailable)),
                Act::Stored => answer(201, &identity.receipt(&Envelope::parse(&body).unwrap())),
            };
            stream.write_all(answer.as_bytes()).unwrap();
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    (port, path)
}

fn problem(code: ProblemCode) -> String {
    serde_json::to_string(&Problem::new(code, 0, "no")).unwrap()
}

fn answer(status: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} Said\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// The body of a request.
fn request(stream: &mut impl std::io::Read) -> Vec<u8> {
    let mut read = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let count = stream.read(&mut piece).unwrap();
        read.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&read).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.lines().next()?.parse().ok())
            .unwrap_or(0);
        if body.len() >= length {
            return read.split_off(read.len() - length);
        }
    }
}
