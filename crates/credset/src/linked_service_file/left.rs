//! What looks like a secret and is left in a document: the names of the members, and never a value.

use linked_service::connection_string::{is_reference, secret_parts};
use linked_service::{AuthType, Field, Kind, catalogue, kind};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::members::Members;

/// Deeper than any linked service.
const DEPTH: usize = 32;

/// A kind for which a keyword means a secret by its name alone: what each driver calls its secrets is not known.
const ANY_DRIVER: &str = "OnPremisesOdbc";

/// In words, if there is something.
pub(super) fn left(document: &str) -> Option<String> {
    let any = kind(ANY_DRIVER)?;
    let mut search = Search {
        any,
        auth: any.auth_types.first()?,
        found: Vec::new(),
    };
    search.value(document, "", "", DEPTH);
    match search.found.is_empty() {
        true => None,
        false => Some(format!(
            "what looks like a secret is left in it: {}",
            search.found.join(", ")
        )),
    }
}

struct Search {
    any: &'static Kind,
    auth: &'static AuthType,
    found: Vec<String>,
}

impl Search {
    /// A value, the name that it is the value of, and the way to it.
    fn value(&mut self, value: &str, name: &str, way: &str, depth: usize) {
        let value = value.trim();
        match value.bytes().next() {
            _ if depth == 0 => {}
            Some(b'{') => self.object(value, name, way, depth - 1),
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(value).unwrap_or_default();
                for item in items {
                    self.value(item.get(), name, way, depth - 1);
                }
            }
            Some(b'"') => {
                let text: String = serde_json::from_str(value).unwrap_or_default();
                self.text(&Zeroizing::new(text), name, way);
            }
            Some(b'-' | b'0'..=b'9') => self.text(value, name, way),
            _ => {}
        }
    }

    fn object(&mut self, object: &str, name: &str, way: &str, depth: usize) {
        let members = Members::of(object).ok().flatten();
        let members = members.map(|members| members.0).unwrap_or_default();
        // Says where a secret is.
        if members
            .iter()
            .any(|member| member.value == "\"AzureKeyVaultSecret\"")
        {
            return;
        }
        for member in members {
            let own = member.name();
            let way = match way {
                "" => own.clone(),
                _ => [way, ".", &own].concat(),
            };
            // As in {"type": "SecureString", "value": "…"}.
            let name = if own == "value" { name } else { &own };
            self.value(member.value, name, &way, depth);
        }
    }

    fn text(&mut self, text: &str, name: &str, way: &str) {
        if name.eq_ignore_ascii_case("connectionString") {
            self.connection_string(text, way);
        } else if !is_nothing(text) && self.means_secret(name) {
            self.found.push(way.to_owned());
        }
    }

    fn connection_string(&mut self, text: &str, way: &str) {
        for part in secret_parts(text, self.any, self.auth).unwrap_or_default() {
            let Some((keyword, value)) = text.get(part).and_then(|part| part.split_once('='))
            else {
                continue;
            };
            let keyword = keyword.trim();
            if is_word(keyword) && !is_reference(keyword) && !is_nothing(value) {
                self.found.push(format!("{keyword} in {way}"));
            }
        }
    }

    /// By its name alone: as of a driver's keyword, or because it is one in whatever kind has a field of this name.
    fn means_secret(&self, name: &str) -> bool {
        if is_reference(name) {
            return false;
        }
        let kinds = catalogue().iter().flat_map(|kind| kind.auth_types);
        let fields = kinds.flat_map(|auth| auth.fields);
        let mut namesakes = fields
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .peekable();
        let pair = [name, "=x"].concat();
        namesakes.peek().is_some() && namesakes.all(Field::is_secret)
            || is_word(name)
                && secret_parts(&pair, self.any, self.auth).is_ok_and(|parts| !parts.is_empty())
    }
}

fn is_word(name: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    !name.is_empty() && name.chars().all(is_letter)
}

/// Empty, or asterisks.
fn is_nothing(value: &str) -> bool {
    let mut letters = value.chars();
    letters.all(|c| matches!(c, '*' | ';' | '"' | '\'' | '{' | '}') || c.is_whitespace())
}
