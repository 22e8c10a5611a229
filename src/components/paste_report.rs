//! What came of a pasted connection string: what was filled, what will be sealed, what is not used.

use yew::prelude::*;

use crate::state::{Paste, Pasted};
use crate::text::BETWEEN;
use crate::text::pasting as text;

/// The report, announced as it changes.
pub fn paste_report(paste: &Paste) -> Html {
    // The element is there before its words: a screen reader is told of a change.
    html! {
        <div class="paste__report" role="status" data-outcome={outcome(paste)}>
            { match paste {
                Paste::Nothing => Html::default(),
                Paste::Refused(why) => html! { <p class="field__error">{ why.clone() }</p> },
                Paste::Taken(pasted) => taken(pasted),
            } }
        </div>
    }
}

/// For style and tests.
fn outcome(paste: &Paste) -> Option<&'static str> {
    match paste {
        Paste::Nothing => None,
        Paste::Refused(_) => Some("refused"),
        Paste::Taken(_) => Some("taken"),
    }
}

fn taken(pasted: &Pasted) -> Html {
    let filled = pasted.labels(pasted.properties.iter().map(|(name, _)| *name));
    let sealed = pasted.labels(pasted.secrets.iter().copied());
    let kind = [pasted.form.text(), ", ", pasted.kind.name].concat();
    html! {
        <>
            <dl class="facts">
                { row(text::RECOGNISED.text(), kind) }
                { row(text::FILLED.text(), filled.join(BETWEEN.text())) }
                { row(text::SEALED.text(), sealed.join(BETWEEN.text())) }
                { row(text::IGNORED.text(), pasted.ignored.join(BETWEEN.text())) }
            </dl>
            { for pasted.warnings.iter().map(|warning| html! { <p class="field__note">{ warning.text() }</p> }) }
        </>
    }
}

fn row(name: &'static str, value: String) -> Html {
    if value.is_empty() {
        return Html::default();
    }
    html! { <div class="fact"><dt>{ name }</dt><dd>{ value }</dd></div> }
}
