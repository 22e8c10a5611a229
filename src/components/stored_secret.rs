//! A secret that is stored: there is nothing to show of it, so what is shown is what becomes of it.

use language::Message;
use linked_service::Field;
use yew::prelude::*;

use super::field::{field_id, name};
use crate::secret_field::OtherStep;
use crate::state::{Action, Form, Step};
use crate::text::secrets as text;

/// The line in the place of a secret that is kept or cleared, with the other steps as buttons. The first has the field's id: it is
/// where the focus goes.
pub fn stored_secret(
    form: &Form,
    field: &'static Field,
    fault: Option<&str>,
    act: &Callback<Action>,
) -> Html {
    let (words, first, optional) = match form.step(field.name) {
        Step::Clear => (text::WILL_BE_REMOVED.text(), back(form, field), false),
        _ => (text::STORED_UNCHANGED.text(), REPLACE, !field.required),
    };
    let id = field_id(field.name);
    let described_by = [&id, "-note ", &id, "-error"].concat();
    let part = |suffix: &str| [&id, suffix].concat();
    let button = |id: Option<String>, (words, step): (Message, Step)| {
        html! {
            <button type="button" {id} class="button button--small" aria-describedby={described_by.clone()} onclick={on_choose(field, step, act)}>
                { named(words, field) }
            </button>
        }
    };
    html! {
        <div class="field" data-field={field.name}>
            <p class="field__label">{ name(field) }</p>
            <div class="stored">
                <p id={part("-note")} class="stored__state">{ words }</p>
                { button(Some(id.clone()), first) }
                if optional { { button(None, CLEAR) } }
            </div>
            { for fault.map(|fault| html! { <p id={part("-error")} class="field__error">{ fault.to_owned() }</p> }) }
        </div>
    }
}

/// How to go back from typing a secret to the stored one, or to none.
pub fn other_step(form: &Form, field: &'static Field, act: &Callback<Action>) -> Option<OtherStep> {
    let (words, step) = match form.step(field.name) {
        Step::Replace => back(form, field),
        Step::TypeAgain if !field.required => CLEAR,
        _ => return None,
    };
    Some(OtherStep {
        words,
        on_choose: on_choose(field, step, act),
    })
}

/// Why stored secrets have to be typed again, while that is so.
pub fn moved(form: &Form, act: &Callback<Action>) -> Html {
    let moved = form.moved();
    let on_back = act.reform(|_| Action::MovedBack);
    // The paragraph is there before its words: a screen reader is told of a change.
    html! {
        <div class="moved">
            <p role="status">{ text::moved(&moved) }</p>
            if !moved.is_empty() && form.can_move_back() {
                <button type="button" class="button button--small" onclick={on_back}>{ text::MOVE_BACK.text() }</button>
            }
        </div>
    }
}

/// A button's words, for a screen reader with the field that they are about.
pub fn named(words: Message, field: &Field) -> Html {
    html! { <>{ words.text() }<span class="sr-only">{ " " }{ field.label.text() }</span></> }
}

const REPLACE: (Message, Step) = (text::REPLACE, Step::Replace);
const CLEAR: (Message, Step) = (text::CLEAR, Step::Clear);

fn back(form: &Form, field: &Field) -> (Message, Step) {
    if form.can_keep(field.name) {
        (text::KEEP_STORED, Step::Keep)
    } else {
        (text::TYPE_AGAIN, Step::Replace)
    }
}

fn on_choose(field: &Field, step: Step, act: &Callback<Action>) -> Callback<MouseEvent> {
    let name = field.name;
    act.reform(move |_| Action::StepChosen(name, step))
}
