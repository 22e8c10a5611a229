//! A linked service's definition in a file, as data factories have it: what is in it, and the same text with a reference in the place of its
//! secrets. What is read is decided by `linked-service`, as in the page; here is where it stands.

mod connection_string;
mod members;
mod rewriting;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use envelope::{Secret, SecretChange};
use linked_service::connection_string::{NotRecognised, Recognised, Warning, recognise};
use linked_service::{AuthType, Input, Kind};
use zeroize::Zeroizing;

use crate::credential_form::CredentialForm;
use crate::failure::Failure;
use crate::key_file;
use members::Definition;

/// RFC 3629 section 6: some editors begin a file with it.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file that was read.
pub(crate) struct LinkedServiceFile {
    /// With its byte order mark, if it has one.
    text: Zeroizing<String>,
}

/// What is in a file.
pub(crate) enum Content {
    /// Something else, or nothing to be set; why, in words.
    Nothing(String),
    /// A credential in the clear.
    Credential(Found),
}

/// A credential that was found, with its secrets.
pub(crate) struct Found {
    /// What the linked service is called in the file.
    pub(crate) name: Option<String>,
    /// What is to be sealed.
    pub(crate) form: CredentialForm,
    /// What a person should know of it.
    pub(crate) notes: Vec<String>,
    kind: &'static Kind,
    auth: &'static AuthType,
}

impl LinkedServiceFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is not UTF-8, or is no regular file: what comes out of a pipe may never end, and nothing can be written back.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let fail = |error| Failure::file(path, "read", &error);
        if !fs::metadata(path).map_err(fail)?.is_file() {
            let title = format!("{} is no regular file", path.display());
            return Err(Failure::usage(title));
        }
        let bytes = fs::read(path).map_err(fail)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                text: Zeroizing::new(text),
            }),
            Err(_) => Err(Failure::usage(format!(
                "{} is not UTF-8 text",
                path.display()
            ))),
        }
    }

    fn document(&self) -> &str {
        self.text
            .strip_prefix(BYTE_ORDER_MARK)
            .unwrap_or(&self.text)
    }

    /// Takes it apart.
    ///
    /// # Errors
    /// When it is no JSON, or what is in it breaks rules of its kind.
    pub(crate) fn content(&self) -> Result<Content, Failure> {
        let definition = Definition::find(self.document())
            .map_err(|error| Failure::usage(format!("it is not JSON: {error}")))?;
        let Some(definition) = definition else {
            return Ok(Content::Nothing("not a linked service".to_owned()));
        };
        let found = match recognise(self.document(), None) {
            Ok(found) => found,
            Err(NotRecognised::NoSuchKind) => {
                return Ok(Content::Nothing(
                    "its type is none of the kinds of data store that are known".to_owned(),
                ));
            }
            Err(why) => return Err(Failure::usage(why.to_string())),
        };
        if found.secrets.is_empty() && found.warnings.contains(&Warning::EncryptedCredential) {
            return Ok(Content::Nothing("has its reference already".to_owned()));
        }
        let notes = notes(&found);
        let (kind, auth) = (found.kind, found.auth);
        let none = found.secrets.is_empty();
        let form = form(found)?;
        if none {
            return Ok(Content::Nothing("has no secret".to_owned()));
        }
        Ok(Content::Credential(Found {
            name: definition.name,
            form,
            notes,
            kind,
            auth,
        }))
    }

    /// The same file with the reference at the documented place and without the secrets; every other byte is as it was.
    ///
    /// # Errors
    /// When there is no place for it, or a secret would be left.
    pub(crate) fn with_reference(
        &self,
        found: &Found,
        reference: &str,
    ) -> Result<Zeroizing<String>, Failure> {
        let document = self.document();
        let written = rewriting::rewritten(document, found.kind, found.auth, reference)?;
        // Read again: what would be found in it is what would be left in the file.
        let left = match recognise(&written, None) {
            Ok(again) => !again.secrets.is_empty(),
            Err(NotRecognised::NothingFits(_)) => false,
            Err(_) => true,
        };
        if left || !written.contains(reference) {
            return Err(Failure::usage(
                "its secrets cannot be taken out of this text without a change to the rest",
            ));
        }
        let mark = &self.text[..self.text.len() - document.len()];
        Ok(Zeroizing::new([mark, &written].concat()))
    }
}

fn notes(found: &Recognised) -> Vec<String> {
    let warnings = found.warnings.iter();
    // That there was an earlier reference is no news to whoever sets a new secret.
    let warnings = warnings.filter(|warning| **warning != Warning::EncryptedCredential);
    warnings
        .map(|warning| warning.message().text().to_owned())
        .collect()
}

fn form(found: Recognised) -> Result<CredentialForm, Failure> {
    let passphrase = |name: &str| {
        let given = found.secrets.iter().find(|(field, _)| *field == name);
        given.map(|(_, value)| Zeroizing::new(value.as_bytes().to_vec()))
    };
    let mut secrets = BTreeMap::new();
    for (name, value) in &found.secrets {
        let secret: Secret = match found.auth.field(name).map(|field| field.input) {
            Some(Input::KeyFile(wanted)) => {
                let passphrase = passphrase(wanted.passphrase);
                let passphrase = passphrase.as_ref().map(|bytes| bytes.as_slice());
                key_file::in_usual_form(name, wanted, value.as_bytes(), passphrase)?.into()
            }
            _ => value.clone().into(),
        };
        secrets.insert(*name, SecretChange::Replace(secret));
    }
    let properties = found.properties.into_iter();
    CredentialForm::checked(
        found.kind,
        found.auth,
        properties
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        secrets,
    )
}

#[cfg(test)]
mod tests;
