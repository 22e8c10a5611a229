//! A secret that is stored: there is nothing to show of it, so what is shown is what becomes of it.

use linked_service::Field;
use yew::prelude::*;

use super::field::{FieldFrame, described_by, field_id, frame_of_buttons};
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
    let (words, steps) = match form.step(field.name) {
        Step::Clear => (text::WILL_BE_REMOVED, &[back(form, field)][..]),
        _ if field.required => (text::STORED_UNCHANGED, &[REPLACE][..]),
        _ => (text::STORED_UNCHANGED, &[REPLACE, CLEAR][..]),
    };
    let id = field_id(field.name);
    let frame_of = FieldFrame {
        field,
        fault,
        note: Html::default(),
        tool: Html::default(),
    };
    let button = |(at, step): (usize, &(&'static str, Step))| {
        html! {
            <button type="button" id={(at == 0).then(|| id.clone())} class="button button--small" aria-describedby={described_by(&frame_of)}
                onclick={on_choose(field, step.1, act)}>{ named(step.0, field) }</button>
        }
    };
    let line = html! {
        <div class="stored">
            <p id={[&id, "-note"].concat()} class="stored__state">{ words }</p>
            { for steps.iter().enumerate().map(button) }
        </div>
    };
    frame_of_buttons(&frame_of, line)
}

/// Beside the field of a secret that is typed: how to go back to the stored one, or without any.
pub fn other_step(form: &Form, field: &'static Field, act: &Callback<Action>) -> Html {
    let step = match form.step(field.name) {
        Step::Replace => back(form, field),
        Step::TypeAgain if !field.required => CLEAR,
        _ => return Html::default(),
    };
    html! {
        <button type="button" class="link-button" onclick={on_choose(field, step.1, act)}>{ named(step.0, field) }</button>
    }
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
                <button type="button" class="button button--small" onclick={on_back}>{ text::MOVE_BACK }</button>
            }
        </div>
    }
}

const REPLACE: (&str, Step) = (text::REPLACE, Step::Replace);
const CLEAR: (&str, Step) = (text::CLEAR, Step::Clear);

fn back(form: &Form, field: &Field) -> (&'static str, Step) {
    if form.can_keep(field.name) {
        (text::KEEP_STORED, Step::Keep)
    } else {
        (text::TYPE_AGAIN, Step::Replace)
    }
}

fn named(words: &'static str, field: &Field) -> Html {
    html! { <>{ words }<span class="sr-only">{ " " }{ field.label }</span></> }
}

fn on_choose(field: &Field, step: Step, act: &Callback<Action>) -> Callback<MouseEvent> {
    let name = field.name;
    act.reform(move |_| Action::StepChosen(name, step))
}
