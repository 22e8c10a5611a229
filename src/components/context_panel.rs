//! What is being set, where and for whom: what a person compares with the portal before typing anything.

use envelope::TicketClaims;
use envelope::protocol::GatewayDescription;
use yew::prelude::*;

use crate::text;

/// The panel. `left` is the rest of the ticket's life in seconds, once the gateway's clock is known.
pub fn context_panel(
    claims: &TicketClaims,
    gateway: Option<&GatewayDescription>,
    left: Option<u64>,
) -> Html {
    html! {
        <section class="context" aria-label={text::CONTEXT}>
            <p class="eyebrow">{ text::SET_CREDENTIAL }</p>
            <h1 class="context__title">{ claims.ls.to_string() }</h1>
            <dl class="facts">
                { fact(text::DATA_FACTORY, claims.df.as_str(), false) }
                { fact(text::GATEWAY, gateway.map_or(claims.aud.as_str(), |gateway| &gateway.name), false) }
                { fact(text::FINGERPRINT, gateway.map_or("…", |gateway| &gateway.fingerprint), true) }
                { fact(text::REQUESTED_BY, &claims.sub, false) }
                { fact(text::TICKET_LEFT, &left.map_or_else(|| "…".to_owned(), text::time_left), false) }
            </dl>
        </section>
    }
}

/// One row of a definition list; `code` for what is compared character by character.
pub fn fact(name: &'static str, value: &str, code: bool) -> Html {
    html! {
        <div class="fact">
            <dt>{ name }</dt>
            <dd class={code.then_some("code")}>{ value.to_owned() }</dd>
        </div>
    }
}
