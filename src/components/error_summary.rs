//! All faults of the form in one place, each leading to its field.

use linked_service::AuthType;
use yew::prelude::*;

use super::field::field_id;
use super::notice::bad_news;
use crate::browser::focus;
use crate::state::Fault;
use crate::text;

/// The summary.
pub fn error_summary(auth: Option<&'static AuthType>, faults: &[Fault]) -> Html {
    let entries = faults.iter().map(|fault| entry(auth, fault));
    let list = html! { <ul class="notice__list">{ for entries }</ul> };
    bad_news("fields", text::FAULTS_TITLE.text(), list)
}

fn entry(auth: Option<&'static AuthType>, fault: &Fault) -> Html {
    let id = field_id(&fault.field);
    let label = auth
        .and_then(|auth| auth.field(&fault.field))
        .map(|field| field.label.text());
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
