//! Copying the settings of a credential that is stored, for another linked service like it.

use yew::prelude::*;

use super::receipt::JSON_ID;
use crate::state::Form;
use crate::text;

/// The button, and what became of the last press on it. Where the browser does not copy, the text is there to be copied by hand.
pub fn settings(form: &Form, copied: Option<&'static str>, on_copy: Callback<MouseEvent>) -> Html {
    let by_hand = form.settings().filter(|_| copied == Some(text::NOT_COPIED));
    html! {
        <div class="snippet">
            <div class="snippet__head">
                <button type="button" class="button button--small" onclick={on_copy}>{ text::COPY_SETTINGS }</button>
            </div>
            <p class="field__note" role="status">{ copied }</p>
            if let Some(json) = by_hand {
                <textarea id={JSON_ID} class="control code" readonly=true rows="8" spellcheck="false" aria-label={text::JSON} value={json} />
            }
        </div>
    }
}
