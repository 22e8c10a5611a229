//! ODBC: `keyword=value;keyword={value}`, with closing braces doubled.

use zeroize::Zeroizing;

use super::delimited::BRACES;
use super::meaning::{Meaning, concerns_secret};
use super::{Flaw, Pair, ParseError};
use crate::grammar::is_word;

/// Reads the pairs, in the order in which they are written.
pub(super) fn parse(text: &str) -> Result<Vec<Pair>, ParseError> {
    let mut pairs = Vec::new();
    BRACES.parse(text, &mut pairs)?;
    Ok(pairs)
}

/// Appends `keyword=value`, in braces where that is needed, with a semicolon before it unless it is the first.
pub(super) fn push_pair(out: &mut String, keyword: &str, value: &str) {
    if !out.is_empty() {
        out.push(';');
    }
    out.push_str(keyword);
    out.push('=');
    if value
        .chars()
        .all(|c| c.is_alphanumeric() || "._-:,\\/@+".contains(c))
    {
        out.push_str(value);
        return;
    }
    push_enclosed(out, '{', '}', value);
}

/// A value in quotes or braces, with what closes it doubled.
pub(super) fn push_enclosed(out: &mut String, open: char, close: char, value: &str) {
    out.push(open);
    for part in value.split_inclusive(close) {
        out.push_str(part);
        if part.ends_with(close) {
            out.push(close);
        }
    }
    out.push(close);
}

/// The text as the ODBC kind has it: user name, password, what else nobody may see, and all the rest as it is written.
pub(super) fn gathered(text: &str) -> Result<Vec<Pair>, ParseError> {
    let mut rest = Zeroizing::new(String::with_capacity(text.len()));
    let mut credential = Zeroizing::new(String::with_capacity(text.len()));
    let mut gathered = Vec::new();
    let mut fault = None;
    BRACES.each(text, &mut |pair, written| {
        if !is_word(&pair.keyword) {
            // The rest of a password, perhaps, or another form: not to be shown.
            fault = Some(ParseError::at(text, written, Flaw::NotAWord));
        }
        let list = match Meaning::of(&pair.keyword) {
            Some(Meaning::User | Meaning::Password | Meaning::Sealed | Meaning::Authentication) => {
                return gathered.push(pair);
            }
            _ if concerns_secret(&pair.keyword) => &mut credential,
            _ => &mut rest,
        };
        if !list.is_empty() {
            list.push(';');
        }
        list.push_str(written.trim_end());
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    for (keyword, value) in [("connectionString", rest), ("credential", credential)] {
        if !value.is_empty() {
            let keyword = keyword.to_owned();
            gathered.push(Pair { keyword, value });
        }
    }
    Ok(gathered)
}
