//! Every text that people read, in five languages.
//!
//! The texts are Fluent files below `locales/`, one folder for each language. A program names a text by its id in the English
//! files: [`message`] is evaluated when it is compiled, refuses an id that is not there, and leaves a number in its place. So a
//! program that is downloaded has neither the texts nor their ids in it.
//!
//! A language is served as one list, in the order of the English files ([`compile`] makes it of the Fluent files, for
//! [`Words`]). A program that was made without one speaks English, if it has the feature `fluent`.
//!
//! Value in, value out: no file, no JavaScript. Which plural form a number takes is asked of a function that the program gives:
//! a browser knows it already.

// A text: its name in a program, and how it is said.
mod message;
mod wording;

// Something said with evidence in it, which can travel between programs.
mod sentence;

// A language, as it is served.
mod words;

mod speech;

// How it is made.
#[cfg(feature = "fluent")]
mod fluent;
mod locale;

// A language among others.
#[cfg(feature = "fluent")]
mod translation;

mod ids;

#[cfg(feature = "fluent")]
pub use fluent::{CompileError, compile, plural_category};
pub use locale::{LOCALES, Locale};
pub use message::{Argument, Message, message};
pub use sentence::{Part, Sentence};
pub use speech::{has_learnt, learn, speak};
#[cfg(feature = "fluent")]
pub use translation::Translation;
pub use wording::{Wording, same, words};
pub use words::{PluralRule, Words};
