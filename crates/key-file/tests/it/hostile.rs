//! Cut off, damaged, huge and greedy files: a clean error, in time.

use std::time::{Duration, Instant};

use key_file::{Container, Flaw, MAX_BYTES, PassphraseError, Unrecognised};

use crate::files::{PASSPHRASE, read, recognised, refusal};

const FILES: [&str; 16] = [
    "p-256.pkcs8.pem",
    "p-256.traditional.pem",
    "p-256.traditional.der",
    "rsa-2048.pkcs8.der",
    "dsa-1024.traditional.pem",
    "ed25519.pkcs8.der",
    "ed25519.openssh",
    "p-256.encrypted.openssh",
    "ed25519.v2.ppk",
    "ed25519.v3.ppk",
    "ed25519.encrypted.v3.ppk",
    "p-256.des3.pkcs8.pem",
    "p-256.aes-128-cbc.traditional.pem",
    "rsa-3072.aes256.pkcs8.der",
    "rsa-2048.aes.pfx",
    "rsa-2048.clear.pfx",
];

#[test]
fn what_is_cut_off_is_refused() {
    for name in FILES {
        let bytes = read(name);
        // The last line break, and the last dashes, are not missed.
        let text = bytes.is_ascii();
        let end = bytes.len() - if text { 2 } else { 1 };
        for length in (0..end).step_by(7).chain([end]) {
            let refused = key_file::recognise(&bytes[..length]).is_err();
            assert!(refused, "{name} at {length}");
        }
    }
}

#[test]
fn one_bit_changes_nothing_that_is_not_noticed_or_inside_a_number() {
    for name in FILES {
        let (bytes, plain) = (read(name), recognised(name));
        let step = if name.ends_with("pfx") { 19 } else { 3 };
        for at in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 7);
            // It ends, and what it says is of the same kind.
            if let Ok(file) = key_file::recognise(&flipped) {
                let _ = file.content();
                assert!(
                    file.description().container == plain.description().container
                        || name.ends_with("ppk")
                        || name.ends_with("der")
                        || name.contains("pkcs8"),
                    "{name} at {at}"
                );
            }
        }
    }
}

#[test]
fn a_changed_private_part_is_not_opened() {
    for (name, at) in [
        ("ed25519.aes256-gcm.openssh", 300),
        ("ed25519.encrypted.v2.ppk", 190),
        ("rsa-2048.aes.pfx", 1200),
        ("rsa-2048.legacy-rc2.pfx", 1200),
    ] {
        let mut bytes = read(name);
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let opened =
            key_file::recognise(&bytes).map(|file| file.check_passphrase(PASSPHRASE).map(|_| ()));
        assert!(!matches!(opened, Ok(Ok(()))), "{name}");
    }
}

#[test]
fn the_flaw_is_told() {
    let pem = String::from_utf8(read("p-256.pkcs8.pem")).unwrap();
    let damaged = |flaw| Unrecognised::Damaged {
        container: Container::Pkcs8,
        flaw,
    };
    let lines: Vec<&str> = pem.lines().collect();
    assert_eq!(
        refusal(lines[..3].join("\n").as_bytes()),
        damaged(Flaw::NoEnd)
    );
    assert_eq!(
        refusal(lines[1..].join("\n").as_bytes()),
        damaged(Flaw::NoBeginning)
    );
    assert_eq!(
        refusal(pem.repeat(2).as_bytes()),
        damaged(Flaw::SeveralKeys)
    );
    let strange = pem.replacen(&lines[1][4..5], "*", 1);
    let position = strange.lines().nth(1).and_then(|line| line.find('*'));
    if let Some(position) = position {
        let flaw = Flaw::Base64 {
            position: position + 1,
        };
        assert_eq!(refusal(strange.as_bytes()), damaged(flaw));
    }
    let short = pem.replace(lines[2], "");
    assert_eq!(refusal(short.as_bytes()), damaged(Flaw::Structure));
    let der = read("rsa-2048.pkcs8.der");
    assert_eq!(refusal(&der[..1000]), damaged(Flaw::NoEnd));
    let pfx = read("rsa-2048.aes.pfx");
    let flaw = Flaw::NoEnd;
    assert_eq!(
        refusal(&pfx[..1000]),
        Unrecognised::Damaged {
            container: Container::Pfx,
            flaw
        }
    );
}

#[test]
fn long_files_are_not_looked_at() {
    let key = read("p-256.pkcs8.pem");
    let mut bytes = vec![b'\n'; MAX_BYTES - key.len()];
    bytes.extend_from_slice(&key);
    assert!(key_file::recognise(&bytes).is_ok());
    bytes.push(b'\n');
    assert_eq!(
        refusal(&bytes),
        Unrecognised::TooLong {
            bytes: MAX_BYTES + 1
        }
    );
    // Bytes are not looked at either.
    let der = [&[0x30, 0x83, 1, 0, 0][..], &[0xff; MAX_BYTES]].concat();
    assert_eq!(refusal(&der), Unrecognised::TooLong { bytes: der.len() });
}

/// Takes a replacement of the same length in a file's DER.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(old.len())
        .position(|window| window == old)
        .unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + old.len()].copy_from_slice(new);
    bytes
}

fn costs_too_much(bytes: &[u8], name: &str) {
    let started = Instant::now();
    let Ok(file) = key_file::recognise(bytes) else {
        panic!("{name} is not recognised");
    };
    let refused = file.check_passphrase(PASSPHRASE).map(|_| ());
    assert_eq!(refused, Err(PassphraseError::TooMuchWork), "{name}");
    assert!(started.elapsed() < Duration::from_secs(1), "{name}");
}

#[test]
fn greedy_files_are_refused_before_the_work() {
    // INTEGER 2048, and an OCTET STRING before it whose last bytes make room for a longer one.
    let der = read("rsa-3072.aes256.pkcs8.der");
    let at = der
        .windows(4)
        .position(|window| window == [2, 2, 8, 0])
        .unwrap();
    let salt = der[..at].iter().rposition(|byte| *byte == 4).unwrap();
    let mut greedy = der.clone();
    greedy[salt + 1] -= 2;
    greedy[at - 2..at + 4].copy_from_slice(&[2, 4, 0x7f, 0xff, 0xff, 0xff]);
    costs_too_much(&greedy, "PBKDF2");

    let pem = String::from_utf8(read("ed25519.encrypted.v3.ppk")).unwrap();
    costs_too_much(
        pem.replace("Argon2-Memory: 8192", "Argon2-Memory: 65537")
            .as_bytes(),
        "memory of Argon2",
    );
    costs_too_much(
        pem.replace("Argon2-Passes: 2", "Argon2-Passes: 4000000000")
            .as_bytes(),
        "passes of Argon2",
    );

    let openssh = recognised("ed25519.encrypted.openssh");
    let content = String::clone(&openssh.content());
    let bytes = base64_of(&content);
    costs_too_much(
        &replaced(&bytes, &[0, 0, 0, 4, 0, 0, 0, 1], &[0, 0, 4, 1, 0, 0, 0, 1]),
        "bcrypt",
    );

    // N 16384, r 8, p 1: with r 64, it takes 128 MiB.
    let scrypt = String::from_utf8(read("ed25519.scrypt.pkcs8.pem")).unwrap();
    let bytes = base64_of(&scrypt);
    let greedy = replaced(
        &bytes,
        &[2, 2, 0x40, 0, 2, 1, 8],
        &[2, 2, 0x40, 0, 2, 1, 64],
    );
    costs_too_much(&greedy, "scrypt");
    // N is no power of two.
    let strange = replaced(&bytes, &[2, 2, 0x40, 0, 2, 1, 8], &[2, 2, 0x40, 1, 2, 1, 8]);
    let refused =
        key_file::recognise(&strange).map(|file| file.check_passphrase(PASSPHRASE).map(|_| ()));
    assert_eq!(
        refused,
        Ok(Err(PassphraseError::Unsupported("this scrypt")))
    );
}

#[test]
fn a_greedy_mac_is_refused_before_the_work() {
    let der = read("rsa-2048.aes.pfx");
    // The MAC stands last: OCTET STRING of 8 bytes, INTEGER 2048.
    let at = der.len() - 4;
    assert_eq!(der[at..], [2, 2, 8, 0]);
    assert_eq!(der[at - 10..at - 8], [4, 8]);
    let mut greedy = der.clone();
    greedy[at - 9] = 6;
    greedy[at - 2..].copy_from_slice(&[2, 4, 0x7f, 0xff, 0xff, 0xff]);
    costs_too_much(&greedy, "PKCS#12");
}

/// The bytes in a PEM file.
fn base64_of(pem: &str) -> Vec<u8> {
    use base64ct::{Base64, Encoding as _};
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&lines).unwrap()
}
