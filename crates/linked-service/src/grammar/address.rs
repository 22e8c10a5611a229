//! IP addresses, accepted exactly as the standard library accepts them. Its parser also gives the value, which is
//! not needed here and would be a kilobyte more in the page.

/// Four decimal numbers up to 255, without leading zeros.
pub(super) fn is_ipv4(text: &str) -> bool {
    let octet = |part: &str| {
        (1..=3).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part.len() == 1 || !part.starts_with('0'))
            && part.parse::<u8>().is_ok()
    };
    text.split('.').count() == 4 && text.split('.').all(octet)
}

/// RFC 4291 section 2.2: eight groups of up to four hex digits; `::` once for one or more groups of zeros; the last
/// two groups may be an IPv4 address.
pub(super) fn is_ipv6(text: &str) -> bool {
    // Not `find`, whose search for any text would be another kilobyte.
    match text.as_bytes().windows(2).position(|pair| pair == b"::") {
        None => groups(text, true) == Some(8),
        Some(at) => {
            let (before, after) = (groups(&text[..at], false), groups(&text[at + 2..], true));
            before
                .zip(after)
                .is_some_and(|(before, after)| before + after < 8)
        }
    }
}

/// How many groups of 16 bits these are, or nothing if they are not groups.
fn groups(text: &str, last: bool) -> Option<usize> {
    if text.is_empty() {
        return Some(0);
    }
    let (hex, mut count) = match text.rsplit_once(':') {
        Some((before, end)) if last && is_ipv4(end) => (Some(before), 2),
        None if last && is_ipv4(text) => (None, 2),
        _ => (Some(text), 0),
    };
    for group in hex.into_iter().flat_map(|hex| hex.split(':')) {
        if !(1..=4).contains(&group.len()) || !group.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        count += 1;
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::{is_ipv4, is_ipv6};

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5000, ..ProptestConfig::default() })]

        #[test]
        fn ipv4_as_the_standard_library(text in "(0|1|25|255|256|01|x|){1,2}(\\.(0|1|99|255|300|00|)){0,4}\\.?") {
            prop_assert_eq!(is_ipv4(&text), text.parse::<Ipv4Addr>().is_ok(), "{}", text);
        }

        #[test]
        fn ipv6_as_the_standard_library(text in "(::|:|)((0|a|FFFF|12345|g)(:|::)){0,8}(0|1|ffff|10\\.0\\.0\\.1|10\\.0\\.0|)") {
            prop_assert_eq!(is_ipv6(&text), text.parse::<Ipv6Addr>().is_ok(), "{}", text);
        }

        #[test]
        fn written_addresses_are_read(v4 in any::<u32>(), v6 in any::<u128>(), keep in any::<u128>()) {
            prop_assert!(is_ipv4(&Ipv4Addr::from(v4).to_string()));
            prop_assert!(is_ipv6(&Ipv6Addr::from(v6).to_string()));
            prop_assert!(is_ipv6(&Ipv6Addr::from(v6 & keep & (keep >> 40)).to_string()));
        }
    }
}
