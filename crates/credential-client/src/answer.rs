//! What the gateway's line says. Secrets go from the line straight into memory that is wiped: `serde_json` only finds where they
//! are, because a text with escapes would pass through a buffer of its own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::credential::{Credential, Secret};
use crate::error::{Error, Problem};
use crate::json_text;

/// The version of the protocol.
const PROTOCOL: u64 = 1;

/// What tells the two answers apart.
#[derive(Deserialize)]
struct Either {
    v: u64,
    #[serde(default)]
    problem: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    code: String,
    title: String,
}

#[derive(Deserialize)]
struct Document<'a> {
    version: u64,
    kind: String,
    auth: String,
    properties: BTreeMap<String, String>,
    #[serde(borrow)]
    secrets: BTreeMap<String, &'a RawValue>,
    #[serde(borrow)]
    connection_string: &'a RawValue,
}

pub(crate) fn parse(line: &[u8]) -> Result<Credential, Error> {
    let either: Either = understood(serde_json::from_slice(line))?;
    if either.v != PROTOCOL {
        return Err(Error::NotUnderstood);
    }
    if let Some(Named { code, title }) = either.problem {
        let problem = Problem::of(code);
        return Err(Error::Refused { problem, title });
    }
    let document: Document<'_> = understood(serde_json::from_slice(line))?;
    let secrets = document.secrets.into_iter();
    Ok(Credential {
        version: document.version,
        kind: document.kind,
        auth: document.auth,
        properties: document.properties,
        secrets: secrets
            .map(|(name, raw)| Ok((name, secret(raw)?)))
            .collect::<Result<_, Error>>()?,
        connection_string: secret(document.connection_string)?,
    })
}

/// The parser's own words are left out: they may repeat what it read.
fn understood<T>(parsed: serde_json::Result<T>) -> Result<T, Error> {
    parsed.map_err(|_| Error::NotUnderstood)
}

fn secret(raw: &RawValue) -> Result<Secret, Error> {
    let text = json_text::unescaped(raw.get()).ok_or(Error::NotUnderstood)?;
    Ok(Secret(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_arrive_as_they_were() {
        let hostile = "p\"ä\\ss\u{0}\u{1f}\n\t/\u{2028}😀 \u{7f}";
        let document = serde_json::json!({
            "v": 1, "df": "f", "ls": "l", "version": 7, "kind": "Http", "auth": "Basic",
            "properties": {"url": "https://a.corp/"}, "secrets": {"pass\"word": hostile, "none": ""},
            "connection_string": hostile,
        });
        let credential = parse(document.to_string().as_bytes()).ok().unwrap();
        assert!(credential.secret("pass\"word").unwrap().expose() == hostile);
        assert!(credential.secret("none").unwrap().expose().is_empty());
        assert!(credential.connection_string().expose() == hostile);
        assert_eq!(
            (credential.version(), credential.kind(), credential.auth()),
            (7, "Http", "Basic")
        );
        assert_eq!(credential.secret_names().count(), 2);
    }

    #[test]
    fn what_is_no_answer_is_not_taken_for_one() {
        let whole = r#"{"v":1,"version":7,"kind":"k","auth":"a","properties":{},"secrets":{"p":"s"},"connection_string":"c"}"#;
        assert!(parse(whole.as_bytes()).is_ok());
        for (part, other) in [
            ("\"v\":1", "\"v\":2"),
            ("\"s\"", "7"),
            ("\"c\"", "null"),
            ("\"version\":7,", ""),
            ("\"s\"", "\"\\ud800\""),
            ("}", ""),
        ] {
            let line = whole.replacen(part, other, 1);
            assert!(
                matches!(parse(line.as_bytes()), Err(Error::NotUnderstood)),
                "{line}"
            );
        }
    }

    #[test]
    fn each_reason_has_its_place() {
        for (code, problem) in [
            ("not_found", Problem::NotFound),
            ("not_allowed", Problem::NotAllowed),
            ("other_version", Problem::OtherVersion),
            ("damaged", Problem::Unusable),
            ("busy", Problem::Unavailable),
            ("malformed", Problem::Request("malformed".to_owned())),
        ] {
            let line = format!(r#"{{"v":1,"problem":{{"code":"{code}","title":"t"}}}}"#);
            let Err(Error::Refused {
                problem: found,
                title,
            }) = parse(line.as_bytes())
            else {
                panic!("{code} is no refusal");
            };
            assert_eq!((found, title.as_str()), (problem, "t"));
        }
    }
}
