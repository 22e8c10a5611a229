//! What became of a text that was pasted.

use std::fmt;

use language::{Message, Part, Sentence, message};
use zeroize::Zeroizing;

use super::{Form, ParseError};
use crate::{AuthType, Kind};

/// A connection string, taken apart into the fields of one kind and authentication type. It can be neither printed
/// nor copied: it holds secrets, which are wiped when it is dropped.
pub struct Recognised {
    /// The form of the text.
    pub form: Form,
    /// The kind of data store.
    pub kind: &'static Kind,
    /// The authentication type that most of the text fits.
    pub auth: &'static AuthType,
    /// Field names and values in the table's order, not checked yet. Defaults are not filled in.
    pub properties: Vec<(&'static str, String)>,
    /// Field names and values of what is to be sealed, in the table's order.
    pub secrets: Vec<(&'static str, Zeroizing<String>)>,
    /// Keywords, as written, for which there is no field. Never a value.
    pub ignored: Vec<String>,
    /// What a person should know of it, each once.
    pub warnings: Vec<Warning>,
}

/// Something that the fields do not say as the text does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A setting of TLS for which there is no field.
    Tls,
    /// A setting of TLS that asks for more than the field's yes.
    StricterTls,
    /// More than one host, for a field that takes one.
    SeveralHosts,
    /// A `mongodb+srv` address, which is looked up and is not a server's own.
    SeedList,
    /// A name from a `tnsnames.ora`.
    TnsName,
    /// A secret without a value.
    EmptySecret,
    /// Asterisks or bullets instead of a secret.
    Mask,
    /// Something like `<password>` instead of a secret.
    Placeholder,
    /// An `EncryptedCredential`, which only its own gateway can open.
    EncryptedCredential,
    /// Windows authentication, for a kind that does not have it.
    WindowsAuthentication,
    /// A secret in a web address, where it would be readable.
    SecretInUrl,
}

impl Warning {
    /// In words.
    pub fn message(self) -> Message {
        match self {
            Warning::Tls => const { message("warning-tls") },
            Warning::StricterTls => const { message("warning-stricter-tls") },
            Warning::SeveralHosts => const { message("warning-several-hosts") },
            Warning::SeedList => const { message("warning-seed-list") },
            Warning::TnsName => const { message("warning-tns-name") },
            Warning::EmptySecret => const { message("warning-empty-secret") },
            Warning::Mask => const { message("warning-mask") },
            Warning::Placeholder => const { message("warning-placeholder") },
            Warning::EncryptedCredential => const { message("warning-encrypted-credential") },
            Warning::WindowsAuthentication => const { message("warning-windows-authentication") },
            Warning::SecretInUrl => const { message("warning-secret-in-url") },
        }
    }
}

/// Why a text was not recognised. Says nothing of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecognised {
    /// It has none of the forms.
    Unknown,
    /// It breaks the rules of its form.
    Malformed(Form, ParseError),
    /// It is for another kind of data store than the one that is wanted.
    OtherKind {
        /// What people call the kind that it is for.
        found: &'static str,
        /// What people call the one that is wanted.
        wanted: &'static str,
    },
    /// It is for a kind of data store that is not offered.
    NoSuchKind,
    /// It has nothing that goes into a field of this kind.
    NothingFits(&'static str),
}

impl NotRecognised {
    /// In words.
    pub fn sentence(&self) -> Sentence {
        let same = |text: &str| Part::Same(text.to_owned());
        match *self {
            NotRecognised::Unknown => const { message("unrecognised") }.into(),
            NotRecognised::Malformed(form, ParseError { position, flaw }) => Sentence::new(
                const { message("malformed") },
                [
                    Part::Message(form.name()),
                    Part::Number(position as u64),
                    Part::Message(flaw.message()),
                ],
            ),
            NotRecognised::OtherKind { found, wanted } => {
                Sentence::new(const { message("other-kind") }, [same(found), same(wanted)])
            }
            NotRecognised::NoSuchKind => const { message("no-such-kind") }.into(),
            NotRecognised::NothingFits(kind) => {
                Sentence::new(const { message("nothing-fits") }, [same(kind)])
            }
        }
    }
}

impl fmt::Display for NotRecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for NotRecognised {}
