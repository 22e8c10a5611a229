//! Which sort of data store, and how the gateway signs in there. Both lists come from the catalogue.

use linked_service::{AuthType, Kind, catalogue};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::field::{fault_of, field_id, word};
use crate::state::Form;
use crate::text;

/// The two choices. A kind that the ticket names is shown and cannot be changed; of the others only those that the gateway
/// offers, once it has said which.
pub fn kind_chooser(
    form: &Form,
    offered: Option<&[String]>,
    on_kind: Callback<String>,
    on_auth: Callback<String>,
) -> Html {
    html! {
        <div class="grid">
            <div class="field field--half">
                <label for={field_id(text::KIND_FIELD)}>{ text::KIND.text() }</label>
                { kinds(form, offered, on_kind) }
                if let Some(fault) = fault_of(form, text::KIND_FIELD) { <p id="kind-error" class="field__error">{ fault.to_owned() }</p> }
            </div>
            if let Some(kind) = form.kind {
                <div class="field field--half">{ auth_types(kind, form, on_auth) }</div>
            }
        </div>
    }
}

fn kinds(form: &Form, offered: Option<&[String]>, on_kind: Callback<String>) -> Html {
    let id = field_id(text::KIND_FIELD);
    if let (Some(_), Some(kind)) = (&form.claims.kind, form.kind) {
        return html! { <output {id} class="control control--fixed">{ kind.name }</output> };
    }
    let is_offered =
        |kind: &&Kind| offered.is_none_or(|offered| offered.iter().any(|id| id == kind.id));
    let option = |kind: &Kind| {
        html! {
            <option value={kind.id} selected={form.kind.is_some_and(|chosen| chosen.id == kind.id)}>{ kind.name }</option>
        }
    };
    html! {
        <select {id} key={itoa::Buffer::new().format(form.restored).to_owned()} class="control" aria-invalid={word(fault_of(form, text::KIND_FIELD).is_some())} aria-describedby="kind-error"
            onchange={value_of(on_kind)}>
            <option value="" selected={form.kind.is_none()} disabled=true>{ text::CHOOSE.text() }</option>
            { for catalogue().iter().filter(is_offered).map(option) }
        </select>
    }
}

fn auth_types(kind: &'static Kind, form: &Form, on_auth: Callback<String>) -> Html {
    let id = field_id(text::AUTH_FIELD);
    let label = html! { <label for={id.clone()}>{ text::AUTH.text() }</label> };
    if let [only] = kind.auth_types {
        return html! { <>{ label }<output {id} class="control control--fixed">{ only.name.text() }</output></> };
    }
    let option = |auth: &AuthType| {
        html! {
            <option value={auth.id} selected={form.auth.is_some_and(|chosen| chosen.id == auth.id)}>{ auth.name.text() }</option>
        }
    };
    // A list that was touched does not follow its options' attributes any more.
    let key = [kind.id, itoa::Buffer::new().format(form.restored)].concat();
    html! {
        <>{ label }<select {id} {key} class="control" onchange={value_of(on_auth)}>{ for kind.auth_types.iter().map(option) }</select></>
    }
}

/// A listener that passes a list's choice on.
pub fn value_of(receiver: Callback<String>) -> Callback<Event> {
    Callback::from(move |event: Event| {
        if let Some(list) = event.target_dyn_into::<HtmlSelectElement>() {
            receiver.emit(list.value());
        }
    })
}
