//! Host names, addresses, and what stores write around them.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::check_port;
use crate::Rule;

/// A host name, an IPv4 address, or an IPv6 address with or without brackets. ASCII only: an international name is
/// given in its `xn--` form, so that no look-alike of a dot or a slash gets in.
pub(super) fn is_host(value: &str) -> bool {
    if value.contains(':') {
        let address = value
            .strip_prefix('[')
            .map_or(Some(value), |rest| rest.strip_suffix(']'));
        return address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok());
    }
    let last = value.rsplit('.').next().unwrap_or_default();
    if !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit()) {
        // 10.1 and 2130706433 are addresses to some resolvers and names to others.
        return value.parse::<Ipv4Addr>().is_ok();
    }
    let name = value.strip_suffix('.').unwrap_or(value);
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=63).contains(&label.len())
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// `host` or `host:port`.
pub(super) fn check_host_and_port(value: &str) -> Result<(), Rule> {
    if is_host(value) {
        return Ok(());
    }
    let (host, port) = value.rsplit_once(':').ok_or(Rule::NotAHost)?;
    let plain = is_host(host) && (!host.contains(':') || host.starts_with('['));
    if plain {
        check_port(port)
    } else {
        Err(Rule::NotAHost)
    }
}

/// `[tcp:]host[\instance][,port]`; the host may be `.` or `(local)`, which is the gateway's own machine.
pub(super) fn check_data_source(value: &str) -> Result<(), Rule> {
    let address = without_protocol(value);
    let (server, port) = match address.split_once(',') {
        Some((server, port)) => (server, Some(port)),
        None => (address, None),
    };
    let (host, instance) = match server.split_once('\\') {
        Some((host, instance)) => (host, Some(instance)),
        None => (server, None),
    };
    let own = host == "." || host.eq_ignore_ascii_case("(local)");
    let named = |name: &str| {
        (1..=16).contains(&name.len())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#'))
    };
    if !(own || is_host(host)) || !instance.is_none_or(named) {
        return Err(Rule::NotADataSource);
    }
    port.map_or(Ok(()), check_port)
}

/// A Data Source without `tcp:`.
fn without_protocol(value: &str) -> &str {
    match value.get(..4) {
        Some(protocol) if protocol.eq_ignore_ascii_case("tcp:") => &value[4..],
        _ => value,
    }
}

/// An IPv6 address in brackets, so that a port can follow; anything else as it is.
pub(crate) fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else {
        host.to_owned()
    }
}
