//! The origin of a portal's pages.

use std::net::IpAddr;

/// Whether this is an origin in its one spelling (RFC 6454 section 6.2), so that it can be compared as text, and written into a
/// header as it is: a host of letters, digits, dots and hyphens, or an IPv6 address in brackets.
pub(super) fn is_origin(text: &str) -> bool {
    let Some((scheme, authority)) = text.split_once("://") else {
        return false;
    };
    let default_port = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return false,
    };
    // A colon inside of the brackets is not the one before a port.
    let after_brackets = authority.find(']').map_or(0, |end| end + 1);
    let (host, port) = match authority[after_brackets..].split_once(':') {
        Some((rest, port)) => (&authority[..after_brackets + rest.len()], Some(port)),
        None => (authority, None),
    };
    let is_port = |port: &str| {
        port.parse::<u16>()
            .is_ok_and(|number| number != default_port && number.to_string() == port)
    };
    (is_name(host) || is_ipv6(host)) && port.is_none_or(is_port)
}

/// Whether a browser takes this origin in a `frame-ancestors` (CSP Level 3, section 2.3.1: a host source has no brackets).
pub(super) fn can_frame(origin: &str) -> bool {
    !origin.contains('[')
}

/// Whether nobody on the way can change what its pages do: `https`, or a page of the same machine.
pub(crate) fn is_protected(origin: &str) -> bool {
    let Some(authority) = origin.strip_prefix("http://") else {
        return true;
    };
    let Ok(authority) = authority.parse::<http::uri::Authority>() else {
        return false;
    };
    let host = authority.host().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|host: IpAddr| host.is_loopback())
}

fn is_name(host: &str) -> bool {
    host.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
        && host.chars().all(|char| {
            char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '.' | '-' | '_')
        })
}

/// In the spelling of RFC 5952, as browsers write it.
fn is_ipv6(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    address.is_some_and(|address| {
        address
            .parse::<std::net::Ipv6Addr>()
            .is_ok_and(|parsed| parsed.to_string() == address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_one_spelling() {
        for origin in [
            "https://portal.example",
            "http://localhost:8051",
            "https://127.0.0.1:1",
            "https://[::1]:8443",
            "https://[2001:db8::1]",
            "https://xn--grsse-kva.example",
            "https://a_b.example",
        ] {
            assert!(is_origin(origin), "{origin}");
        }
        for origin in [
            "",
            "*",
            "null",
            "portal.example",
            "https://",
            "https://portal.example/",
            "https://portal.example/x",
            "https://portal.example?x",
            "https://Portal.example",
            "HTTPS://portal.example",
            "https://portal.example:443",
            "https://portal.example:",
            "https://portal.example:08443",
            "https://portal.example:+1",
            "https://portal.example:65536",
            "http://localhost:80",
            "https://user@portal.example",
            "ftp://portal.example",
            "https://größe.example",
            "https://[::1",
            "https://[0::1]",
            "https://[::1]x",
            "https://-x",
        ] {
            assert!(!is_origin(origin), "{origin}");
        }
    }

    #[test]
    fn an_origin_cannot_widen_the_header_that_it_is_written_into() {
        for origin in [
            "https://*",
            "https://*.corp.example",
            "https://portal.example:*",
            "https://portal.example;script-src",
            "https://portal.example,https://evil.example",
            "https://portal.example https://evil.example",
            "https://portal.example\r\nx: y",
            "https://'self'",
        ] {
            assert!(!is_origin(origin), "{origin}");
        }
    }

    #[test]
    fn an_address_in_brackets_cannot_be_named_in_a_policy() {
        assert!(can_frame("https://portal.example:8443"));
        assert!(!can_frame("https://[::1]:8443"));
    }

    #[test]
    fn a_portal_is_served_over_https_or_on_this_machine() {
        for (origin, expected) in [
            ("https://portal.corp", true),
            ("http://localhost:3000", true),
            ("http://127.0.0.1", true),
            ("http://[::1]:8051", true),
            ("http://portal.corp", false),
            ("http://127.0.0.1.evil.example", false),
        ] {
            assert_eq!(is_protected(origin), expected, "{origin}");
        }
    }
}
