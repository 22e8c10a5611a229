//! `[credential_socket]`: which local users get which credentials.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use envelope::{DataFactoryName, LinkedServiceName};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::limits::seconds;
use crate::issuers::LinkedServicePattern;

/// The longest path that the system takes for a socket, in bytes (unix(7)).
const MAX_PATH_BYTES: usize = 107;

/// The socket that the data-movement process fetches credentials from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialSocket {
    /// Where it is.
    pub path: PathBuf,
    /// Who gets credentials there; nobody else does, root included.
    pub users: Vec<SocketUser>,
    /// Open connections at the same time; one user has a quarter of them at most.
    #[serde(default = "default_connections")]
    pub connections: usize,
    /// From the accepted connection to a complete request, and from there to the answer. Seconds in the file.
    #[serde(
        rename = "request_seconds",
        default = "default_request",
        deserialize_with = "seconds"
    )]
    pub request: Duration,
}

/// A user and what is given to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketUser {
    /// Who.
    pub account: Account,
    /// What; everything unless the file says otherwise.
    pub linked_services: Vec<PlacePattern>,
}

/// A user of this machine, as the file calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// By name.
    Name(String),
    /// By number.
    Id(u32),
}

/// Linked services, written as `data factory/linked service`; `*` stands for anything but the slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacePattern {
    factory: LinkedServicePattern,
    linked_service: LinkedServicePattern,
}

impl CredentialSocket {
    /// What cannot work, as key and rule.
    pub(super) fn faults(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let path = &self.path;
        let fits = path.is_absolute()
            && path.file_name().is_some()
            && path.as_os_str().len() <= MAX_PATH_BYTES;
        let patterns = |user: &SocketUser| user.linked_services.is_empty();
        [
            (
                "credential_socket.path",
                "must be a file's absolute path of at most 107 bytes",
                !fits,
            ),
            (
                "credential_socket.users",
                "must name at least one user",
                self.users.is_empty(),
            ),
            (
                "credential_socket.users",
                "must name at least one pattern in `linked_services`, for example \"*\"",
                self.users.iter().any(patterns),
            ),
            (
                "credential_socket.connections",
                "must be at least 4",
                self.connections < 4,
            ),
            (
                "credential_socket.request_seconds",
                "must be at least 1",
                self.request.is_zero(),
            ),
        ]
        .into_iter()
        .filter_map(|(key, rule, faulty)| faulty.then_some((key, rule)))
    }
}

impl PlacePattern {
    /// Every linked service of every data factory.
    #[must_use]
    pub fn all() -> Self {
        Self {
            factory: LinkedServicePattern::new("*"),
            linked_service: LinkedServicePattern::new("*"),
        }
    }

    /// A pattern from its text; `*` alone is everything. None when no linked service could fit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::all());
        }
        let (factory, linked_service) = text.split_once('/')?;
        let [factory, linked_service] = [factory, linked_service].map(LinkedServicePattern::new);
        (factory.check().is_ok() && linked_service.check().is_ok()).then_some(Self {
            factory,
            linked_service,
        })
    }

    /// Whether a linked service fits.
    #[must_use]
    pub fn matches(&self, df: &DataFactoryName, ls: &LinkedServiceName) -> bool {
        self.factory.matches(df.as_str()) && self.linked_service.matches(ls.as_str())
    }
}

fn default_connections() -> usize {
    64
}

fn default_request() -> Duration {
    Duration::from_secs(5)
}

impl<'de> Deserialize<'de> for PlacePattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(
                "a pattern is written \"data factory/linked service\", with * for any characters, or \"*\" for everything",
            )
        })
    }
}

impl Account {
    fn named(text: &str) -> Result<Self, &'static str> {
        if text.is_empty() || text.len() > 256 || text.chars().any(char::is_control) {
            return Err("a user's name has 1 to 256 characters");
        }
        Ok(text
            .parse()
            .map_or_else(|_| Self::Name(text.to_owned()), Self::Id))
    }

    fn numbered(number: i64) -> Result<Self, &'static str> {
        let id = u32::try_from(number).map_err(|_| "a user's number is 0 to 4294967295")?;
        Ok(Self::Id(id))
    }
}

/// A user with patterns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Account,
    #[serde(default = "everything")]
    linked_services: Vec<PlacePattern>,
}

fn everything() -> Vec<PlacePattern> {
    vec![PlacePattern::all()]
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AccountVisitor)
    }
}

impl<'de> Deserialize<'de> for SocketUser {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UserVisitor)
    }
}

struct AccountVisitor;

impl Visitor<'_> for AccountVisitor {
    type Value = Account;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a user's name or number")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Account, E> {
        Account::named(name).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Account, E> {
        Account::numbered(number).map_err(E::custom)
    }
}

/// `"etl"`, `1001`, or `{ name = "etl", linked_services = ["sales/*"] }`.
struct UserVisitor;

impl<'de> Visitor<'de> for UserVisitor {
    type Value = SocketUser;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a user's name, a user's number, or { name = …, linked_services = [ … ] }")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<SocketUser, E> {
        Account::named(name).map(whole).map_err(E::custom)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<SocketUser, E> {
        Account::numbered(number).map(whole).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SocketUser, A::Error> {
        let written = Written::deserialize(MapAccessDeserializer::new(map))?;
        Ok(SocketUser {
            account: written.name,
            linked_services: written.linked_services,
        })
    }
}

fn whole(account: Account) -> SocketUser {
    SocketUser {
        account,
        linked_services: everything(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(text: &str) -> Result<CredentialSocket, toml::de::Error> {
        toml::from_str(&format!("path = \"/run/gateway/socket\"\nusers = {text}"))
    }

    #[test]
    fn users_are_names_numbers_or_tables_with_patterns() {
        let socket =
            section("[\"etl\", 1001, \"1002\", { name = 7, linked_services = [\"sales/*\"] }]")
                .unwrap();
        let accounts: Vec<_> = socket.users.iter().map(|user| &user.account).collect();
        let etl = Account::Name("etl".to_owned());
        assert_eq!(
            accounts,
            [
                &etl,
                &Account::Id(1001),
                &Account::Id(1002),
                &Account::Id(7)
            ]
        );
        assert_eq!(socket.users[0].linked_services, everything());
        assert_eq!(
            socket.users[3].linked_services,
            [PlacePattern::parse("sales/*").unwrap()]
        );
        assert_eq!(socket.faults().count(), 0);
        for refused in [
            "[-1]",
            "[4294967296]",
            "[\"\"]",
            "[true]",
            "[{ linked_services = [\"*\"] }]",
            "[{ name = \"etl\", linked_service = [\"*\"] }]",
            "[{ name = \"etl\", linked_services = [\"sales\"] }]",
            "[{ name = \"etl\", linked_services = [\"a/b/c\"] }]",
            "\"etl\"",
        ] {
            assert!(section(refused).is_err(), "accepted {refused}");
        }
    }

    #[test]
    fn what_cannot_work_is_named() {
        let keys = |text: &str| -> Vec<_> {
            let socket: CredentialSocket = toml::from_str(text).unwrap();
            socket.faults().map(|(key, _)| key).collect()
        };
        let text = "path = \"socket\"\nusers = []\nconnections = 3\nrequest_seconds = 0";
        assert_eq!(
            keys(text),
            ["path", "users", "connections", "request_seconds"]
                .map(|key| format!("credential_socket.{key}"))
        );
        let long = "x".repeat(107);
        assert_eq!(
            keys(&format!("path = \"/{long}\"\nusers = [1]")),
            ["credential_socket.path"]
        );
        let none = "path = \"/s\"\nusers = [{ name = 1, linked_services = [] }]";
        assert_eq!(keys(none), ["credential_socket.users"]);
    }

    #[test]
    fn a_star_stays_on_its_side_of_the_slash() {
        let fits = |pattern: &str, df: &str, ls: &str| {
            PlacePattern::parse(pattern).unwrap().matches(
                &DataFactoryName::parse(df).unwrap(),
                &LinkedServiceName::parse(ls).unwrap(),
            )
        };
        assert!(fits("*", "sales", "orders"));
        assert!(fits("sales/*", "sales", "orders"));
        assert!(fits("*/orders", "sales", "orders"));
        assert!(!fits("sales/*", "sales2", "orders"));
        assert!(!fits("sales/or*", "sales", "prior"));
        assert!(!fits("*/orders", "sales", "orders2"));
    }
}
