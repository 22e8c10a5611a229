//! Writing a connection string in a form that others read: with its secrets, or to be copied without them.

mod oracle;
mod url;

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::address::{Address, host_field};
use super::kinds::{self, ODBC, POSTGRESQL, STORAGE};
use super::meaning::Meaning;
use super::{Form, Pair, odbc};
use crate::{AuthType, Field, Input, Kind, Validated};

/// The connection string of a store in this form, or nothing if the form cannot say it all. `value` gives the value of
/// a field by its name, a secret's too; a field without one is left out.
///
/// A linked service's JSON is written by [`Validated::linked_service_json`].
pub fn write<'v>(
    form: Form,
    kind: &'static Kind,
    auth: &'static AuthType,
    value: &dyn Fn(&str) -> Option<&'v str>,
) -> Option<Zeroizing<String>> {
    if form == Form::AdoNet || form == Form::AzureStorage && STORAGE.contains(&kind.id) {
        let of = |field: &'static Field| Some((field, value(field.name).or(field.default)?));
        let plain = auth.fields.iter().filter(|field| !field.is_secret());
        let values = plain.filter_map(of).collect();
        let form = Validated {
            kind,
            auth,
            values,
            unwritten: Vec::new(),
        };
        return Some(form.connection_string(|name| value(name)));
    }
    let said = Said::new(kind, auth, value);
    match form {
        Form::Odbc => said.odbc(),
        Form::Libpq => said.libpq(),
        Form::Uri | Form::Jdbc => said.url(form),
        Form::EasyConnect => said.easy_connect(""),
        Form::Descriptor => said.descriptor(),
        Form::AdoNet | Form::AzureStorage | Form::LinkedService => None,
    }
}

/// What there is to say.
struct Said<'v> {
    kind: &'static Kind,
    address: Address,
    user: &'v str,
    password: Option<&'v str>,
    database: &'v str,
    /// Other keywords and values.
    options: Vec<(&'static str, Cow<'v, str>)>,
    /// Enough for every character encoded.
    room: usize,
}

impl<'v> Said<'v> {
    fn new(
        kind: &'static Kind,
        auth: &'static AuthType,
        value: &dyn Fn(&str) -> Option<&'v str>,
    ) -> Said<'v> {
        let mut said = Said {
            kind,
            address: Address::default(),
            user: "",
            password: None,
            database: "",
            options: Vec::new(),
            room: 200,
        };
        for field in auth.fields {
            let Some(value) = value(field.name).filter(|value| !value.is_empty()) else {
                continue;
            };
            said.room += field.name.len() + 3 * value.len() + 80;
            match Meaning::of(field.name) {
                _ if field.input == Input::Host => {
                    said.address = Address::written(field, value, &said.address);
                }
                _ if field.input == Input::Port => said.address.set_port(value),
                Some(Meaning::User) => said.user = value,
                Some(Meaning::Password) => said.password = Some(value),
                Some(Meaning::Database) => said.database = value,
                Some(Meaning::Encrypt | Meaning::Trust) => {
                    said.options.push((field.name, Cow::Borrowed(value)));
                }
                _ if field.default == Some(value) => {}
                _ => said.options.push((field.name, Cow::Borrowed(value))),
            }
        }
        if kind
            .auth_types
            .first()
            .is_some_and(|usual| usual.id != auth.id)
        {
            said.options.push(match auth.authentication_type {
                Some(name) => ("authenticationType", Cow::Borrowed(name)),
                None if auth.id == "Windows" => ("integratedSecurity", Cow::Borrowed("true")),
                None => ("authenticationType", Cow::Borrowed(auth.id)),
            });
        }
        if host_field(auth).is_none() {
            said.address = Address::default();
        }
        said
    }

    fn out(&self) -> Zeroizing<String> {
        Zeroizing::new(String::with_capacity(self.room))
    }

    fn option(&self, name: &str) -> Option<&str> {
        let found = self.options.iter().find(|(option, _)| *option == name);
        found.map(|(_, value)| &**value)
    }

    fn odbc(&self) -> Option<Zeroizing<String>> {
        let mut out = self.out();
        if ODBC.contains(&self.kind.id) {
            // Each must be read again as what it is.
            for name in ["connectionString", "credential"] {
                let text = self.option(name).unwrap_or_default();
                let again = odbc::gathered(text).ok()?;
                let same = |pair: &Pair| pair.keyword == name && *pair.value == *text;
                if again.len() > 1
                    || again.first().is_some_and(|pair| !same(pair))
                    || again.is_empty() && !text.is_empty()
                {
                    return None;
                }
            }
            out.push_str(self.option("connectionString").unwrap_or_default());
        } else {
            let found = kinds::WRITTEN_DRIVERS
                .iter()
                .find(|(_, family)| family.contains(&self.kind.id));
            out.push_str("Driver={");
            out.push_str(found?.0);
            out.push('}');
        }
        for (keyword, value) in [
            ("Server", self.address.server()),
            ("Port", self.address.port()),
            ("Database", self.database),
            ("Uid", self.user),
            ("Pwd", self.password.unwrap_or_default()),
        ] {
            if !value.is_empty() {
                odbc::push_pair(&mut out, keyword, value);
            }
        }
        for (keyword, value) in &self.options {
            match *keyword {
                "connectionString" => {}
                "credential" => {
                    if !out.is_empty() {
                        out.push(';');
                    }
                    out.push_str(value);
                }
                "integratedSecurity" => odbc::push_pair(&mut out, "Trusted_Connection", "yes"),
                _ => odbc::push_pair(&mut out, keyword, value),
            }
        }
        Some(out)
    }

    fn libpq(&self) -> Option<Zeroizing<String>> {
        if !POSTGRESQL.contains(&self.kind.id) || self.address.server().is_empty() {
            return None;
        }
        let mut out = self.out();
        let mut push = |keyword: &str, value: &str| {
            if value.is_empty() {
                return;
            }
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(keyword);
            out.push_str("='");
            for c in value.chars() {
                if matches!(c, '\'' | '\\') {
                    out.push('\\');
                }
                out.push(c);
            }
            out.push('\'');
        };
        push("host", self.address.server());
        push("port", self.address.port());
        push("dbname", self.database);
        push("user", self.user);
        push("password", self.password.unwrap_or_default());
        for (keyword, value) in &self.options {
            push(keyword, value);
        }
        out.contains(' ').then_some(out) // One pair alone is read as ADO.NET.
    }
}
