//! The screen after Cancel.

use yew::prelude::*;

use crate::text;

/// The id by which the screen takes the focus.
pub const CLOSING_ID: &str = "closing";

/// The screen.
pub fn closing() -> Html {
    html! {
        <section class="card">
            <div class="card__body">
                <h1 id={CLOSING_ID} class="outcome__title" tabindex="-1">{ text::CANCELLED_TITLE.text() }</h1>
                <p>{ text::CANCELLED.text() }</p>
            </div>
        </section>
    }
}
