//! Host names, addresses, and what stores write around them.

use super::address::{is_ipv4, is_ipv6};
use super::check_port;
use crate::Rule;

/// A host name, an IPv4 address, or an IPv6 address with or without brackets. ASCII only: an international name is
/// given in its `xn--` form, so that no look-alike of a dot or a slash gets in.
pub(crate) fn is_host(value: &str) -> bool {
    if value.contains(':') {
        let address = value
            .strip_prefix('[')
            .map_or(Some(value), |rest| rest.strip_suffix(']'));
        return address.is_some_and(is_ipv6);
    }
    let name = value.strip_suffix('.').unwrap_or(value);
    if name.rsplit('.').next().is_some_and(is_number) {
        return is_ipv4(value);
    }
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Whether a name that ends in this is an address to some resolvers and a name to others, as `10.1`, `2130706433`
/// and `0x7f000001` are.
fn is_number(label: &str) -> bool {
    let hex = label
        .strip_prefix("0x")
        .or_else(|| label.strip_prefix("0X"));
    match hex {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()),
    }
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

#[cfg(test)]
mod tests {
    use super::{bracketed, check_data_source, check_host_and_port, is_host};
    use crate::Rule;

    #[test]
    fn hosts() {
        let label = "a".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "a".repeat(61));
        for host in [
            "a",
            "SQL-01",
            "sql_01.corp.example",
            "sql01.",
            "10.0.0.1",
            "1password",
            "xn--bcher-kva.example",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "::1",
            "[::1]",
            "2001:db8::1",
            "1:2:3:4:5:6:7:8",
            "::ffff:10.0.0.1",
            &longest,
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "-a",
            "a-",
            "a b",
            "a/b",
            "a\\b",
            "a@b",
            "a:b",
            "a,b",
            "a%41",
            "ｅ.example",
        ] {
            assert!(!is_host(host), "{host}");
        }
        for host in [
            "10.1",
            "2130706433",
            "256.0.0.1",
            "10.0.0.1.",
            "0x7f000001",
            "a.0X7F",
            "[::1",
            "::1]",
            "[]",
            "[a]",
            "1::2::3",
        ] {
            assert!(!is_host(host), "{host}");
        }
        assert!(!is_host(&format!("{longest}a")) && !is_host(&format!("a{label}")));
    }

    #[test]
    fn hosts_with_ports() {
        for value in ["a", "a:1", "10.0.0.1:65535", "[::1]:5432", "::1", "[::1]"] {
            assert_eq!(check_host_and_port(value), Ok(()), "{value}");
        }
        for (value, rule) in [
            ("a:", Rule::NotANumber),
            ("a:b", Rule::NotANumber),
            ("a:0", Rule::OutOfRange),
            ("a:65536", Rule::OutOfRange),
            (":1", Rule::NotAHost),
            ("a:1:2", Rule::NotAHost),
            ("2001:db8::1:70000", Rule::NotAHost),
            ("", Rule::NotAHost),
        ] {
            assert_eq!(check_host_and_port(value), Err(rule), "{value}");
        }
    }

    #[test]
    fn data_sources() {
        for value in [
            "a",
            "a,1433",
            "tcp:a,1433",
            "TCP:a",
            "a\\SALES",
            "a\\SALES_1$,1433",
            ".",
            ".\\SQLEXPRESS",
            "(local)",
            "(LOCAL)\\X",
            "::1,1433",
        ] {
            assert_eq!(check_data_source(value), Ok(()), "{value}");
        }
        for value in [
            "",
            "tcp:",
            "tcp:tcp:a",
            "np:a",
            "\\\\a\\pipe",
            "a\\",
            "a\\b\\c",
            "a\\b c",
            "a:1433",
            "a;b",
            "(localdb)\\x",
            "a\\ABCDEFGHIJKLMNOPQ",
            "é",
        ] {
            assert_eq!(
                check_data_source(value),
                Err(Rule::NotADataSource),
                "{value}"
            );
        }
        for (value, rule) in [
            ("a,", Rule::NotANumber),
            ("a,1,2", Rule::NotANumber),
            ("a, 1433", Rule::NotANumber),
            ("a,0", Rule::OutOfRange),
        ] {
            assert_eq!(check_data_source(value), Err(rule), "{value}");
        }
    }

    #[test]
    fn a_port_can_follow_a_bracketed_address() {
        assert_eq!(
            ["a", "::1", "[::1]"].map(bracketed),
            ["a", "[::1]", "[::1]"]
        );
    }
}
