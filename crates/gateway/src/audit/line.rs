//! One line of the trail: how it is put together, and what is read back of it.
//!
//! ```text
//! {"seq":8,"prev":"<SHA-256 of line 7>","at":"…","event":"…","result":"…",…}
//! ```
//! `prev` is over all bytes of the line before, without its line feed, in base64url; the very first line has 43 times `A`
//! there. A file's first line says after `prev` whose trail it is: `gateway`, `identity_key`, and the file that it
//! `follows`; a checkpoint has its `jws` there. What the event tells comes last, as it was in the outbox. There is one spelling.

use std::borrow::Cow;
use std::fmt::{self, Write};

use aws_lc_rs::digest;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::HandOver;
use super::verify::Accepted;

/// Longest line, in bytes: the members of an event are clipped.
pub(super) const MAX_LINE_BYTES: u64 = 64 * 1024;

/// The event [`super::Event::Checkpoint`] as lines have it.
const CHECKPOINT: &str = "checkpoint";
/// The event [`super::Event::IdentityReplaced`].
const IDENTITY_REPLACED: &str = "identity_replaced";

/// The event [`super::Event::AuditAccepted`].
const AUDIT_ACCEPTED: &str = "audit_accepted";

/// SHA-256 of a line without its line feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineHash([u8; 32]);

impl LineHash {
    /// What stands for the line before the first one.
    pub const NONE: Self = Self([0; 32]);

    /// The hash of a line, given without its line feed.
    #[must_use]
    pub fn of(line: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest::digest(&digest::SHA256, line).as_ref());
        Self(hash)
    }

    /// Reads base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut hash = [0; 32];
        let length = Base64UrlUnpadded::decode(text, &mut hash).ok()?.len();
        (length == hash.len()).then_some(Self(hash))
    }
}

impl fmt::Display for LineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 43];
        f.write_str(Base64UrlUnpadded::encode(&self.0, &mut text).unwrap_or_default())
    }
}

impl Serialize for LineHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LineHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("no hash of a line"))
    }
}

/// Where the trail ends: its last line's number and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Number; 0 before the first line.
    pub seq: i64,
    /// Hash.
    pub head: LineHash,
}

impl End {
    /// Before the first line.
    pub const NONE: Self = Self {
        seq: 0,
        head: LineHash::NONE,
    };
}

/// What a file's first line says in addition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beginning<'b> {
    /// The gateway's id.
    pub(super) gateway: &'b str,
    /// `x` of the identity key's JWK.
    pub(super) identity_key: &'b str,
    /// Name of the file before, unless this is the first one or that one was moved away.
    pub(super) follows: Option<&'b str>,
}

/// Everything of a line that stands before what its event tells: up to there the spelling is ours.
pub(super) fn write_front(
    out: &mut String,
    seq: i64,
    prev: &LineHash,
    beginning: Option<&Beginning<'_>>,
    jws: Option<&str>,
) {
    // Writing to a String cannot fail.
    let _ = write!(out, "{{\"seq\":{seq},\"prev\":\"{prev}\"");
    if let Some(beginning) = beginning {
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let _ = write!(
            out,
            ",\"gateway\":{},\"identity_key\":{}",
            quoted(beginning.gateway),
            quoted(beginning.identity_key)
        );
        if let Some(follows) = beginning.follows {
            let _ = write!(out, ",\"follows\":{}", quoted(follows));
        }
    }
    if let Some(jws) = jws {
        let _ = write!(out, ",\"jws\":\"{jws}\"");
    }
    out.push(',');
}

/// What an event tells, as it goes behind the front: `row` is a JSON object with at least one member.
pub(super) fn without_brace(row: &str) -> &str {
    row.strip_prefix('{').unwrap_or(row)
}

/// What is looked at when a line is read back.
#[derive(Deserialize)]
pub(super) struct Entry<'l> {
    pub(super) seq: i64,
    pub(super) prev: &'l str,
    #[serde(borrow)]
    pub(super) event: Cow<'l, str>,
    #[serde(default)]
    pub(super) gateway: Option<String>,
    #[serde(default)]
    pub(super) identity_key: Option<String>,
    #[serde(default)]
    pub(super) follows: Option<String>,
    #[serde(default)]
    pub(super) jws: Option<&'l str>,
    #[serde(default)]
    pub(super) file: Option<String>,
    #[serde(default)]
    pub(super) hand_over: Option<HandOver>,
    #[serde(default)]
    pub(super) accepted: Vec<Accepted>,
}

impl<'l> Entry<'l> {
    /// Reads a whole line, if it is one of ours.
    pub(super) fn parse(line: &'l [u8]) -> Option<Self> {
        // Half of the numbers stay unused, so that adding to one never overflows whatever stands in the file.
        serde_json::from_slice::<Self>(line).ok().filter(|entry| {
            (1..i64::MAX / 2).contains(&entry.seq) && LineHash::parse(entry.prev).is_some()
        })
    }

    /// When a checkpoint was made, if that is what a line of the outbox is.
    pub(super) fn checkpoint_at(row: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct Told {
            at: String,
            event: String,
        }
        let told: Told = serde_json::from_str(row).ok()?;
        (told.event == CHECKPOINT).then_some(told.at)
    }

    /// Which identity key took which one's place, if a line of the outbox tells that.
    pub(super) fn hand_over_in(row: &str) -> Option<HandOver> {
        #[derive(Deserialize)]
        struct Told {
            event: String,
            hand_over: HandOver,
        }
        if !row.contains(IDENTITY_REPLACED) {
            return None;
        }
        let told: Told = serde_json::from_str(row).ok()?;
        (told.event == IDENTITY_REPLACED).then_some(told.hand_over)
    }

    /// Whether the event is the replacement of the identity key.
    pub(super) fn replaces_identity(&self) -> bool {
        self.event == IDENTITY_REPLACED
    }

    /// What a person has accepted, if the line tells that.
    pub(super) fn acceptance(&self) -> &[Accepted] {
        if self.event == AUDIT_ACCEPTED {
            &self.accepted
        } else {
            &[]
        }
    }

    /// Whether the event is a checkpoint.
    pub(super) fn is_checkpoint(&self) -> bool {
        self.event == CHECKPOINT
    }

    /// What the line says of its file, if it says so.
    pub(super) fn beginning(&self) -> Option<Beginning<'_>> {
        Some(Beginning {
            gateway: self.gateway.as_deref()?,
            identity_key: self.identity_key.as_deref()?,
            follows: self.follows.as_deref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_put_together_and_read_back() {
        let row = r#"{"at":"2026-11-26T00:00:00Z","event":"started","result":"ok"}"#;
        let beginning = Beginning {
            gateway: "gw \"1\"",
            identity_key: "x",
            follows: Some("audit-1.jsonl"),
        };
        let prev = LineHash::of(b"before");
        let mut line = String::new();
        write_front(&mut line, 7, &prev, Some(&beginning), None);
        line.push_str(without_brace(row));
        assert_eq!(
            line,
            concat!(
                r#"{"seq":7,"prev":"bbfYA-dPH_p9j1rcC_lbPhW_TINz__rfVGInzGxnQss","#,
                r#""gateway":"gw \"1\"","identity_key":"x","follows":"audit-1.jsonl","#,
                r#""at":"2026-11-26T00:00:00Z","event":"started","result":"ok"}"#
            )
        );
        let entry = Entry::parse(line.as_bytes()).unwrap();
        assert_eq!(entry.beginning(), Some(beginning));
        assert_eq!(LineHash::parse(entry.prev), Some(prev));
    }

    #[test]
    fn before_the_first_line_there_are_43_letters() {
        assert_eq!(LineHash::NONE.to_string(), "A".repeat(43));
        assert_eq!(LineHash::parse(&"A".repeat(43)), Some(LineHash::NONE));
        assert_eq!(LineHash::parse(&"A".repeat(42)), None);
        assert_eq!(LineHash::parse(&"A".repeat(44)), None);
    }
}
