//! Where a data store is, by its kind and its properties: each kind has a form of its own for that.

mod cloud;

use std::collections::BTreeMap;

use super::Destination;
#[cfg(feature = "s3")]
pub(crate) use cloud::AMAZON_S3;
pub(crate) use cloud::MICROSOFT_LOGIN;

impl Destination {
    /// Where the properties of a linked service of this kind say that the data store is. A kind without a driver has no destination that
    /// anybody could connect to: the test says so before it looks.
    #[must_use]
    pub fn of(kind: &str, properties: &BTreeMap<String, String>) -> Self {
        if let Some(url) = properties.get("url") {
            return of_url(url);
        }
        let data_source = properties.get("Data Source");
        let data_source = data_source.or_else(|| properties.get("Server"));
        if let Some(data_source) = data_source {
            return of_data_source(data_source);
        }
        if let Some(cloud) = cloud::of(kind, properties) {
            return cloud;
        }
        #[cfg(feature = "odbc")]
        if kind == "OnPremisesOdbc" {
            return of_odbc(
                properties
                    .get("connectionString")
                    .map_or("", String::as_str),
            );
        }
        if kind == "OnPremisesFileServer" {
            return of_share(properties.get("host").map_or("", String::as_str));
        }
        if kind == "OnPremisesOracle" {
            let port = properties.get("Port").map_or("1521", String::as_str);
            return Self {
                host: properties.get("Host").cloned().unwrap_or_default(),
                port: port.parse().unwrap_or(0),
            };
        }
        let usual_port = match kind {
            "AmazonRedshift" => 5439,
            "OnPremisesMySql" => 3306,
            "Sftp" => 22,
            "FtpServer" => 21,
            "OnPremisesCassandra" => 9042,
            "OnPremisesMongoDb" => 27017,
            "OnPremisesDb2" => 50000,
            "OnPremisesSybase" => 5000,
            "OnPremisesTeradata" => 1025,
            "SapHana" => 30015,
            _ => 5432,
        };
        let property = |name: &str| properties.get(name).map_or("", String::as_str);
        let (host, port) = match property("server") {
            // Of a cluster's hosts, the first.
            "" => (
                property("host")
                    .split(',')
                    .next()
                    .unwrap_or("")
                    .trim()
                    .to_owned(),
                None,
            ),
            server => host_and_port(server),
        };
        let port = port.or_else(|| property("port").parse().ok());
        Self {
            host,
            port: port.unwrap_or(usual_port),
        }
    }
}

/// In the driver's own words. What cannot be read is nowhere.
#[cfg(feature = "odbc")]
fn of_odbc(text: &str) -> Destination {
    let settings = crate::odbc::Settings::read(text);
    settings.map_or_else(
        |_| Destination {
            host: String::new(),
            port: 0,
        },
        |settings| settings.destination,
    )
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

/// `\\\\files01\\exports\\2026`, or `Local` for this very machine. A share has no port of its own.
fn of_share(path: &str) -> Destination {
    let server = match path {
        "Local" => "localhost",
        _ => path
            .trim_start_matches('\\')
            .split('\\')
            .next()
            .unwrap_or(""),
    };
    Destination {
        host: server.to_owned(),
        port: 445,
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

/// `tcp:sql01\SALES,1433`. A named instance without a port may have any.
fn of_data_source(value: &str) -> Destination {
    let address = match value.get(..4) {
        Some(protocol) if protocol.eq_ignore_ascii_case("tcp:") => &value[4..],
        _ => value,
    };
    let (server, port) = match address.split_once(',') {
        Some((server, port)) => (server, Some(port.parse().unwrap_or(0))),
        None => (address, None),
    };
    let (host, usual_port) = match server.split_once('\\') {
        Some((host, _)) => (host, 0),
        None => (server, 1433),
    };
    let is_own = host == "." || host.eq_ignore_ascii_case("(local)");
    let host = if is_own { "localhost" } else { host };
    Destination {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.unwrap_or(usual_port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_source_has_a_port_of_its_own_form() {
        for (data_source, host, port) in [
            ("sql01", "sql01", 1433),
            ("TCP:sql01.corp,1533", "sql01.corp", 1533),
            ("sql01\\SALES,1533", "sql01", 1533),
            ("sql01\\SALES", "sql01", 0),
            ("[fd00::1],1533", "fd00::1", 1533),
            (".", "localhost", 1433),
            ("(Local)\\X,1533", "localhost", 1533),
        ] {
            for (kind, name) in [
                ("OnPremisesSqlServer", "Data Source"),
                ("AzureSqlDatabase", "Server"),
            ] {
                let properties = BTreeMap::from([(name.to_owned(), data_source.to_owned())]);
                let expected = Destination {
                    host: host.to_owned(),
                    port,
                };
                assert_eq!(
                    Destination::of(kind, &properties),
                    expected,
                    "{data_source}"
                );
            }
        }
    }

    #[test]
    fn oracle_writes_both_in_capitals() {
        for (port, expected) in [(None, 1521), (Some("1526"), 1526), (Some("x"), 0)] {
            let port = port.map(|port| ("Port".to_owned(), port.to_owned()));
            let host = ("Host".to_owned(), "ora01".to_owned());
            let properties = [host].into_iter().chain(port).collect();
            let found = Destination::of("OnPremisesOracle", &properties);
            assert_eq!((found.host.as_str(), found.port), ("ora01", expected));
        }
    }

    #[test]
    fn a_share_is_at_a_server() {
        for (share, host) in [
            (r"\\files01", "files01"),
            (r"\\10.0.0.1\exports\2026", "10.0.0.1"),
            ("Local", "localhost"),
        ] {
            let properties = BTreeMap::from([("host".to_owned(), share.to_owned())]);
            let expected = Destination {
                host: host.to_owned(),
                port: 445,
            };
            let found = Destination::of("OnPremisesFileServer", &properties);
            assert_eq!(found, expected, "{share}");
        }
    }

    #[test]
    fn each_kind_has_its_usual_port() {
        for (kind, port) in [
            ("OnPremisesPostgreSql", 5432),
            ("AmazonRedshift", 5439),
            ("OnPremisesMySql", 3306),
            ("FtpServer", 21),
            ("OnPremisesCassandra", 9042),
            ("OnPremisesMongoDb", 27017),
            ("OnPremisesDb2", 50000),
            ("OnPremisesSybase", 5000),
            ("OnPremisesTeradata", 1025),
            ("SapHana", 30015),
        ] {
            let properties = BTreeMap::from([("server".to_owned(), "db".to_owned())]);
            assert_eq!(Destination::of(kind, &properties).port, port, "{kind}");
        }
    }

    #[test]
    fn a_cluster_is_asked_at_its_first_host() {
        let properties = [("host", "cas01, cas02"), ("port", "9142")];
        let properties = properties.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let expected = Destination {
            host: "cas01".to_owned(),
            port: 9142,
        };
        let found = Destination::of("OnPremisesCassandra", &BTreeMap::from(properties));
        assert_eq!(found, expected);
    }

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
