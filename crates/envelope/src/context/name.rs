//! Names, all under one rule.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{NameError, NameRule};

/// Longest name, in characters (Unicode scalar values).
pub const MAX_NAME_CHARS: usize = 200;

/// Makes a newtype for a name. All of them follow one rule, checked by [`check_name`].
macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $field:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $type(String);

        impl $type {
            /// Checks a name: 1 to [`MAX_NAME_CHARS`] characters, no control or text-direction character, no `/` or
            /// `\`, not `.` or `..`, no white space at either end.
            ///
            /// # Errors
            /// [`NameError`] with the field and the rule, never the value.
            pub fn parse(name: &str) -> Result<Self, NameError> {
                Self::try_from(name.to_owned())
            }

            /// The name as it was given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                match check_name(&name) {
                    Ok(()) => Ok(Self(name)),
                    Err(rule) => Err(NameError { field: $field, rule }),
                }
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                crate::protocol::schema::name($field)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $type {}

        impl fmt::Display for $type {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The gateway an envelope is for (`gw` in the header, `aud` in a ticket).
    GatewayId, "gateway"
}
name! {
    /// The workspace that a linked service belongs to (`df`).
    DataFactoryName, "data factory"
}
name! {
    /// The named connection whose credential is set (`ls`).
    LinkedServiceName, "linked service"
}
name! {
    /// The identifier of one ticket (`jti`, RFC 7519 section 4.1.7).
    TicketId, "ticket"
}

fn check_name(name: &str) -> Result<(), NameRule> {
    if name.is_empty() {
        return Err(NameRule::Empty);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(NameRule::TooLong {
            limit: MAX_NAME_CHARS,
        });
    }
    if name.chars().any(char::is_control) {
        return Err(NameRule::ControlCharacter);
    }
    if name.chars().any(changes_text_direction) {
        return Err(NameRule::TextDirection);
    }
    if name.contains(['/', '\\']) {
        return Err(NameRule::PathSeparator);
    }
    if name == "." || name == ".." {
        return Err(NameRule::DotSegment);
    }
    if name.trim() != name {
        return Err(NameRule::SurroundingSpace);
    }
    Ok(())
}

/// Line separators and bidirectional controls (UAX #9): with them a name is not shown as it is compared.
fn changes_text_direction(char: char) -> bool {
    matches!(
        char,
        '\u{2028}' | '\u{2029}' | '\u{061c}' | '\u{200e}' | '\u{200f}'
    ) || ('\u{202a}'..='\u{202e}').contains(&char)
        || ('\u{2066}'..='\u{2069}').contains(&char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_rules() {
        let long = "x".repeat(MAX_NAME_CHARS + 1);
        for (name, rule) in [
            ("", NameRule::Empty),
            (long.as_str(), NameRule::TooLong { limit: 200 }),
            ("a\nb", NameRule::ControlCharacter),
            ("a\u{85}b", NameRule::ControlCharacter),
            ("a\0", NameRule::ControlCharacter),
            ("sales\u{202e}sql", NameRule::TextDirection),
            ("../etc", NameRule::PathSeparator),
            ("a\\b", NameRule::PathSeparator),
            (".", NameRule::DotSegment),
            ("..", NameRule::DotSegment),
            (" a", NameRule::SurroundingSpace),
            ("a\u{a0}", NameRule::SurroundingSpace),
        ] {
            let error = LinkedServiceName::parse(name).unwrap_err();
            assert_eq!(error.rule, rule, "{name:?}");
            assert_eq!(error.field, "linked service");
        }
        for name in [
            "a",
            "Sales SQL",
            "Größe 1",
            "売上",
            "a.b",
            "...",
            &"ä".repeat(MAX_NAME_CHARS),
        ] {
            assert_eq!(GatewayId::parse(name).unwrap().as_str(), name);
        }
    }
}
