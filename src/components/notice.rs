//! What went wrong and what to do, announced and able to take the focus.

use yew::prelude::*;

use super::icon::{Icon, icon};
use crate::text::advice;
use crate::trouble::Trouble;

/// The id by which the notice takes the focus.
pub const NOTICE_ID: &str = "notice";

/// The notice, with what else belongs into it.
pub fn notice(trouble: &Trouble, more: Html) -> Html {
    let advice = advice(trouble);
    html! {
        <section id={NOTICE_ID} class="notice notice--bad" role="alert" tabindex="-1" data-code={trouble.code()}>
            { icon(Icon::Warning) }
            <div class="notice__body">
                <h2 class="notice__title">{ advice.title }</h2>
                <p>{ advice.sentence }</p>
                { more }
            </div>
        </section>
    }
}
