//! URLs, also those of JDBC: a scheme, one or more hosts, a path, and options.

use super::delimited::{AMPERSANDS, BRACES, COMMAS};
use super::kinds::{STORAGE, Scheme, Style};
use super::meaning::concerns_secret;
use super::parts::{Parts, pair, position};
use super::{Flaw, Form, Pair, ParseError, Warning, oracle, percent};
use crate::grammar;

const ENCODE: Flaw = Flaw::NotEncoded;

/// Reads a text that begins with this scheme; `rest` is what follows its colon.
pub(super) fn parse(text: &str, scheme: &'static Scheme, rest: &str) -> Result<Parts, ParseError> {
    let form = match scheme.name.starts_with("jdbc:") {
        true => Form::Jdbc,
        false => Form::Uri,
    };
    let mut parts = Parts::new(form, scheme.family);
    let offset = text.len() - rest.len();
    match scheme.style {
        Style::Oracle => oracle::with_account(rest, &mut parts),
        Style::Web => web(text, rest, &mut parts),
        _ => {
            let hosts = rest.strip_prefix("//").unwrap_or(rest);
            hierarchical(rest, hosts, scheme, &mut parts)
        }
    }
    .map_err(|error| match scheme.style {
        Style::Web => error,
        _ => error.after(offset),
    })?;
    match scheme.name {
        "mongodb+srv" => {
            parts.warn(Warning::SeedList);
            parts.warn(Warning::Tls);
        }
        // TLS from the first byte, which has a port of its own.
        "ftps" => {
            parts.push("enableSsl", "true");
            if !parts.pairs.iter().any(|pair| pair.keyword == "port") {
                parts.push("port", "990");
            }
        }
        _ => {}
    }
    Ok(parts)
}

/// `hosts` is `text` without the slashes before it.
fn hierarchical(
    text: &str,
    hosts: &str,
    scheme: &Scheme,
    parts: &mut Parts,
) -> Result<(), ParseError> {
    let encoded = scheme.style == Style::Url;
    let fail = |part, flaw| ParseError::at(text, part, flaw);
    // JDBC drivers also have options after a semicolon.
    let semicolon = scheme.style == Style::Braces || encoded && parts.form == Form::Jdbc;
    let options = |c: char| match c {
        '?' => matches!(scheme.style, Style::Url | Style::Plain),
        ';' => semicolon,
        _ => false,
    };
    // `jdbc:postgresql:name` has no host.
    let bare = encoded && hosts.len() == text.len();
    let end = match bare {
        true => 0,
        false => hosts
            .find(|c| c == '/' || options(c))
            .unwrap_or(hosts.len()),
    };
    let (authority, rest) = hosts.split_at(end);
    let servers = match authority.rfind('@').filter(|_| encoded) {
        Some(at) => {
            let (user, password) = authority[..at]
                .split_once(':')
                .unwrap_or((&authority[..at], ""));
            push_decoded(text, "user", user, parts)?;
            if authority[..at].contains(':') {
                push_decoded(text, "password", password, parts)?;
            }
            &authority[at + 1..]
        }
        None => authority,
    };
    push_servers(servers, scheme.path == "keyspace", parts).map_err(|flaw| fail(servers, flaw))?;

    let rest = rest.strip_prefix('/').unwrap_or(rest);
    if scheme.style == Style::Commas {
        return COMMAS
            .parse(rest, &mut parts.pairs)
            .map_err(|error| error.after(text.len() - rest.len()));
    }
    let ends = |c| options(c) || c == ':' && scheme.style == Style::Colon;
    let (path, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
    if path.contains('@') && encoded {
        return Err(fail(path, ENCODE)); // The end of a password, perhaps, that must not be shown as a path.
    }
    match encoded {
        true => push_decoded(text, scheme.path, path, parts)?,
        false => parts.push(scheme.path, path),
    }
    let mut chars = rest.chars();
    let list = match chars.next() {
        Some('?') => &AMPERSANDS,
        _ => &BRACES,
    };
    let rest = chars.as_str();
    let offset = text.len() - rest.len();
    let mut pairs = Vec::new();
    list.parse(rest, &mut pairs)
        .map_err(|error| error.after(offset))?;
    for Pair {
        mut keyword,
        mut value,
    } in pairs
    {
        if encoded && keyword.contains('@') {
            return Err(fail(rest, ENCODE));
        }
        if encoded && list.quotes.is_none() {
            let decoded =
                |text: &str| percent::decode(text).map_err(|error| fail(rest, error.flaw));
            keyword = std::mem::take(&mut *decoded(&keyword)?);
            value = decoded(&value)?;
        }
        parts.pairs.push(Pair { keyword, value });
    }
    Ok(())
}

fn push_decoded(
    text: &str,
    keyword: &str,
    value: &str,
    parts: &mut Parts,
) -> Result<(), ParseError> {
    let offset = position(text, value);
    let decoded = percent::decode(value).map_err(|error| error.after(offset))?;
    if !decoded.is_empty() || keyword == "password" {
        parts.pairs.push(Pair {
            keyword: keyword.to_owned(),
            value: decoded,
        });
    }
    Ok(())
}

/// `host:port,host:port`, with instances: a list of hosts, and the first port.
fn push_servers(servers: &str, one_port: bool, parts: &mut Parts) -> Result<(), Flaw> {
    let mut hosts = String::new();
    for (position, server) in servers.split(',').enumerate() {
        let after_bracket = server.rfind(']').unwrap_or(0);
        let (host, port) = match server[after_bracket..].rfind(':') {
            Some(at) => (
                &server[..after_bracket + at],
                &server[after_bracket + at + 1..],
            ),
            None => (server, ""),
        };
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(match parts.form {
                Form::Jdbc => Flaw::NotAPort,
                _ => Flaw::NotAPortOrPassword,
            });
        }
        let (host, instance) = host.split_once('\\').unwrap_or((host, ""));
        // Nothing at all is right where an option names the host, and a dot is SQL Server's own machine.
        if !(grammar::is_host(host) || servers.is_empty() || host == ".") {
            return Err(Flaw::NotAHost);
        }
        if position > 0 {
            hosts.push(',');
        } else {
            parts.push("instance", instance);
        }
        // A port behind the last host of a cluster is that of all.
        if position == 0 || one_port && !parts.pairs.iter().any(|pair| pair.keyword == "port") {
            parts.push("port", port);
        }
        hosts.push_str(host.trim_start_matches('[').trim_end_matches(']'));
    }
    parts.push("host", &hosts);
    Ok(())
}

/// The address without its credentials, and these.
fn web(text: &str, rest: &str, parts: &mut Parts) -> Result<(), ParseError> {
    let fail = |part, flaw| ParseError::at(text, part, flaw);
    let rest = rest.strip_prefix("//").ok_or(fail(rest, Flaw::NoSlashes))?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (account, server) = match authority.rfind('@') {
        Some(at) => (&authority[..at], &authority[at + 1..]),
        None => ("", authority),
    };
    let misplaced = |part: &str| part.contains('@');
    if !account.is_empty() && misplaced(path) || account.is_empty() && misplaced(fragment) {
        return Err(fail(path, ENCODE));
    }
    let mut checked = Parts::new(Form::Uri, &[]);
    push_servers(server, false, &mut checked).map_err(|flaw| fail(server, flaw))?;
    if server.is_empty() {
        return Err(fail(server, Flaw::NotAHost));
    }
    if !account.is_empty() {
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        push_decoded(text, "user", user, parts)?;
        if account.contains(':') {
            push_decoded(text, "password", password, parts)?;
        }
    }
    parts.push("fragment", fragment);

    let query = path.split_once('?').map_or("", |(_, query)| query);
    let names = || {
        query
            .split('&')
            .map(|option| option.split('=').next().unwrap_or_default())
    };
    if names().any(|name| name.eq_ignore_ascii_case("sig")) {
        // A shared access signature: whoever has the address has what it is the address of.
        parts.family = STORAGE;
        parts.push("sasUri", text.split('#').next().unwrap_or_default());
        return Ok(());
    }
    if names().any(concerns_secret) {
        parts.warn(Warning::SecretInUrl);
    }
    let mut url = pair("url", "");
    url.value.reserve_exact(text.len());
    let before = position(text, authority);
    url.value.push_str(&text[..before]);
    url.value.push_str(server);
    url.value.push_str(path);
    parts.pairs.push(url);
    Ok(())
}
