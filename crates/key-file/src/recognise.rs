//! From bytes to a key file, or to the name of what they are instead.

use der::{Header, SliceReader, Tag};
use zeroize::Zeroizing;

use crate::asn1::{context, number, sequence, within};
use crate::key_file::Source;
use crate::legacy_pem::LegacyPem;
use crate::pem::{self, Block};
use crate::ppk::{self, Ppk};
use crate::{Container, Flaw, KeyFile, Unrecognised, WrongKind, pasted, wrong_kind};

/// The longest file that is looked at. In bytes; a key of 16384 bits with its certificates has a third of that.
pub const MAX_BYTES: usize = 64 * 1024;

/// How often one thing may be wrapped in another: base64 of base64 of PEM.
const MAX_LAYERS: usize = 3;

/// Says what a file or a pasted text is.
///
/// PEM may stand between other things, be indented, have lost its line breaks or have them escaped, and any file may be
/// wrapped in base64 once or twice more.
///
/// # Errors
/// [`Unrecognised`] names what it is instead, or what is wrong with it.
pub fn recognise(bytes: &[u8]) -> Result<KeyFile, Unrecognised> {
    if bytes.len() > MAX_BYTES {
        return Err(Unrecognised::TooLong { bytes: bytes.len() });
    }
    layer(bytes, MAX_LAYERS)
}

fn layer(bytes: &[u8], layers: usize) -> Result<KeyFile, Unrecognised> {
    if let Some(result) = binary(bytes) {
        return result;
    }
    let Some(text) = pasted::text(bytes) else {
        return Err(Unrecognised::Binary);
    };
    if text.len() > MAX_BYTES {
        return Err(Unrecognised::TooLong { bytes: text.len() });
    }
    let text = pasted::unquoted(&text);
    if text.is_empty() {
        return Err(Unrecognised::Empty);
    }
    // Before escapes are resolved: `C:\new` has one.
    if !text.contains(['\n', '\r']) && wrong_kind::is_path(text) {
        return Err(Unrecognised::Other(WrongKind::Path));
    }
    let text = if text.starts_with(ppk::BEGINNING) && text.contains('\n') {
        // A backslash in its comment is one.
        pasted::lines(text)
    } else {
        pasted::lines(pasted::unquoted(&pasted::unescaped(text)))
    };
    armoured(&text).unwrap_or_else(|| bare(&text, layers))
}

/// DER and other bytes that are known by how they begin; none if they may be text.
fn binary(bytes: &[u8]) -> Option<Result<KeyFile, Unrecognised>> {
    match bytes {
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => {
            Some(Err(Unrecognised::Other(WrongKind::JavaKeystore)))
        }
        [0x30, _, ..] => {
            // A text may begin with the digit 0.
            let certain = is_whole_der(bytes) || std::str::from_utf8(bytes).is_err();
            certain.then(|| der(without_line_end(bytes)))
        }
        _ if bytes.starts_with(b"openssh-key-v1\0") => Some(key_file(
            Container::OpenSsh,
            Source::OpenSsh(Zeroizing::new(bytes.to_vec())),
        )),
        // A packet of OpenPGP: a key, public or secret, of the old or the new format.
        [0x95 | 0x99 | 0xc5 | 0xc6, ..] if std::str::from_utf8(bytes).is_err() => {
            Some(Err(Unrecognised::Other(WrongKind::Pgp)))
        }
        _ => None,
    }
}

/// How long DER says that it is.
fn length_of_der(bytes: &[u8]) -> Option<usize> {
    let header = Header::peek(&SliceReader::new(bytes).ok()?).ok()?;
    let length = der::Encode::encoded_len(&header).ok()? + header.length();
    usize::try_from(length.ok()?).ok()
}

fn is_whole_der(bytes: &[u8]) -> bool {
    length_of_der(bytes) == Some(bytes.len())
}

/// Editors put a line break behind everything.
fn without_line_end(bytes: &[u8]) -> &[u8] {
    let split = length_of_der(bytes).and_then(|length| bytes.split_at_checked(length));
    match split {
        Some((whole, rest)) if rest.iter().all(u8::is_ascii_whitespace) => whole,
        _ => bytes,
    }
}

/// Classifies DER by the tags of its first level.
fn der(bytes: &[u8]) -> Result<KeyFile, Unrecognised> {
    use Tag::{BitString, Integer, ObjectIdentifier, OctetString, Sequence};
    let Some(elements) = sequence(bytes) else {
        return Err(broken_der(bytes));
    };
    let tags: Vec<Tag> = elements.iter().map(der::Tagged::tag).collect();
    let other = |kind| Err(Unrecognised::Other(kind));
    let plain = |container| {
        let source = Source::Plain(container, Zeroizing::new(bytes.to_vec()));
        key_file(container, source)
    };
    let copy = || Zeroizing::new(bytes.to_vec());
    match tags.as_slice() {
        [Integer, Sequence, OctetString, ..] => plain(Container::Pkcs8),
        [Integer, Sequence] | [Integer, Sequence, Sequence] if number(elements[0]) == Some(3) => {
            key_file(Container::Pfx, Source::Pfx(copy()))
        }
        [Integer, OctetString, ..] => plain(Container::Sec1),
        [Integer, Integer] => other(WrongKind::PublicKey),
        [Integer, Integer, Integer, Integer, Integer, Integer] => plain(Container::OpensslDsa),
        [
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            Integer,
            ..,
        ] => plain(Container::Pkcs1),
        [Sequence, OctetString] => key_file(Container::Pkcs8, Source::EncryptedPkcs8(copy())),
        [Sequence, BitString] => other(WrongKind::PublicKey),
        [Sequence, Sequence, BitString] => {
            let inner = within(elements[0], Sequence).unwrap_or_default();
            let inner: Vec<Tag> = inner.iter().map(der::Tagged::tag).collect();
            other(match inner.as_slice() {
                [Integer, Sequence, Sequence, last] if *last == context(0) => {
                    WrongKind::CertificateRequest
                }
                [Integer, Sequence, Sequence] => WrongKind::CertificateRequest,
                [first, ..] if *first == context(0) => WrongKind::Certificate,
                [
                    Integer,
                    Sequence,
                    Sequence,
                    Sequence,
                    Sequence,
                    Sequence,
                    ..,
                ] => WrongKind::Certificate,
                _ => WrongKind::RevocationList,
            })
        }
        [ObjectIdentifier, last] if *last == context(0) => other(WrongKind::Pkcs7),
        _ => other(WrongKind::OtherDer),
    }
}

/// What DER that cannot be read begins as.
fn broken_der(bytes: &[u8]) -> Unrecognised {
    let mut inner = bytes.get(2..).unwrap_or_default();
    if let [_, 0x81..=0x84, ..] = bytes {
        inner = inner
            .get(usize::from(bytes[1] & 0x0f)..)
            .unwrap_or_default();
    }
    let container = match inner {
        [0x02, 0x01, 0x03, ..] => Container::Pfx,
        [0x02, 0x01, 0x01, 0x04, ..] => Container::Sec1,
        [0x02, 0x01, 0x00 | 0x01, 0x30, ..] => Container::Pkcs8,
        [0x02, 0x01, 0x00, 0x02, ..] => Container::Pkcs1,
        _ => return Unrecognised::Binary,
    };
    let flaw = match length_of_der(bytes) {
        Some(length) if length > bytes.len() => Flaw::NoEnd,
        _ => Flaw::Structure,
    };
    Unrecognised::Damaged { container, flaw }
}

/// A text with lines of PEM, SSH2 or PuTTY in it; none if there are none.
fn armoured(text: &str) -> Option<Result<KeyFile, Unrecognised>> {
    if let Some(at) = text.find(ppk::BEGINNING) {
        return Some(putty(&text[at..]));
    }
    let blocks = pem::blocks(text);
    if blocks.is_empty() {
        if let Some((_, after)) = text.split_once("---- BEGIN ") {
            let label = after.split("----").next().unwrap_or_default().trim();
            return Some(Err(Unrecognised::Other(wrong_kind::of_label(label))));
        }
        let (_, after) = text.split_once("-----END ")?;
        let container = container_of(after.split("-----").next()?.trim())?;
        let flaw = Flaw::NoBeginning;
        return Some(Err(Unrecognised::Damaged { container, flaw }));
    }
    Some(of_blocks(&blocks))
}

fn of_blocks(blocks: &[Block<'_>]) -> Result<KeyFile, Unrecognised> {
    let mut keys = blocks
        .iter()
        .filter_map(|block| container_of(block.label).map(|container| (block, container)));
    let Some((block, container)) = keys.next() else {
        let kind = blocks.first().map_or(WrongKind::OtherPem, |block| {
            wrong_kind::of_label(block.label)
        });
        return Err(Unrecognised::Other(kind));
    };
    let damaged = |flaw| Unrecognised::Damaged { container, flaw };
    if keys.next().is_some() {
        return Err(damaged(Flaw::SeveralKeys));
    }
    let pem = block.read().map_err(damaged)?;
    let pem = match LegacyPem::read(pem).map_err(damaged)? {
        Ok(encrypted) => return key_file(container, Source::LegacyPem(container, encrypted)),
        Err(pem) => pem,
    };
    match container {
        Container::OpenSsh => key_file(container, Source::OpenSsh(pem.body)),
        // Labels are confused more often than contents: `RSA PRIVATE KEY` around PKCS#8.
        _ if is_whole_der(&pem.body) => der(&pem.body),
        _ => Err(damaged(Flaw::Structure)),
    }
}

/// The format that the label of a private key names.
fn container_of(label: &str) -> Option<Container> {
    Some(match label {
        "RSA PRIVATE KEY" => Container::Pkcs1,
        "EC PRIVATE KEY" => Container::Sec1,
        "DSA PRIVATE KEY" => Container::OpensslDsa,
        "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" => Container::Pkcs8,
        "OPENSSH PRIVATE KEY" => Container::OpenSsh,
        "PKCS12" => Container::Pfx,
        _ => return None,
    })
}

fn putty(text: &str) -> Result<KeyFile, Unrecognised> {
    let container = match text.as_bytes().get(ppk::BEGINNING.len()) {
        Some(b'1') => return Err(Unrecognised::Other(WrongKind::OldPpk)),
        Some(b'2') => Container::Ppk2,
        _ => Container::Ppk3,
    };
    let ppk = Ppk::read(container, text);
    let ppk = ppk.map_err(|flaw| Unrecognised::Damaged { container, flaw })?;
    key_file(container, Source::Ppk(ppk))
}

/// A text without armour: something with a name, or base64 of anything.
fn bare(text: &str, layers: usize) -> Result<KeyFile, Unrecognised> {
    if let Some(kind) = wrong_kind::of_text(text) {
        return Err(Unrecognised::Other(kind));
    }
    if layers == 0 || !pasted::is_base64(text) {
        return Err(Unrecognised::Text);
    }
    let standard = Zeroizing::new(text.replace('-', "+"));
    let standard = Zeroizing::new(standard.replace('_', "/"));
    let inner = pem::decode(standard.split_whitespace()).map_err(|_| Unrecognised::Text)?;
    match layer(&inner, layers - 1) {
        // What looks like base64 by chance is a text.
        Err(Unrecognised::Binary | Unrecognised::Empty) => Err(Unrecognised::Text),
        result => result,
    }
}

fn key_file(container: Container, source: Source) -> Result<KeyFile, Unrecognised> {
    KeyFile::new(source).map_err(|flaw| Unrecognised::Damaged { container, flaw })
}
