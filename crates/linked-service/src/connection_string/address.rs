//! Host, instance and port, which some texts and some fields have in one piece and others apart.

use super::meaning::Meaning;
use super::{Pair, Warning};
use crate::{AuthType, Field, Grammar, Input, grammar};

/// Where a store is, as far as a text says.
#[derive(Default)]
pub(super) struct Address {
    /// Hosts, with commas between; or whatever else stands there, as it is.
    hosts: String,
    instance: String,
    port: String,
    /// Whether instance and port stand behind the host, as in a `Data Source`.
    data_source: bool,
}

impl Address {
    /// Takes the address for this authentication type out of the pairs. Of repeated pairs the last is meant, and the
    /// others stay.
    pub(super) fn take(auth: &AuthType, pairs: &mut Vec<Pair>) -> Address {
        let mut take = |meaning| {
            let found = pairs
                .iter()
                .rposition(|pair| Meaning::of(&pair.keyword) == Some(meaning));
            found.map_or(String::new(), |at| {
                std::mem::take(&mut *pairs.remove(at).value)
            })
        };
        let Some(field) = host_field(auth) else {
            return Address::default();
        };
        let data_source = field.grammar == Grammar::DataSource;
        let mut address = Address {
            hosts: take(Meaning::Host),
            instance: match data_source {
                true => take(Meaning::Instance),
                false => String::new(),
            },
            port: match data_source || field.grammar == Grammar::HostAndPort || port_field(auth) {
                true => take(Meaning::Port),
                false => String::new(),
            },
            data_source,
        };
        // Each host of a list may have a port of its own.
        if let Some(at) = address.port.find(',') {
            address.port.truncate(at);
        }
        if data_source {
            // `host, port` is understood by the drivers.
            if let Some((host, port)) = address.hosts.split_once(',') {
                address.hosts = [host.trim_end(), ",", port.trim_start()].concat();
            }
        } else {
            address.split();
        }
        address
    }

    /// Takes `tcp:`, and a port after a comma or a colon, apart from the host.
    fn split(&mut self) {
        let text = match self.hosts.get(..4) {
            Some(protocol) if protocol.eq_ignore_ascii_case("tcp:") => &self.hosts[4..],
            _ => &self.hosts,
        };
        let is_port =
            |port: &&str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let apart = [',', ':'].iter().find_map(|separator| {
            let (host, port) = text.rsplit_once(*separator)?;
            let plain = !host.contains([',', ':']) || host.ends_with(']') && host.starts_with('[');
            Some((host.trim_end(), port.trim_start())).filter(|(_, port)| plain && is_port(port))
        });
        let (host, port) = apart.unwrap_or((text, ""));
        let (mut host, port) = (host.to_owned(), port.to_owned());
        remove_brackets(&mut host);
        if self.port.is_empty() {
            self.port = port;
        }
        self.hosts = host;
    }

    /// The text for the field of the host, and whether it says all that was there.
    pub(super) fn host(&self, field: &Field) -> (String, Option<Warning>) {
        let mut text = self.hosts.clone();
        let mut warning = None;
        let data_source = field.grammar == Grammar::DataSource && self.port.is_empty();
        if text.contains(',') && !data_source && grammar::check(field, &text).is_err() {
            text.truncate(text.find(',').unwrap_or_default());
            remove_brackets(&mut text);
            warning = Some(Warning::SeveralHosts);
        }
        match field.grammar {
            Grammar::DataSource => {
                for (before, part) in [('\\', &self.instance), (',', &self.port)] {
                    if !part.is_empty() {
                        text.push(before);
                        text.push_str(part);
                    }
                }
            }
            Grammar::HostAndPort if !self.port.is_empty() && !text.is_empty() => {
                text = grammar::bracketed(&text);
                text.push(':');
                text.push_str(&self.port);
            }
            _ => {}
        }
        (text, warning)
    }

    pub(super) fn port(&self) -> &str {
        &self.port
    }

    /// The address that the value of a host's field is, with the port of `known` if it has none itself.
    pub(super) fn written(field: &Field, value: &str, known: &Address) -> Address {
        let mut address = Address {
            hosts: value.to_owned(),
            instance: String::new(),
            port: known.port.clone(),
            data_source: field.grammar == Grammar::DataSource,
        };
        if field.grammar == Grammar::HostAndPort {
            address.split();
        }
        address
    }

    pub(super) fn set_port(&mut self, port: &str) {
        port.clone_into(&mut self.port);
    }

    /// Host, instance and port, each by itself.
    pub(super) fn parts(&self) -> (&str, &str, &str) {
        if !self.data_source {
            return (&self.hosts, "", &self.port);
        }
        let (server, port) = self.hosts.split_once(',').unwrap_or((&self.hosts, ""));
        let (host, instance) = server.split_once('\\').unwrap_or((server, ""));
        (host, instance, port)
    }

    /// All that stands in one piece.
    pub(super) fn server(&self) -> &str {
        &self.hosts
    }
}

/// Brackets around an address are the notation's, and stand again where a port follows.
fn remove_brackets(hosts: &mut String) {
    if hosts.split(',').all(grammar::is_host) {
        hosts.retain(|c| !matches!(c, '[' | ']'));
    }
}

/// The field that takes a host name.
pub(super) fn host_field(auth: &AuthType) -> Option<&'static Field> {
    auth.fields.iter().find(|field| field.input == Input::Host)
}

fn port_field(auth: &AuthType) -> bool {
    auth.fields.iter().any(|field| field.input == Input::Port)
}

/// Whether a pair of this meaning becomes part of the address.
pub(super) fn belongs(auth: &AuthType, meaning: Meaning) -> bool {
    let grammar = host_field(auth).map(|field| field.grammar);
    match (meaning, grammar) {
        (Meaning::Host, Some(_)) => true,
        (Meaning::Port, Some(Grammar::DataSource | Grammar::HostAndPort)) => true,
        (Meaning::Port, Some(_)) => port_field(auth),
        (Meaning::Instance, Some(Grammar::DataSource)) => true,
        _ => false,
    }
}
