//! The right passphrase opens, every other one does not.

use key_file::{Key, PassphraseError};

use crate::files::{PASSPHRASE, recognised, word};

/// A file, what its passphrase shows, and the file with its fingerprint.
#[rustfmt::skip]
const FILES: &[(&str, &str, &str)] = &[
    ("rsa-3072.encrypted.openssh", "RSA 3072, encrypted OpenSSH", "rsa-3072"),
    ("p-256.encrypted.openssh", "ECDSA P-256, encrypted OpenSSH", "p-256"),
    ("dsa-1024.encrypted.openssh", "DSA 1024, encrypted OpenSSH", "dsa-1024"),
    ("ed25519.encrypted.openssh", "Ed25519, encrypted OpenSSH", "ed25519"),
    ("ed25519.aes128-cbc.openssh", "Ed25519, encrypted OpenSSH", "ed25519"),
    ("ed25519.aes256-gcm.openssh", "Ed25519, encrypted OpenSSH", "ed25519"),
    ("ed25519.chacha20-poly1305.openssh", "Ed25519, encrypted OpenSSH", "ed25519"),
    ("ed25519.3des-cbc.openssh", "Ed25519, encrypted OpenSSH", "ed25519"),
    ("rsa-3072.encrypted.v2.ppk", "RSA 3072, encrypted PuTTY version 2", "rsa-3072"),
    ("rsa-3072.encrypted.v3.ppk", "RSA 3072, encrypted PuTTY version 3", "rsa-3072"),
    ("ed25519.encrypted.v2.ppk", "Ed25519, encrypted PuTTY version 2", "ed25519"),
    ("ed25519.encrypted.v3.ppk", "Ed25519, encrypted PuTTY version 3", "ed25519"),
    ("ed25519.argon2i.v3.ppk", "Ed25519, encrypted PuTTY version 3", "ed25519"),
    ("rsa-3072.aes256.pkcs8.pem", "RSA 3072, encrypted PKCS#8", "rsa-3072"),
    ("rsa-3072.aes256.pkcs8.der", "RSA 3072, encrypted PKCS#8", "rsa-3072"),
    ("rsa-2048.aes128-sha1.pkcs8.pem", "RSA 2048, encrypted PKCS#8", "rsa-2048"),
    ("p-384.aes192-sha512.pkcs8.pem", "ECDSA P-384, encrypted PKCS#8", "p-384"),
    ("p-256.des3.pkcs8.pem", "ECDSA P-256, encrypted PKCS#8", "p-256"),
    ("ed25519.scrypt.pkcs8.pem", "Ed25519, encrypted PKCS#8", ""),
    ("dsa-1024.aes256.pkcs8.pem", "DSA 1024, encrypted PKCS#8", ""),
    ("rsa-2048.pbe-sha1-3des.pkcs8.pem", "RSA 2048, encrypted PKCS#8", "rsa-2048"),
    ("rsa-2048.pbe-md5-des.pkcs8.pem", "RSA 2048, encrypted PKCS#8", "rsa-2048"),
    ("rsa-3072.aes-128-cbc.traditional.pem", "RSA 3072, encrypted PKCS#1", "rsa-3072"),
    ("rsa-3072.aes-192-cbc.traditional.pem", "RSA 3072, encrypted PKCS#1", "rsa-3072"),
    ("rsa-3072.aes-256-cbc.traditional.pem", "RSA 3072, encrypted PKCS#1", "rsa-3072"),
    ("rsa-3072.des-ede3-cbc.traditional.pem", "RSA 3072, encrypted PKCS#1", "rsa-3072"),
    ("p-256.aes-128-cbc.traditional.pem", "ECDSA P-256, encrypted SEC 1", "p-256"),
    ("dsa-1024.aes-128-cbc.traditional.pem", "DSA 1024, encrypted OpenSSL DSA", "dsa-1024"),
];

#[test]
fn the_right_one_opens() {
    for (name, described, fingerprint) in FILES {
        let mut expected = (*described).to_owned();
        if !fingerprint.is_empty() {
            expected += ", ";
            expected += &word(&format!("{fingerprint}.fingerprint"), 1);
        }
        let opened = recognised(name).check_passphrase(PASSPHRASE);
        assert_eq!(
            opened.map(|opened| opened.to_string()),
            Ok(expected),
            "{name}"
        );
    }
}

#[test]
fn every_other_one_is_refused() {
    for (name, ..) in FILES {
        let file = recognised(name);
        for wrong in [&b""[..], b"correct horse ", b"correct horsf", b"\xff\xfe"] {
            let refused = file.check_passphrase(wrong).map(|_| ());
            assert_eq!(refused, Err(PassphraseError::Wrong), "{name}");
        }
    }
}

/// Padding alone is right under one wrong passphrase of 256.
#[test]
fn right_padding_by_chance_is_not_enough() {
    for name in [
        "p-256.aes-128-cbc.traditional.pem",
        "dsa-1024.aes-128-cbc.traditional.pem",
    ] {
        let file = recognised(name);
        for number in 0..3000_u32 {
            let refused = file.check_passphrase(&number.to_be_bytes()).map(|_| ());
            assert_eq!(refused, Err(PassphraseError::Wrong), "{name}");
        }
    }
}

#[test]
fn a_file_without_protection_takes_any() {
    for name in [
        "rsa-2048.pkcs8.pem",
        "ed25519.openssh",
        "ed25519.v3.ppk",
        "rsa-2048.clear.pfx",
    ] {
        let file = recognised(name);
        assert!(!file.needs_passphrase());
        assert!(matches!(file.description().key, Key::Present(_)));
        assert_eq!(
            file.check_passphrase(b"x").as_ref(),
            Ok(file.description()),
            "{name}"
        );
    }
}
