//! PKCS#12: key, certificate, thumbprint and end, against what openssl says of them.

use key_file::{Certificate, Key, PassphraseError};

use crate::files::{PASSPHRASE, recognised, word};

const WITH_KEY: [&str; 7] = [
    "rsa-2048.aes.pfx",
    "rsa-2048.legacy-rc2.pfx",
    "rsa-2048.legacy-3des.pfx",
    "rsa-2048.chain.pfx",
    "rsa-2048.without-mac.pfx",
    // Nothing but the MAC tells a wrong passphrase.
    "rsa-2048.mac-only.pfx",
    "rsa-2048.without-certificate.pfx",
];

fn is_the_certificate(found: Option<&Certificate>) {
    let found = found.unwrap();
    assert_eq!(
        found.subject,
        "CN=client of a test,O=Test Keys\\, Example,C=DE"
    );
    assert_eq!(found.thumbprint.to_string(), word("rsa-2048.thumbprint", 0));
    assert_eq!(found.expires, word("rsa-2048.end", 0));
}

#[test]
fn the_right_passphrase_shows_key_and_certificate() {
    let fingerprint = word("rsa-2048.fingerprint", 1);
    for name in WITH_KEY {
        let file = recognised(name);
        assert_eq!(file.description().key, Key::Sealed, "{name}");
        assert_eq!(file.description().certificate, None, "{name}");
        let opened = file.check_passphrase(PASSPHRASE).unwrap();
        let expected = format!("RSA 2048, encrypted PKCS#12, {fingerprint}");
        assert_eq!(opened.to_string(), expected, "{name}");
        if name.contains("without-certificate") {
            assert_eq!(opened.certificate, None);
        } else {
            is_the_certificate(opened.certificate.as_ref());
        }
    }
    let opened = recognised("p-256.aes.pfx")
        .check_passphrase(PASSPHRASE)
        .unwrap();
    let thumbprint = opened.certificate.unwrap().thumbprint;
    assert_eq!(thumbprint.to_string(), word("p-256.thumbprint", 0));
}

#[test]
fn a_file_without_a_key_says_so() {
    let opened = recognised("rsa-2048.without-key.pfx")
        .check_passphrase(PASSPHRASE)
        .unwrap();
    assert_eq!(opened.key, Key::Absent);
    assert_eq!(opened.to_string(), "no private key, encrypted PKCS#12");
    is_the_certificate(opened.certificate.as_ref());
}

#[test]
fn an_empty_passphrase_is_none() {
    for name in ["rsa-2048.empty-passphrase.pfx", "rsa-2048.clear.pfx"] {
        let file = recognised(name);
        assert!(!file.needs_passphrase(), "{name}");
        is_the_certificate(file.description().certificate.as_ref());
    }
}

#[test]
fn a_passphrase_is_utf_16_there() {
    let file = recognised("rsa-2048.umlaut.pfx");
    assert!(file.check_passphrase("Schlüssel€".as_bytes()).is_ok());
    for wrong in ["Schlussel€", "Schl\u{75}\u{308}ssel€"] {
        let refused = file.check_passphrase(wrong.as_bytes()).map(|_| ());
        assert_eq!(refused, Err(PassphraseError::Wrong));
    }
}

#[test]
fn a_wrong_passphrase_is_refused() {
    for name in WITH_KEY {
        let file = recognised(name);
        for wrong in [&b""[..], b"correct horse ", b"\xff"] {
            let refused = file.check_passphrase(wrong).map(|_| ());
            assert_eq!(refused, Err(PassphraseError::Wrong), "{name}");
        }
    }
}

#[test]
fn the_end_is_told_in_seconds_too() {
    let opened = recognised("rsa-2048.aes.pfx")
        .check_passphrase(PASSPHRASE)
        .unwrap();
    let certificate = opened.certificate.unwrap();
    // Days from 1970 to the same day of the year, and the time of day.
    let time: Vec<u64> = certificate.expires[11..19]
        .split(':')
        .map(|part| part.parse().unwrap())
        .collect();
    let of_day = time[0] * 3600 + time[1] * 60 + time[2];
    assert_eq!(certificate.expires_unix % 86400, of_day);
    let years = 1970 + certificate.expires_unix / 31_556_952;
    assert_eq!(years.to_string(), certificate.expires[..4]);
}

#[test]
fn what_a_program_signs_in_with() {
    for name in WITH_KEY {
        let identity = recognised(name).identity(PASSPHRASE);
        if name.contains("without-certificate") {
            assert!(identity.is_err());
            continue;
        }
        let identity = identity.unwrap();
        let expected = if name.contains("chain") { 2 } else { 1 };
        assert_eq!(identity.certificates.len(), expected, "{name}");
        let key = key_file::recognise(&identity.private_key).unwrap();
        let fingerprint = key.description().fingerprint.unwrap().to_string();
        assert_eq!(fingerprint, word("rsa-2048.fingerprint", 1), "{name}");
        let wrong = recognised(name).identity(b"guess");
        assert_eq!(wrong.err(), Some(PassphraseError::Wrong), "{name}");
    }
    let without = recognised("rsa-2048.without-key.pfx").identity(PASSPHRASE);
    assert!(matches!(without, Err(PassphraseError::Unsupported(_))));
    let no_pfx = recognised("rsa-2048.pkcs8.pem").identity(PASSPHRASE);
    assert!(matches!(no_pfx, Err(PassphraseError::Unsupported(_))));
}
