//! A server of MongoDB's protocol, as its specification has it: one account with SCRAM, and whatever is to be wrong.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2};
use base64ct::{Base64, Encoding as _};
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document, doc};

use crate::hostile::serve;
use crate::server::PASSWORD;

/// `ann:mongo:` and the password, by MD5.
const DIGESTED: &str = "204380656c6a247783a6926a35302161";
const SALT: &[u8] = b"salt of the test";

/// What it does instead of what it should.
#[derive(Clone)]
pub(super) struct Odd {
    /// The ways that it has.
    pub(super) ways: &'static [&'static str],
    pub(super) rounds: u32,
    /// It lets in whoever comes, without knowing the password.
    pub(super) is_impostor: bool,
    /// It lets in whoever has begun.
    pub(super) is_hasty: bool,
    /// It has the greeting of old servers only.
    pub(super) is_old: bool,
    /// It wants an empty message at the end.
    pub(super) is_long: bool,
    /// Instead of an answer to this command.
    pub(super) refuses: Option<(&'static str, i32, &'static str)>,
    pub(super) collections: usize,
    pub(super) databases: usize,
}

impl Default for Odd {
    fn default() -> Self {
        Self {
            ways: &["SCRAM-SHA-1", "SCRAM-SHA-256"],
            rounds: 15_000,
            is_impostor: false,
            is_hasty: false,
            is_old: false,
            is_long: false,
            refuses: None,
            collections: 1,
            databases: 1,
        }
    }
}

pub(super) fn message(number: i32, opcode: i32, flags: u32, document: &Document) -> Vec<u8> {
    let body = document.to_vec().unwrap();
    let length = i32::try_from(21 + body.len()).unwrap();
    let mut message = Vec::new();
    for part in [length, 7, number, opcode] {
        message.extend_from_slice(&part.to_le_bytes());
    }
    message.extend_from_slice(&flags.to_le_bytes());
    message.push(0);
    message.extend_from_slice(&body);
    message
}

fn asked(stream: &mut TcpStream) -> std::io::Result<(i32, Document)> {
    let mut head = [0; 16];
    stream.read_exact(&mut head)?;
    let number = |at: usize| i32::from_le_bytes(head[at..at + 4].try_into().unwrap());
    assert_eq!((number(8), number(12)), (0, 2013), "it is no OP_MSG");
    let mut body = vec![0; usize::try_from(number(0)).unwrap() - 16];
    stream.read_exact(&mut body)?;
    assert_eq!(body[..5], [0; 5]);
    Ok((number(4), Document::from_reader(&body[5..]).unwrap()))
}

pub(super) fn start(odd: Odd) -> u16 {
    serve(move |mut stream| {
        let mut login = Login::default();
        loop {
            let (number, command) = asked(&mut stream)?;
            let answer = answer(&odd, &command, &mut login);
            stream.write_all(&message(number, 2013, 0, &answer))?;
        }
    })
}

fn refused(code: i32, words: &str) -> Document {
    doc! { "ok": 0.0, "errmsg": words, "code": code }
}

fn answer(odd: &Odd, command: &Document, login: &mut Login) -> Document {
    let name = command.keys().next().unwrap().as_str();
    let database = command.get_str("$db").unwrap();
    if let Some((refused_name, code, words)) = odd.refuses
        && refused_name == name
    {
        return refused(code, words);
    }
    match name {
        "hello" if odd.is_old => refused(59, "no such command: 'hello'"),
        "hello" | "isMaster" => {
            assert_eq!(database, "admin");
            let mut greeting = doc! { "ok": 1.0, "maxWireVersion": 21 };
            if command.get_str("saslSupportedMechs").ok() == Some("users.ann") && !odd.is_old {
                greeting.insert("saslSupportedMechs", odd.ways);
            }
            greeting
        }
        "saslStart" => {
            assert_eq!(database, "users");
            let way = command.get_str("mechanism").unwrap();
            *login = Login::new(way, odd);
            login.first(command.get_binary_generic("payload").unwrap(), odd)
        }
        "saslContinue" => {
            assert_eq!(command.get_i32("conversationId").ok(), Some(3));
            login.last(command.get_binary_generic("payload").unwrap(), odd)
        }
        _ if !login.is_over && !odd.is_impostor => {
            refused(13, &format!("command {name} requires authentication"))
        }
        "listCollections" => {
            assert_eq!(database, "shop");
            let all: Vec<Bson> = vec![doc! { "name": "orders" }.into(); odd.collections];
            doc! { "ok": 1.0, "cursor": { "id": 0i64, "ns": "x", "firstBatch": all } }
        }
        "listDatabases" => {
            assert_eq!(
                command.get_document("filter").ok(),
                Some(&doc! { "name": "shop" })
            );
            let all: Vec<Bson> = vec![doc! { "name": "shop" }.into(); odd.databases];
            doc! { "ok": 1, "databases": all }
        }
        other => panic!("{other} was not expected"),
    }
}

#[derive(Default)]
struct Login {
    is_sha_1: bool,
    rounds: u32,
    /// The first two messages, as they are signed.
    so_far: String,
    nonce: String,
    is_over: bool,
}

impl Login {
    fn new(way: &str, odd: &Odd) -> Self {
        Self {
            is_sha_1: way == "SCRAM-SHA-1",
            rounds: odd.rounds,
            ..Self::default()
        }
    }

    fn first(&mut self, payload: &[u8], odd: &Odd) -> Document {
        let bare = std::str::from_utf8(payload)
            .unwrap()
            .strip_prefix("n,,")
            .unwrap();
        let theirs = bare.strip_prefix("n=ann,r=").unwrap();
        self.nonce = format!("{theirs}of-the-server");
        let salt = Base64::encode_string(SALT);
        let first = format!("r={},s={salt},i={}", self.nonce, self.rounds);
        self.so_far = format!("{bare},{first}");
        self.is_over = odd.is_hasty;
        step(&first, odd.is_hasty)
    }

    fn last(&mut self, payload: &[u8], odd: &Odd) -> Document {
        if self.is_over {
            assert!(payload.is_empty());
            return step("", true);
        }
        let text = std::str::from_utf8(payload).unwrap();
        let (without_proof, proof) = text.split_once(",p=").unwrap();
        assert_eq!(without_proof, format!("c=biws,r={}", self.nonce));
        let signed = format!("{},{without_proof}", self.so_far);
        let (expected, signature) = self.proofs(&signed);
        if odd.is_impostor {
            return step(&format!("v={}", Base64::encode_string(b"whatever")), true);
        }
        if Base64::decode_vec(proof).unwrap() != expected {
            return refused(18, "Authentication failed.");
        }
        self.is_over = true;
        step(
            &format!("v={}", Base64::encode_string(&signature)),
            !odd.is_long,
        )
    }

    /// RFC 5802, section 3: what proves the client, and what proves the server.
    fn proofs(&self, signed: &str) -> (Vec<u8>, Vec<u8>) {
        let (rounds_of, mac, hash, secret) = if self.is_sha_1 {
            let mac = hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
            let hash = &digest::SHA1_FOR_LEGACY_USE_ONLY;
            (pbkdf2::PBKDF2_HMAC_SHA1, mac, hash, DIGESTED)
        } else {
            (
                pbkdf2::PBKDF2_HMAC_SHA256,
                hmac::HMAC_SHA256,
                &digest::SHA256,
                PASSWORD,
            )
        };
        let mut salted = vec![0; hash.output_len()];
        let rounds = NonZeroU32::new(self.rounds).unwrap();
        pbkdf2::derive(rounds_of, rounds, SALT, secret.as_bytes(), &mut salted);
        let sign = |key: &[u8], text: &str| {
            let tag = hmac::sign(&hmac::Key::new(mac, key), text.as_bytes());
            tag.as_ref().to_vec()
        };
        let client = sign(&salted, "Client Key");
        let stored = digest::digest(hash, &client);
        let signature = sign(stored.as_ref(), signed);
        let proof = client.iter().zip(signature).map(|(a, b)| a ^ b).collect();
        (proof, sign(&sign(&salted, "Server Key"), signed))
    }
}

fn step(payload: &str, is_done: bool) -> Document {
    let payload = Binary {
        subtype: BinarySubtype::Generic,
        bytes: payload.as_bytes().to_vec(),
    };
    doc! { "ok": 1.0, "conversationId": 3, "done": is_done, "payload": payload }
}
