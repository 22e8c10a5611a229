//! Data stores that have an ODBC driver on the gateway's machine.
//!
//! The driver is somebody else's program and makes its own connection: it is told the address that was checked, never a name, and nothing
//! whose meaning is not known here.

mod refusal;
mod settings;
mod unix_odbc;

use std::net::SocketAddr;

use tokio::net::TcpStream;
use zeroize::Zeroizing;

use crate::report::{Cause, Halt, Reporter, Scrubber, Stage};
use crate::request::Request;
use settings::Family;
pub(crate) use settings::Settings;
use unix_odbc::Manager;

/// A driver that is there, and what it is to be told.
pub(crate) struct Driver {
    manager: Manager,
    family: &'static Family,
    name: String,
    others: Vec<(String, String)>,
    has_more: bool,
}

impl Driver {
    /// The driver for what is tried, before anything is connected to.
    ///
    /// # Errors
    /// [`Cause::DriverMissing`], with which one; [`Cause::OdbcUnchecked`].
    pub(crate) fn find(request: &Request) -> Result<Self, NotFound> {
        let settings = match request.kind.as_str() {
            "OnPremisesOdbc" => {
                let text = request.property("connectionString");
                Some(Settings::read(text.ok_or(Cause::BadRequest)?)?)
            }
            _ => None,
        };
        let family = match &settings {
            Some(settings) => settings.family,
            None => Family::of_kind(&request.kind).ok_or(Cause::NoDriver)?,
        };
        let manager = Manager::load().ok_or(NotFound::Product("unixODBC"))?;
        let names = manager.drivers();
        let found = match &settings {
            Some(settings) => {
                let mut names = names.iter();
                names.find(|name| name.eq_ignore_ascii_case(&settings.driver))
            }
            None => names.iter().find(|name| {
                let is_its = |of: &'static Family| std::ptr::eq(of, family);
                Family::of(name).is_some_and(is_its)
            }),
        };
        let Some(name) = found.cloned() else {
            return Err(NotFound::Product(family.product));
        };
        let (others, has_more) = match settings {
            Some(settings) => (settings.others, settings.has_more),
            None => (of_kind(request), false),
        };
        Ok(Self {
            manager,
            family,
            name,
            others,
            has_more,
        })
    }

    /// All of it in one string, for the driver alone.
    fn string(&self, address: SocketAddr, request: &Request) -> Result<Zeroizing<String>, Cause> {
        let mut text = Zeroizing::new(String::with_capacity(8 * 1024));
        push(&mut text, "Driver", &self.name);
        let ip = address.ip().to_string();
        for (word, value) in self.family.address(&ip, address.port()) {
            push(&mut text, word, &value);
        }
        for (word, value) in &self.others {
            push(&mut text, word, value);
        }
        if request.auth == "Basic" {
            let user = request
                .property("userName")
                .or_else(|| request.property("username"));
            push(&mut text, "UID", user.ok_or(Cause::BadRequest)?);
            let password = request.secret("password").ok_or(Cause::PasswordMissing)?;
            // EXPOSE: the driver proves to the data store that it knows it, or sends it.
            push(&mut text, "PWD", password.expose());
        }
        if let Some(credential) = request.secret("credential") {
            // EXPOSE: what is in it goes to the driver, too.
            let pairs = settings::pairs(credential.expose()).ok_or(Cause::BadRequest)?;
            for (word, value) in pairs {
                let value = Zeroizing::new(value);
                // Any other word may lead elsewhere.
                if !["UID", "PWD"].contains(&word.to_uppercase().as_str()) {
                    return Err(Cause::OdbcUnchecked);
                }
                push(&mut text, &word, &value);
            }
        }
        // In C, a text ends with it.
        match text.contains('\0') {
            true => Err(Cause::BadRequest),
            false => Ok(text),
        }
    }
}

/// What stands in the secret part of a connection string is a secret of its own.
pub(crate) fn learn_parts(mut scrubber: Scrubber, request: &Request) -> Scrubber {
    if let Some(credential) = request.secret("credential") {
        // EXPOSE: what a driver says is searched for its parts.
        let pairs = settings::pairs(credential.expose()).unwrap_or_default();
        for (word, value) in pairs {
            let value = Zeroizing::new(value);
            if !word.eq_ignore_ascii_case("UID") {
                scrubber.learn(&value);
            }
        }
    }
    scrubber
}

/// Why there is no driver.
pub(crate) enum NotFound {
    /// This is not installed.
    Product(&'static str),
    /// Or it is not known which it would be.
    Unknown(Cause),
}

impl From<Cause> for NotFound {
    fn from(cause: Cause) -> Self {
        Self::Unknown(cause)
    }
}

impl From<NotFound> for Halt {
    fn from(not_found: NotFound) -> Self {
        match not_found {
            NotFound::Unknown(cause) => cause.into(),
            NotFound::Product(name) => Self {
                said: Some(name.to_owned().into()),
                ..Self::from(Cause::DriverMissing)
            },
        }
    }
}

/// What a kind of its own says beside the server.
fn of_kind(request: &Request) -> Vec<(String, String)> {
    let words = match request.kind.as_str() {
        "OnPremisesDb2" => [("Database", "database"), ("CurrentSchema", "schema")].as_slice(),
        "OnPremisesSybase" => &[("Database", "database")],
        _ => &[],
    };
    let values = words.iter().filter_map(|(word, name)| {
        let value = request.property(name)?;
        Some(((*word).to_owned(), value.to_owned()))
    });
    values.collect()
}

/// `word={value};`. Within what has been reserved: a growing String would leave unwiped copies behind.
fn push(text: &mut String, word: &str, value: &str) {
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b".-_:/".contains(&byte));
    text.push_str(word);
    text.push('=');
    if is_plain {
        text.push_str(value);
    } else {
        text.push('{');
        for character in value.chars() {
            text.push(character);
            if character == '}' {
                text.push(character);
            }
        }
        text.push('}');
    }
    text.push(';');
}

/// TLS to query, by the driver, to the address that a connection has just been made to.
pub(crate) fn test(
    driver: &Driver,
    request: &Request,
    stream: TcpStream,
    scrubber: &Scrubber,
    reporter: &mut Reporter,
) -> Result<(), Cause> {
    reporter.skipped(Stage::Tls, Cause::TlsByDriver);
    let address = stream.peer_addr().map_err(|_| Cause::Closed);
    // It has shown what it was for: a driver makes its own.
    drop(stream);
    let string = address.and_then(|address| driver.string(address, request));
    let string = match string {
        Ok(string) => string,
        Err(cause) => return Err(reporter.failed(Stage::Authenticate, cause.into())),
    };
    let connection = match driver.manager.connect(&string) {
        Ok(connection) => connection,
        Err(messages) => {
            let halt = refusal::of_login(&messages, scrubber);
            if refusal::is_after_login(halt.cause) {
                reporter.passed(Stage::Authenticate);
                return Err(reporter.failed(Stage::Authorise, halt));
            }
            return Err(reporter.failed(Stage::Authenticate, halt));
        }
    };
    let answer = connection.query(driver.family.query);
    let refused = answer.map_err(|messages| refusal::of_query(&messages, scrubber));
    let refused = match refused {
        Err(halt) if halt.cause == Cause::PasswordExpired => {
            return Err(reporter.failed(Stage::Authenticate, halt));
        }
        other => other,
    };
    match driver.has_more {
        true => reporter.passed_with(Stage::Authenticate, Cause::SettingsLeftOut),
        false => reporter.passed(Stage::Authenticate),
    }
    reporter.passed(Stage::Authorise);
    refused.map_err(|halt| reporter.failed(Stage::Query, halt))?;
    reporter.passed(Stage::Query);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_gets_out_of_its_braces() {
        for value in [
            "plain",
            "",
            "a;Server=b",
            "a}b",
            "a}};Server=b",
            "}",
            "{",
            "{a}",
            " a ",
            "a=b",
            "ä\u{1f600}}",
        ] {
            let mut text = String::new();
            push(&mut text, "Server", "192.0.2.1");
            push(&mut text, "PWD", value);
            push(&mut text, "UID", "ann");
            let expected = [("Server", "192.0.2.1"), ("PWD", value), ("UID", "ann")];
            let expected = expected.map(|(word, value)| (word.to_owned(), value.to_owned()));
            assert_eq!(settings::pairs(&text), Some(expected.to_vec()), "{text}");
        }
    }
}
