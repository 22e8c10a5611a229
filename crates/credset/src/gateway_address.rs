//! Where a gateway listens.

use std::fmt;

use http::Uri;

/// The port that a gateway listens on if it is told nothing else.
const PORT: u16 = 8050;
/// The port of an `https` link that names none (RFC 9110 section 4.2.2).
const LINK_PORT: u16 = 443;

/// A gateway's origin. Always `https`: a ticket must not be sent in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GatewayAddress {
    host: String,
    port: u16,
}

impl GatewayAddress {
    /// `https://host:port`, or `host:port`, or `host`; nothing behind it.
    ///
    /// # Errors
    /// In words, for the command line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (address, path) = Self::split(text, PORT)?;
        match path.as_str() {
            "" | "/" => Ok(address),
            _ => Err("expected https://HOST:PORT and nothing behind it".to_owned()),
        }
    }

    /// The origin of a link to a gateway's page.
    ///
    /// # Errors
    /// In words.
    pub(crate) fn of_link(text: &str) -> Result<Self, String> {
        Ok(Self::split(text, LINK_PORT)?.0)
    }

    fn split(text: &str, usual: u16) -> Result<(Self, String), String> {
        let whole = match text.split_once("://") {
            Some(_) => text.to_owned(),
            None => format!("https://{text}"),
        };
        let uri: Uri = whole
            .parse()
            .map_err(|_| "expected https://HOST:PORT".to_owned())?;
        if uri.scheme_str() != Some("https") {
            return Err("a gateway is reached by https only".to_owned());
        }
        let authority = uri.authority().ok_or("expected https://HOST:PORT")?;
        if authority.as_str().contains('@') {
            return Err("no user name or password belongs into the address".to_owned());
        }
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => usual,
            Some(rest) => port(rest).ok_or("the port is a number from 1 to 65535")?,
            None => return Err("expected https://HOST:PORT".to_owned()),
        };
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        Ok((Self { host, port }, uri.path().to_owned()))
    }

    /// The host's name or its address, without brackets.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// As in a `Host` header field.
    pub(crate) fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

/// `:8050`. A sign, which a number may have, is none of a port's.
fn port(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(':')?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let port = digits.parse().ok()?;
    (is_number && port != 0).then_some(port)
}

impl fmt::Display for GatewayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}", self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_an_origin() {
        for (text, shown) in [
            ("https://gw.corp:8443", "https://gw.corp:8443"),
            ("https://gw.corp/", "https://gw.corp:8050"),
            ("gw.corp", "https://gw.corp:8050"),
            ("127.0.0.1:9", "https://127.0.0.1:9"),
            ("https://[::1]:8050", "https://[::1]:8050"),
        ] {
            assert_eq!(GatewayAddress::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "http://gw.corp",
            "https://u:p@gw.corp",
            "https://gw.corp/set",
            "",
            "https://",
            "https://127.0.0.1:70000",
            "127.0.0.1:65536",
            "gw.corp:abc",
            "gw.corp:",
            "https://gw.corp:/",
            "gw.corp:0",
            "gw.corp:+80",
            "gw.corp:-80",
            "[::1]:",
            "[::1]80",
        ] {
            assert!(GatewayAddress::parse(text).is_err(), "{text}");
        }
        for (link, shown) in [
            ("https://gw.corp:8050/set?lang=de", "https://gw.corp:8050"),
            ("https://gw.corp/set", "https://gw.corp:443"),
            ("https://gw.corp:443/", "https://gw.corp:443"),
            ("https://[::1]/", "https://[::1]:443"),
        ] {
            assert_eq!(GatewayAddress::of_link(link).unwrap().to_string(), shown);
        }
        for link in [
            "https://gw.corp:70000/",
            "https://gw.corp:/",
            "http://gw.corp/",
        ] {
            assert!(GatewayAddress::of_link(link).is_err(), "{link}");
        }
    }
}
