//! The plaintext of a protected credential: everything that a data-movement process needs, in one authenticated piece.
//!
//! Destination and account are in here although they are not secret: whoever can write the store must not be able to
//! point a kept secret at another host. The readable columns of the store are for listing and never used to connect.
//!
//! ```text
//! record = 0x01, text(kind), text(auth), map(properties), map(secrets), zero bytes up to the bucket
//! text   = length in bytes (4, big-endian), UTF-8
//! map    = number of entries (4, big-endian), then text(name), text(value) each, names ascending
//! ```
//! The bucket is the next power of two from 256 bytes, so that the length of a password does not show in the store.

use std::collections::BTreeMap;

use envelope::Secret;
use zeroize::{Zeroize, Zeroizing};

const FORMAT: u8 = 1;
const SMALLEST_BUCKET: usize = 256;

/// A credential as it is kept. Its secrets are wiped on drop.
pub struct KeptCredential {
    /// The kind's canonical id.
    pub kind: String,
    /// The authentication type's id.
    pub auth: String,
    /// Destination, account and options; not secret.
    pub properties: BTreeMap<String, String>,
    /// The secrets by field name.
    pub secrets: BTreeMap<String, Secret>,
}

/// The bytes opened but are not a record of this format: written by a later version, or by a fault in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the revealed record is not in a format that this version knows")]
pub struct UnknownRecord;

impl Drop for KeptCredential {
    // The secrets wipe themselves; the rest is not secret but nobody's business either.
    fn drop(&mut self) {
        self.auth.zeroize();
        for value in self.properties.values_mut() {
            value.zeroize();
        }
    }
}

impl KeptCredential {
    /// The record to protect, in a buffer that is wiped and was never reallocated.
    #[must_use]
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let length = self.encoded_length();
        let bucket = length.next_power_of_two().max(SMALLEST_BUCKET);
        let mut out = Zeroizing::new(Vec::with_capacity(bucket));
        out.push(FORMAT);
        put_text(&mut out, &self.kind);
        put_text(&mut out, &self.auth);
        put_length(&mut out, self.properties.len());
        for (name, value) in &self.properties {
            put_text(&mut out, name);
            put_text(&mut out, value);
        }
        put_length(&mut out, self.secrets.len());
        for (name, secret) in &self.secrets {
            put_text(&mut out, name);
            // EXPOSE: copied into the wiped buffer that is encrypted next.
            put_text(&mut out, secret.expose());
        }
        debug_assert_eq!(
            out.len(),
            length,
            "the buffer must not grow: growing leaves copies behind"
        );
        out.resize(bucket, 0);
        out
    }

    /// Reads a revealed record.
    ///
    /// # Errors
    /// [`UnknownRecord`].
    pub fn decode(record: &[u8]) -> Result<Self, UnknownRecord> {
        let mut rest = record;
        if take(&mut rest, 1)? != [FORMAT] {
            return Err(UnknownRecord);
        }
        let kind = take_text(&mut rest)?.to_owned();
        let auth = take_text(&mut rest)?.to_owned();
        let mut properties = BTreeMap::new();
        for _ in 0..take_length(&mut rest)? {
            let name = take_text(&mut rest)?.to_owned();
            if properties
                .insert(name, take_text(&mut rest)?.to_owned())
                .is_some()
            {
                return Err(UnknownRecord);
            }
        }
        let mut secrets = BTreeMap::new();
        for _ in 0..take_length(&mut rest)? {
            let name = take_text(&mut rest)?.to_owned();
            if secrets
                .insert(name, Secret::new(take_text(&mut rest)?.to_owned()))
                .is_some()
            {
                return Err(UnknownRecord);
            }
        }
        if rest.iter().any(|&byte| byte != 0) {
            return Err(UnknownRecord);
        }
        Ok(Self {
            kind,
            auth,
            properties,
            secrets,
        })
    }

    fn encoded_length(&self) -> usize {
        let texts = [self.kind.len(), self.auth.len()].into_iter();
        let properties = self
            .properties
            .iter()
            .flat_map(|(name, value)| [name.len(), value.len()]);
        let secrets = self
            .secrets
            .iter()
            .flat_map(|(name, secret)| [name.len(), secret.len()]);
        1 + 2 * 4
            + texts
                .chain(properties)
                .chain(secrets)
                .map(|length| length + 4)
                .sum::<usize>()
    }
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    // An envelope has at most 16 KiB, so nothing in it comes near the limit of four bytes.
    out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_length(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> Result<&'a [u8], UnknownRecord> {
    let (taken, after) = rest.split_at_checked(count).ok_or(UnknownRecord)?;
    *rest = after;
    Ok(taken)
}

fn take_length(rest: &mut &[u8]) -> Result<usize, UnknownRecord> {
    let bytes = take(rest, 4)?.try_into().map_err(|_| UnknownRecord)?;
    usize::try_from(u32::from_be_bytes(bytes)).map_err(|_| UnknownRecord)
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, UnknownRecord> {
    let length = take_length(rest)?;
    std::str::from_utf8(take(rest, length)?).map_err(|_| UnknownRecord)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(password: &str) -> KeptCredential {
        KeptCredential {
            kind: "Sftp".to_owned(),
            auth: "Basic".to_owned(),
            properties: BTreeMap::from([("host".to_owned(), "sftp.corp".to_owned())]),
            secrets: BTreeMap::from([("password".to_owned(), Secret::new(password.to_owned()))]),
        }
    }

    #[test]
    fn a_record_is_read_back_byte_for_byte() {
        let long = "p\u{e4}\u{1f600}".repeat(800);
        for password in ["", "x", "\0\n;{}\"'%", &long] {
            let read = KeptCredential::decode(&sample(password).encode()).unwrap();
            assert_eq!(read.kind, "Sftp");
            assert_eq!(read.auth, "Basic");
            assert_eq!(read.properties["host"], "sftp.corp");
            // EXPOSE: the test compares what came back.
            assert!(read.secrets["password"].expose() == password);
        }
    }

    #[test]
    fn the_length_of_a_password_does_not_show() {
        assert_eq!(
            sample("").encode().len(),
            sample(&"x".repeat(100)).encode().len()
        );
        assert_eq!(sample(&"x".repeat(1000)).encode().len(), 2048);
    }

    #[test]
    fn a_cut_or_lengthened_record_is_refused() {
        let whole = sample("x").encode();
        let content = sample("x").encoded_length();
        for length in 0..content {
            assert!(
                KeptCredential::decode(&whole[..length]).is_err(),
                "cut to {length}"
            );
        }
        let mut longer = whole.to_vec();
        longer.push(1);
        assert!(KeptCredential::decode(&longer).is_err());
        let mut later_version = whole.to_vec();
        later_version[0] = 2;
        assert!(KeptCredential::decode(&later_version).is_err());
    }
}
