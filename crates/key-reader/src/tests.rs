use reader_exchange::key_file::{Answer, question_head, unpack};

use super::*;

const PASSPHRASE: &str = "correct horse";

fn asked(wanted: Wanted, file: &str, passphrase: &str) -> Answer {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../key-file/tests/keys/files");
    let file = std::fs::read(format!("{folder}/{file}")).unwrap();
    of(wanted, &file, passphrase)
}

fn said(answer: &Answer) -> String {
    answer.sentence.say()
}

fn of(wanted: Wanted, file: &[u8], passphrase: &str) -> Answer {
    let head = question_head(wanted, file.len());
    let asked = [&head[..], file, passphrase.as_bytes()].concat();
    unpack(&answer(&asked)).unwrap()
}

#[test]
fn a_key_is_described_and_comes_back_in_its_normal_form() {
    let plain = asked(Wanted::PrivateKey, "rsa-3072.pkcs8.der", "");
    assert_eq!(plain.outcome, Outcome::Open);
    assert!(
        said(&plain).starts_with("RSA 3072, PKCS#8, SHA256:")
            && said(&plain).ends_with("; not encrypted, so it needs no passphrase."),
        "{}",
        said(&plain)
    );
    assert!(plain.content.starts_with("-----BEGIN PRIVATE KEY-----\n"));

    let sealed = asked(Wanted::PrivateKey, "rsa-3072.encrypted.openssh", "");
    assert_eq!(sealed.outcome, Outcome::Sealed);
    assert!(
        said(&sealed).contains("encrypted OpenSSH")
            && said(&sealed).contains("bcrypt")
            && said(&sealed).ends_with("; its passphrase is needed."),
        "{}",
        said(&sealed)
    );
    assert!(
        sealed
            .content
            .starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    );
}

#[test]
fn a_certificate_is_told_by_name() {
    let opened = asked(Wanted::Certificate, "rsa-2048.aes.pfx", PASSPHRASE);
    assert_eq!(opened.outcome, Outcome::Opened);
    for words in ["RSA 2048", "PKCS#12", "CN=", "until 20", "thumbprint "] {
        assert!(said(&opened).contains(words), "{words}: {}", said(&opened));
    }
    assert!(opened.content.starts_with("MII"), "no base64");
}

#[test]
fn a_passphrase_is_right_or_wrong() {
    let file = "ed25519.encrypted.openssh";
    let right = asked(Wanted::PrivateKey, file, PASSPHRASE);
    assert_eq!(right.outcome, Outcome::Opened);
    let wrong = asked(Wanted::PrivateKey, file, "wrong horse");
    assert_eq!(wrong.outcome, Outcome::WrongPassphrase);
    assert_eq!(said(&wrong), "This passphrase does not open the key file.");
    assert!(wrong.content.is_empty());
}

#[test]
fn what_is_something_else_is_named_and_not_given_back() {
    for (wanted, file, words) in [
        (
            Wanted::PrivateKey,
            "ed25519.pub",
            "This is an OpenSSH public key. A private key is needed here.",
        ),
        (
            Wanted::PrivateKey,
            "rsa-2048.certificate.pem",
            "This is a certificate. A private key is needed here.",
        ),
        (
            Wanted::PrivateKey,
            "rsa-2048.aes.pfx",
            "This is a PKCS#12 file. A private key is needed here.",
        ),
        (
            Wanted::Certificate,
            "rsa-2048.pkcs8.pem",
            "This is a private key (PKCS#8). A PKCS#12 file (PFX, P12) is needed here.",
        ),
        (
            Wanted::Certificate,
            "rsa-2048.certificate.der",
            "This is a certificate. A PKCS#12 file (PFX, P12) is needed here.",
        ),
    ] {
        let answer = asked(wanted, file, "");
        assert_eq!(answer.outcome, Outcome::Refused, "{file}");
        assert_eq!(said(&answer), words);
        assert!(answer.content.is_empty(), "{file}");
    }
}

#[test]
fn a_certificate_without_a_key_is_refused_as_soon_as_that_is_known() {
    let file = "rsa-2048.without-key.pfx";
    let sealed = asked(Wanted::Certificate, file, "");
    assert_eq!(sealed.outcome, Outcome::Sealed);
    let opened = asked(Wanted::Certificate, file, PASSPHRASE);
    assert_eq!(opened.outcome, Outcome::Refused);
    assert!(
        said(&opened).contains("no private key"),
        "{}",
        said(&opened)
    );
}

#[test]
fn too_much_work_has_words() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../key-file/tests/keys/files");
    let file = std::fs::read_to_string(format!("{folder}/ed25519.encrypted.v3.ppk")).unwrap();
    assert!(file.contains("Argon2-Passes: "), "another file");
    let lines = file.lines().map(|line| match line.split_once(": ") {
        Some(("Argon2-Passes", _)) => "Argon2-Passes: 4000000",
        _ => line,
    });
    let file = lines.collect::<Vec<_>>().join("\n");
    let answer = of(Wanted::PrivateKey, file.as_bytes(), PASSPHRASE);
    assert_eq!(answer.outcome, Outcome::Untried);
    assert!(
        said(&answer).contains("too much work for its passphrase. Save again"),
        "{}",
        said(&answer)
    );
}

#[test]
fn what_is_no_question_has_no_answer() {
    assert!(answer(b"").is_empty() && answer(b"\x07\0\0\0\0").is_empty());
}
