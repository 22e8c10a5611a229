//! Files that are taken for private keys, by name.

use std::fmt;

/// What a file is, when it is not a private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongKind {
    /// PEM or DER, PKCS#1 or SubjectPublicKeyInfo.
    PublicKey,
    /// One line, as in `id_rsa.pub` and `authorized_keys`.
    OpenSshPublicKey,
    /// RFC 4716: `---- BEGIN SSH2 PUBLIC KEY ----`. PuTTYgen saves public keys so.
    Ssh2PublicKey,
    /// The private key of SSH.COM's programs.
    Ssh2PrivateKey,
    /// An OpenSSH certificate.
    OpenSshCertificate,
    /// A line of `known_hosts`.
    KnownHosts,
    /// `SHA256:…` or `MD5:…`.
    Fingerprint,
    /// PuTTY's format of version 1.
    OldPpk,
    /// The private key of version 1 of SSH.
    Ssh1PrivateKey,
    /// X.509.
    Certificate,
    /// PKCS#10.
    CertificateRequest,
    /// A list of revoked certificates.
    RevocationList,
    /// PKCS#7: certificates, no key.
    Pkcs7,
    /// Parameters of EC, DSA or DH.
    Parameters,
    /// Keys, messages and signatures of OpenPGP.
    Pgp,
    /// A keystore of Java, JKS or JCEKS.
    JavaKeystore,
    /// A key in JSON.
    Jwk,
    /// A key in XML, as .NET writes it.
    XmlKey,
    /// The name of a file instead of its content.
    Path,
    /// PEM of another label.
    OtherPem,
    /// DER of something else.
    OtherDer,
}

impl fmt::Display for WrongKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PublicKey => "a public key",
            Self::OpenSshPublicKey => "an OpenSSH public key",
            Self::Ssh2PublicKey => "a public key in SSH2 format, as PuTTYgen saves it",
            Self::Ssh2PrivateKey => "a private key in the format of SSH.COM",
            Self::OpenSshCertificate => "an OpenSSH certificate",
            Self::KnownHosts => "a line of known_hosts",
            Self::Fingerprint => "a fingerprint",
            Self::OldPpk => "a PuTTY key of version 1",
            Self::Ssh1PrivateKey => "a private key of SSH version 1",
            Self::Certificate => "a certificate",
            Self::CertificateRequest => "a certificate request",
            Self::RevocationList => "a certificate revocation list",
            Self::Pkcs7 => "a PKCS#7 file with certificates",
            Self::Parameters => "a file of key parameters",
            Self::Pgp => "a PGP file",
            Self::JavaKeystore => "a Java keystore",
            Self::Jwk => "a key in JSON",
            Self::XmlKey => "a key in XML",
            Self::Path => "the name of a file",
            Self::OtherPem => "a PEM file of another kind",
            Self::OtherDer => "a DER file of another kind",
        })
    }
}

/// The kind that a PEM label names; none when it is a private key's.
pub(crate) fn of_label(label: &str) -> WrongKind {
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "DSA PUBLIC KEY" | "EC PUBLIC KEY" => {
            WrongKind::PublicKey
        }
        "SSH2 PUBLIC KEY" => WrongKind::Ssh2PublicKey,
        "SSH2 ENCRYPTED PRIVATE KEY" => WrongKind::Ssh2PrivateKey,
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => WrongKind::Certificate,
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => WrongKind::CertificateRequest,
        "X509 CRL" => WrongKind::RevocationList,
        "PKCS7" | "CMS" => WrongKind::Pkcs7,
        "EC PARAMETERS" | "DSA PARAMETERS" | "DH PARAMETERS" | "X9.42 DH PARAMETERS" => {
            WrongKind::Parameters
        }
        label if label.starts_with("PGP ") => WrongKind::Pgp,
        _ => WrongKind::OtherPem,
    }
}

/// Names a text without a PEM line in it.
pub(crate) fn of_text(text: &str) -> Option<WrongKind> {
    let text = text.trim();
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))?;
    if let Some(kind) = of_line(first) {
        return Some(kind);
    }
    if text.starts_with("SSH PRIVATE KEY FILE FORMAT 1.1") {
        return Some(WrongKind::Ssh1PrivateKey);
    }
    if text.starts_with('{') && text.contains("\"kty\"") {
        return Some(WrongKind::Jwk);
    }
    if text.starts_with('<') && text.contains("KeyValue>") {
        return Some(WrongKind::XmlKey);
    }
    (text.lines().count() == 1 && is_path(first)).then_some(WrongKind::Path)
}

fn of_line(line: &str) -> Option<WrongKind> {
    if line.starts_with("SHA256:") || line.starts_with("MD5:") {
        return Some(WrongKind::Fingerprint);
    }
    let words: Vec<&str> = line.split_whitespace().take(64).collect();
    let at = words.iter().position(|word| is_key_type(word))?;
    // What follows the type is the key.
    if !words.get(at + 1)?.starts_with("AAAA") {
        return None;
    }
    if words[at].contains("-cert-v0") {
        return Some(WrongKind::OpenSshCertificate);
    }
    let before = &words[..at];
    let hosts = match before {
        [] => false,
        [first, ..] if first.starts_with('@') => true,
        // An option of `authorized_keys` is a lone word or has a value.
        [first, ..] => {
            let option = [
                "no-",
                "restrict",
                "cert-authority",
                "agent-",
                "port-",
                "pty",
            ];
            !first.contains("=\"") && !option.iter().any(|option| first.starts_with(option))
        }
    };
    Some(if hosts {
        WrongKind::KnownHosts
    } else {
        WrongKind::OpenSshPublicKey
    })
}

fn is_key_type(word: &str) -> bool {
    let types = [
        "ssh-rsa",
        "ssh-dss",
        "ssh-ed25519",
        "ecdsa-sha2-nistp",
        "sk-ssh-",
        "sk-ecdsa-",
    ];
    types.iter().any(|kind| word.starts_with(kind))
}

/// How names of files begin and end, in Unix and in Windows.
pub(crate) fn is_path(line: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "/",
        "~/",
        "./",
        "../",
        "\\\\",
        ".\\",
        "file:",
        "%USERPROFILE%",
    ];
    const ENDINGS: [&str; 14] = [
        ".pem",
        ".key",
        ".ppk",
        ".pfx",
        ".p12",
        ".der",
        ".pub",
        ".crt",
        ".cer",
        ".openssh",
        "id_rsa",
        "id_ecdsa",
        "id_ed25519",
        "id_dsa",
    ];
    if line.len() > 1024 || line.contains("-----") {
        return false;
    }
    let bytes = line.as_bytes();
    let drive = bytes.len() > 2
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/');
    let lower = line.to_ascii_lowercase();
    drive
        || BEGINNINGS
            .iter()
            .any(|beginning| line.starts_with(beginning))
        || (line.len() < 260 && ENDINGS.iter().any(|ending| lower.ends_with(ending)))
}
