//! A listener and a database of our own, as far as a login and a round trip go: the packets of TNS, and a verifier of Oracle Database
//! 12 (PBKDF2 with SHA-512), which the proof of a password is really compared with. Oracle's driver for Python (26.1) gets in, too.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use aes::Aes256;
use aes::cipher::block_padding::NoPadding;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use aws_lc_rs::{digest, pbkdf2};

use crate::hostile::serve;

const ACCEPT: u8 = 2;
pub(crate) const REFUSE: u8 = 4;
pub(crate) const REDIRECT: u8 = 5;
const DATA: u8 = 6;
pub(crate) const RESEND: u8 = 11;

const SALT: [u8; 16] = [7; 16];
const SESSION_SALT: [u8; 16] = [9; 16];

/// Ended by the other side, or of another sort than was expected.
type Io<T> = std::io::Result<T>;

/// Whom it lets in, and what it says to them afterwards.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) password: String,
    /// An error and its words, to an account whose password is right.
    pub(crate) error: Option<(u32, String)>,
    /// Rounds of the hash; a verifier of an older version has none.
    pub(crate) rounds: Option<u32>,
    /// Half of the session's key; another length is none.
    pub(crate) half: Vec<u8>,
    /// All that was sent to it.
    pub(crate) heard: Arc<Mutex<Vec<u8>>>,
}

impl Database {
    pub(crate) fn of(password: &str) -> Self {
        Self {
            password: password.to_owned(),
            error: None,
            rounds: Some(4096),
            half: vec![0x5a; 32],
            heard: Arc::default(),
        }
    }

    pub(crate) fn refusing(password: &str, number: u32, words: &str) -> Self {
        Self {
            error: Some((number, words.to_owned())),
            ..Self::of(password)
        }
    }

    /// Listens for whoever wants `SERVICE_NAME=shop` or `SID=shop`, in the words of a descriptor.
    pub(crate) fn start(self) -> u16 {
        serve(move |stream| {
            let mut peer = Peer::new(stream, self.heard.clone());
            let wanted = peer.connect_data()?;
            let number = match (wanted.contains("=shop)"), wanted.contains("(SID=")) {
                (true, _) => return self.serve(&mut peer),
                (false, true) => 12505,
                (false, false) => 12514,
            };
            peer.send(REFUSE, &refusal(number))
        })
    }

    /// From the acceptance on.
    pub(crate) fn serve(&self, peer: &mut Peer) -> Io<()> {
        self.serve_with(peer, 318, 0)
    }

    /// Of this version of the protocol, and with these short cuts.
    pub(crate) fn serve_with(&self, peer: &mut Peer, version: u16, flags: u32) -> Io<()> {
        peer.accept_with(version, 0, flags)?;
        peer.data(1)?;
        peer.answer(&protocol())?;
        peer.data(2)?;
        peer.answer(&[2, 0, 0])?;
        peer.call(118)?;
        peer.answer(&self.challenge())?;
        let pairs = peer.pairs(115)?;
        let proven = self.session_key(&pairs);
        let ended = match (&self.error, proven) {
            (_, None) => Some((1017, "ORA-01017: invalid username/password; logon denied\n")),
            (Some((number, words)), Some(_)) => Some((*number, words.as_str())),
            (None, Some(_)) => None,
        };
        if let Some((number, words)) = ended {
            return peer.answer(&error(number, words));
        }
        peer.answer(&session(&proven.unwrap()))?;
        peer.call(147)?;
        peer.answer(STATUS)?;
        // The session ends.
        peer.call(9)?;
        peer.answer(STATUS)
    }

    /// What a proof needs.
    fn challenge(&self) -> Vec<u8> {
        let encrypted = encrypt(&self.verifier(), &self.half);
        let rounds = self.rounds.map(|rounds| rounds.to_string());
        let mut pairs = vec![
            ("AUTH_SESSKEY", hex(&encrypted), 0),
            ("AUTH_VFR_DATA", hex(&SALT), 18453),
        ];
        pairs.extend(rounds.map(|rounds| ("AUTH_PBKDF2_VGEN_COUNT", rounds, 0)));
        pairs.push(("AUTH_PBKDF2_CSK_SALT", hex(&SESSION_SALT), 0));
        pairs.push(("AUTH_PBKDF2_SDER_COUNT", "3".to_owned(), 0));
        parameters(&pairs)
    }

    fn verifier(&self) -> [u8; 32] {
        let salt = [&SALT[..], b"AUTH_PBKDF2_SPEEDY_KEY"].concat();
        let rounds = self.rounds.unwrap_or(1);
        let key = derive::<64>(self.password.as_bytes(), &salt, rounds);
        let hash = digest::digest(&digest::SHA512, &[&key[..], &SALT].concat());
        hash.as_ref()[..32].try_into().unwrap()
    }

    /// The session's key, if whoever sent this knows the password.
    fn session_key(&self, pairs: &[(String, String)]) -> Option<[u8; 32]> {
        let value = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| unhex(value)).unwrap()
        };
        let other = decrypt(&self.verifier(), &value("AUTH_SESSKEY"));
        let both = hex(&[&other[..32], &self.half].concat());
        let key = derive::<32>(both.as_bytes(), &SESSION_SALT, 3);
        let padded = decrypt(&key, &value("AUTH_PASSWORD"));
        let padding = usize::from(*padded.last()?);
        let end = padded.len().checked_sub(padding)?;
        let is_it = padded.get(16..end)? == self.password.as_bytes();
        is_it.then_some(key)
    }
}

/// Whoever has connected.
pub(crate) struct Peer {
    stream: TcpStream,
    heard: Arc<Mutex<Vec<u8>>>,
    is_accepted: bool,
}

impl Peer {
    pub(crate) fn new(stream: TcpStream, heard: Arc<Mutex<Vec<u8>>>) -> Self {
        Self {
            stream,
            heard,
            is_accepted: false,
        }
    }

    /// What the first packet wants; in a second one, if it is long.
    pub(crate) fn connect_data(&mut self) -> Io<String> {
        let packet = self.read()?;
        let length = usize::from(u16::from_be_bytes([packet[24], packet[25]]));
        let text = match packet.get(74..74 + length) {
            Some(text) => text.to_vec(),
            None => self.read()?.split_off(10),
        };
        Ok(String::from_utf8(text).unwrap())
    }

    /// Version 318, without anything that came later.
    pub(crate) fn accept(&mut self) -> Io<()> {
        self.accept_with(318, 0, 0)
    }

    /// Another version, what it insists on, and what else it can do.
    pub(crate) fn accept_with(&mut self, version: u16, insists: u8, flags: u32) -> Io<()> {
        let mut body = version.to_be_bytes().to_vec();
        body.extend([0; 12]);
        body.push(insists);
        body.extend([0; 9]);
        body.extend(8192_u32.to_be_bytes());
        body.extend([0; 5]);
        body.extend(flags.to_be_bytes());
        self.send(ACCEPT, &body)?;
        self.is_accepted = true;
        Ok(())
    }

    pub(crate) fn send(&mut self, kind: u8, body: &[u8]) -> Io<()> {
        self.send_flagged(kind, 0, body)
    }

    pub(crate) fn send_flagged(&mut self, kind: u8, flags: u8, body: &[u8]) -> Io<()> {
        let size = u32::try_from(body.len() + 8).unwrap();
        let length = match self.is_accepted {
            true => size,
            false => size << 16,
        };
        let mut packet = length.to_be_bytes().to_vec();
        packet.extend([kind, flags, 0, 0]);
        packet.extend(body);
        self.stream.write_all(&packet)
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Io<()> {
        self.stream.write_all(bytes)
    }

    pub(crate) fn answer(&mut self, payload: &[u8]) -> Io<()> {
        self.send(DATA, &[&[0, 0], payload].concat())
    }

    pub(crate) fn read(&mut self) -> Io<Vec<u8>> {
        let mut header = [0; 8];
        self.stream.read_exact(&mut header)?;
        let length = u32::from_be_bytes(header[..4].try_into().unwrap());
        let size = match self.is_accepted {
            true => length,
            false => length >> 16,
        };
        let mut packet = header.to_vec();
        packet.resize(usize::try_from(size).unwrap(), 0);
        self.stream.read_exact(&mut packet[8..])?;
        self.heard.lock().unwrap().extend(&packet);
        Ok(packet)
    }

    /// A message that begins like this, behind the packet's own flags.
    fn data(&mut self, first: u8) -> Io<Vec<u8>> {
        let packet = self.read()?;
        match packet.get(10) == Some(&first) {
            true => Ok(packet[11..].to_vec()),
            false => Err(std::io::ErrorKind::InvalidData.into()),
        }
    }

    /// A call of this function: what follows its number and its sequence.
    fn call(&mut self, function: u8) -> Io<Vec<u8>> {
        let call = self.data(3)?;
        match call[0] == function {
            true => Ok(call[2..].to_vec()),
            false => Err(std::io::ErrorKind::InvalidData.into()),
        }
    }

    /// The names and values that go with it.
    fn pairs(&mut self, function: u8) -> Io<Vec<(String, String)>> {
        let call = self.call(function)?;
        let mut rest = &call[1..];
        let (_user, _mode) = (number(&mut rest), number(&mut rest));
        rest = &rest[1..];
        let count = number(&mut rest);
        rest = &rest[2..];
        text(&mut rest);
        let pair = |rest: &mut &[u8]| {
            let part = |rest: &mut &[u8]| match number(rest) {
                0 => String::new(),
                _ => text(rest),
            };
            let pair = (part(rest), part(rest));
            number(rest);
            pair
        };
        Ok((0..count).map(|_| pair(&mut rest)).collect())
    }
}

pub(crate) fn refusal(number: u32) -> Vec<u8> {
    let words = format!(
        "(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR={number})(ERROR_STACK=(ERROR=(CODE={number})(EMFI=4))))"
    );
    let length = u16::try_from(words.len()).unwrap().to_be_bytes();
    [&[34, 0], &length[..], words.as_bytes()].concat()
}

/// Success: nothing else is to come.
const STATUS: &[u8] = &[9, 0, 0];

/// Version, name, character sets and capabilities (of 19c).
fn protocol() -> Vec<u8> {
    let mut text = b"\x01\x06\0Database of the test\0".to_vec();
    text.extend([
        0x69, 0x03, 1, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x07, 0xd0,
    ]);
    let mut capabilities = [0; 41];
    capabilities[7] = 12;
    text.push(41);
    text.extend(capabilities);
    text.extend([7, 0, 0, 0, 0, 0, 0, 0]);
    text
}

fn session(key: &[u8; 32]) -> Vec<u8> {
    let proof = encrypt(key, b"0123456789abcdefSERVER_TO_CLIENT");
    parameters(&[
        ("AUTH_VERSION_NO", "318767104".to_owned(), 0),
        ("AUTH_SESSION_ID", "12".to_owned(), 0),
        ("AUTH_SERIAL_NUM", "34".to_owned(), 0),
        ("AUTH_SVR_RESPONSE", hex(&proof), 0),
    ])
}

fn parameters(pairs: &[(&str, String, u32)]) -> Vec<u8> {
    let mut message = vec![8];
    put_number(&mut message, u32::try_from(pairs.len()).unwrap());
    for (name, value, flags) in pairs {
        for text in [*name, value.as_str()] {
            put_number(&mut message, u32::try_from(text.len()).unwrap());
            put_text(&mut message, text);
        }
        put_number(&mut message, *flags);
    }
    message.extend(STATUS);
    message
}

/// An error's number and words, and much that is nothing.
fn error(number: u32, words: &str) -> Vec<u8> {
    let mut message = vec![4];
    message.extend([0; 28]);
    put_number(&mut message, number);
    message.push(0);
    put_text(&mut message, words);
    message
}

fn put_number(to: &mut Vec<u8>, number: u32) {
    let bytes = number.to_be_bytes();
    let bytes = &bytes[number.leading_zeros() as usize / 8..];
    to.push(u8::try_from(bytes.len()).unwrap());
    to.extend(bytes);
}

fn put_text(to: &mut Vec<u8>, text: &str) {
    match u8::try_from(text.len()) {
        Ok(length) if length < 0xfd => to.push(length),
        _ => {
            to.push(0xfe);
            put_number(to, u32::try_from(text.len()).unwrap());
            to.extend(text.as_bytes());
            to.push(0);
            return;
        }
    }
    to.extend(text.as_bytes());
}

fn number(from: &mut &[u8]) -> u32 {
    let length = usize::from(from[0]);
    let bytes = &from[1..=length];
    *from = &from[1 + length..];
    bytes
        .iter()
        .fold(0, |all, byte| all << 8 | u32::from(*byte))
}

fn text(from: &mut &[u8]) -> String {
    let length = usize::from(from[0]);
    if length != 0xfe {
        let text = String::from_utf8(from[1..=length].to_vec()).unwrap();
        *from = &from[1 + length..];
        return text;
    }
    *from = &from[1..];
    let mut all = String::new();
    loop {
        let length = usize::try_from(number(from)).unwrap();
        if length == 0 {
            return all;
        }
        all.push_str(std::str::from_utf8(&from[..length]).unwrap());
        *from = &from[length..];
    }
}

fn derive<const N: usize>(secret: &[u8], salt: &[u8], rounds: u32) -> [u8; N] {
    let mut key = [0; N];
    let rounds = NonZeroU32::new(rounds).unwrap();
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, rounds, salt, secret, &mut key);
    key
}

fn encrypt(key: &[u8; 32], plain: &[u8]) -> Vec<u8> {
    let cipher = cbc::Encryptor::<Aes256>::new(key.into(), &[0; 16].into());
    cipher.encrypt_padded_vec::<NoPadding>(plain)
}

fn decrypt(key: &[u8; 32], text: &[u8]) -> Vec<u8> {
    let cipher = cbc::Decryptor::<Aes256>::new(key.into(), &[0; 16].into());
    cipher.decrypt_padded_vec::<NoPadding>(text).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let digits = digits.map(|pair| std::str::from_utf8(pair).unwrap());
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}
