//! What is wrong with a part of a text.

use language::{Message, message};

/// A rule of its form that a part of a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It has no equals sign.
    NoEqualsSign,
    /// It has no keyword.
    NoKeyword,
    /// A brace is not closed.
    OpenBrace,
    /// A quote is not closed.
    OpenQuote,
    /// Something follows the closing quote.
    AfterQuote,
    /// A control character stands outside quotes.
    ControlCharacter,
    /// Something follows the document.
    AfterDocument,
    /// It is nested too deeply.
    TooDeep,
    /// A colon is missing.
    NoColon,
    /// A value is missing.
    NoValue,
    /// A comma is missing.
    NoComma,
    /// A string is missing.
    NoString,
    /// It is not an escape.
    NotAnEscape,
    /// A control character stands in a string.
    ControlCharacterInString,
    /// Its keyword is not a word.
    NotAWord,
    /// It is neither tcp nor tcps.
    NeitherTcpNorTcps,
    /// It is not a host name or address.
    NotAHost,
    /// A name from tnsnames.ora: paste what the name stands for.
    TnsName,
    /// Nothing is closed by it.
    NothingToClose,
    /// It is not in brackets.
    NotInBrackets,
    /// A bracket is not closed.
    OpenBracket,
    /// A percent sign that stands for itself is written %25.
    PercentSign,
    /// What is percent-encoded is not UTF-8.
    NotUtf8,
    /// The connection string in it cannot be read.
    InnerString,
    /// Its port is not a number; in a password / ? # and @ are written %2F %3F %23 and %40.
    NotAPortOrPassword,
    /// Its port is not a number.
    NotAPort,
    /// There / ? # and @ are written %2F %3F %23 and %40.
    NotEncoded,
    /// It does not begin with two slashes.
    NoSlashes,
}

impl Flaw {
    /// The flaw as the end of a sentence.
    pub fn message(self) -> Message {
        match self {
            Flaw::NoEqualsSign => const { message("flaw-no-equals-sign") },
            Flaw::NoKeyword => const { message("flaw-no-keyword") },
            Flaw::OpenBrace => const { message("flaw-open-brace") },
            Flaw::OpenQuote => const { message("flaw-open-quote") },
            Flaw::AfterQuote => const { message("flaw-after-quote") },
            Flaw::ControlCharacter => const { message("flaw-control-character") },
            Flaw::AfterDocument => const { message("flaw-after-document") },
            Flaw::TooDeep => const { message("flaw-too-deep") },
            Flaw::NoColon => const { message("flaw-no-colon") },
            Flaw::NoValue => const { message("flaw-no-value") },
            Flaw::NoComma => const { message("flaw-no-comma") },
            Flaw::NoString => const { message("flaw-no-string") },
            Flaw::NotAnEscape => const { message("flaw-not-an-escape") },
            Flaw::ControlCharacterInString => const { message("flaw-control-character-in-string") },
            Flaw::NotAWord => const { message("flaw-not-a-word") },
            Flaw::NeitherTcpNorTcps => const { message("flaw-neither-tcp-nor-tcps") },
            Flaw::NotAHost => const { message("flaw-not-a-host") },
            Flaw::TnsName => const { message("flaw-tns-name") },
            Flaw::NothingToClose => const { message("flaw-nothing-to-close") },
            Flaw::NotInBrackets => const { message("flaw-not-in-brackets") },
            Flaw::OpenBracket => const { message("flaw-open-bracket") },
            Flaw::PercentSign => const { message("flaw-percent-sign") },
            Flaw::NotUtf8 => const { message("flaw-not-utf8") },
            Flaw::InnerString => const { message("flaw-inner-string") },
            Flaw::NotAPortOrPassword => const { message("flaw-not-a-port-or-password") },
            Flaw::NotAPort => const { message("flaw-not-a-port") },
            Flaw::NotEncoded => const { message("flaw-not-encoded") },
            Flaw::NoSlashes => const { message("flaw-no-slashes") },
        }
    }
}
