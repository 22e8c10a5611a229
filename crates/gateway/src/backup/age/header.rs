//! The header: which stanzas a file has, and that nobody has changed them.

use std::io::{BufRead, Read, Write};

use aws_lc_rs::hmac;
use base64ct::{Base64Unpadded, Encoding};

use super::stanza::{self, Stanza};
use super::{AgeError, FileKey};

const VERSION: &[u8] = b"age-encryption.org/v1\n";
const FOOTER: &[u8] = b"---";

/// Far more than any header needs, in bytes.
const MAX_BYTES: usize = 64 * 1024;

/// A header as it was read.
pub(super) struct Header {
    stanzas: Vec<Stanza>,
    /// Everything up to the three dashes.
    authenticated: Vec<u8>,
    mac: Vec<u8>,
}

impl Header {
    /// Reads a header, and nothing after it.
    pub(super) fn read(source: &mut impl BufRead) -> Result<Self, AgeError> {
        let mut read = Vec::new();
        if line(source, &mut read)? != VERSION {
            return Err(AgeError::Header("it begins otherwise"));
        }
        let mut stanzas = Vec::new();
        loop {
            let start = read.len();
            line(source, &mut read)?;
            if let Some(mac) = read[start..].strip_prefix(FOOTER) {
                let mac = mac
                    .strip_prefix(b" ")
                    .and_then(|mac| mac.strip_suffix(b"\n"));
                let mac =
                    mac.and_then(|mac| Base64Unpadded::decode_vec(str::from_utf8(mac).ok()?).ok());
                let mac = mac.ok_or(AgeError::Header("its last line is not one"))?;
                read.truncate(start + FOOTER.len());
                return Ok(Self {
                    stanzas,
                    authenticated: read,
                    mac,
                });
            }
            // A body ends with its first line that is shorter than the others.
            while line(source, &mut read)?.len() > stanza::BODY_COLUMNS {}
            stanzas.push(Stanza::parse(&read[start..])?);
        }
    }

    pub(super) fn stanzas(&self) -> &[Stanza] {
        &self.stanzas
    }

    /// Only whoever knew the file key has written this header.
    pub(super) fn verify(&self, file_key: &FileKey) -> Result<(), AgeError> {
        let key = mac_key(file_key)?;
        hmac::verify(&key, &self.authenticated, &self.mac)
            .map_err(|_| AgeError::Header("its checksum does not fit"))
    }
}

/// Writes a header.
pub(super) fn write(
    sink: &mut impl Write,
    stanzas: &[Stanza],
    file_key: &FileKey,
) -> Result<(), AgeError> {
    let mut header = VERSION.to_vec();
    for stanza in stanzas {
        stanza.write(&mut header);
    }
    header.extend_from_slice(FOOTER);
    let mac = hmac::sign(&mac_key(file_key)?, &header);
    header.push(b' ');
    header.extend_from_slice(Base64Unpadded::encode_string(mac.as_ref()).as_bytes());
    header.push(b'\n');
    Ok(sink.write_all(&header)?)
}

fn mac_key(file_key: &FileKey) -> Result<hmac::Key, AgeError> {
    let key = file_key.derive(b"", b"header")?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()))
}

/// Reads one line with its line feed to the end of what was read.
fn line<'r>(source: &mut impl BufRead, read: &'r mut Vec<u8>) -> Result<&'r [u8], AgeError> {
    let start = read.len();
    let room = MAX_BYTES.saturating_sub(start) as u64;
    source.by_ref().take(room).read_until(b'\n', read)?;
    if read.last() == Some(&b'\n') && read.len() > start {
        Ok(&read[start..])
    } else if read.len() >= MAX_BYTES {
        Err(AgeError::Header("it is too long"))
    } else if read.len() < VERSION.len() && !VERSION.starts_with(read) {
        Err(AgeError::Header("it begins otherwise"))
    } else {
        Err(AgeError::Header("it is cut off"))
    }
}
