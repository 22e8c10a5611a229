//! From a field of the document into wiping memory, and nowhere else: the only place that reads a secret from the browser.

use std::cell::RefCell;
use std::rc::Rc;

use envelope::Secret;
use js_sys::JsString;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;
use yew::NodeRef;

use crate::exact_text::{self, Kept};

/// The field holds half of a UTF-16 surrogate pair, which UTF-8 cannot carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfCharacter;

/// Why a file was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRefused {
    /// It is not UTF-8.
    NotText,
    /// It is longer than any credential.
    TooLong,
    /// The browser could not read it.
    Unreadable,
}

/// The secret fields that the form shows now, by name.
#[derive(Clone, Default)]
pub struct SecretFields(Rc<RefCell<Vec<Rc<Slot>>>>);

impl PartialEq for SecretFields {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl SecretFields {
    /// A place for a field that is about to be shown.
    pub fn attach(&self, name: &'static str) -> Rc<Slot> {
        let slot = Rc::new(Slot {
            name,
            node: NodeRef::default(),
            kept: RefCell::default(),
            carried: RefCell::default(),
        });
        self.0.borrow_mut().push(Rc::clone(&slot));
        slot
    }

    /// Wipes a field that is not shown any more and forgets it.
    pub fn detach(&self, slot: &Rc<Slot>) {
        slot.wipe();
        self.0.borrow_mut().retain(|shown| !Rc::ptr_eq(shown, slot));
    }

    /// What the field stands for; empty when it is not shown.
    ///
    /// # Errors
    /// [`HalfCharacter`] if it is not text.
    pub fn read(&self, name: &str) -> Result<Secret, HalfCharacter> {
        // From the end: a field may be attached before the one that it takes the place of is detached.
        match self
            .0
            .borrow()
            .iter()
            .rev()
            .find(|shown| shown.name == name)
        {
            Some(slot) => slot.read(),
            None => Ok(Secret::new(String::new())),
        }
    }

    /// Empties every field.
    pub fn wipe(&self) {
        for slot in self.0.borrow().iter() {
            slot.wipe();
        }
    }
}

/// One field and what is kept beside it.
pub struct Slot {
    name: &'static str,
    node: NodeRef,
    kept: RefCell<Option<Kept>>,
    carried: RefCell<Option<Secret>>,
}

impl Slot {
    /// The reference for the field's element.
    pub fn node(&self) -> NodeRef {
        self.node.clone()
    }

    /// What the field stands for: what was pasted, as long as nobody edited it, else its own text.
    ///
    /// # Errors
    /// [`HalfCharacter`] if it is not text.
    pub fn read(&self) -> Result<Secret, HalfCharacter> {
        let Some(control) = self.control() else {
            return Ok(Secret::new(String::new()));
        };
        Ok(exact_text::exact(
            text(&control.value())?,
            self.kept.borrow().as_ref(),
        ))
    }

    /// Puts text into the field, and keeps it exactly if the field alters it.
    pub fn fill(&self, exact: Secret) {
        let Some(control) = self.control() else {
            return;
        };
        // EXPOSE: into the field, where the person sees or edits it.
        control.set_value(exact.expose());
        let kept = text(&control.value())
            .ok()
            .map(|shown| Kept::new(exact, shown));
        *self.kept.borrow_mut() = kept.filter(Kept::differs);
    }

    /// Puts text in the place of the field's selection, as a paste does.
    ///
    /// # Errors
    /// [`HalfCharacter`] if the field is not text now.
    pub fn insert(&self, insertion: &Secret) -> Result<(), HalfCharacter> {
        let Some(control) = self.control() else {
            return Ok(());
        };
        let (from, to) = (
            control.selection_start().unwrap_or(0),
            control.selection_end().unwrap_or(0),
        );
        let behind = control.value().length().saturating_sub(to);
        let spliced = exact_text::splice(&self.read()?, (from, to), insertion);
        self.fill(spliced);
        let caret = control.value().length().saturating_sub(behind);
        control.set_selection_range(caret, caret);
        Ok(())
    }

    /// Takes the text out of the field, because another element is about to take the field's place. [`Slot::put_down`]
    /// puts it into that one.
    pub fn pick_up(&self) {
        let exact = self.read().ok();
        self.wipe();
        *self.carried.borrow_mut() = exact;
    }

    /// As [`Slot::pick_up`], with `insertion` in the place of the field's selection.
    pub fn pick_up_with(&self, insertion: &Secret) {
        // A field with half of a character in it keeps what it has; the form says so when it is saved.
        if self.insert(insertion).is_ok() {
            self.pick_up();
        }
    }

    /// Ends what [`Slot::pick_up`] began; whether there was anything to put down.
    pub fn put_down(&self) -> bool {
        let carried = self.carried.borrow_mut().take();
        let found = carried.is_some();
        if let Some(exact) = carried {
            self.fill(exact);
        }
        found
    }

    /// Whether the field shows a pasted text that its own text could not stand for; `None` if that has been edited since,
    /// and then it is forgotten.
    pub fn keeps(&self) -> Option<bool> {
        let mut kept = self.kept.borrow_mut();
        let shown = self
            .control()
            .and_then(|control| text(&control.value()).ok());
        let Some(exact) = kept.as_ref() else {
            return Some(false);
        };
        if shown.is_some_and(|shown| exact.is_shown_by(&shown)) {
            return Some(true);
        }
        *kept = None;
        None
    }

    /// Whether a one-line field could not hold the text.
    pub fn has_lines(&self) -> bool {
        // EXPOSE: looked through for line breaks.
        self.read()
            .is_ok_and(|secret| exact_text::needs_lines(secret.expose()))
    }

    /// Empties the field and forgets what was kept.
    pub fn wipe(&self) {
        *self.kept.borrow_mut() = None;
        *self.carried.borrow_mut() = None;
        if let Some(control) = self.control() {
            control.set_value("");
        }
    }

    fn control(&self) -> Option<TextControl> {
        self.node.get().map(JsCast::unchecked_into)
    }
}

/// The text of a file, byte for byte.
///
/// # Errors
/// [`FileRefused`]; the bytes that were read are wiped.
pub async fn read_file(file: &Blob, limit: usize) -> Result<Secret, FileRefused> {
    if file.size() > limit as f64 {
        return Err(FileRefused::TooLong);
    }
    let buffer = JsFuture::from(file.array_buffer())
        .await
        .map_err(|_| FileRefused::Unreadable)?;
    let bytes = js_sys::Uint8Array::new(&buffer);
    let secret = Secret::from_utf8(bytes.to_vec()).map_err(|_| FileRefused::NotText);
    bytes.fill(0, 0, bytes.length());
    secret
}

/// A JavaScript string as a secret, if it is text.
///
/// # Errors
/// [`HalfCharacter`], where the usual conversion would put U+FFFD in its place.
pub fn text(string: &JsString) -> Result<Secret, HalfCharacter> {
    if string.is_valid_utf16() {
        Ok(Secret::new(String::from(string)))
    } else {
        Err(HalfCharacter)
    }
}

#[wasm_bindgen]
extern "C" {
    /// What `<input>` and `<textarea>` have in common. `value` is a `JsString`: the bindings' own `String` would replace
    /// what is not text without a word.
    type TextControl;

    #[wasm_bindgen(method, getter, structural)]
    fn value(this: &TextControl) -> JsString;

    #[wasm_bindgen(method, setter, structural)]
    fn set_value(this: &TextControl, value: &str);

    #[wasm_bindgen(method, getter, structural, js_name = selectionStart)]
    fn selection_start(this: &TextControl) -> Option<u32>;

    #[wasm_bindgen(method, getter, structural, js_name = selectionEnd)]
    fn selection_end(this: &TextControl) -> Option<u32>;

    #[wasm_bindgen(method, structural, js_name = setSelectionRange)]
    fn set_selection_range(this: &TextControl, start: u32, end: u32);

    /// A clipboard or what is dragged, read as a `JsString` for the same reason.
    pub type TextSource;

    /// The text in the named format.
    #[wasm_bindgen(method, structural, js_name = getData)]
    pub fn get_data(this: &TextSource, format: &str) -> JsString;
}
