//! One rule: a name or a network, and ports.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A name or a network, and the ports there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Rule {
    to: To,
    ports: Vec<Ports>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum To {
    /// Lower case, without a dot at its end.
    Name(String),
    /// Everything below a domain, not itself; with the dot at its beginning.
    Below(String),
    Network(IpNet),
}

/// Ports of a rule: one, or a range such as `"1024-65535"`, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenPorts", into = "String")]
pub struct Ports {
    first: u16,
    last: u16,
}

/// Why a rule is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// Both, or neither.
    #[error("a rule has either `name` or `network`")]
    NameOrNetwork,
    /// Not a name, and not `*.` with a domain behind.
    #[error("`name` is a server's name, or `*.` and a domain: {0:?} is neither")]
    Name(String),
    /// Bits of the host in the network.
    #[error("`network` {0} has bits behind its prefix: {1} is meant")]
    HostBits(IpNet, IpNet),
    /// An IPv4 network in the clothes of IPv6, which would never match.
    #[error("`network` {0} is one of IPv4 written as IPv6: write it as IPv4")]
    Mapped(IpNet),
    /// Not a port.
    #[error(
        "`ports` has numbers from 1 to 65535 and ranges such as \"1024-65535\": {0:?} is neither"
    )]
    Ports(String),
}

impl Rule {
    /// Whether it is about this name, at this port.
    pub(super) fn names(&self, name: &str, port: u16) -> bool {
        let name = normal(name);
        let fits = match &self.to {
            To::Name(own) => name == *own,
            To::Below(domain) => name.ends_with(domain.as_str()),
            To::Network(_) => false,
        };
        fits && self.has_port(port)
    }

    /// Whether it is about this address, at this port.
    pub(super) fn contains(&self, address: IpAddr, port: u16) -> bool {
        matches!(&self.to, To::Network(network) if network.contains(&address))
            && self.has_port(port)
    }

    fn has_port(&self, port: u16) -> bool {
        let contains = |ports: &Ports| (ports.first..=ports.last).contains(&port);
        self.ports.is_empty() || self.ports.iter().any(contains)
    }
}

/// As DNS compares names.
fn normal(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    network: Option<IpNet>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Ports>,
}

impl TryFrom<Written> for Rule {
    type Error = BadRule;

    fn try_from(written: Written) -> Result<Self, BadRule> {
        let to = match (written.name, written.network) {
            (Some(name), None) => {
                let (below, domain) = match name.strip_prefix("*.") {
                    Some(domain) => (true, normal(domain)),
                    None => (false, normal(&name)),
                };
                let is_address = domain.parse::<IpAddr>().is_ok();
                if !crate::resolve::is_name(&domain) || is_address {
                    return Err(BadRule::Name(name));
                }
                if below {
                    To::Below(format!(".{domain}"))
                } else {
                    To::Name(domain)
                }
            }
            (None, Some(network)) if network != network.trunc() => {
                return Err(BadRule::HostBits(network, network.trunc()));
            }
            (None, Some(network)) if is_mapped(network) => return Err(BadRule::Mapped(network)),
            (None, Some(network)) => To::Network(network),
            _ => return Err(BadRule::NameOrNetwork),
        };
        let ports = written.ports;
        Ok(Self { to, ports })
    }
}

/// Addresses are compared in their own family: one of IPv4 never comes as `::ffff:…`.
fn is_mapped(network: IpNet) -> bool {
    matches!(network, IpNet::V6(six) if six.prefix_len() >= 96 && six.addr().to_ipv4_mapped().is_some())
}

impl From<Rule> for Written {
    fn from(rule: Rule) -> Self {
        let (name, network) = match rule.to {
            To::Name(name) => (Some(name), None),
            To::Below(domain) => (Some(format!("*{domain}")), None),
            To::Network(network) => (None, Some(network)),
        };
        Self {
            name,
            network,
            ports: rule.ports,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenPorts {
    One(u16),
    Range(String),
}

impl TryFrom<WrittenPorts> for Ports {
    type Error = BadRule;

    fn try_from(written: WrittenPorts) -> Result<Self, BadRule> {
        let (first, last, text) = match written {
            WrittenPorts::One(port) => (Some(port), Some(port), port.to_string()),
            WrittenPorts::Range(text) => {
                let (first, last) = text.split_once('-').unwrap_or((&text, &text));
                (first.trim().parse().ok(), last.trim().parse().ok(), text)
            }
        };
        match (first, last) {
            (Some(first), Some(last)) if 0 < first && first <= last => Ok(Self { first, last }),
            _ => Err(BadRule::Ports(text)),
        }
    }
}

impl From<Ports> for String {
    fn from(ports: Ports) -> Self {
        format!("{}-{}", ports.first, ports.last)
    }
}
