//! Which language the program speaks: one, from its start to its end.

use std::sync::OnceLock;

use crate::Words;

static SPOKEN: OnceLock<Words> = OnceLock::new();

/// Speaks this language from now on. The first call decides; later ones change nothing.
pub fn speak(words: Words) {
    let _ = SPOKEN.set(words);
}

/// Takes what the language says about what is pasted: the lines that were not served with the document. Once is enough.
pub fn learn(served: &'static str) {
    spoken().learn(served);
}

/// Whether it was done.
pub fn has_learnt() -> bool {
    spoken().knows_more()
}

/// The language in use.
pub(crate) fn spoken() -> &'static Words {
    SPOKEN.get_or_init(first)
}

#[cfg(feature = "fluent")]
fn first() -> Words {
    crate::fluent::english()
}

#[cfg(not(feature = "fluent"))]
fn first() -> Words {
    Words::new("", |_| String::new())
}
