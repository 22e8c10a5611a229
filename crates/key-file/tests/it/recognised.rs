//! What is said of each file without its passphrase, against what `ssh-keygen -l` says of its key.

use key_file::{Encryption, Protection};

use crate::files::{read, recognised, word};

/// A file, its description up to the fingerprint, its encryption, and the file with its fingerprint.
type Row = (&'static str, &'static str, &'static str, &'static str);

const NONE: &str = "";

#[rustfmt::skip]
const FILES: &[Row] = &[
    ("rsa-2048.pkcs8.pem", "RSA 2048, PKCS#8", NONE, "rsa-2048"),
    ("rsa-3072.pkcs8.pem", "RSA 3072, PKCS#8", NONE, "rsa-3072"),
    ("rsa-4096.pkcs8.pem", "RSA 4096, PKCS#8", NONE, "rsa-4096"),
    ("p-256.pkcs8.pem", "ECDSA P-256, PKCS#8", NONE, "p-256"),
    ("p-384.pkcs8.pem", "ECDSA P-384, PKCS#8", NONE, "p-384"),
    ("p-521.pkcs8.pem", "ECDSA P-521, PKCS#8", NONE, "p-521"),
    ("dsa-1024.pkcs8.pem", "DSA 1024, PKCS#8", NONE, NONE),
    ("ed25519.pkcs8.pem", "Ed25519, PKCS#8", NONE, NONE),
    ("rsa-2048.pkcs8.der", "RSA 2048, PKCS#8", NONE, "rsa-2048"),
    ("rsa-4096.pkcs8.der", "RSA 4096, PKCS#8", NONE, "rsa-4096"),
    ("p-521.pkcs8.der", "ECDSA P-521, PKCS#8", NONE, "p-521"),
    ("ed25519.pkcs8.der", "Ed25519, PKCS#8", NONE, NONE),
    ("rsa-2048.traditional.pem", "RSA 2048, PKCS#1", NONE, "rsa-2048"),
    ("rsa-3072.traditional.pem", "RSA 3072, PKCS#1", NONE, "rsa-3072"),
    ("rsa-4096.traditional.pem", "RSA 4096, PKCS#1", NONE, "rsa-4096"),
    ("rsa-3072.traditional.der", "RSA 3072, PKCS#1", NONE, "rsa-3072"),
    ("p-256.traditional.pem", "ECDSA P-256, SEC 1", NONE, "p-256"),
    ("p-256.traditional.der", "ECDSA P-256, SEC 1", NONE, "p-256"),
    ("p-256.with-parameters.pem", "ECDSA P-256, SEC 1", NONE, "p-256"),
    ("p-384.traditional.pem", "ECDSA P-384, SEC 1", NONE, "p-384"),
    ("p-521.traditional.pem", "ECDSA P-521, SEC 1", NONE, "p-521"),
    ("dsa-1024.traditional.pem", "DSA 1024, OpenSSL DSA", NONE, "dsa-1024"),
    ("rsa-2048.certificate-and-key.pem", "RSA 2048, PKCS#8", NONE, "rsa-2048"),
    ("rsa-2048.openssh", "RSA 2048, OpenSSH", NONE, "rsa-2048"),
    ("rsa-3072.openssh", "RSA 3072, OpenSSH", NONE, "rsa-3072"),
    ("rsa-4096.openssh", "RSA 4096, OpenSSH", NONE, "rsa-4096"),
    ("p-256.openssh", "ECDSA P-256, OpenSSH", NONE, "p-256"),
    ("p-384.openssh", "ECDSA P-384, OpenSSH", NONE, "p-384"),
    ("p-521.openssh", "ECDSA P-521, OpenSSH", NONE, "p-521"),
    ("dsa-1024.openssh", "DSA 1024, OpenSSH", NONE, "dsa-1024"),
    ("ed25519.openssh", "Ed25519, OpenSSH", NONE, "ed25519"),
    ("rsa-3072.v2.ppk", "RSA 3072, PuTTY version 2", NONE, "rsa-3072"),
    ("rsa-3072.v3.ppk", "RSA 3072, PuTTY version 3", NONE, "rsa-3072"),
    ("p-256.v2.ppk", "ECDSA P-256, PuTTY version 2", NONE, "p-256"),
    ("p-384.v3.ppk", "ECDSA P-384, PuTTY version 3", NONE, "p-384"),
    ("p-521.v3.ppk", "ECDSA P-521, PuTTY version 3", NONE, "p-521"),
    ("dsa-1024.v2.ppk", "DSA 1024, PuTTY version 2", NONE, "dsa-1024"),
    ("ed25519.v2.ppk", "Ed25519, PuTTY version 2", NONE, "ed25519"),
    ("ed25519.v3.ppk", "Ed25519, PuTTY version 3", NONE, "ed25519"),

    ("rsa-3072.encrypted.openssh", "RSA 3072, encrypted OpenSSH", "aes256-ctr, bcrypt with 4 rounds", "rsa-3072"),
    ("p-256.encrypted.openssh", "ECDSA P-256, encrypted OpenSSH", "aes256-ctr, bcrypt with 4 rounds", "p-256"),
    ("dsa-1024.encrypted.openssh", "DSA 1024, encrypted OpenSSH", "aes256-ctr, bcrypt with 4 rounds", "dsa-1024"),
    ("ed25519.encrypted.openssh", "Ed25519, encrypted OpenSSH", "aes256-ctr, bcrypt with 4 rounds", "ed25519"),
    ("ed25519.aes128-cbc.openssh", "Ed25519, encrypted OpenSSH", "aes128-cbc, bcrypt with 4 rounds", "ed25519"),
    ("ed25519.aes256-gcm.openssh", "Ed25519, encrypted OpenSSH", "aes256-gcm@openssh.com, bcrypt with 4 rounds", "ed25519"),
    ("ed25519.chacha20-poly1305.openssh", "Ed25519, encrypted OpenSSH", "chacha20-poly1305@openssh.com, bcrypt with 4 rounds", "ed25519"),
    ("ed25519.3des-cbc.openssh", "Ed25519, encrypted OpenSSH", "3des-cbc, bcrypt with 4 rounds", "ed25519"),
    ("rsa-3072.encrypted.v2.ppk", "RSA 3072, encrypted PuTTY version 2", "aes256-cbc, one round of SHA-1", "rsa-3072"),
    ("rsa-3072.encrypted.v3.ppk", "RSA 3072, encrypted PuTTY version 3", "aes256-cbc, Argon2id with 8192 KiB and 2 passes", "rsa-3072"),
    ("ed25519.encrypted.v2.ppk", "Ed25519, encrypted PuTTY version 2", "aes256-cbc, one round of SHA-1", "ed25519"),
    ("ed25519.encrypted.v3.ppk", "Ed25519, encrypted PuTTY version 3", "aes256-cbc, Argon2id with 8192 KiB and 2 passes", "ed25519"),
    ("ed25519.argon2i.v3.ppk", "Ed25519, encrypted PuTTY version 3", "aes256-cbc, Argon2i with 1024 KiB and 2 passes", "ed25519"),
    ("rsa-3072.aes256.pkcs8.pem", "encrypted PKCS#8", "AES-256-CBC, PBKDF2 with SHA-256 and 2048 rounds", NONE),
    ("rsa-3072.aes256.pkcs8.der", "encrypted PKCS#8", "AES-256-CBC, PBKDF2 with SHA-256 and 2048 rounds", NONE),
    ("rsa-2048.aes128-sha1.pkcs8.pem", "encrypted PKCS#8", "AES-128-CBC, PBKDF2 with SHA-1 and 2048 rounds", NONE),
    ("p-384.aes192-sha512.pkcs8.pem", "encrypted PKCS#8", "AES-192-CBC, PBKDF2 with SHA-512 and 10000 rounds", NONE),
    ("p-256.des3.pkcs8.pem", "encrypted PKCS#8", "DES-EDE3-CBC, PBKDF2 with SHA-256 and 2048 rounds", NONE),
    ("ed25519.scrypt.pkcs8.pem", "encrypted PKCS#8", "AES-256-CBC, scrypt with N 16384, r 8, p 1", NONE),
    ("rsa-2048.pbe-sha1-3des.pkcs8.pem", "encrypted PKCS#8", "DES-EDE3-CBC, PKCS#12 with 2048 rounds", NONE),
    ("rsa-2048.pbe-md5-des.pkcs8.pem", "encrypted PKCS#8", "DES-CBC, PBKDF1 with MD5 and 2048 rounds", NONE),
    ("rsa-3072.aes-128-cbc.traditional.pem", "encrypted PKCS#1", "AES-128-CBC, one round of MD5", NONE),
    ("rsa-3072.aes-256-cbc.traditional.pem", "encrypted PKCS#1", "AES-256-CBC, one round of MD5", NONE),
    ("rsa-3072.des-ede3-cbc.traditional.pem", "encrypted PKCS#1", "DES-EDE3-CBC, one round of MD5", NONE),
    ("p-256.aes-128-cbc.traditional.pem", "encrypted SEC 1", "AES-128-CBC, one round of MD5", NONE),
    ("dsa-1024.aes-128-cbc.traditional.pem", "encrypted OpenSSL DSA", "AES-128-CBC, one round of MD5", NONE),
    ("rsa-2048.aes.pfx", "encrypted PKCS#12", "AES-256-CBC, PBKDF2 with SHA-256 and 2048 rounds", NONE),
    ("rsa-2048.legacy-rc2.pfx", "encrypted PKCS#12", "DES-EDE3-CBC, PKCS#12 with 2048 rounds", NONE),
    ("rsa-2048.clear.pfx", "RSA 2048, PKCS#12", NONE, "rsa-2048"),
    ("rsa-2048.empty-passphrase.pfx", "RSA 2048, PKCS#12", NONE, "rsa-2048"),
];

#[test]
fn every_file_is_described() {
    for (name, described, encryption, fingerprint) in FILES {
        let file = recognised(name);
        let mut expected = (*described).to_owned();
        if !fingerprint.is_empty() {
            expected += ", ";
            expected += &word(&format!("{fingerprint}.fingerprint"), 1);
        }
        assert_eq!(file.description().to_string(), expected, "{name}");
        let found = match file.description().protection {
            Protection::Open => String::new(),
            Protection::Encrypted(encryption) => Encryption::to_string(&encryption),
        };
        assert_eq!(found, *encryption, "{name}");
        assert_eq!(file.needs_passphrase(), !encryption.is_empty(), "{name}");
    }
}

#[test]
fn what_other_programs_wrote_is_the_normal_form_already() {
    for (name, ..) in FILES {
        let bytes = read(name);
        let text = ["der", "pfx"].iter().all(|ending| !name.ends_with(ending));
        let one_block = !name.contains("-and-key") && !name.contains("with-parameters");
        if text && one_block {
            assert!(recognised(name).content().as_bytes() == bytes, "{name}");
        }
    }
}

#[test]
fn the_normal_form_of_the_normal_form_is_the_same() {
    for (name, ..) in FILES {
        let file = recognised(name);
        let again =
            key_file::recognise(file.content().as_bytes()).map_err(|error| error.to_string());
        let Ok(again) = again else {
            panic!("{name}");
        };
        assert!(*again.content() == *file.content(), "{name}");
        assert_eq!(again.description(), file.description(), "{name}");
    }
}

#[test]
fn der_becomes_the_pem_that_openssl_writes() {
    for (der, pem) in [
        ("rsa-4096.pkcs8.der", "rsa-4096.pkcs8.pem"),
        ("ed25519.pkcs8.der", "ed25519.pkcs8.pem"),
        ("rsa-3072.traditional.der", "rsa-3072.traditional.pem"),
        ("p-256.traditional.der", "p-256.traditional.pem"),
        ("p-256.with-parameters.pem", "p-256.traditional.pem"),
        ("rsa-2048.certificate-and-key.pem", "rsa-2048.pkcs8.pem"),
    ] {
        assert!(recognised(der).content().as_bytes() == read(pem), "{der}");
    }
}

#[test]
fn keys_for_sftp_fit_into_the_field() {
    for (name, ..) in FILES {
        assert!(recognised(name).content().len() <= 7168, "{name}");
    }
}
