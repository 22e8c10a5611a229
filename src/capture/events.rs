//! What a browser's event does to a secret field.

use js_sys::JsString;
use language::Message;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, KeyboardEvent, Node};

use super::control::TextEvent;
use super::{Given, Refused, Slot, given, needs_capture, text};
use crate::masked_text::Edit;
use crate::text::secrets as words;

/// The events that an element around the field has to listen to; all of them bubble.
pub const EVENTS: &[&str] = &[
    "beforeinput",
    "compositionstart",
    "compositionend",
    "input",
    "paste",
    "drop",
    "dragover",
    "dragstart",
    "cut",
    "copy",
    "keydown",
    "keyup",
    "focusout",
];

/// What came of an event. None of it carries text.
pub enum Outcome {
    /// The text has changed.
    Edited,
    /// The text has changed, and another element is needed for it.
    Captured,
    /// There is something to know.
    Note(Message),
    /// Something was not taken.
    Refused(Refused),
    /// Caps Lock is on or off.
    CapsLock(bool),
    /// A key file is to be taken.
    Given(Given),
    /// The focus has gone elsewhere.
    Left,
}

// By number: the name of a key that is typed into a secret would be one more copy of the character.
const ENTER: u32 = 13;
const Z: u32 = 90;

// Input types that the page asks for by itself.
const INSERTED: &str = "insertFromPaste";
const UNDO: &str = "historyUndo";

impl Slot {
    /// Does what an event asks for, in the browser's place where the field is captured.
    pub fn react(&self, event: &Event) -> Option<Outcome> {
        let name = event.type_();
        if name == "focusout" {
            return has_left(event).then_some(Outcome::Left);
        }
        // The buttons beside the field are inside of the same element.
        let control = self.control()?;
        let target = JsValue::from(event.target()?);
        if target != *control {
            return None;
        }
        let asked: &TextEvent = event.unchecked_ref();
        match name.as_str() {
            "keyup" => {
                let key: &KeyboardEvent = event.dyn_ref()?;
                Some(Outcome::CapsLock(key.get_modifier_state("CapsLock")))
            }
            "paste" | "drop" if self.lines => given(event).map(Outcome::Given),
            // Otherwise no file could be dropped.
            "dragover" if self.lines => {
                event.prevent_default();
                None
            }
            "paste" | "drop" => self.take(event),
            "input" if self.is_plain() => Some(Outcome::Edited),
            _ if self.is_plain() => None,
            "beforeinput" if self.composing.borrow().is_none() => {
                event.prevent_default();
                self.typed(&asked.input_type()?, asked.data())
            }
            "compositionstart" => {
                let selection = self.selection(&self.text.borrow());
                self.composing.replace(Some(selection));
                Some(Outcome::Note(words::COMPOSING))
            }
            "compositionend" => {
                let selection = self.composing.take()?;
                let composed = text(&asked.data()?).ok()?;
                // An input method that was given up has taken nothing in, either.
                if composed.is_empty() {
                    self.draw(Some(selection.end));
                    return None;
                }
                // EXPOSE: copied into the buffer.
                outcome(self.apply(Edit::Insert(composed.expose()), selection))
            }
            "input" if self.composing.borrow().is_none() => {
                let drawn = self.text.borrow().shown(self.shown());
                if control.value() == drawn.as_str() {
                    return None;
                }
                self.draw(None);
                Some(Outcome::Note(words::OVERWRITTEN))
            }
            "cut" | "copy" | "dragstart" => {
                event.prevent_default();
                Some(Outcome::Note(words::NOT_COPIED_OUT))
            }
            "keydown" => {
                let key: &KeyboardEvent = event.dyn_ref()?;
                let command = (key.ctrl_key() || key.meta_key()) && !key.alt_key();
                match key.key_code() {
                    _ if key.shift_key() || key.is_composing() => None,
                    ENTER if !self.lines => {
                        event.prevent_default();
                        control.form()?.request_submit();
                        None
                    }
                    Z if command => {
                        event.prevent_default();
                        self.typed(UNDO, None)
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Takes what is pasted or dropped. A plain field leaves it to the browser unless that would alter it.
    fn take(&self, event: &Event) -> Option<Outcome> {
        let asked: &TextEvent = event.unchecked_ref();
        let source = asked.clipboard().or_else(|| asked.dragged())?;
        let pasted = source.get_data("text/plain");
        if self.is_plain() {
            // EXPOSE: looked through for what a plain field would alter.
            if text(&pasted).is_ok_and(|pasted| !needs_capture(pasted.expose())) {
                return None;
            }
            // The field's own text first.
            event.prevent_default();
            let typed = self.read().map_err(|_| Refused::HalfCharacter);
            if let Err(refused) = typed.and_then(|typed| self.fill(&typed)) {
                return Some(Outcome::Refused(refused));
            }
        }
        event.prevent_default();
        let outcome = self.typed(INSERTED, Some(pasted));
        if self.is_plain() {
            if let Some(Outcome::Edited) = outcome {
                self.plain.set(false);
                return Some(Outcome::Captured);
            }
            self.text.borrow_mut().clear();
        }
        outcome
    }

    fn typed(&self, input_type: &str, inserted: Option<JsString>) -> Option<Outcome> {
        let Ok(inserted) = text(&inserted.unwrap_or_default()) else {
            return Some(Outcome::Refused(Refused::HalfCharacter));
        };
        // EXPOSE: copied into the buffer.
        let edit = Edit::from_input_type(input_type, inserted.expose())?;
        let selection = self.selection(&self.text.borrow());
        outcome(self.apply(edit, selection))
    }
}

fn outcome(edited: Result<(), Refused>) -> Option<Outcome> {
    Some(match edited {
        Ok(()) => Outcome::Edited,
        Err(refused) => Outcome::Refused(refused),
    })
}

/// Whether the focus has gone to something outside of the element that listens.
fn has_left(event: &Event) -> bool {
    let next = event.unchecked_ref::<TextEvent>().related_target();
    let around = event.current_target();
    !around.is_some_and(|around| around.unchecked_ref::<Node>().contains(next.as_ref()))
}
