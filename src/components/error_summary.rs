//! All faults of the form in one place, each leading to its field.

use linked_service::AuthType;
use yew::prelude::*;

use super::field::field_id;
use super::icon::{Icon, icon};
use super::notice::NOTICE_ID;
use crate::browser::focus;
use crate::state::Fault;
use crate::text;

/// The summary.
pub fn error_summary(auth: Option<&'static AuthType>, faults: &[Fault]) -> Html {
    html! {
        <section id={NOTICE_ID} class="notice notice--bad" role="alert" tabindex="-1" data-code="fields">
            { icon(Icon::Warning) }
            <div class="notice__body">
                <h2 class="notice__title">{ text::FAULTS_TITLE }</h2>
                <ul class="notice__list">{ for faults.iter().map(|fault| entry(auth, fault)) }</ul>
            </div>
        </section>
    }
}

fn entry(auth: Option<&'static AuthType>, fault: &Fault) -> Html {
    let id = field_id(&fault.field);
    let label = auth
        .and_then(|auth| auth.field(&fault.field))
        .map(|field| field.label);
    // Not followed: the address bar's fragment is where tickets arrive.
    let onclick = {
        let id = id.clone();
        move |event: MouseEvent| {
            event.prevent_default();
            focus(&id);
        }
    };
    html! {
        <li><a href={["#", &id].concat()} {onclick}>
            if let Some(label) = label { <strong>{ label }</strong>{ ": " } }
            { fault.words.clone() }
        </a></li>
    }
}
