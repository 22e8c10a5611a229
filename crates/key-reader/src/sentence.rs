//! What is said about a key file: one variant for each sentence.

use std::fmt;

use key_file::{Container, Description, PassphraseError, Protection, Unrecognised};
use reader_exchange::key_file::Wanted;

/// What is said. No secret.
pub(crate) enum Sentence<'a> {
    /// It is no key file.
    Unrecognised(&'a Unrecognised, Wanted),
    /// It is one of the other kind.
    OtherContainer(Container, Wanted),
    /// A PKCS#12 file without a key.
    NoKey,
    /// The key is in a device.
    SecurityKey,
    /// The description of a file that is not encrypted.
    Open(&'a Description),
    /// The description of one that is.
    Sealed(&'a Description),
    /// The description of one that was opened.
    Opened(&'a Description),
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The passphrase could not be tried.
    Untried(&'a PassphraseError),
    /// The passphrase is right, and the file is not.
    DamagedInside,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unrecognised(why, wanted) => {
                write!(f, "{}. {}", capitalised(why), in_words(*wanted))
            }
            Self::OtherContainer(Container::Pfx, wanted) => {
                write!(f, "This is a PKCS#12 file. {}", in_words(*wanted))
            }
            Self::OtherContainer(container, wanted) => {
                write!(
                    f,
                    "This is a private key ({container}). {}",
                    in_words(*wanted)
                )
            }
            Self::NoKey => f.write_str("This PKCS#12 file has certificates only, no private key."),
            Self::SecurityKey => f.write_str(
                "This is the handle of a security key: the private key itself stays in the device.",
            ),
            Self::Open(known) => described(f, known, "not encrypted, so it needs no passphrase"),
            Self::Sealed(known) => described(f, known, "its passphrase is needed"),
            Self::Opened(known) => described(f, known, "the passphrase opens it"),
            Self::WrongPassphrase => f.write_str("This passphrase does not open the key file."),
            Self::Untried(why) => write!(
                f,
                "The passphrase could not be tried: {why}. Save again to store it untried."
            ),
            Self::DamagedInside => {
                f.write_str("The passphrase is right, but what it opens cannot be read.")
            }
        }
    }
}

/// `RSA 3072, encrypted PKCS#8, SHA256:…; AES-256-CBC, PBKDF2 with …; CN=…; its passphrase is needed.`
fn described(f: &mut fmt::Formatter<'_>, known: &Description, passphrase: &str) -> fmt::Result {
    write!(f, "{known}; ")?;
    if let Protection::Encrypted(encryption) = known.protection {
        write!(f, "{encryption}; ")?;
    }
    if let Some(certificate) = &known.certificate {
        let (day, _) = certificate
            .expires
            .split_at(10.min(certificate.expires.len()));
        let (subject, thumbprint) = (&certificate.subject, certificate.thumbprint);
        write!(f, "{subject}, until {day}, thumbprint {thumbprint}; ")?;
    }
    write!(f, "{passphrase}.")
}

fn in_words(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::PrivateKey => "A private key is needed here.",
        Wanted::Certificate => "A PKCS#12 file (PFX, P12) is needed here.",
    }
}

fn capitalised(sentence: &Unrecognised) -> String {
    let mut sentence = sentence.to_string();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}
