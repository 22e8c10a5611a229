//! What is being set, where and for whom: what a person compares with the portal before typing anything.

use yew::prelude::*;

use crate::text;

/// What stands where something is not known yet.
pub const UNKNOWN: &str = "…";

/// What the panel shows.
pub struct Context<'a> {
    /// The linked service that the ticket names.
    pub linked_service: &'a str,
    /// The data factory that it is in.
    pub data_factory: &'a str,
    /// The gateway's name for people, or its id.
    pub gateway: &'a str,
    /// The gateway's fingerprint in words.
    pub fingerprint: &'a str,
    /// SHA-256 of its certificate.
    pub certificate: &'a str,
    /// The person that the ticket was issued to.
    pub requested_by: &'a str,
    /// The rest of the ticket's life.
    pub time_left: &'a str,
    /// What is stored already.
    pub stored: &'a str,
    /// What can be done with that.
    pub more: Html,
}

/// The panel.
pub fn context_panel(context: &Context<'_>) -> Html {
    html! {
        <section class="context" aria-label={text::CONTEXT.text()}>
            <p class="eyebrow">{ text::SET_CREDENTIAL.text() }</p>
            <h1 class="context__title">{ context.linked_service.to_owned() }</h1>
            <dl class="facts">
                { fact(text::DATA_FACTORY.text(), context.data_factory, false) }
                { fact(text::GATEWAY.text(), context.gateway, false) }
                { fact(text::FINGERPRINT.text(), context.fingerprint, true) }
                { fact(text::CERTIFICATE.text(), context.certificate, true) }
                { fact(text::REQUESTED_BY.text(), context.requested_by, false) }
                { fact(text::TICKET_LEFT.text(), context.time_left, false) }
                { fact(text::STORED.text(), context.stored, false) }
            </dl>
            { context.more.clone() }
        </section>
    }
}

/// One row of a definition list; `code` for what is compared character by character.
pub fn fact(name: &'static str, value: &str, code: bool) -> Html {
    let value = html! { { value.to_owned() } };
    html! {
        <div class="fact">
            <dt>{ name }</dt>
            <dd>{ if code { html! { <code>{ value }</code> } } else { value } }</dd>
        </div>
    }
}
