//! Taking a new ticket without losing what was typed: a field for a link.

use yew::prelude::*;

use crate::text;

/// The id of the field for a link.
pub const LINK_ID: &str = "link";

/// The field. Like a secret it has no `value` that Yew knows of: a link holds a permission.
pub fn ticket_request(link: NodeRef, on_take: Callback<()>) -> Html {
    let onclick = {
        let on_take = on_take.clone();
        move |_| on_take.emit(())
    };
    // Inside the credential's form Enter would press Save.
    let onkeydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            on_take.emit(());
        }
    };
    html! {
        <div class="ticket-request">
            <label for={LINK_ID}>{ text::NEW_LINK.text() }</label>
            <div class="ticket-request__row">
                <input id={LINK_ID} ref={link} class="control" type="text" autocomplete="off" spellcheck="false" {onkeydown} />
                <button type="button" class="button" {onclick}>{ text::USE_LINK.text() }</button>
            </div>
        </div>
    }
}
