//! The language of the page: index.html was served in one, and holds its words.

use js_sys::{Array, Intl, Object};
use language::Words;

use crate::browser::{element, window};

/// The element of index.html that has the words.
const WORDS_ID: &str = "words";

/// Speaks it from now on.
pub(crate) fn take() {
    let words = element(WORDS_ID).and_then(|words| words.text_content());
    if let Some(words) = words.filter(|words| !words.is_empty()) {
        language::speak(Words::new(words.leak(), plural_category));
    }
}

/// Its tag, as index.html says it.
pub(crate) fn tag() -> String {
    let document = window().and_then(|window| window.document()?.document_element());
    let tag = document.and_then(|root| root.get_attribute("lang"));
    tag.unwrap_or_default()
}

/// The browser knows which form of a word goes with a number.
fn plural_category(number: u64) -> String {
    let locales = Array::of1(&tag().into());
    let rules = Intl::PluralRules::new(&locales, &Object::new());
    String::from(rules.select(number as f64))
}
