//! From the command line to a form.

use std::collections::BTreeMap;

use envelope::{Secret, SecretChange};
use linked_service::connection_string::{field_meant, recognise};
use linked_service::{AuthType, Field, Grammar, Input, Kind, catalogue, kind};
use zeroize::Zeroizing;

use super::{CredentialForm, FormArguments, Named, encryption, share, trusted_certificate};
use crate::failure::{Cause, Failure};
use crate::key_file;
use crate::secret_source::{LastLineEnd, SecretSource, only_one_from_stdin};

/// Bytes of secrets, before it is known whether they are text or a key file.
type Given = BTreeMap<&'static str, Zeroizing<Vec<u8>>>;

/// What a secret is called, and its bytes.
pub(crate) type NamedSecret = (String, Zeroizing<Vec<u8>>);

/// What has been filled in so far.
struct Filling {
    kind: &'static Kind,
    auth: &'static AuthType,
    properties: BTreeMap<String, String>,
    given: Given,
}

impl FormArguments {
    /// Refuses two things from standard input, before either is read. `other` is what is read beside the form.
    ///
    /// # Errors
    /// If there are two.
    pub(crate) fn check_sources(&self, other: Option<SecretSource>) -> Result<(), Failure> {
        let secrets = self.secrets.sources().into_iter().map(|(_, source)| source);
        let all: Vec<_> = secrets
            .chain(self.connection_string())
            .chain(other)
            .collect();
        only_one_from_stdin(all.iter())
    }

    /// Fills the form in: connection string, fields, secrets, in this order; asks for what is missing. `permitted` is the kind that a ticket
    /// fixes. What is said of the connection string is handed to `note`.
    ///
    /// # Errors
    /// Everything that can be wrong with it.
    pub(crate) fn fill(
        &self,
        permitted: Option<&str>,
        note: &mut dyn FnMut(String),
    ) -> Result<CredentialForm, Failure> {
        let sources = self.secrets.sources();
        let string = self.connection_string();
        let wanted = self.wanted(permitted)?;
        let mut filling = match &string {
            Some(source) => self.split(source, wanted, note)?,
            None => self.empty(wanted)?,
        };
        for (name, value) in &self.property {
            filling.set(name, value)?;
        }
        if let Some(sha256) = &self.trust_certificate {
            let name = trusted_certificate(filling.kind)?.name.to_owned();
            filling.properties.insert(name, sha256.clone());
        }
        if self.unencrypted {
            let name = encryption(filling.kind)?.name.to_owned();
            filling.properties.insert(name, "false".to_owned());
        }
        let last = self.secrets.last_line_end();
        for (named, source) in sources {
            let field = filling.secret(&named)?;
            filling.read(field, &source, last)?;
        }
        let mut secrets = BTreeMap::new();
        for (names, change) in [
            (&self.secrets.keep, SecretStep::Keep),
            (&self.secrets.clear, SecretStep::Clear),
        ] {
            for name in names {
                let field = filling.secret(&Named::Field(name.clone()))?;
                secrets.insert(field.name, change.change());
            }
        }
        filling.ask(&secrets)?;
        filling.finish(secrets)
    }

    /// The secrets and nothing else: what each is called and its bytes, as they would be sealed.
    ///
    /// # Errors
    /// When one cannot be read.
    pub(crate) fn secrets_alone(&self) -> Result<Vec<NamedSecret>, Failure> {
        let mut secrets = Vec::new();
        if let Some(source) = self.connection_string() {
            let split = self.split(&source, self.wanted(None)?, &mut |_| {})?;
            let given = split.given.into_iter();
            secrets.extend(given.map(|(name, bytes)| (name.to_owned(), bytes)));
        }
        let last = self.secrets.last_line_end();
        for (named, source) in self.secrets.sources() {
            let name = match named {
                Named::Password => "password".to_owned(),
                Named::Field(name) => name,
            };
            let bytes = source.read(&name, last)?;
            secrets.push((name, bytes));
        }
        Ok(secrets)
    }

    /// The kind that was asked for, in whatever spelling.
    fn wanted(&self, permitted: Option<&str>) -> Result<Option<&'static Kind>, Failure> {
        let named = match &self.kind {
            Some(name) => Some(kind(name).ok_or_else(|| unknown_kind(name))?),
            None => None,
        };
        let permitted = match permitted {
            Some(name) => Some(kind(name).ok_or_else(|| unknown_kind(name))?),
            None => None,
        };
        match (named, permitted) {
            (Some(named), Some(permitted)) if named.id != permitted.id => Err(Failure::new(
                Cause::Ticket,
                "context_mismatch",
                format!(
                    "The ticket is for the kind {}, not for {}",
                    permitted.id, named.id
                ),
            )),
            (named, permitted) => Ok(named.or(permitted)),
        }
    }

    fn split(
        &self,
        source: &SecretSource,
        wanted: Option<&'static Kind>,
        note: &mut dyn FnMut(String),
    ) -> Result<Filling, Failure> {
        let bytes = source.read("the connection string", LastLineEnd::Dropped)?;
        let text = str::from_utf8(&bytes)
            .map_err(|_| Failure::usage("the connection string is not UTF-8 text"))?;
        if let Some(filling) = self.of_share(text.trim(), wanted)? {
            return Ok(filling);
        }
        let read = recognise(text.trim_start_matches('\u{feff}'), wanted)
            .map_err(|why| Failure::usage(why.to_string()))?;
        for warning in &read.warnings {
            note(warning.message().text().to_owned());
        }
        if !read.ignored.is_empty() {
            note(format!(
                "not used of the connection string: {}",
                read.ignored.join(", ")
            ));
        }
        let named = self.auth_named(read.kind)?;
        if let Some(named) = named.filter(|named| named.id != read.auth.id) {
            return Err(Failure::usage(format!(
                "the connection string is for the authentication type {}, not for {}",
                read.auth.id, named.id
            )));
        }
        let given = read.secrets.into_iter().map(|(name, mut value)| {
            let bytes = std::mem::take(&mut *value).into_bytes();
            (name, Zeroizing::new(bytes))
        });
        Ok(Filling {
            kind: read.kind,
            auth: read.auth,
            given: given.collect(),
            properties: read
                .properties
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        })
    }

    /// A share alone, which is all that a file server's connection string would say.
    fn of_share(
        &self,
        text: &str,
        wanted: Option<&'static Kind>,
    ) -> Result<Option<Filling>, Failure> {
        let text = share::as_field(text);
        if wanted.is_none() || !share::is_alone(text) {
            return Ok(None);
        }
        let mut filling = self.empty(wanted)?;
        let mut fields = filling.auth.fields.iter();
        let field = fields.find(|field| field.grammar == Grammar::FileShare);
        Ok(field.map(|field| {
            let properties = &mut filling.properties;
            properties.insert(field.name.to_owned(), text.to_owned());
            filling
        }))
    }

    fn empty(&self, wanted: Option<&'static Kind>) -> Result<Filling, Failure> {
        let kind = wanted.ok_or_else(|| {
            Failure::usage("which kind of data store? Give --kind, or a connection string")
        })?;
        let own = self.kind.as_deref();
        let auth = match self.auth_named(kind)? {
            Some(auth) => Some(auth),
            None => own.and_then(|name| kind.auth_type_of_json(name)),
        };
        let auth = auth.or(kind.auth_types.first());
        Ok(Filling {
            kind,
            auth: auth.ok_or_else(|| unknown_kind(kind.id))?,
            properties: BTreeMap::new(),
            given: Given::new(),
        })
    }

    fn auth_named(&self, kind: &'static Kind) -> Result<Option<&'static AuthType>, Failure> {
        match &self.auth {
            Some(name) => auth_type(kind, name).map(Some),
            None => Ok(None),
        }
    }
}

/// The authentication type of this name, in any letter case, by its id or as the JSON calls it.
///
/// # Errors
/// With those that there are.
pub(crate) fn auth_type(kind: &'static Kind, name: &str) -> Result<&'static AuthType, Failure> {
    let is_called = |auth: &&AuthType| {
        auth.id.eq_ignore_ascii_case(name)
            || auth
                .authentication_type
                .is_some_and(|own| own.eq_ignore_ascii_case(name))
    };
    kind.auth_types.iter().find(is_called).ok_or_else(|| {
        let known: Vec<_> = kind.auth_types.iter().map(|auth| auth.id).collect();
        Failure::usage(format!(
            "{} has no authentication type {name:?}; known: {}",
            kind.name,
            known.join(", ")
        ))
    })
}

/// No such kind.
pub(crate) fn unknown_kind(name: &str) -> Failure {
    let known: Vec<_> = catalogue().iter().map(|kind| kind.id).collect();
    Failure::usage(format!(
        "there is no kind of data store {name:?}; known: {}",
        known.join(", ")
    ))
}

#[derive(Clone, Copy)]
enum SecretStep {
    Keep,
    Clear,
}

impl SecretStep {
    fn change(self) -> SecretChange {
        match self {
            Self::Keep => SecretChange::Keep,
            Self::Clear => SecretChange::Clear,
        }
    }
}

impl Filling {
    /// The field that somebody means by a name.
    fn field(&self, name: &str) -> Result<&'static Field, Failure> {
        field_meant(self.auth, name).ok_or_else(|| {
            let known: Vec<_> = self.auth.fields.iter().map(|field| field.name).collect();
            Failure::usage(format!(
                "{} ({}) has no field {name:?}; known: {}",
                self.kind.name,
                self.auth.id,
                known.join(", ")
            ))
        })
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let field = self.field(name)?;
        if field.is_secret() {
            return Err(Failure::usage(format!(
                "{} is a secret, and the arguments can be read by every process of this machine",
                field.name
            ))
            .advise("Give it on standard input, in a file or on a file descriptor, and change the one that was in the arguments."));
        }
        self.properties
            .insert(field.name.to_owned(), value.to_owned());
        Ok(())
    }

    fn secret(&self, named: &Named) -> Result<&'static Field, Failure> {
        let field = match named {
            Named::Field(name) => self.field(name)?,
            Named::Password => self.password()?,
        };
        match field.is_secret() {
            true => Ok(field),
            false => Err(Failure::usage(format!(
                "{} is not a secret: give it with --property",
                field.name
            ))),
        }
    }

    /// What is meant by the password: the field of that name, or the only one that is required.
    fn password(&self) -> Result<&'static Field, Failure> {
        let secrets = || self.auth.fields.iter().filter(|field| field.is_secret());
        let mut required = secrets().filter(|field| field.required);
        let named = secrets().find(|field| field.name.eq_ignore_ascii_case("password"));
        let only = match (named, required.next(), required.next()) {
            (Some(named), ..) => Some(named),
            (None, only, None) => only,
            _ => None,
        };
        only.ok_or_else(|| {
            let names: Vec<_> = secrets().map(|field| field.name).collect();
            Failure::usage(match names.is_empty() {
                true => format!("{} ({}) has no secret", self.kind.name, self.auth.id),
                false => format!(
                    "which secret? Name it, with --secret-file NAME=FILE for example: {}",
                    names.join(", ")
                ),
            })
        })
    }

    fn read(
        &mut self,
        field: &'static Field,
        source: &SecretSource,
        last: LastLineEnd,
    ) -> Result<(), Failure> {
        let bytes = source.read(field.label.text(), last)?;
        if bytes.is_empty() {
            return Err(Failure::usage(format!("{} is empty", field.name)));
        }
        match self.given.insert(field.name, bytes) {
            None => Ok(()),
            Some(_) => Err(Failure::usage(format!("{} is given twice", field.name))),
        }
    }

    /// Asks for what is required and was not given.
    fn ask(&mut self, settled: &BTreeMap<&'static str, SecretChange>) -> Result<(), Failure> {
        for field in self.auth.fields {
            let is_there = self.given.contains_key(field.name) || settled.contains_key(field.name);
            if field.is_secret() && field.required && !is_there {
                self.read(field, &SecretSource::Prompt, LastLineEnd::Dropped)?;
            }
        }
        Ok(())
    }

    fn finish(
        self,
        mut secrets: BTreeMap<&'static str, SecretChange>,
    ) -> Result<CredentialForm, Failure> {
        let passphrase = |field: &Field| match field.input {
            Input::KeyFile(file) => self
                .given
                .get(file.passphrase)
                .map(|bytes| bytes.as_slice()),
            _ => None,
        };
        for (name, bytes) in &self.given {
            let field = self.field(name)?;
            let secret = match field.input {
                Input::KeyFile(wanted) => {
                    key_file::in_usual_form(name, wanted, bytes, passphrase(field))?.into()
                }
                _ => Secret::from_utf8(bytes.to_vec())
                    .map_err(|_| Failure::usage(format!("{name} is not UTF-8 text")))?,
            };
            if secrets
                .insert(field.name, SecretChange::Replace(secret))
                .is_some()
            {
                return Err(Failure::usage(format!(
                    "{name} cannot be given and kept or cleared at the same time"
                )));
            }
        }
        CredentialForm::checked(self.kind, self.auth, self.properties, secrets)
    }
}
