//! What this machine is called, by itself and by others: whom a new certificate is for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use dns_lookup::{AddrInfoHints, getaddrinfo};

use crate::config::ServedName;

/// `AI_CANONNAME`: asks for the whole name. The same number on every system that Rust's standard library knows.
const WHOLE_NAME: i32 = 2;

/// The machine's name, if it is text.
#[must_use]
pub fn host_name() -> Option<String> {
    rustix::system::uname()
        .nodename()
        .to_str()
        .ok()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

/// The names and addresses under which others reach what listens on `listen`: the machine's name with its domain and without, and
/// its addresses. None when nobody else reaches it.
#[must_use]
pub fn reached_from_outside(listen: SocketAddr) -> Vec<ServedName> {
    if listen.ip().is_loopback() {
        return Vec::new();
    }
    let names = host_name().into_iter().flat_map(|name| {
        let whole = whole_name(&name);
        whole.into_iter().chain([name])
    });
    let addresses = if listen.ip().is_unspecified() {
        addresses(listen.is_ipv4())
    } else {
        vec![listen.ip()]
    };
    let addresses = addresses.iter().map(IpAddr::to_string);
    parsed(names.chain(addresses))
}

/// The names and addresses under which the machine reaches itself.
#[must_use]
pub fn reached_from_inside() -> Vec<ServedName> {
    let usual = ["localhost".to_owned()].into_iter().chain(host_name());
    let addresses = [
        IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(Ipv6Addr::LOCALHOST),
    ];
    parsed(usual.chain(addresses.map(|address| address.to_string())))
}

/// A machine may bear a name that no URL can; then it is called by the others.
fn parsed(names: impl Iterator<Item = String>) -> Vec<ServedName> {
    names
        .filter_map(|name| ServedName::parse(&name).ok())
        .collect()
}

/// The name with its domain, as the system's resolver knows it (`hostname -f`).
fn whole_name(name: &str) -> Option<String> {
    let hints = AddrInfoHints {
        flags: WHOLE_NAME,
        ..AddrInfoHints::default()
    };
    let found = getaddrinfo(Some(name), None, Some(hints)).ok()?;
    found
        .filter_map(Result::ok)
        .find_map(|found| found.canonname)
        .filter(|whole| whole.contains('.'))
}

/// Without loopback, and without those that mean something on one link only.
fn addresses(v4_only: bool) -> Vec<IpAddr> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces
        .iter()
        .map(if_addrs::Interface::ip)
        .filter(|address| match address {
            IpAddr::V4(address) => !address.is_loopback() && !address.is_link_local(),
            IpAddr::V6(address) => {
                !v4_only && !address.is_loopback() && !address.is_unicast_link_local()
            }
        })
        .collect()
}
