//! The choice that only a person can make: whether a gateway with another identity key is still the gateway.

use yew::prelude::*;

use super::context_panel::fact;
use crate::text;
use crate::trouble::IdentityChange;

/// Both keys in words, and the button that accepts the new one.
pub fn identity_change(
    change: &IdentityChange,
    in_words: impl Fn(&envelope::Kid) -> String,
    on_trust: Callback<MouseEvent>,
) -> Html {
    html! {
        <>
            <dl class="facts">
                { fact(text::WORDS_BEFORE.text(), &in_words(&change.before), true) }
                { fact(text::WORDS_NOW.text(), &in_words(&change.now), true) }
            </dl>
            <button id="trust" type="button" class="button" onclick={on_trust}>{ text::TRUST.text() }</button>
        </>
    }
}
