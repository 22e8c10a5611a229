//! `keyring-terms.json`: the keys under which everything else is protected, in the clear. It exists inside of a backup's
//! encryption and in memory that is wiped, and nowhere else.
//!
//! ```text
//! {"v":1,"terms":[{"term":1,"made":1795468380,"key":"…"}]}                 the key in base64url
//! ```

use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::UnixSeconds;
use kek::{KEY_BYTES, Key};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::keyring::{Term, TermKey};

const VERSION: u8 = 1;

/// More terms than any gateway keeps.
const MAX_TERMS: usize = 1000;

/// Room for one of them as it is written, in bytes.
const TERM_CHARS: usize = 128;

/// The file is not one. What is in it is not for an error's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keyring-terms.json in the backup is not a list of terms")]
pub struct NoTerms;

/// The file.
#[must_use]
pub fn to_json(terms: &[Arc<TermKey>]) -> Zeroizing<Vec<u8>> {
    // Room for all of it: a growing Vec would leave unwiped copies behind.
    let mut json = Zeroizing::new(Vec::with_capacity(TERM_CHARS * (terms.len() + 1)));
    json.extend_from_slice(format!("{{\"v\":{VERSION},\"terms\":[").as_bytes());
    for (number, key) in terms.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        let (term, made) = (key.term().0, key.made().0);
        let front = format!("{comma}{{\"term\":{term},\"made\":{made},\"key\":\"");
        json.extend_from_slice(front.as_bytes());
        let key = Zeroizing::new(Base64UrlUnpadded::encode_string(key.key().as_slice()));
        json.extend_from_slice(key.as_bytes());
        json.extend_from_slice(b"\"}");
    }
    json.extend_from_slice(b"]}\n");
    json
}

/// Reads the file. The terms are in ascending order, and there is one.
///
/// # Errors
/// [`NoTerms`].
pub fn parse(json: &[u8]) -> Result<Vec<Arc<TermKey>>, NoTerms> {
    let file: TermsFile<'_> = serde_json::from_slice(json).map_err(|_| NoTerms)?;
    if file.v != VERSION || file.terms.is_empty() || file.terms.len() > MAX_TERMS {
        return Err(NoTerms);
    }
    let mut terms: Vec<Arc<TermKey>> = Vec::with_capacity(file.terms.len());
    for entry in file.terms {
        let mut key = Key::default();
        let length = Base64UrlUnpadded::decode(entry.key, key.as_mut_slice())
            .map_err(|_| NoTerms)?
            .len();
        let before = terms.last().map_or(0, |last| last.term().0);
        if length != KEY_BYTES || entry.term <= before {
            return Err(NoTerms);
        }
        let key = TermKey::new(Term(entry.term), UnixSeconds(entry.made), key);
        terms.push(Arc::new(key.map_err(|_| NoTerms)?));
    }
    Ok(terms)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsFile<'j> {
    v: u8,
    #[serde(borrow)]
    terms: Vec<Entry<'j>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry<'j> {
    term: u32,
    made: u64,
    key: &'j str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Vec<Arc<TermKey>> {
        let term = |term: u32| {
            let key = Zeroizing::new([u8::try_from(term % 256).unwrap(); KEY_BYTES]);
            Arc::new(TermKey::new(Term(term), UnixSeconds(u64::MAX), key).unwrap())
        };
        vec![term(1), term(7), term(u32::MAX)]
    }

    #[test]
    fn terms_are_read_back_from_one_allocation() {
        let json = to_json(&terms());
        assert!(json.len() <= TERM_CHARS * 4);
        let read = parse(&json).unwrap();
        assert_eq!(read.len(), 3);
        let same = |(read, term): (&Arc<TermKey>, Arc<TermKey>)| {
            read.term() == term.term() && read.made() == term.made() && read.id() == term.id()
        };
        assert!(read.iter().zip(terms()).all(same));
    }

    #[test]
    fn other_spellings_and_orders_are_refused() {
        let json = String::from_utf8(to_json(&terms()).to_vec()).unwrap();
        assert!(parse(json.as_bytes()).is_ok());
        for (part, other) in [
            ("\"v\":1", "\"v\":2"),
            ("\"term\":7", "\"term\":1"),
            ("\"term\":1", "\"term\":0"),
            ("\"term\":1", "\"term\":-1"),
            ("\"made\"", "\"more\""),
            ("AQEBAQ", "AQEB"),
            ("AQEBAQ", "AQEB=="),
            ("]}", "]}x"),
        ] {
            let changed = json.replacen(part, other, 1);
            assert_ne!(changed, json);
            assert!(parse(changed.as_bytes()).is_err(), "{part} as {other}");
        }
        assert!(parse(b"{\"v\":1,\"terms\":[]}").is_err());
    }
}
