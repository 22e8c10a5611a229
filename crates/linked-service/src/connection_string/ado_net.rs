//! Connection strings in the style of ADO.NET: `keyword=value;keyword="quoted value"`.
//!
//! The quoting is that of `DbConnectionStringBuilder`, except for two values that it loses: NUL, which it refuses,
//! and a line feed at the end, which it writes without quotes and then does not read back. Both are quoted here, so
//! that every secret that can be typed comes back as typed.

use zeroize::Zeroizing;

use super::Flaw;
use super::parts::{Pair, ParseError};

/// Appends `keyword=value`, with a semicolon before it unless it is the first.
///
/// Plain values stand as they are. A value with a quote, a semicolon, an equals sign, white space or a control
/// character is quoted: in apostrophes if it has only double quotes, else in double quotes with those doubled.
pub fn push_pair(out: &mut String, keyword: &str, value: &str) {
    if !out.is_empty() {
        out.push(';');
    }
    for part in keyword.split_inclusive('=') {
        out.push_str(part);
        if part.ends_with('=') {
            out.push('=');
        }
    }
    out.push('=');
    if value.chars().all(stands_bare) {
        out.push_str(value);
    } else if value.contains('"') && !value.contains('\'') {
        out.push('\'');
        out.push_str(value);
        out.push('\'');
    } else {
        out.push('"');
        for part in value.split_inclusive('"') {
            out.push_str(part);
            if part.ends_with('"') {
                out.push('"');
            }
        }
        out.push('"');
    }
}

/// The same for a reader that takes everything up to the semicolon, as Azure Storage does: a value whose only trouble
/// is equals signs, such as a key in base64, is not quoted. One that such a reader cannot take is quoted after all.
pub(crate) fn push_pair_to_semicolon(out: &mut String, keyword: &str, value: &str) {
    if value.starts_with('=') || !value.chars().all(|c| c == '=' || stands_bare(c)) {
        push_pair(out, keyword, value);
    } else {
        push_pair(out, keyword, "");
        out.push_str(value);
    }
}

fn stands_bare(c: char) -> bool {
    !matches!(c, '"' | '\'' | '=' | ';') && !c.is_whitespace() && !c.is_control()
}

/// Reads a connection string, in the order in which it is written. Repeated keywords are repeated.
///
/// # Errors
/// A pair without a keyword or without `=`, a quote that is not closed, text after a closing quote, or a control
/// character in a value without quotes.
pub fn parse(text: &str) -> Result<Vec<Pair>, ParseError> {
    let mut pairs = Vec::new();
    each(text, &mut |pair, _| pairs.push(pair))?;
    Ok(pairs)
}

/// Gives each pair, and how it is written.
///
/// # Errors
/// As for [`parse`].
pub(super) fn each(text: &str, take: &mut dyn FnMut(Pair, &str)) -> Result<(), ParseError> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        if rest.is_empty() {
            return Ok(());
        }
        let (pair, after) = parse_pair(rest).map_err(|flaw| ParseError::at(text, rest, flaw))?;
        take(pair, &rest[..rest.len() - after.len()]);
        rest = after;
    }
}

fn parse_pair(text: &str) -> Result<(Pair, &str), Flaw> {
    let (keyword, rest) = parse_keyword(text)?;
    let rest = rest.trim_start();
    let (value, rest) = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => parse_quoted(&rest[1..], quote, ';')?,
        _ => parse_bare(rest)?,
    };
    Ok((Pair { keyword, value }, rest))
}

/// Up to the first single `=`; a doubled one is part of the keyword.
fn parse_keyword(text: &str) -> Result<(String, &str), Flaw> {
    let mut keyword = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            ';' => return Err(Flaw::NoEqualsSign),
            '=' if chars.peek().is_some_and(|(_, next)| *next == '=') => {
                chars.next();
                keyword.push('=');
            }
            '=' => {
                let keyword = keyword.trim();
                if keyword.is_empty() {
                    return Err(Flaw::NoKeyword);
                }
                return Ok((keyword.to_owned(), &text[at + 1..]));
            }
            _ => keyword.push(c),
        }
    }
    Err(Flaw::NoEqualsSign)
}

/// Up to the closing quote, which is doubled where it is meant; then nothing, or the separator and what follows it.
pub(super) fn parse_quoted(
    text: &str,
    quote: char,
    separator: char,
) -> Result<(Zeroizing<String>, &str), Flaw> {
    let mut value = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once(quote).ok_or(match quote {
            '}' => Flaw::OpenBrace,
            _ => Flaw::OpenQuote,
        })?;
        value.push_str(before);
        match after.strip_prefix(quote) {
            Some(after) => {
                value.push(quote);
                rest = after;
            }
            None => {
                let after = after.trim_start();
                if !after.is_empty() && !after.starts_with(separator) {
                    return Err(Flaw::AfterQuote);
                }
                return Ok((value, after));
            }
        }
    }
}

fn parse_bare(text: &str) -> Result<(Zeroizing<String>, &str), Flaw> {
    let (value, rest) = text.split_at(text.find(';').unwrap_or(text.len()));
    let value = value.trim();
    if value.chars().any(char::is_control) {
        return Err(Flaw::ControlCharacter);
    }
    Ok((Zeroizing::new(value.to_owned()), rest))
}

#[cfg(test)]
mod tests {
    use super::{Flaw, parse, push_pair, push_pair_to_semicolon};

    fn written(value: &str) -> String {
        let mut out = String::new();
        push_pair(&mut out, "Password", value);
        out
    }

    #[test]
    fn quotes_only_where_needed_and_as_ado_net_does() {
        for (value, expected) in [
            ("", "Password="),
            ("plain", "Password=plain"),
            ("{a}%41\\b,c", "Password={a}%41\\b,c"),
            ("a;b", "Password=\"a;b\""),
            ("a=b", "Password=\"a=b\""),
            ("a b", "Password=\"a b\""),
            ("a\u{a0}b", "Password=\"a\u{a0}b\""),
            ("a\nb", "Password=\"a\nb\""),
            ("a\0b", "Password=\"a\0b\""),
            ("it's", "Password=\"it's\""),
            ("say \"when\"", "Password='say \"when\"'"),
            ("it's \"this\"", "Password=\"it's \"\"this\"\"\""),
        ] {
            assert_eq!(written(value), expected);
        }
    }

    #[test]
    fn up_to_a_semicolon_equals_signs_stand_bare() {
        for (value, expected) in [
            ("", "k="),
            ("AbC+/12==", "k=AbC+/12=="),
            ("a=b", "k=a=b"),
            ("=", "k=\"=\""),
            ("a;b=", "k=\"a;b=\""),
            ("a b=", "k=\"a b=\""),
        ] {
            let mut out = String::new();
            push_pair_to_semicolon(&mut out, "k", value);
            assert_eq!(out, expected);
            assert_eq!(read(&out), [("k".to_owned(), value.to_owned())]);
        }
    }

    #[test]
    fn a_keyword_with_an_equals_sign_doubles_it() {
        let mut out = String::from("x=1");
        push_pair(&mut out, "a=b=", "=");
        assert_eq!(out, "x=1;a==b===\"=\"");
    }

    fn read(text: &str) -> Vec<(String, String)> {
        let pairs = parse(text).unwrap();
        pairs
            .into_iter()
            .map(|pair| (pair.keyword, pair.value.to_string()))
            .collect()
    }

    #[test]
    fn reads_what_people_write() {
        for (text, expected) in [
            ("", &[][..]),
            (" ; ;\n", &[]),
            ("a=1", &[("a", "1")]),
            (
                " Data Source = x y ;; b= ;",
                &[("Data Source", "x y"), ("b", "")],
            ),
            ("a='x;y' ; b=\"p\"\"q\"", &[("a", "x;y"), ("b", "p\"q")]),
            ("a='it''s';a=\"\"", &[("a", "it's"), ("a", "")]),
            ("a==b=c", &[("a=b", "c")]),
            ("a=b=c", &[("a", "b=c")]),
            ("a=b'c", &[("a", "b'c")]),
            ("a=1;\r\nb=2\r\n", &[("a", "1"), ("b", "2")]),
        ] {
            let expected: Vec<_> = expected
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect();
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn says_where_and_why_it_cannot_be_read() {
        for (text, position, flaw) in [
            ("a", 0, Flaw::NoEqualsSign),
            ("a=1; b ;c=2", 5, Flaw::NoEqualsSign),
            ("a==b", 0, Flaw::NoEqualsSign),
            ("a=1;=2", 4, Flaw::NoKeyword),
            ("a=\"b", 0, Flaw::OpenQuote),
            ("a='b''", 0, Flaw::OpenQuote),
            ("a='b'c", 0, Flaw::AfterQuote),
            ("é=1;a=b\0c", 5, Flaw::ControlCharacter),
        ] {
            let error = parse(text).map(|_| ()).unwrap_err();
            assert_eq!((error.position, error.flaw), (position, flaw), "{text:?}");
        }
    }
}
