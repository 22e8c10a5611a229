//! From a name to addresses, once: whatever the name leads to a moment later is of no interest.

use std::net::{IpAddr, SocketAddr};

use crate::policy::Policy;
use crate::report::Cause;

/// As long as a name of DNS may be, in bytes.
const MAX_NAME: usize = 253;
/// As many addresses as are looked at: a server has a few.
const MAX_ADDRESSES: usize = 64;

/// Whether this can be a server's name or an address. Everything else would only confuse a resolver.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_written =
        text.bytes().all(fits) && !text.starts_with(['.', '-']) && !text.contains("..");
    let has_length = !text.is_empty() && text.len() <= MAX_NAME;
    has_length && (is_written || text.parse::<IpAddr>().is_ok())
}

/// All addresses of a name: to each of them the policy lets a test go.
pub(crate) async fn resolve(
    name: &str,
    port: u16,
    policy: &Policy,
) -> Result<Vec<SocketAddr>, Cause> {
    let found = tokio::net::lookup_host((name, port)).await;
    let found = found.map_err(|error| failure(&error))?;
    let addresses: Vec<SocketAddr> = found
        .map(|found| SocketAddr::new(found.ip().to_canonical(), port))
        .collect();
    checked(name, addresses, policy)
}

/// One address that is refused is enough: a name that leads to the Internet and to this machine means no good.
fn checked(
    name: &str,
    addresses: Vec<SocketAddr>,
    policy: &Policy,
) -> Result<Vec<SocketAddr>, Cause> {
    if addresses.is_empty() || addresses.len() > MAX_ADDRESSES {
        return Err(Cause::UnknownHost);
    }
    for address in &addresses {
        policy.check_address(name, address.ip(), address.port())?;
    }
    Ok(addresses)
}

/// The standard library keeps the resolver's text and not its number.
fn failure(error: &std::io::Error) -> Cause {
    let text = error.to_string();
    let is_ours = [
        "Temporary failure",
        "Memory allocation",
        "System error",
        "Non-recoverable",
    ];
    if is_ours.iter().any(|words| text.contains(words)) {
        return Cause::ResolverFailed;
    }
    Cause::UnknownHost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_and_nothing_else() {
        let long = "a".repeat(254);
        for good in [
            "db",
            "db.example.com.",
            "my_db-1",
            "10.0.0.1",
            "::1",
            "xn--mller-kva.de",
        ] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "a b",
            "http://db",
            "db:5432",
            "[::1]",
            "fe80::1%eth0",
            "a\nb",
            "-a",
            "a..b",
            "müller",
            &long,
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn one_address_that_is_refused_refuses_the_name() {
        let policy = Policy::default();
        let at = |text: &str| SocketAddr::new(text.parse().unwrap(), 5432);
        let good = vec![at("8.8.8.8"), at("10.0.0.1")];
        assert_eq!(checked("db", good.clone(), &policy), Ok(good));
        let mixed = vec![at("8.8.8.8"), at("127.0.0.1")];
        assert_eq!(checked("db", mixed, &policy), Err(Cause::PolicyLoopback));
        assert_eq!(checked("db", Vec::new(), &policy), Err(Cause::UnknownHost));
    }

    #[test]
    fn a_resolver_that_does_not_answer_is_not_an_unknown_name() {
        let said = |text: &str| failure(&std::io::Error::other(text.to_owned()));
        let head = "failed to lookup address information: ";
        assert_eq!(
            said(&format!("{head}Name or service not known")),
            Cause::UnknownHost
        );
        assert_eq!(
            said(&format!("{head}No address associated with hostname")),
            Cause::UnknownHost
        );
        assert_eq!(
            said(&format!("{head}Temporary failure in name resolution")),
            Cause::ResolverFailed
        );
    }

    #[tokio::test(flavor = "current_thread")]
    async fn numbers_in_other_spellings_are_the_addresses_that_they_are() {
        // The system's resolver reads all of these as 127.0.0.1.
        for name in ["127.1", "0x7f.1", "2130706433", "0177.0.0.1"] {
            let found = resolve(name, 5432, &Policy::default()).await;
            assert_eq!(found, Err(Cause::PolicyLoopback), "{name}");
        }
    }
}
