//! Paths of the gateway's API. Put together without the formatting machinery, which would be two kilobytes of the page.

use crate::context::{DataFactoryName, LinkedServiceName};

/// Prefix of every path of the API.
pub const API_BASE: &str = "/v1";

/// Path of the gateway's description (RFC 8615).
pub const DESCRIPTION_PATH: &str = "/.well-known/credential-gateway";

/// Path of the key document.
pub const KEYS_PATH: &str = "/v1/keys";

/// Path of what became of the ticket that the request carries.
pub const TICKET_STATUS_PATH: &str = "/v1/tickets/status";

/// So long after its expiry a ticket can still be asked about there, in seconds.
pub const TICKET_STATUS_GRACE_SECONDS: u64 = 600;

/// Path of all linked services of a data factory.
pub fn linked_services_path(df: &DataFactoryName) -> String {
    [
        API_BASE,
        "/factories/",
        &percent_encoded(df.as_str()),
        "/linked-services",
    ]
    .concat()
}

/// Path of one linked service.
pub fn linked_service_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    let services = linked_services_path(df);
    [&services, "/", &percent_encoded(ls.as_str())].concat()
}

/// Path, with its query, of the list of what is stored under this name: nothing or one. Asked by the page, because a browser
/// writes the 404 of [`linked_service_path`] onto the console.
pub fn linked_services_named_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    let services = linked_services_path(df);
    [&services, "?name=", &percent_encoded(ls.as_str())].concat()
}

/// Path of one linked service's credential.
pub fn credential_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    linked_service_path(df, ls) + "/credential"
}

/// Path at which a credential for one linked service is tried.
pub fn test_path(df: &DataFactoryName, ls: &LinkedServiceName) -> String {
    linked_service_path(df, ls) + "/test"
}

/// One path segment: everything but the unreserved characters of RFC 3986 section 2.3 is percent-encoded.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.extend(['%', hex_digit(byte >> 4), hex_digit(byte & 0xf)]),
        }
    }
    encoded
}

fn hex_digit(nibble: u8) -> char {
    char::from(if nibble < 10 {
        b'0' + nibble
    } else {
        b'A' + nibble - 10
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_percent_encoded_in_paths() {
        let df = DataFactoryName::parse("demo-factory").unwrap();
        for (name, encoded) in [
            ("Sales_SQL.1~", "Sales_SQL.1~"),
            ("a b", "a%20b"),
            ("100%", "100%25"),
            ("a?b#c&d=e+f;g", "a%3Fb%23c%26d%3De%2Bf%3Bg"),
            ("ä", "%C3%A4"),
        ] {
            let ls = LinkedServiceName::parse(name).unwrap();
            assert_eq!(
                credential_path(&df, &ls),
                format!("/v1/factories/demo-factory/linked-services/{encoded}/credential")
            );
        }
    }
}
