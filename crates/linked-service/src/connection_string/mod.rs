//! Connection strings: recognising one that a person pastes, whatever its form, and writing one.
//!
//! A parser for each form turns text into named [`Pair`]s. Which pair goes into which field of a kind is one rule for
//! all forms, over the tables in [`meaning`](self) and the catalogue. No value goes into an error, a warning or the
//! list of what was ignored, and whatever may be a secret is wiped when it is dropped.

mod flaw;
mod form;
mod recognised;

mod recognise;

// From text to pairs, a file for each form.
mod read;

mod ado_net;
mod delimited;
mod document;
mod libpq;
mod odbc;
mod oracle;
mod parts;
mod percent;
mod uri;

// From pairs to the fields of a kind.
mod address;
mod fill;
mod kinds;
mod meaning;

// And back.
mod write;

// In a text that is to stay.
mod secret_parts;

// From one program to another.
mod parcel;

pub(crate) use ado_net::push_pair_to_semicolon;
pub use ado_net::{parse, push_pair};
pub use flaw::Flaw;
pub use form::Form;
pub use parcel::{Unpacked, pack, unpack};
pub use parts::{Pair, ParseError};
pub use recognise::recognise;
pub use recognised::{NotRecognised, Recognised, Warning};
pub use secret_parts::{field_meant, is_reference, secret_parts};

pub use write::write;
