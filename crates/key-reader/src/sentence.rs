//! What is said about a key file: one function for each place in which something is said.

use key_file::{
    Container, Description, Flaw, Key, PassphraseError, Protection, Unrecognised, WrongKind,
};
use language::{Message, Part, Sentence, message};
use reader_exchange::key_file::Wanted;

/// It is no key file.
pub(crate) fn unrecognised(why: &Unrecognised, wanted: Wanted) -> Sentence {
    let needed = needed(wanted);
    match *why {
        Unrecognised::Empty => Sentence::new(const { message("key-is-empty") }, [needed]),
        Unrecognised::TooLong { bytes } => Sentence::new(
            const { message("key-is-too-long") },
            [Part::Number(bytes as u64), needed],
        ),
        Unrecognised::Text => Sentence::new(const { message("key-is-text") }, [needed]),
        Unrecognised::Binary => Sentence::new(const { message("key-is-binary") }, [needed]),
        Unrecognised::Other(kind) => Sentence::new(named(kind), [needed]),
        Unrecognised::Damaged { container, flaw } => damaged(container, flaw, needed),
    }
}

/// It is a key file of the other kind.
pub(crate) fn other_container(container: Container, wanted: Wanted) -> Sentence {
    match container {
        Container::Pfx => Sentence::new(const { message("key-is-pfx") }, [needed(wanted)]),
        container => Sentence::new(
            const { message("key-is-private-key") },
            [same(&container), needed(wanted)],
        ),
    }
}

/// A file that needs no passphrase.
pub(crate) fn open(known: &Description) -> Sentence {
    described(
        known,
        const { message("key-open") },
        const { message("key-open-certificate") },
    )
}

/// One whose passphrase was not tried.
pub(crate) fn sealed(known: &Description) -> Sentence {
    // Its certificate, if it has one, is not known yet.
    let sealed = const { message("key-sealed") };
    described(known, sealed, sealed)
}

/// One that was opened.
pub(crate) fn opened(known: &Description) -> Sentence {
    described(
        known,
        const { message("key-opened") },
        const { message("key-opened-certificate") },
    )
}

/// The passphrase could not be confirmed.
pub(crate) fn passphrase(why: &PassphraseError) -> Sentence {
    match *why {
        PassphraseError::Wrong => const { message("key-wrong-passphrase") }.into(),
        PassphraseError::Damaged => const { message("key-damaged-inside") }.into(),
        PassphraseError::TooMuchWork => const { message("key-untried-work") }.into(),
        PassphraseError::Unsupported(name) => {
            Sentence::new(const { message("key-untried-unsupported") }, [same(&name)])
        }
    }
}

/// A PKCS#12 file without a key.
pub(crate) const NO_KEY: Message = message("key-no-key");
/// The key is in a device.
pub(crate) const SECURITY_KEY: Message = message("key-security-key");

/// `RSA 3072, encrypted PKCS#8, SHA256:…; AES-256-CBC, PBKDF2 with …; CN=…; its passphrase is needed.`
fn described(known: &Description, plain: Message, with_certificate: Message) -> Sentence {
    let algorithm = match known.key {
        Key::Present(algorithm) => format!("{algorithm}, "),
        Key::Absent | Key::Sealed => String::new(),
    };
    let mut format = known.container.to_string();
    if let Some(fingerprint) = known.fingerprint {
        format = format!("{format}, {fingerprint}");
    }
    if let Protection::Encrypted(encryption) = known.protection {
        format = format!("{format}; {encryption}");
    }
    let (algorithm, format) = (Part::Same(algorithm), Part::Same(format));
    match &known.certificate {
        None => Sentence::new(plain, [algorithm, format]),
        Some(certificate) => {
            let day = certificate
                .expires
                .get(..10)
                .unwrap_or(&certificate.expires);
            Sentence::new(
                with_certificate,
                [
                    algorithm,
                    same(&day),
                    format,
                    same(&certificate.subject),
                    same(&certificate.thumbprint),
                ],
            )
        }
    }
}

fn damaged(container: Container, flaw: Flaw, needed: Part) -> Sentence {
    let container = same(&container);
    let flaw = match flaw {
        Flaw::Base64 { position } => {
            return Sentence::new(
                const { message("key-damaged-base64") },
                [container, Part::Number(position as u64), needed],
            );
        }
        Flaw::Field(name) => {
            return Sentence::new(
                const { message("key-damaged-field") },
                [container, same(&name), needed],
            );
        }
        Flaw::NoBeginning => const { message("key-flaw-no-beginning") },
        Flaw::NoEnd => const { message("key-flaw-no-end") },
        Flaw::SeveralKeys => const { message("key-flaw-several-keys") },
        Flaw::Structure => const { message("key-flaw-structure") },
        Flaw::Checksum => const { message("key-flaw-checksum") },
    };
    Sentence::new(
        const { message("key-damaged") },
        [container, Part::Message(flaw), needed],
    )
}

fn named(kind: WrongKind) -> Message {
    match kind {
        WrongKind::PublicKey => const { message("key-is-public-key") },
        WrongKind::OpenSshPublicKey => const { message("key-is-open-ssh-public-key") },
        WrongKind::Ssh2PublicKey => const { message("key-is-ssh2-public-key") },
        WrongKind::Ssh2PrivateKey => const { message("key-is-ssh2-private-key") },
        WrongKind::OpenSshCertificate => const { message("key-is-open-ssh-certificate") },
        WrongKind::KnownHosts => const { message("key-is-known-hosts") },
        WrongKind::Fingerprint => const { message("key-is-fingerprint") },
        WrongKind::OldPpk => const { message("key-is-old-ppk") },
        WrongKind::Ssh1PrivateKey => const { message("key-is-ssh1-private-key") },
        WrongKind::Certificate => const { message("key-is-certificate") },
        WrongKind::CertificateRequest => const { message("key-is-certificate-request") },
        WrongKind::RevocationList => const { message("key-is-revocation-list") },
        WrongKind::Pkcs7 => const { message("key-is-pkcs7") },
        WrongKind::Parameters => const { message("key-is-parameters") },
        WrongKind::Pgp => const { message("key-is-pgp") },
        WrongKind::JavaKeystore => const { message("key-is-java-keystore") },
        WrongKind::Jwk => const { message("key-is-jwk") },
        WrongKind::XmlKey => const { message("key-is-xml-key") },
        WrongKind::Path => const { message("key-is-path") },
        WrongKind::OtherPem => const { message("key-is-other-pem") },
        WrongKind::OtherDer => const { message("key-is-other-der") },
    }
}

fn needed(wanted: Wanted) -> Part {
    Part::Message(match wanted {
        Wanted::PrivateKey => const { message("key-wanted-private-key") },
        Wanted::Certificate => const { message("key-wanted-certificate") },
    })
}

fn same(name: &impl ToString) -> Part {
    Part::Same(name.to_string())
}
