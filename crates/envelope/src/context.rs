//! What an envelope is bound to: the names of the parties, the operation, the ticket and its times.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ticket::TicketClaims;

mod name;

pub use name::{DataFactoryName, GatewayId, LinkedServiceName, MAX_NAME_CHARS, TicketId};

/// Largest time that every JSON implementation reads exactly: 2^53 - 1 (RFC 8259 section 6).
pub const MAX_UNIX_SECONDS: u64 = 9_007_199_254_740_991;

/// What a ticket permits and an envelope asks for (`op`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Operation {
    /// Store the credential.
    Set,
    /// Try the connection, store nothing.
    Test,
    /// Remove the stored credential. No envelope is made for it.
    Delete,
}

impl Operation {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Test => "test",
            Self::Delete => "delete",
        }
    }
}

impl From<Operation> for &'static str {
    fn from(operation: Operation) -> Self {
        operation.as_str()
    }
}

// By way of String: serde's own enum reading would also take `{"set": null}`, a second spelling.
impl TryFrom<String> for Operation {
    type Error = &'static str;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        match word.as_str() {
            "set" => Ok(Self::Set),
            "test" => Ok(Self::Test),
            "delete" => Ok(Self::Delete),
            _ => Err("expected set, test or delete"),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted (RFC 7519 `NumericDate`, whole numbers only).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(try_from = "u64", into = "u64")]
pub struct UnixSeconds(pub u64);

impl From<UnixSeconds> for u64 {
    fn from(time: UnixSeconds) -> Self {
        time.0
    }
}

impl TryFrom<u64> for UnixSeconds {
    type Error = &'static str;

    fn try_from(seconds: u64) -> Result<Self, Self::Error> {
        if seconds <= MAX_UNIX_SECONDS {
            Ok(Self(seconds))
        } else {
            Err("expected a time before 2^53 seconds")
        }
    }
}

impl fmt::Display for UnixSeconds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Everything an envelope is bound to; the `bind` member of its protected header.
///
/// The gateway compares it with the ticket and never takes it as authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Gateway id.
    pub gw: GatewayId,
    /// Data factory.
    pub df: DataFactoryName,
    /// Linked service.
    pub ls: LinkedServiceName,
    /// Operation: set or test.
    pub op: Operation,
    /// Ticket id.
    pub jti: TicketId,
    /// When the ticket was issued.
    pub iat: UnixSeconds,
    /// When the ticket ends.
    pub exp: UnixSeconds,
}

impl Binding {
    /// The binding of an envelope that is sent under this ticket. Both times are the ticket's, so the page needs no
    /// clock and the gateway can compare for equality.
    pub fn from_ticket(claims: &TicketClaims, op: Operation) -> Self {
        Self {
            gw: claims.aud.clone(),
            df: claims.df.clone(),
            ls: claims.ls.clone(),
            op,
            jti: claims.jti.clone(),
            iat: claims.iat,
            exp: claims.exp,
        }
    }

    /// The first member that differs, by its name in the header; `None` if the two are equal.
    pub fn first_difference(&self, other: &Self) -> Option<&'static str> {
        let Self {
            gw,
            df,
            ls,
            op,
            jti,
            iat,
            exp,
        } = self;
        [
            ("gw", *gw == other.gw),
            ("df", *df == other.df),
            ("ls", *ls == other.ls),
            ("op", *op == other.op),
            ("jti", *jti == other.jti),
            ("iat", *iat == other.iat),
            ("exp", *exp == other.exp),
        ]
        .into_iter()
        .find_map(|(member, equal)| (!equal).then_some(member))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_one_spelling() {
        for op in [Operation::Set, Operation::Test, Operation::Delete] {
            let text = serde_json::to_string(&op).unwrap();
            assert_eq!(text, format!("\"{op}\""));
            assert_eq!(serde_json::from_str::<Operation>(&text).unwrap(), op);
        }
        for text in ["\"Set\"", "{\"set\":null}", "\"\"", "0", "null"] {
            assert!(serde_json::from_str::<Operation>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_has_one_spelling() {
        assert_eq!(
            serde_json::from_str::<UnixSeconds>("9007199254740991")
                .unwrap()
                .0,
            MAX_UNIX_SECONDS
        );
        for text in [
            "9007199254740992",
            "-1",
            "1.0",
            "1e3",
            "01",
            "-0",
            "\"1\"",
            "null",
        ] {
            assert!(serde_json::from_str::<UnixSeconds>(text).is_err(), "{text}");
        }
    }
}
