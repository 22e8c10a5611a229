//! The proof of what was stored: never a value.

use envelope::Receipt;
use language::Message;
use yew::prelude::*;

use super::context_panel::fact;
use super::icon::{Icon, icon};
use crate::browser::local_time;
use crate::state::Saved;
use crate::text;
use crate::text::trials;

/// The id by which the receipt takes the focus.
pub const RECEIPT_ID: &str = "receipt";

/// The id of the text that the copy button copies.
pub const JSON_ID: &str = "linked-service-json";

/// The receipt. `copied` is what became of the last press on the copy button, `closing` how many seconds the window stays.
pub fn receipt(
    saved: &Saved,
    copied: Option<Message>,
    on_copy: Callback<MouseEvent>,
    on_close: Option<Callback<MouseEvent>>,
    closing: Option<u32>,
    on_keep_open: Callback<MouseEvent>,
) -> Html {
    let receipt = &saved.signed.receipt;
    html! {
        <section class="card" aria-labelledby={RECEIPT_ID}>
            <div class="card__body">
                <div class="outcome">
                    <span class="outcome__mark">{ icon(Icon::Check) }</span>
                    <div>
                        <h1 id={RECEIPT_ID} class="outcome__title" tabindex="-1"
                            aria-describedby={closing.map(|_| "closing-in")}>{ text::SAVED_TITLE.text() }</h1>
                        <p>{ text::SAVED.text() }</p>
                    </div>
                </div>
                { facts(receipt, saved.tested.as_deref()) }
                if let Some(json) = &saved.linked_service_json {
                    { snippet(html! { <label for={JSON_ID}>{ text::JSON.text() }</label> }, text::COPY.text(), Some(json), copied, on_copy) }
                }
            </div>
            <div class="action-bar">
                // A timer is not read out each second: the heading, which gets the focus, and the button tell of it.
                if let Some(seconds) = closing {
                    <p id="closing-in" class="action-bar__status" role="timer">{ text::closes_in(seconds) }</p>
                    <button type="button" class="button" aria-describedby="closing-in" onclick={on_keep_open}>{ text::KEEP_OPEN.text() }</button>
                } else {
                    <p class="action-bar__status">{ text::SAVED_CLOSE.text() }</p>
                }
                if let Some(onclick) = on_close {
                    <button type="button" class="button button--primary" {onclick}>{ text::CLOSE.text() }</button>
                }
            </div>
        </section>
    }
}

/// A text with a button that copies it, after a label if it has one, and what became of the last press on it. A text that is left out
/// is copied all the same.
pub fn snippet(
    label: Html,
    copy: &'static str,
    json: Option<&String>,
    copied: Option<Message>,
    on_copy: Callback<MouseEvent>,
) -> Html {
    html! {
        <div class="snippet">
            <div class="snippet__head">
                { label }
                <button type="button" class="button button--small" onclick={on_copy}>{ copy }</button>
            </div>
            if let Some(json) = json {
                <textarea id={JSON_ID} class="control code" readonly=true rows="8" spellcheck="false" aria-label={text::JSON.text()} value={json.clone()} />
            }
            <p class="field__note" role="status">{ copied.map_or("", Message::text) }</p>
        </div>
    }
}

fn facts(receipt: &Receipt, tested: Option<&str>) -> Html {
    let kind = linked_service::kind(&receipt.kind);
    let auth = kind
        .and_then(|kind| kind.auth_type(&receipt.auth))
        .map_or(receipt.auth.as_str(), |auth| auth.name.text());
    html! {
        <dl class="facts facts--receipt">
            { fact(text::LINKED_SERVICE.text(), receipt.ls.as_str(), false) }
            { fact(text::KIND.text(), kind.map_or(receipt.kind.as_str(), |kind| kind.name), false) }
            { fact(text::AUTH.text(), auth, false) }
            { fact(text::TARGET.text(), &receipt.target, false) }
            { for receipt.account.iter().map(|account| fact(text::ACCOUNT.text(), account, false)) }
            { fact(text::VERSION.text(), itoa::Buffer::new().format(receipt.version), false) }
            { fact(text::KEY_ID.text(), receipt.kid.as_str(), true) }
            { fact(text::SAVED_BY.text(), &receipt.sub, false) }
            { fact(text::SAVED_AT.text(), &local_time(receipt.at), false) }
            { for tested.map(|word| fact(trials::TESTED.text(), trials::tested(word).text(), false)) }
        </dl>
    }
}
