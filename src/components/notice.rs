//! What went wrong and what to do, announced and able to take the focus.

use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::text::advice;
use crate::trouble::Trouble;

/// The id by which the notice takes the focus.
pub const NOTICE_ID: &str = "notice";

/// What to do about a trouble, with what else belongs there.
pub fn notice(trouble: &Trouble, more: Html) -> Html {
    let advice = advice(trouble);
    let body = html! { <><p>{ advice.sentence }</p>{ more }</> };
    bad_news(trouble.code(), advice.title, body)
}

/// The frame of everything that went wrong.
pub fn bad_news(code: &'static str, title: &'static str, body: Html) -> Html {
    html! {
        <section id={NOTICE_ID} class="notice notice--bad" role="alert" tabindex="-1" data-code={code}>
            { icon(Icon::Warning) }
            <div class="notice__body">
                <h2 class="notice__title">{ title }</h2>
                { body }
            </div>
        </section>
    }
}
