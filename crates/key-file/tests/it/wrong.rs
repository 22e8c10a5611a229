//! What is no private key is named.

use base64ct::{Base64, Encoding as _};
use key_file::{Unrecognised, WrongKind};

use crate::files::{read, refusal};

#[test]
fn wrong_files_are_named() {
    for (name, kind) in [
        ("rsa-2048.public.pem", WrongKind::PublicKey),
        ("p-256.public.pem", WrongKind::PublicKey),
        ("ed25519.public.pem", WrongKind::PublicKey),
        ("rsa-3072.pub", WrongKind::OpenSshPublicKey),
        ("p-521.pub", WrongKind::OpenSshPublicKey),
        ("dsa-1024.pub", WrongKind::OpenSshPublicKey),
        ("ed25519.pub", WrongKind::OpenSshPublicKey),
        ("ed25519.rfc4716", WrongKind::Ssh2PublicKey),
        ("rsa-2048.certificate.pem", WrongKind::Certificate),
        ("rsa-2048.certificate.der", WrongKind::Certificate),
        ("rsa-2048.request.pem", WrongKind::CertificateRequest),
        ("rsa-2048.request.der", WrongKind::CertificateRequest),
        ("rsa-2048.p7b", WrongKind::Pkcs7),
    ] {
        assert_eq!(refusal(&read(name)), Unrecognised::Other(kind), "{name}");
        let base64 = Base64::encode_string(&read(name));
        assert_eq!(
            refusal(base64.as_bytes()),
            Unrecognised::Other(kind),
            "{name}"
        );
    }
}

#[test]
fn wrong_texts_are_named() {
    let key = String::from_utf8(read("ed25519.pub")).unwrap();
    let key = key.trim();
    for (text, kind) in [
        (format!("sftp.corp.example {key}"), WrongKind::KnownHosts),
        (
            format!("[sftp.corp.example]:2222,10.0.0.1 {key}"),
            WrongKind::KnownHosts,
        ),
        (
            format!("|1|JfKTdBh7rNbXkVAQCRp4OQoPfmI=|USECr3SWf1JUPsms5AqfD5QfxkM= {key}"),
            WrongKind::KnownHosts,
        ),
        (
            format!("@cert-authority *.example {key}"),
            WrongKind::KnownHosts,
        ),
        (format!("# a comment\n\n{key}"), WrongKind::OpenSshPublicKey),
        (
            format!("no-pty,command=\"/bin/x y\" {key}"),
            WrongKind::OpenSshPublicKey,
        ),
        (format!("restrict {key}"), WrongKind::OpenSshPublicKey),
        (
            key.replace("ssh-ed25519 ", "ssh-ed25519-cert-v01@openssh.com "),
            WrongKind::OpenSshCertificate,
        ),
        (
            "SHA256:kYwWpv50o8W/L7N/b71xrEXHVcR6sTnDIgsjZMPyNc4".into(),
            WrongKind::Fingerprint,
        ),
        (
            "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----"
                .into(),
            WrongKind::Pgp,
        ),
        (
            "-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----".into(),
            WrongKind::RevocationList,
        ),
        (
            "-----BEGIN DH PARAMETERS-----\nMIIB\n-----END DH PARAMETERS-----".into(),
            WrongKind::Parameters,
        ),
        (
            "-----BEGIN SOMETHING-----\nMIIB\n-----END SOMETHING-----".into(),
            WrongKind::OtherPem,
        ),
        (
            "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/5".into(),
            WrongKind::Ssh2PrivateKey,
        ),
        (
            "PuTTY-User-Key-File-1: ssh-rsa\nEncryption: none".into(),
            WrongKind::OldPpk,
        ),
        (
            "SSH PRIVATE KEY FILE FORMAT 1.1\n".into(),
            WrongKind::Ssh1PrivateKey,
        ),
        ("{\"kty\":\"RSA\",\"n\":\"AQAB\"}".into(), WrongKind::Jwk),
        (
            "<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>".into(),
            WrongKind::XmlKey,
        ),
    ] {
        assert_eq!(
            refusal(text.as_bytes()),
            Unrecognised::Other(kind),
            "{text}"
        );
    }
}

#[test]
fn names_of_files_are_named() {
    for path in [
        "/home/x/.ssh/id_rsa",
        "/home/xy/keys/production/sftp/private",
        "~/.ssh/id_ed25519",
        "./key",
        "../key.pem",
        "C:\\Users\\new\\.ssh\\id_rsa",
        "c:/keys/server.ppk",
        "\"C:\\Users\\x y\\key.ppk\"",
        "\\\\server\\share\\key.pfx",
        "%USERPROFILE%\\.ssh\\id_rsa",
        "file:///home/x/key",
        "client certificate.pfx",
        "id_rsa",
    ] {
        assert_eq!(
            refusal(path.as_bytes()),
            Unrecognised::Other(WrongKind::Path),
            "{path}"
        );
    }
}

#[test]
fn nothing_and_junk_are_told_apart() {
    for empty in ["", " ", "\r\n\t", "\u{feff}", "\"\"", "''"] {
        assert_eq!(refusal(empty.as_bytes()), Unrecognised::Empty, "{empty:?}");
    }
    for text in [
        "hello",
        "a password",
        "MIIEow",
        "correct horse battery staple",
        "0123456789abcdef0123",
        "30",
    ] {
        assert_eq!(refusal(text.as_bytes()), Unrecognised::Text, "{text}");
    }
    for bytes in [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        b"\0",
        b"PK\x03\x04\x14\0",
        b"\xff\xfe\x00",
        b"\x30\x82",
    ] {
        assert_eq!(refusal(bytes), Unrecognised::Binary, "{bytes:?}");
    }
    let jks = Unrecognised::Other(WrongKind::JavaKeystore);
    assert_eq!(refusal(b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01"), jks);
    assert_eq!(refusal(b"\xce\xce\xce\xce\0\0\0\x02\0\0\0\x01"), jks);
    assert_eq!(
        refusal(b"\x99\x01\x0d\x04\x5f\xff\xff"),
        Unrecognised::Other(WrongKind::Pgp)
    );
    // DER that is none of the known.
    assert_eq!(
        refusal(b"\x30\x03\x02\x01\x05"),
        Unrecognised::Other(WrongKind::OtherDer)
    );
}

#[test]
fn a_refusal_reads_well() {
    assert_eq!(
        refusal(b"/etc/key").to_string(),
        "this is the name of a file"
    );
    assert_eq!(refusal(b"").to_string(), "there is nothing in it");
}
