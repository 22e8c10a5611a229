//! A field that is not secret, and the frame that all fields have: label, control, hint, fault.

use linked_service::{Choice, Field, Input};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::kind_chooser::value_of;
use crate::state::Form;
use crate::text;

/// What surrounds a control.
pub struct FieldFrame<'a> {
    /// The field in the catalogue.
    pub field: &'static Field,
    /// What is wrong with it.
    pub fault: Option<&'a str>,
    /// What there is to know about a secret: an element with the id `-note`.
    pub note: Html,
    /// A small control beside the label.
    pub tool: Html,
}

/// The id of a field's control. Names of fields may hold spaces, ids may not.
pub fn field_id(name: &str) -> String {
    let name = name.chars().map(|character| {
        if character.is_ascii_alphanumeric() {
            character
        } else {
            '-'
        }
    });
    "field-".chars().chain(name).collect()
}

/// What is wrong with the field of that name.
pub fn fault_of<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    let fault = form.faults.iter().find(|fault| fault.field == name);
    let blamed = || form.blamed().filter(|(field, _)| field.name == name);
    fault
        .map(|fault| fault.words.as_str())
        .or_else(|| Some(blamed()?.1.sentence.as_str()))
}

/// How a state is written in an `aria-` attribute.
pub fn word(state: bool) -> &'static str {
    if state { "true" } else { "false" }
}

/// The ids of the texts that describe the control.
pub fn described_by(frame: &FieldFrame<'_>) -> String {
    let id = field_id(frame.field.name);
    let parts = [
        ("-hint", !frame.field.hint.is_empty()),
        ("-note", frame.field.is_secret()),
        ("-error", frame.fault.is_some()),
    ];
    let ids: Vec<String> = parts
        .iter()
        .filter(|part| part.1)
        .map(|part| [id.as_str(), part.0].concat())
        .collect();
    ids.join(" ")
}

/// What people call the field, and whether it may stay empty.
pub fn name(field: &Field) -> Html {
    html! {
        <>
            { field.label.text() }
            if !field.required { <span class="field__optional">{ text::OPTIONAL.text() }</span> }
        </>
    }
}

/// A control with its label, hint and fault.
pub fn frame(frame: &FieldFrame<'_>, control: Html) -> Html {
    let FieldFrame {
        field,
        fault,
        note,
        tool,
    } = frame;
    let id = field_id(field.name);
    let part = |suffix: &str| [id.as_str(), suffix].concat();
    html! {
        <div class="field" data-width={width(field)} data-field={field.name}>
            <div class="field__head"><label for={id.clone()}>{ name(field) }</label>{ tool.clone() }</div>
            { control }
            if let Some(fault) = fault { <p id={part("-error")} class="field__error">{ (*fault).to_owned() }</p> }
            { note.clone() }
            if !field.hint.is_empty() { <p id={part("-hint")} class="field__hint">{ field.hint.text() }</p> }
        </div>
    }
}

/// A field that is not secret. Its value is the page's state.
pub fn property_field(
    field: &'static Field,
    value: &str,
    fault: Option<&str>,
    on_change: Callback<String>,
) -> Html {
    let frame_of = FieldFrame {
        field,
        fault,
        note: Html::default(),
        tool: Html::default(),
    };
    match field.input {
        Input::Switch => switch(&frame_of, value, on_change),
        Input::Choice(choices) => frame(&frame_of, list(&frame_of, choices, value, on_change)),
        _ => frame(&frame_of, line(&frame_of, value, on_change)),
    }
}

fn line(frame: &FieldFrame<'_>, value: &str, on_change: Callback<String>) -> Html {
    let field = frame.field;
    let (kind, mode) = match field.input {
        Input::Port => ("text", "numeric"),
        Input::Url => ("url", "url"),
        _ => ("text", "text"),
    };
    let oninput = move |event: InputEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            on_change.emit(input.value());
        }
    };
    html! {
        <input id={field_id(field.name)} name={field.name} class="control" type={kind} inputmode={mode} value={value.to_owned()}
            autocomplete="off" aria-required={word(field.required)} aria-invalid={word(frame.fault.is_some())}
            aria-describedby={described_by(frame)} {oninput} />
    }
}

fn list(
    frame: &FieldFrame<'_>,
    choices: &'static [Choice],
    value: &str,
    on_change: Callback<String>,
) -> Html {
    let field = frame.field;
    let option = |choice: &Choice| html! { <option value={choice.value} selected={choice.value == value}>{ choice.label.text() }</option> };
    html! {
        <select id={field_id(field.name)} name={field.name} class="control"
            aria-invalid={word(frame.fault.is_some())} aria-describedby={described_by(frame)} onchange={value_of(on_change)}>
            { for choices.iter().map(option) }
        </select>
    }
}

/// A switch has its label behind it, and `true` or `false` as its value.
fn switch(frame: &FieldFrame<'_>, value: &str, on_change: Callback<String>) -> Html {
    let field = frame.field;
    let id = field_id(field.name);
    let onchange = move |event: Event| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            on_change.emit(word(input.checked()).to_owned());
        }
    };
    html! {
        <div class="field field--switch" data-field={field.name}>
            <input id={id.clone()} name={field.name} class="switch" type="checkbox" role="switch" checked={value == "true"}
                aria-describedby={described_by(frame)} {onchange} />
            // All of these are about the protection of the connection: the store's own word for it is what its users know.
            <label for={id.clone()}>{ field.label.text() }{" "}<code class="field__optional">{ field.name }</code></label>
            if let Some(fault) = frame.fault { <p id={[id.as_str(), "-error"].concat()} class="field__error">{ fault.to_owned() }</p> }
            if !field.hint.is_empty() { <p id={[id.as_str(), "-hint"].concat()} class="field__hint">{ field.hint.text() }</p> }
        </div>
    }
}

/// A port stands beside its host.
fn width(field: &Field) -> Option<&'static str> {
    match field.input {
        Input::Host => Some("host"),
        Input::Port => Some("port"),
        _ => None,
    }
}
