//! A linked service's definition in a file, as data factories have it: what is in it, and the same text with a reference in the place of its
//! secrets. What is read is decided by `linked-service`, as in the page; here is where it stands.

mod connection_string;
mod left;
mod members;
mod rewriting;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use envelope::{Secret, SecretChange};
use linked_service::connection_string::{
    NotRecognised, Recognised, Warning, is_reference, recognise,
};
use linked_service::{AuthType, Input, Kind};
use zeroize::Zeroizing;

use crate::credential_form::CredentialForm;
use crate::failure::Failure;
use crate::key_file;
use crate::terminal::one_line;
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
    /// Something else, or nothing to be set.
    Nothing(Nothing),
    /// A credential in the clear.
    Credential(Found),
}

/// Why there is nothing to be set.
pub(crate) struct Nothing {
    /// In words.
    pub(crate) why: &'static str,
    /// What a person should know of it.
    pub(crate) notes: Vec<String>,
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
            let title = format!("{} is no regular file", one_line(path.display()));
            return Err(Failure::usage(title));
        }
        let bytes = fs::read(path).map_err(fail)?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                text: Zeroizing::new(text),
            }),
            Err(_) => Err(Failure::usage(format!(
                "{} is not UTF-8 text",
                one_line(path.display())
            ))),
        }
    }

    /// Whether the file is still what was read: somebody may write it while the gateway answers.
    pub(crate) fn is_still(&self, path: &Path) -> bool {
        let now = fs::read(path).map(Zeroizing::new);
        now.is_ok_and(|now| now.as_slice() == self.text.as_bytes())
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
        let document = self.document();
        let Some(definition) = Definition::find(document)? else {
            return Ok(self.nothing(match document.trim_start().starts_with('[') {
                true => "not a linked service, but a list: each needs a file of its own",
                false => "not a linked service",
            }));
        };
        let found = match recognise(&definition.in_usual_letters(document), None) {
            Ok(found) => found,
            Err(NotRecognised::NoSuchKind) => {
                return Ok(
                    self.nothing("its type is none of the kinds of data store that are known")
                );
            }
            Err(why) => return Err(Failure::usage(why.to_string())),
        };
        if found.secrets.is_empty() && found.warnings.contains(&Warning::EncryptedCredential) {
            return Ok(self.nothing("has its reference already"));
        }
        let notes = notes(&found);
        let (kind, auth) = (found.kind, found.auth);
        let none = found.secrets.is_empty();
        let form = form(found)?;
        if none {
            return Ok(self.nothing("has no secret that its type has"));
        }
        Ok(Content::Credential(Found {
            name: definition.name,
            form,
            notes,
            kind,
            auth,
        }))
    }

    fn nothing(&self, why: &'static str) -> Content {
        Content::Nothing(Nothing {
            why,
            notes: left::left(self.document()).into_iter().collect(),
        })
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
        let again = Definition::find(&written)?.map(|again| again.in_usual_letters(&written));
        let left = match recognise(again.as_deref().unwrap_or(&written), None) {
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

/// What looks like a secret and is left in what is to be written, in words.
pub(crate) fn left_in(written: &str) -> Option<String> {
    left::left(written.trim_start_matches(BYTE_ORDER_MARK))
}

fn notes(found: &Recognised) -> Vec<String> {
    let warnings = found.warnings.iter();
    // That there was an earlier reference is no news to whoever sets a new secret.
    let warnings = warnings.filter(|warning| **warning != Warning::EncryptedCredential);
    let mut notes: Vec<_> = warnings
        .map(|warning| warning.message().text().to_owned())
        .collect();
    let unused = found.ignored.iter().map(String::as_str);
    // Every definition names its gateway.
    let unused =
        unused.filter(|name| !name.eq_ignore_ascii_case("gatewayName") && !is_reference(name));
    let unused: Vec<_> = unused.collect();
    if !unused.is_empty() {
        notes.push(format!("not used: {}", unused.join(", ")));
    }
    notes
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
