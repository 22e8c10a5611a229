//! What became of a text that was pasted.

use std::fmt;

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

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Warning::Tls => {
                "There is no field for a TLS setting of this text. Check that the connection is protected as you want it."
            }
            Warning::StricterTls => {
                "The text asks for a stricter check of the server than the form can. TLS is on."
            }
            Warning::SeveralHosts => "Only the first of several hosts is used.",
            Warning::SeedList => {
                "A mongodb+srv address is looked up in the DNS. Give the name of one server, and its port."
            }
            Warning::TnsName => {
                "The data source is a name from a tnsnames.ora file. Give host, port and service name."
            }
            Warning::EmptySecret => "A secret has no value in this text.",
            Warning::Mask => "A secret is hidden behind asterisks in this text. Type it.",
            Warning::Placeholder => "A secret is only a placeholder in this text. Type it.",
            Warning::EncryptedCredential => {
                "The text has an encrypted credential, which cannot be used again. Type the secret."
            }
            Warning::WindowsAuthentication => {
                "The text asks for Windows authentication, which there is not for this kind."
            }
            Warning::SecretInUrl => {
                "The address seems to have a secret in its query, where it is readable."
            }
        })
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

impl fmt::Display for NotRecognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentence = match *self {
            NotRecognised::Unknown => [
                "This is not a connection string that can be read here.",
                "",
                "",
                "",
                "",
            ],
            NotRecognised::Malformed(form, error) => {
                f.write_str("This ")?;
                f.write_str(form.name())?;
                f.write_str(" cannot be read: ")?;
                error.fmt(f)?;
                [".", "", "", "", ""]
            }
            NotRecognised::OtherKind { found, wanted } => [
                "This is for ",
                found,
                "; this linked service is ",
                wanted,
                ".",
            ],
            NotRecognised::NoSuchKind => [
                "This is for a kind of data store that is not offered here.",
                "",
                "",
                "",
                "",
            ],
            NotRecognised::NothingFits(kind) => {
                ["Nothing in this text is a field of ", kind, ".", "", ""]
            }
        };
        sentence.iter().try_for_each(|part| f.write_str(part))
    }
}

impl std::error::Error for NotRecognised {}
