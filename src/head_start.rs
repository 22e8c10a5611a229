//! What was typed before the program was there: into the form that index.html shows until then, made from the same components.
//! It has no field for a secret that could be typed into, so nothing in here is one.

use linked_service::{Field, Input};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement};

use crate::browser;
use crate::components::field::{field_id, word};
use crate::state::{Action, Form, Page};

/// What a person did with that form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadStart {
    typed: Vec<(&'static str, String)>,
    /// The id of the control that has the keyboard focus.
    pub focus: Option<String>,
}

impl HeadStart {
    /// Reads it from the document, for a form with the same fields.
    pub fn take(form: &Form) -> Self {
        let fields = form.fields().filter(|field| !field.is_secret());
        Self {
            typed: fields
                .filter_map(|field| Some((field.name, value(field)?)))
                .collect(),
            focus: browser::focused_control(),
        }
    }

    /// Puts what was typed into the page's state. What is as that form began counts as untouched.
    pub fn put_into(&self, page: &mut Page) {
        for (name, value) in &self.typed {
            if page.form().is_some_and(|form| form.value(name) != value) {
                page.reduce(Action::PropertyChanged(name, value.clone()));
            }
        }
    }
}

/// What the control of this field holds, in the spelling of the page's state.
fn value(field: &Field) -> Option<String> {
    let control: Element = browser::element(&field_id(field.name))?;
    match field.input {
        Input::Choice(_) => Some(control.dyn_into::<HtmlSelectElement>().ok()?.value()),
        Input::Switch => {
            let checked = control.dyn_into::<HtmlInputElement>().ok()?.checked();
            Some(word(checked).to_owned())
        }
        _ => Some(control.dyn_into::<HtmlInputElement>().ok()?.value()),
    }
}
