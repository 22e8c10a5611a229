//! What a browser's event does to a secret field.

use envelope::Secret;
use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, File, FocusEvent, KeyboardEvent, Node};

use super::control::TextEvent;
use super::{Refused, Slot, needs_capture, text};
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
    Note(&'static str),
    /// Something was not taken.
    Refused(Refused),
    /// Caps Lock is on or off.
    CapsLock(bool),
    /// A file is to be read.
    File(File),
    /// The focus has gone elsewhere.
    Left,
}

// By number: the name of a key that is typed into a secret would be one more copy of the character.
const ENTER: u32 = 13;
const Z: u32 = 90;

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
            "paste" | "drop" => self.take(event),
            "input" if self.is_plain() => Some(Outcome::Edited),
            _ if self.is_plain() => None,
            "beforeinput" if self.composing.borrow().is_none() => {
                event.prevent_default();
                let input_type = asked.input_type()?;
                self.typed(asked.data(), |inserted| {
                    Edit::from_input_type(&input_type, inserted)
                })
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
                if String::from(control.value()) == *drawn {
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
                        outcome(self.edit(Edit::Clear))
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
        if let Some(file) = source
            .files()
            .and_then(|files| files.get(0))
            .filter(|_| self.lines)
        {
            event.prevent_default();
            return Some(Outcome::File(file));
        }
        let pasted = source.get_data("text/plain");
        if !self.is_plain() {
            event.prevent_default();
            return self.typed(Some(pasted), |pasted| Some(Edit::Insert(pasted)));
        }
        let pasted = text(&pasted);
        // EXPOSE: looked through for what a plain field would alter.
        if pasted
            .as_ref()
            .is_ok_and(|pasted| !needs_capture(pasted.expose()))
        {
            return None;
        }
        event.prevent_default();
        let pasted = pasted.ok();
        let (Some(pasted), Some(typed)) = (pasted, self.read().ok()) else {
            return Some(Outcome::Refused(Refused::HalfCharacter));
        };
        Some(match self.capture(&typed, &pasted) {
            Ok(()) => Outcome::Captured,
            Err(refused) => Outcome::Refused(refused),
        })
    }

    /// Makes a plain field captured, with `pasted` in the selection's place.
    fn capture(&self, typed: &Secret, pasted: &Secret) -> Result<(), Refused> {
        self.fill(typed)?;
        let selection = self.selection(&self.text.borrow());
        // EXPOSE: copied into the buffer.
        let taken = self.apply(Edit::Insert(pasted.expose()), selection);
        if taken.is_ok() {
            self.plain.set(false);
        } else {
            self.text.borrow_mut().clear();
        }
        taken
    }

    fn typed(
        &self,
        inserted: Option<JsString>,
        edit: impl for<'a> FnOnce(&'a str) -> Option<Edit<'a>>,
    ) -> Option<Outcome> {
        let Ok(inserted) = inserted.map_or_else(|| Ok(Secret::new(String::new())), |it| text(&it))
        else {
            return Some(Outcome::Refused(Refused::HalfCharacter));
        };
        // EXPOSE: copied into the buffer.
        outcome(self.edit(edit(inserted.expose())?))
    }

    fn edit(&self, edit: Edit<'_>) -> Result<(), Refused> {
        let selection = self.selection(&self.text.borrow());
        self.apply(edit, selection)
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
    let around = event.current_target();
    let next = event
        .dyn_ref::<FocusEvent>()
        .and_then(FocusEvent::related_target);
    let (Some(around), Some(next)) = (around, next) else {
        return true;
    };
    let around: &Node = around.unchecked_ref();
    !around.contains(next.dyn_ref::<Node>())
}
