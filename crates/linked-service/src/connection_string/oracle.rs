//! Oracle's own forms: Easy Connect, connect descriptors, and both after `jdbc:oracle:thin:`.

use zeroize::Zeroizing;

use super::ado_net::parse_quoted;
use super::delimited::AMPERSANDS;
use super::parts::Parts;
use super::{Flaw, ParseError, Warning};
use crate::grammar;

const NOT_A_PORT: Flaw = Flaw::NotAPort;

/// Whether a text, or a `Data Source`, is a descriptor.
pub(super) fn is_descriptor(text: &str) -> bool {
    let mut text = text.trim_start();
    text = text.strip_prefix('(').unwrap_or_default().trim_start();
    ["DESCRIPTION", "ADDRESS"].iter().any(|word| {
        text.get(..word.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    })
}

/// `[user/password@]address`.
pub(super) fn with_account(text: &str, parts: &mut Parts) -> Result<(), ParseError> {
    let address = match text.rfind('@') {
        Some(at) => {
            account(&text[..at], parts).map_err(|flaw| ParseError::at(text, text, flaw))?;
            &text[at + 1..]
        }
        None => text,
    };
    let offset = text.len() - address.len();
    self::address(address, parts).map_err(|error| error.after(offset))
}

/// A descriptor, or else Easy Connect.
pub(super) fn address(text: &str, parts: &mut Parts) -> Result<(), ParseError> {
    if is_descriptor(text) {
        descriptor(text, parts)
    } else {
        easy_connect(text, parts)
    }
}

/// `user/password`, the password also in double quotes.
fn account(text: &str, parts: &mut Parts) -> Result<(), Flaw> {
    let (user, password) = text.split_once('/').unwrap_or((text, ""));
    parts.push("user", user);
    match password.strip_prefix('"') {
        Some(quoted) => {
            let (password, rest) = parse_quoted(quoted, '"', '@')?;
            if !rest.is_empty() {
                return Err(Flaw::AfterQuote);
            }
            parts.push("password", &password);
        }
        None => parts.push("password", password),
    }
    Ok(())
}

/// `[//]host[,host][:port][/service[:server]]`, and `host:port:sid` as JDBC has it.
fn easy_connect(text: &str, parts: &mut Parts) -> Result<(), ParseError> {
    let fail = |part, flaw| ParseError::at(text, part, flaw);
    let (scheme, rest) = text.split_once("//").unwrap_or(("", text));
    match scheme {
        "" | "tcp:" => {}
        "tcps:" => parts.warn(Warning::Tls),
        _ => return Err(fail(text, Flaw::NeitherTcpNorTcps)),
    }
    let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
    let (server, service) = match rest.split_once('/') {
        Some((server, service)) => (server, Some(service)),
        None => (rest, None),
    };
    // The colons after a bracket are not the address's own.
    let bracket = server.rfind(']').unwrap_or(0);
    let colon = server[bracket..].find(':').map(|at| at + bracket);
    let (hosts, port) = server.split_at(colon.unwrap_or(server.len()));
    let (port, sid) = match port.strip_prefix(':') {
        Some(port) => port.split_once(':').unwrap_or((port, "")),
        None => ("", ""),
    };
    for host in hosts.split(',') {
        if !grammar::is_host(host) {
            return Err(fail(server, Flaw::NotAHost));
        }
    }
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fail(port, NOT_A_PORT));
    }
    if colon.is_none() && service.is_none() {
        return Err(fail(server, Flaw::TnsName));
    }
    let hosts = hosts.trim_start_matches('[').trim_end_matches(']');
    parts.push("host", hosts);
    parts.push("port", port);
    parts.push("sid", sid);
    if let Some(service) = service {
        let (service, server) = service.split_once([':', '/']).unwrap_or((service, ""));
        parts.push("service_name", service);
        if !server.is_empty() {
            parts.ignored.push("server".to_owned());
        }
    }
    AMPERSANDS
        .parse(options, &mut parts.pairs)
        .map_err(|error| error.after(text.len() - options.len()))
}

/// Every `(KEY=VALUE)` at the leaves of nested brackets.
fn descriptor(text: &str, parts: &mut Parts) -> Result<(), ParseError> {
    let mut rest = text.trim_start();
    let mut open = 0_usize;
    loop {
        rest = rest.trim_start();
        let fail = |flaw| ParseError::at(text, rest, flaw);
        if let Some(after) = rest.strip_prefix('(') {
            let (keyword, after) = after
                .split_once('=')
                .filter(|(keyword, _)| !keyword.contains(['(', ')']))
                .ok_or(fail(Flaw::NoEqualsSign))?;
            open += 1;
            let after = after.trim_start();
            rest = if after.starts_with('(') {
                after
            } else {
                let (value, after) = leaf(after).map_err(fail)?;
                push_leaf(keyword.trim(), &value, parts);
                after
            };
        } else if let Some(after) = rest.strip_prefix(')') {
            open = open.checked_sub(1).ok_or(fail(Flaw::NothingToClose))?;
            rest = after;
        } else if !rest.is_empty() {
            return Err(fail(Flaw::NotInBrackets));
        } else if open > 0 {
            return Err(fail(Flaw::OpenBracket));
        } else {
            return Ok(());
        }
    }
}

/// A value, also in double quotes, up to the bracket that closes it.
fn leaf(text: &str) -> Result<(Zeroizing<String>, &str), Flaw> {
    if let Some(quoted) = text.strip_prefix('"') {
        return parse_quoted(quoted, '"', ')');
    }
    let end = text.find(['(', ')']).unwrap_or(text.len());
    Ok((Zeroizing::new(text[..end].trim().to_owned()), &text[end..]))
}

/// Of several addresses, the hosts become a list and the rest is the first's.
fn push_leaf(keyword: &str, value: &str, parts: &mut Parts) {
    let is = |word: &str| keyword.eq_ignore_ascii_case(word);
    let known = parts
        .pairs
        .iter_mut()
        .find(|pair| pair.keyword.eq_ignore_ascii_case(keyword));
    match known {
        Some(hosts) if is("HOST") => {
            let mut list =
                Zeroizing::new(String::with_capacity(hosts.value.len() + value.len() + 1));
            list.push_str(&hosts.value);
            list.push(',');
            list.push_str(value);
            hosts.value = list;
        }
        Some(_) if is("PORT") => {}
        // Dedicated or shared, and no host.
        _ if is("SERVER") => parts.ignored.push("SERVER".to_owned()),
        _ if is("PROTOCOL") => {
            if !value.eq_ignore_ascii_case("TCP") {
                parts.warn(Warning::Tls);
                parts.push(keyword, value);
            }
        }
        _ => parts.push(keyword, value),
    }
}
