//! Where a data store is, by its kind and its properties: each kind has a form of its own for that.

use std::collections::BTreeMap;

use super::Destination;

impl Destination {
    /// Where the properties of a linked service of this kind say that the data store is. A kind without a driver has no destination that
    /// anybody could connect to: the test says so before it looks.
    #[must_use]
    pub fn of(kind: &str, properties: &BTreeMap<String, String>) -> Self {
        if let Some(url) = properties.get("url") {
            return of_url(url);
        }
        let usual_port = match kind {
            "AmazonRedshift" => 5439,
            "Sftp" => 22,
            _ => 5432,
        };
        let property = |name: &str| properties.get(name).map_or("", String::as_str);
        let (host, port) = match property("server") {
            "" => (property("host").to_owned(), None),
            server => host_and_port(server),
        };
        let port = port.or_else(|| property("port").parse().ok());
        Self {
            host,
            port: port.unwrap_or(usual_port),
        }
    }
}

/// `https://files.corp:8443/export/`. Where there is none, nobody can go.
fn of_url(url: &str) -> Destination {
    let url = url::Url::parse(url).ok();
    let host = url.as_ref().and_then(url::Url::host_str).unwrap_or("");
    Destination {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: url
            .as_ref()
            .and_then(url::Url::port_or_known_default)
            .unwrap_or(0),
    }
}

/// `db.corp`, `db.corp:5433`, `[::1]:5433`.
fn host_and_port(server: &str) -> (String, Option<u16>) {
    let authority = server.parse::<http::uri::Authority>();
    let (host, port) = match &authority {
        Ok(authority) => (authority.host(), authority.port_u16()),
        // An address of IPv6 without brackets has no port.
        Err(_) => (server, None),
    };
    (host.trim_matches(['[', ']']).to_owned(), port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_host_and_a_port_of_its_scheme() {
        for (url, host, port) in [
            ("https://a.corp/x", "a.corp", 443),
            ("HTTP://A.corp", "a.corp", 80),
            ("https://[fd00::1]:8443/", "fd00::1", 8443),
            ("https://m\u{fc}ller.de/", "xn--mller-kva.de", 443),
            ("nonsense", "", 0),
        ] {
            let properties = BTreeMap::from([("url".to_owned(), url.to_owned())]);
            let expected = Destination {
                host: host.to_owned(),
                port,
            };
            assert_eq!(Destination::of("Http", &properties), expected, "{url}");
        }
    }

    #[test]
    fn a_port_stands_behind_a_name_or_an_address_in_brackets() {
        for (server, host, port) in [
            ("db.corp", "db.corp", None),
            ("db.corp:5433", "db.corp", Some(5433)),
            ("10.0.0.1:5433", "10.0.0.1", Some(5433)),
            ("[fd00::1]:5433", "fd00::1", Some(5433)),
            ("[fd00::1]", "fd00::1", None),
            ("fd00::1", "fd00::1", None),
        ] {
            assert_eq!(host_and_port(server), (host.to_owned(), port), "{server}");
        }
    }
}
