//! What the files in a backup may be called: these names and no others. They are also where a file goes in the data folder.

use std::fmt;

use envelope::Kid;
use serde::{Deserialize, Serialize};

/// Longest part of a name that an administrator chooses, in characters.
const MAX_CHOSEN_CHARS: usize = 64;

/// The name of one file: relative, with `/`, and one of the patterns below. It leads out of no folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemberName(String);

/// The names that there is one of.
pub(super) const CONFIGURATION: &str = "gateway.toml";
pub(super) const TERMS: &str = "keyring-terms.json";
pub(super) const STORE: &str = "store.sqlite";
pub(super) const IDENTITY: &str = "identity.key";

/// No file in a backup has such a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no file of a backup has such a name")]
pub struct NotAMember;

impl MemberName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`NotAMember`].
    pub fn parse(name: &str) -> Result<Self, NotAMember> {
        let is_one = match name.split_once('/') {
            Some(("envelope-keys", file)) => file
                .strip_suffix(".key")
                .is_some_and(|kid| Kid::parse(kid).is_ok()),
            Some(("issuers", file)) => file.strip_suffix(".toml").is_some_and(is_chosen),
            Some(("tls", file)) => is_chosen(file),
            Some(_) => false,
            None => [CONFIGURATION, TERMS, STORE, IDENTITY].contains(&name) || is_audit_file(name),
        };
        is_one.then(|| Self(name.to_owned())).ok_or(NotAMember)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `audit.jsonl`, or what a rotation has made of it: `audit-<first number>-<last number>.jsonl`.
pub(super) fn is_audit_file(name: &str) -> bool {
    let numbers = name
        .strip_prefix("audit-")
        .and_then(|rest| rest.strip_suffix(".jsonl"))
        .and_then(|numbers| numbers.split_once('-'));
    let is_number = |text: &str| {
        (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    name == "audit.jsonl"
        || numbers.is_some_and(|(first, last)| is_number(first) && is_number(last))
}

/// Letters, digits, `.`, `-` and `_`, the first of them a letter or digit: neither hidden nor a way out.
fn is_chosen(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    text.len() <= MAX_CHOSEN_CHARS
        && text.bytes().all(is_allowed)
        && text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric())
}

impl TryFrom<String> for MemberName {
    type Error = NotAMember;

    fn try_from(name: String) -> Result<Self, NotAMember> {
        Self::parse(&name)
    }
}

impl From<MemberName> for String {
    fn from(name: MemberName) -> Self {
        name.0
    }
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_gateway_are_members() {
        for name in [
            "gateway.toml",
            "keyring-terms.json",
            "store.sqlite",
            "identity.key",
            "audit.jsonl",
            "audit-00000000000000000001-00000000000000000256.jsonl",
            "envelope-keys/NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs.key",
            "issuers/portal.toml",
            "tls/ca.pem",
            "tls/leaf-2.key",
        ] {
            assert_eq!(
                MemberName::parse(name).map(|name| name.to_string()),
                Ok(name.to_owned())
            );
        }
    }

    #[test]
    fn nothing_else_is() {
        for name in [
            "",
            "kek.key",
            "manifest.json",
            "/etc/passwd",
            "../gateway.toml",
            "./gateway.toml",
            "gateway.toml/",
            "gateway.toml\0",
            "tls/",
            "tls/..",
            "tls/.hidden",
            "tls/../gateway.toml",
            "tls/a/b",
            "tls\\ca.pem",
            "issuers/.toml",
            "issuers/a/b.toml",
            "issuers/portal.key",
            "envelope-keys/short.key",
            "envelope-keys/../../../../etc/cron.d/NzbLsXh8uDCcd-6MN.key",
            "audit-.jsonl",
            "audit-1-2-3.jsonl",
            "audit-1-x.jsonl",
            "store.sqlite-wal",
            "serve.lock",
            "audit.index",
        ] {
            assert_eq!(MemberName::parse(name), Err(NotAMember), "{name:?}");
        }
        assert_eq!(
            MemberName::parse(&format!("tls/{}", "a".repeat(65))),
            Err(NotAMember)
        );
    }
}
