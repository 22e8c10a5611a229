//! A connection string, in the words of drivers that we know: where it goes, and what else may be said to the driver.

mod family;

use crate::report::Cause;
use crate::request::Destination;
pub(super) use family::Family;

/// What a connection string says.
pub(crate) struct Settings {
    /// Whose words it has.
    pub(super) family: &'static Family,
    /// The driver's name, as it is registered.
    pub(super) driver: String,
    /// Where it goes.
    pub(crate) destination: Destination,
    /// What else is said to the driver: keywords and values.
    pub(super) others: Vec<(String, String)>,
    /// Something is in it that a test does without.
    pub(super) has_more: bool,
}

impl Settings {
    /// Reads `Driver={…};Server=…;…`. Drivers take what they do not know for nothing, and some of their words lead elsewhere: only words
    /// that we know are passed on, and a driver whose words we do not know is not used.
    ///
    /// # Errors
    /// [`Cause::OdbcUnchecked`] where nobody can tell where it goes; [`Cause::BadRequest`].
    pub(crate) fn read(text: &str) -> Result<Self, Cause> {
        let pairs = pairs(text).ok_or(Cause::BadRequest)?;
        let of = |words: &[&str]| {
            let mut found = pairs.iter().filter(|(word, _)| is_among(word, words));
            match (found.next(), found.next()) {
                (_, Some(_)) => Err(Cause::BadRequest),
                (found, None) => Ok(found.map(|(_, value)| value.as_str())),
            }
        };
        // A name of the system's settings, a file: what is in there may be anything.
        if of(&["DSN", "FileDSN", "SaveFile"])?.is_some() {
            return Err(Cause::OdbcUnchecked);
        }
        let driver = of(&["Driver"])?.ok_or(Cause::OdbcUnchecked)?;
        let family = Family::of(driver).ok_or(Cause::OdbcUnchecked)?;
        let host = of(family.host)?.unwrap_or_default();
        let destination = family.destination(host, of(family.port)?)?;
        let (mut others, mut has_more) = (Vec::new(), false);
        for (word, value) in &pairs {
            let is_known = ["Driver"].iter().chain(family.host).chain(family.port);
            if is_known
                .clone()
                .any(|known| known.eq_ignore_ascii_case(word))
            {
                continue;
            }
            match is_among(word, family.others) {
                true => others.push((word.clone(), value.clone())),
                false => has_more = true,
            }
        }
        Ok(Self {
            family,
            driver: driver.to_owned(),
            destination,
            others,
            has_more,
        })
    }
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Keywords and values, in their order. In braces a value has everything, and two closing ones for one.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let separates = |character: char| character == ';' || character.is_whitespace();
    let mut rest = text.trim_matches(separates);
    let mut pairs = Vec::new();
    while !rest.is_empty() {
        let (word, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let (value, after) = match after.strip_prefix('{') {
            None => match after.split_once(';') {
                Some((value, after)) => (value.trim_end().to_owned(), after),
                None => (after.to_owned(), ""),
            },
            Some(braced) => in_braces(braced)?,
        };
        pairs.push((word.trim().to_owned(), value));
        rest = after.trim_start_matches(separates);
    }
    Some(pairs)
}

fn in_braces(text: &str) -> Option<(String, &str)> {
    let (mut value, mut rest) = (String::new(), text);
    loop {
        let (part, after) = rest.split_once('}')?;
        value.push_str(part);
        match after.strip_prefix('}') {
            Some(after) => {
                value.push('}');
                rest = after;
            }
            None => {
                let after = after.trim_start();
                let is_over = after.is_empty() || after.starts_with(';');
                return is_over.then_some((value, after));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(text: &str) -> Result<(String, u16), Cause> {
        let settings = Settings::read(text)?;
        Ok((settings.destination.host, settings.destination.port))
    }

    #[test]
    fn each_driver_is_told_in_its_own_words_where_to_go() {
        for (text, host, port) in [
            (
                "Driver={PostgreSQL Unicode};Servername=db;Port=5433",
                "db",
                5433,
            ),
            ("driver=PostgreSQL Unicode ; SERVER = db ;", "db", 5432),
            ("Driver={MariaDB Unicode};Server=db", "db", 3306),
            (
                "Driver={IBM DB2 ODBC DRIVER};Hostname=db;Database=x",
                "db",
                50000,
            ),
            ("Driver={HDBODBC};ServerNode=hana:30015", "hana", 30015),
            (
                "Driver={Teradata Database ODBC Driver 17.20};DBCName=td",
                "td",
                1025,
            ),
            // Another driver's word: the driver would go somewhere else, and nobody goes anywhere.
            ("Driver={PostgreSQL Unicode};Host=db", "", 5432),
        ] {
            assert_eq!(destination(text), Ok((host.to_owned(), port)), "{text}");
        }
    }

    #[test]
    fn what_leads_nobody_knows_where_is_not_followed() {
        for text in [
            "DSN=sales",
            "FileDSN=/etc/passwd;Driver={PostgreSQL Unicode};Server=db",
            "SaveFile=x;Driver={PostgreSQL Unicode};Server=db",
            "Server=db",
            "Driver=/tmp/mine.so;Server=db",
            "Driver={Somebody's Driver};Server=db",
            "Driver={ODBC Driver 18 for SQL Server};Server=tcp:sql,1433",
        ] {
            assert_eq!(destination(text), Err(Cause::OdbcUnchecked), "{text}");
        }
        for text in [
            "Driver={PostgreSQL Unicode};Server=db;Servername=elsewhere",
            "Driver={PostgreSQL Unicode};Server=db;Port=1;port=2",
            "Driver={PostgreSQL Unicode};Server=db;Port=x",
            "Driver={PostgreSQL Unicode",
            "Driver={a}b",
            "nonsense",
        ] {
            assert_eq!(destination(text), Err(Cause::BadRequest), "{text}");
        }
    }

    #[test]
    fn only_words_that_are_known_are_passed_on() {
        let text =
            "Driver={MariaDB Unicode};Server=db;Database={a;}}b};Socket=/run/x;InitStmt=DROP";
        let settings = Settings::read(text).ok();
        let others = settings.map(|settings| (settings.others, settings.has_more));
        let database = ("Database".to_owned(), "a;}b".to_owned());
        assert_eq!(others, Some((vec![database], true)));
    }
}
