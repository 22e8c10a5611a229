//! Writing a connection string in a form that others read: with its secrets, or to be copied without them.

use std::borrow::Cow;

use zeroize::Zeroizing;

use super::address::{Address, host_field};
use super::kinds::{self, ODBC, ORACLE, POSTGRESQL, STORAGE, Scheme, Style};
use super::meaning::Meaning;
use super::odbc::push_enclosed;
use super::{Form, Pair, odbc, uri};
use crate::reference::push_segment;
use crate::{AuthType, Field, Input, Kind, Validated, grammar};

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
        let form = Validated { kind, auth, values };
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

    fn url(&self, form: Form) -> Option<Zeroizing<String>> {
        let jdbc = form == Form::Jdbc;
        let of_form = || {
            kinds::SCHEMES
                .iter()
                .filter(|scheme| scheme.name.starts_with("jdbc:") == jdbc)
        };
        let scheme = of_form()
            .find(|scheme| scheme.family.first() == Some(&self.kind.id))
            .or_else(|| of_form().find(|scheme| scheme.family.contains(&self.kind.id)));
        match scheme {
            Some(scheme) if scheme.style == Style::Web => self.web(),
            Some(scheme) if scheme.style == Style::Oracle => self.easy_connect("jdbc:oracle:thin:"),
            Some(scheme) => self.hierarchical(scheme, jdbc),
            None if STORAGE.contains(&self.kind.id) && !jdbc => self.signed_address(),
            None => None,
        }
    }

    fn hierarchical(&self, scheme: &Scheme, jdbc: bool) -> Option<Zeroizing<String>> {
        let (hosts, instance, port) = self.address.parts();
        if !hosts.split(',').all(grammar::is_host) {
            return None;
        }
        let encoded = scheme.style == Style::Url;
        let mut out = self.out();
        out.push_str(scheme.name);
        out.push_str("://");
        let mut options: Vec<(&str, &str)> = Vec::new();
        if jdbc {
            options.push(("user", self.user));
            options.push(("password", self.password.unwrap_or_default()));
        } else if !self.user.is_empty() || self.password.is_some() {
            push_segment(&mut out, self.user);
            if let Some(password) = self.password {
                out.push(':');
                push_segment(&mut out, password);
            }
            out.push('@');
        }
        let commas = scheme.style == Style::Commas;
        for (position, host) in hosts.split(',').enumerate() {
            if position > 0 {
                out.push(',');
            }
            out.push_str(&grammar::bracketed(host));
            if scheme.style == Style::Braces && !instance.is_empty() {
                out.push('\\');
                out.push_str(instance);
            }
            if !port.is_empty() && !commas {
                out.push(':');
                out.push_str(port);
            }
        }
        if commas {
            options.push(("DBS_PORT", port));
        }
        match scheme.path {
            "database" | "keyspace" => {
                out.push('/');
                match encoded {
                    true => push_segment(&mut out, self.database),
                    false if self.database.contains(['/', '?', ';', ':']) => return None,
                    false if self.database.trim() != self.database => return None,
                    false => out.push_str(self.database),
                }
            }
            "instance" => {
                out.push('/');
                push_segment(&mut out, instance);
                options.push(("database", self.database));
            }
            _ => {
                out.push_str(if scheme.style == Style::Braces {
                    ""
                } else {
                    "/"
                });
                options.push(("databaseName", self.database));
            }
        }
        options.extend(
            self.options
                .iter()
                .map(|(keyword, value)| (*keyword, &**value)),
        );
        let mut before = match scheme.style {
            Style::Colon => ':',
            Style::Braces => ';',
            Style::Commas => ' ',
            _ => '?',
        };
        for (keyword, value) in options.iter().filter(|(_, value)| !value.is_empty()) {
            if before != ' ' {
                out.push(before);
            }
            before = match scheme.style {
                Style::Colon | Style::Braces => ';',
                Style::Commas => ',',
                _ => '&',
            };
            if encoded {
                push_segment(&mut out, keyword);
                out.push('=');
                push_segment(&mut out, value);
                continue;
            }
            out.push_str(keyword);
            out.push('=');
            let plain = value.trim() == *value && !value.starts_with(['{', '\'']);
            match scheme.style {
                _ if plain && !value.contains(before) => out.push_str(value),
                Style::Braces => push_enclosed(&mut out, '{', '}', value),
                Style::Commas => push_enclosed(&mut out, '\'', '\'', value),
                _ => return None,
            }
        }
        Some(out)
    }

    /// The secret itself, if it is read again as one.
    fn signed_address(&self) -> Option<Zeroizing<String>> {
        let text = self.option("sasUri")?;
        let (scheme, rest) = kinds::scheme_of(text)?;
        let again = uri::parse(text, scheme, rest).ok()?;
        let same = |pair: &Pair| pair.keyword == "sasUri" && *pair.value == *text;
        if text.trim() != text || !again.pairs.iter().any(same) {
            return None;
        }
        let mut out = self.out();
        out.push_str(text);
        Some(out)
    }

    /// The address with the credentials in it. There is room for nothing else.
    fn web(&self) -> Option<Zeroizing<String>> {
        let mut out = self.out();
        for (keyword, value) in &self.options {
            if Meaning::of(keyword) != Some(Meaning::Url) || !out.is_empty() {
                return None;
            }
            let (scheme, rest) = value.split_once("://")?;
            out.push_str(scheme);
            out.push_str("://");
            if !self.user.is_empty() || self.password.is_some() {
                push_segment(&mut out, self.user);
                if let Some(password) = self.password {
                    out.push(':');
                    push_segment(&mut out, password);
                }
                out.push('@');
            }
            out.push_str(rest);
        }
        (!out.is_empty()).then_some(out)
    }

    /// Host, port, and the words before the service's or the system's name, and that.
    fn oracle(&self) -> Option<(&str, &str, [&'static str; 2], &str)> {
        let (host, _, port) = self.address.parts();
        let (words, name) = match (self.option("ServiceName"), self.option("Sid")) {
            (Some(service), None) => (["/", "SERVICE_NAME="], service),
            (None, Some(sid)) => ([":", "SID="], sid),
            _ => return None,
        };
        let word = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_$#.-".contains(&byte))
        };
        let port = if port.is_empty() { "1521" } else { port };
        let known = ORACLE.contains(&self.kind.id) && self.options.len() == 1;
        (known && grammar::is_host(host) && word(name) && word(self.user))
            .then_some((host, port, words, name))
    }

    fn easy_connect(&self, before: &str) -> Option<Zeroizing<String>> {
        let (host, port, words, name) = self.oracle()?;
        let mut out = self.out();
        out.push_str(before);
        if !self.user.is_empty() {
            out.push_str(self.user);
            if let Some(password) = self.password {
                out.push('/');
                push_enclosed(&mut out, '"', '"', password);
            }
        } else if self.password.is_some() {
            return None;
        }
        if !self.user.is_empty() || !before.is_empty() {
            out.push('@');
        }
        for part in ["//", &grammar::bracketed(host), ":", port, words[0], name] {
            out.push_str(part);
        }
        Some(out)
    }

    /// Credentials have no place in it.
    fn descriptor(&self) -> Option<Zeroizing<String>> {
        let (host, port, words, name) = self.oracle()?;
        if !self.user.is_empty() || self.password.is_some() {
            return None;
        }
        let mut out = self.out();
        for part in [
            "(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=",
            host,
            ")(PORT=",
            port,
            "))(CONNECT_DATA=(",
            words[1],
            name,
            ")))",
        ] {
            out.push_str(part);
        }
        Some(out)
    }
}
