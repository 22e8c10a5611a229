//! URLs, also those of JDBC.

use zeroize::Zeroizing;

use super::super::kinds::{self, STORAGE, Scheme, Style};
use super::super::meaning::Meaning;
use super::super::odbc::push_enclosed;
use super::super::{Form, Pair, uri};
use super::Said;
use crate::grammar;
use crate::reference::push_segment;

impl Said<'_> {
    /// A URL of the first scheme for this kind.
    pub(super) fn url(&self, form: Form) -> Option<Zeroizing<String>> {
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
        if !hosts.split(',').all(grammar::is_host) || hosts.starts_with('[') {
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
}
