//! Lists of `keyword=value` with a separator between them, as ODBC, JDBC and the query of a URL have them.

use zeroize::Zeroizing;

use super::ado_net::parse_quoted;
use super::{Flaw, Pair, ParseError};

/// How such a list is written.
pub(super) struct Delimited {
    /// What stands between two pairs.
    pub(super) separator: char,
    /// What begins and what ends a value in which the separator is meant. The end is doubled where it is meant.
    pub(super) quotes: Option<(char, char)>,
}

/// `{…}` around a value, semicolons between pairs.
pub(super) const BRACES: Delimited = Delimited {
    separator: ';',
    quotes: Some(('{', '}')),
};

/// Apostrophes around a value, commas between pairs.
pub(super) const COMMAS: Delimited = Delimited {
    separator: ',',
    quotes: Some(('\'', '\'')),
};

/// The query of a URL.
pub(super) const AMPERSANDS: Delimited = Delimited {
    separator: '&',
    quotes: None,
};

impl Delimited {
    /// Adds the pairs of `text` to those that are there.
    pub(super) fn parse(&self, text: &str, pairs: &mut Vec<Pair>) -> Result<(), ParseError> {
        self.each(text, &mut |pair, _| pairs.push(pair))
    }

    /// Gives each pair, and how it is written.
    pub(super) fn each(
        &self,
        text: &str,
        take: &mut dyn FnMut(Pair, &str),
    ) -> Result<(), ParseError> {
        let mut rest = text;
        loop {
            rest = rest.trim_start_matches(|c: char| c == self.separator || c.is_whitespace());
            if rest.is_empty() {
                return Ok(());
            }
            let (pair, after) = self
                .parse_pair(rest)
                .map_err(|flaw| ParseError::at(text, rest, flaw))?;
            take(pair, &rest[..rest.len() - after.len()]);
            rest = after;
        }
    }

    fn parse_pair<'t>(&self, text: &'t str) -> Result<(Pair, &'t str), Flaw> {
        let (keyword, rest) = text
            .split_once('=')
            .filter(|(keyword, _)| !keyword.contains(self.separator))
            .ok_or(Flaw::NoEqualsSign)?;
        let keyword = keyword.trim();
        if keyword.is_empty() {
            return Err(Flaw::NoKeyword);
        }
        let quoted = self
            .quotes
            .and_then(|(open, close)| Some((rest.trim_start().strip_prefix(open)?, close)));
        let (value, rest) = match quoted {
            Some((quoted, close)) => parse_quoted(quoted, close, self.separator)?,
            None => {
                let (value, rest) = rest.split_at(rest.find(self.separator).unwrap_or(rest.len()));
                (Zeroizing::new(value.trim().to_owned()), rest)
            }
        };
        let keyword = keyword.to_owned();
        Ok((Pair { keyword, value }, rest))
    }
}
