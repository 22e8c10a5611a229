//! Which language somebody gets the page in, or the report of a test: what the address asks for, else what the browser prefers
//! (RFC 9110 §12.5.4).

use std::sync::LazyLock;

use fluent_langneg::{
    LanguageIdentifier, NegotiationStrategy, negotiate_languages, parse_accepted_languages,
};
use http::header::{self, HeaderMap};
use language::{LOCALES, Translation};

/// What this program says itself.
static SPOKEN: LazyLock<Languages> =
    LazyLock::new(|| Languages::new(LOCALES.iter().map(|locale| locale.tag)));

/// What this program says to whoever prefers these languages; English, where it knows none of them.
pub(crate) fn preferred(request: &HeaderMap) -> &'static Translation {
    let chosen = SPOKEN.choose(None, request);
    Translation::into_language(chosen.as_deref().unwrap_or(ENGLISH))
}

/// The language of `index.html` itself.
const ENGLISH: &str = "en";

/// The languages that there are.
#[derive(Default)]
pub(crate) struct Languages(Vec<LanguageIdentifier>);

impl Languages {
    /// English, and these. What is no language tag is not one of them.
    pub(crate) fn new<'t>(tags: impl Iterator<Item = &'t str>) -> Self {
        let tags = tags.chain([ENGLISH]);
        Self(tags.filter_map(|tag| tag.parse().ok()).collect())
    }

    /// The one for this address and request; `None` where they ask for nothing that there is.
    pub(crate) fn choose(&self, query: Option<&str>, request: &HeaderMap) -> Option<String> {
        let asked = query.and_then(|query| {
            let mut pairs = query.split('&');
            pairs.find_map(|pair| pair.strip_prefix("lang="))
        });
        let preferred = request
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        asked
            .and_then(|tags| self.lookup(tags))
            .or_else(|| preferred.and_then(|tags| self.lookup(tags)))
    }

    fn lookup(&self, tags: &str) -> Option<String> {
        let wanted = parse_accepted_languages(tags);
        let found = negotiate_languages(&wanted, &self.0, None, NegotiationStrategy::Lookup);
        found.first().map(ToString::to_string)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(query: Option<&str>, accepted: &str) -> Option<String> {
        let request = [(header::ACCEPT_LANGUAGE, accepted.parse().unwrap())];
        let languages = Languages::new(["de", "ja", "ar", "zh"].into_iter());
        languages.choose(query, &request.into_iter().collect())
    }

    #[test]
    fn the_address_comes_before_the_browser_and_english_is_a_language_like_any_other() {
        for (query, accepted, expected) in [
            (None, "de", Some("de")),
            (None, "de-AT,de;q=0.9,en;q=0.8", Some("de")),
            (None, "zh-CN,zh;q=0.9", Some("zh")),
            (None, "ar-EG", Some("ar")),
            (None, "en-GB,de;q=0.5", Some("en")),
            (None, "fr,ja;q=0.5", Some("ja")),
            (None, "fr", None),
            (None, "", None),
            (None, "*", None),
            (Some("lang=ja"), "de", Some("ja")),
            (Some("x=1&lang=ja-JP"), "de", Some("ja")),
            (Some("lang=fr"), "de", Some("de")),
            (Some("lang=../../etc/passwd"), "de", Some("de")),
            (Some("lang="), "de", Some("de")),
            (Some("lang"), "de", Some("de")),
        ] {
            assert_eq!(
                chosen(query, accepted).as_deref(),
                expected,
                "{query:?} {accepted}"
            );
        }
    }
}
