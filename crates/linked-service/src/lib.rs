//! What a linked service is: the kinds of data store, their authentication types and fields, the connection
//! string that a credential completes, and the JSON that refers to it.
//!
//! This crate is the only place that knows a kind. Everything that differs between kinds is data in
//! [`catalogue`]; the page draws it, the gateway checks against it, and neither names a kind. The checks run
//! twice, in the page before sealing and in the gateway after opening, and they never see a secret:
//! [`validate`] is told of each one only that it is replaced, kept or cleared.

// What a kind of data store is, and which there are.
mod kind;

mod aliases;
mod field;

mod constraint;
mod keyword;

mod catalogue;

// Whether a form is filled in well.
mod validate;
mod validated;

mod grammar;
mod rule;

// What is written about it.
mod destination;

pub mod connection_string;
mod json;
mod reference;

pub use aliases::Aliases;
pub use catalogue::{catalogue, kind};
pub use constraint::{Condition, Constraint};
pub use field::{Choice, Field, Grammar, Holds, Input, KeyFile, Role};
pub use json::settings_json;
pub use keyword::{Keyword, KeywordValue, Quoting};
pub use kind::{AuthType, Kind, Placement};
pub use reference::reference;
pub use rule::{FieldError, Rule};
pub use validate::{SecretState, validate};
pub use validated::Validated;
