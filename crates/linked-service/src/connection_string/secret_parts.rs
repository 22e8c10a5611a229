//! Where the secrets stand in a connection string that somebody else has written: for programs that take them out and leave every other
//! byte as it is.

use std::ops::Range;

use super::ParseError;
use super::ado_net;
use super::delimited::BRACES;
use super::fill::field_of;
use super::kinds;
use super::meaning::{Meaning, concerns_secret};
use super::parts::{Pair, position};
use crate::{AuthType, Field, Kind};

/// The field that a keyword, or the name of a JSON member, means: in its own spelling, or else in anybody's.
pub fn field_meant(auth: &AuthType, keyword: &str) -> Option<&'static Field> {
    field_of(auth, keyword)
}

/// Whether the value of a keyword stands for a credential that was sealed before.
pub fn is_reference(keyword: &str) -> bool {
    Meaning::of(keyword) == Some(Meaning::Sealed)
}

/// Where the secrets of this authentication type stand in a connection string, and the reference to an earlier one: for each the bytes from
/// the keyword up to the next one. What is left has the same form, and ends with a semicolon if one of these was the last.
///
/// # Errors
/// As for [`parse`](super::parse).
pub fn secret_parts(
    text: &str,
    kind: &Kind,
    auth: &AuthType,
) -> Result<Vec<Range<usize>>, ParseError> {
    let odbc = kinds::ODBC.contains(&kind.id);
    let secret = |keyword: &str| {
        field_of(auth, keyword).is_some_and(Field::is_secret)
            || is_reference(keyword)
            || odbc && concerns_secret(keyword)
    };
    let mut pairs = Vec::new();
    let place = |pair: Pair, written: &str| {
        let begin = position(text, written);
        (pair, begin..begin + written.len())
    };
    // As it is read: what is not ADO.NET may have braces.
    if odbc || ado_net::each(text, &mut |pair, written| pairs.push(place(pair, written))).is_err() {
        pairs.clear();
        BRACES.each(text, &mut |pair, written| pairs.push(place(pair, written)))?;
    }
    let pairs = pairs.into_iter().filter(|(pair, _)| secret(&pair.keyword));
    Ok(pairs
        .map(|(_, written)| {
            // With the separator and the space behind it.
            let rest = &text[written.end..];
            let next = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
            written.start..text.len() - next.len()
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind;

    fn left(json_type: &str, auth: &str, text: &str) -> String {
        let kind = kind(json_type).unwrap();
        let auth = kind.auth_type(auth).unwrap();
        let mut left = text.to_owned();
        for part in secret_parts(text, kind, auth).unwrap().into_iter().rev() {
            left.replace_range(part, "");
        }
        left
    }

    #[test]
    fn what_is_left_is_as_it_was_written() {
        for (json_type, auth, text, expected) in [
            (
                "OnPremisesSqlServer",
                "SQL",
                "Data Source = a ;PWD='x;y' ; Database=d;Custom=1",
                "Data Source = a ;Database=d;Custom=1",
            ),
            (
                "OnPremisesSqlServer",
                "SQL",
                "Server=a;User ID=u;Password=\"p\"\"q;\";EncryptedCredential=old",
                "Server=a;User ID=u;",
            ),
            (
                "OnPremisesSqlServer",
                "Windows",
                "Server=a;username=D\\u;password=p;Encrypt=True",
                "Server=a;Encrypt=True",
            ),
            (
                "AzureStorage",
                "AccountKey",
                "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==",
                "DefaultEndpointsProtocol=https;AccountName=a;",
            ),
            (
                "OnPremisesOdbc",
                "Basic",
                "Driver={X};Server=a;Pwd={p;q}};};Database=d",
                "Driver={X};Server=a;Database=d",
            ),
            (
                "OnPremisesSqlServer",
                "SQL",
                "Server=a;Password={p;q};Database=d",
                "Server=a;Database=d",
            ),
        ] {
            assert_eq!(left(json_type, auth, text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let kind = kind("OnPremisesSqlServer").unwrap();
        let auth = kind.auth_type("SQL").unwrap();
        assert!(secret_parts("Password", kind, auth).is_err());
    }
}
