//! From a field of the document into wiping memory, and nowhere else: the only place that reads a secret from the browser.
//!
//! A field is captured or plain. Captured, each edit is prevented and applied to a [`MaskedText`]; the element holds bullets. Plain,
//! the browser's own password field holds the text, as input methods and password managers need it.

mod control;
mod events;
mod given;
mod known;

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use envelope::Secret;
use envelope::protocol::LARGEST_BUCKET;
use js_sys::JsString;
use linked_service::{Field, Input};
use wasm_bindgen::JsCast;
use yew::{Callback, NodeRef};

use crate::masked_text::{Edit, MaskedText, Shown};
use control::TextControl;
pub use events::{EVENTS, Outcome};
pub use given::{Given, given, read_bytes, read_file};
pub use known::Known;

/// A text holds half of a UTF-16 surrogate pair, which UTF-8 cannot carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HalfCharacter;

/// Why something was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The file is not UTF-8.
    NotText,
    /// It holds half of a character.
    HalfCharacter,
    /// The file is longer than any credential.
    TooLong,
    /// It does not fit in.
    NoRoom,
    /// The browser could not read the file.
    Unreadable,
}

/// The secret fields that the form shows now, by name.
#[derive(Clone, Default)]
pub struct SecretFields(Rc<RefCell<Vec<Rc<Slot>>>>, Brought);

/// Secrets for fields that may not be shown yet.
type Brought = Rc<RefCell<Vec<(&'static str, Secret)>>>;

impl PartialEq for SecretFields {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl SecretFields {
    /// A place for a field that is about to be shown. `redraw` is called when something may have changed by itself.
    pub fn attach(&self, field: &Field, redraw: Callback<()>) -> Rc<Slot> {
        let slot = Rc::new(Slot {
            name: field.name,
            lines: matches!(field.input, Input::KeyFile(_)),
            node: NodeRef::default(),
            text: RefCell::default(),
            plain: Cell::new(false),
            readable: Cell::new(false),
            composing: RefCell::default(),
            caret: Cell::default(),
            known: Cell::default(),
            words: RefCell::default(),
            turn: Cell::default(),
            redraw,
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
        match self.find(name) {
            Some(slot) => slot.read(),
            None => Ok(Secret::new(String::new())),
        }
    }

    /// Keeps a secret for the field of this name until [`SecretFields::settle`].
    pub fn bring(&self, name: &'static str, secret: Secret) {
        self.1.borrow_mut().push((name, secret));
    }

    /// Gives the fields, now that they are shown, what was brought for them.
    pub fn settle(&self) {
        for (name, secret) in self.1.take() {
            if let Some(slot) = self.find(name) {
                slot.take_over(&secret);
            }
        }
    }

    /// From the end: a field may be attached before the one that it takes the place of is detached.
    pub(crate) fn find(&self, name: &str) -> Option<Rc<Slot>> {
        let shown = self.0.borrow();
        shown.iter().rev().find(|slot| slot.name == name).cloned()
    }

    /// Whether the field of this name holds something, or will.
    pub fn has(&self, name: &str) -> bool {
        self.1.borrow().iter().any(|brought| brought.0 == name)
            || self.find(name).is_some_and(|slot| !slot.is_empty())
    }

    /// Whether any field holds something.
    pub fn any(&self) -> bool {
        !self.0.borrow().iter().all(|slot| slot.is_empty())
    }

    /// Makes every field unreadable again.
    pub fn hide(&self) {
        self.each(|slot| {
            slot.hide();
        });
    }

    /// Empties every field.
    pub fn wipe(&self) {
        self.1.take();
        self.each(Slot::wipe);
    }

    /// Lets every field say how long it is.
    pub fn count(&self) {
        self.each(|_| ());
    }

    fn each(&self, act: fn(&Slot)) {
        for slot in self.0.borrow().iter() {
            act(slot);
            slot.redraw.emit(());
        }
    }
}

/// One field, and what was typed into it while it was captured.
pub struct Slot {
    name: &'static str,
    lines: bool,
    node: NodeRef,
    text: RefCell<MaskedText>,
    plain: Cell<bool>,
    readable: Cell<bool>,
    /// What an input method replaces.
    composing: RefCell<Option<Range<usize>>>,
    /// Where the last edit has left the caret.
    caret: Cell<usize>,
    known: Cell<Known>,
    /// What there is to say of that.
    words: RefCell<String>,
    /// Counts what makes the outcome of something slow obsolete.
    turn: Cell<u32>,
    redraw: Callback<()>,
}

impl Slot {
    /// The reference for the field's element.
    pub fn node(&self) -> NodeRef {
        self.node.clone()
    }

    /// Whether the browser's own password field is used.
    pub fn is_plain(&self) -> bool {
        self.plain.get()
    }

    /// Whether the text can be read.
    pub fn is_readable(&self) -> bool {
        self.readable.get()
    }

    /// What the field stands for.
    ///
    /// # Errors
    /// [`HalfCharacter`] if it is not text.
    pub fn read(&self) -> Result<Secret, HalfCharacter> {
        match self.control() {
            Some(control) if self.is_plain() => text(&control.value()),
            _ => Ok(self.text.borrow().secret()),
        }
    }

    /// How many characters it has. What is captured is counted where it is: this is asked for every second.
    pub fn characters(&self) -> usize {
        match self.control() {
            Some(control) if self.is_plain() => {
                // EXPOSE: counted.
                text(&control.value()).map_or(0, |secret| secret.expose().chars().count())
            }
            _ => self.text.borrow().characters(),
        }
    }

    /// Whether there is nothing in it; half of a character is something.
    pub fn is_empty(&self) -> bool {
        match self.control() {
            Some(control) if self.is_plain() => control.value().length() == 0,
            _ => self.text.borrow().is_empty(),
        }
    }

    /// Takes text in the place of everything. Only a captured field does.
    ///
    /// # Errors
    /// [`Refused`]; the field is as it was.
    pub fn fill(&self, exact: &Secret) -> Result<(), Refused> {
        if exact.len() > LARGEST_BUCKET {
            return Err(Refused::NoRoom);
        }
        self.text.borrow_mut().clear();
        // What an input method composes now was for a text that is gone.
        self.composing.replace(None);
        // EXPOSE: copied into the buffer.
        self.apply(Edit::Insert(exact.expose()), 0..0)
    }

    /// Takes a text that was pasted elsewhere, as a captured field.
    fn take_over(&self, exact: &Secret) {
        self.wipe();
        self.plain.set(false);
        // It is shorter than what was pasted, which has room.
        let _ = self.fill(exact);
        self.redraw.emit(());
    }

    /// Makes the text readable or not.
    pub fn show(&self, readable: bool) {
        self.readable.set(readable);
        self.draw(None);
    }

    /// Makes the text unreadable; whether it was readable.
    pub fn hide(&self) -> bool {
        let readable = self.is_readable();
        if readable {
            self.show(false);
        }
        readable
    }

    /// Takes what was typed over into the other mode; whether it could. Another element takes the field's place then, and
    /// [`Slot::settle`] has to follow.
    pub fn switch(&self) -> bool {
        let Ok(exact) = self.read() else { return false };
        // EXPOSE: looked through for what a plain field would alter.
        let altered = !self.is_plain() && needs_capture(exact.expose());
        if altered || exact.len() > LARGEST_BUCKET {
            return false;
        }
        self.wipe();
        self.plain.set(!self.is_plain());
        self.fill(&exact).is_ok()
    }

    /// Puts what was typed into the element that has taken the other's place.
    pub fn settle(&self) {
        if let Some(control) = self.control().filter(|_| self.is_plain()) {
            let mut text = self.text.borrow_mut();
            // EXPOSE: into the browser's own field, which the person has asked for.
            control.set_value(text.expose());
            text.clear();
        }
        self.draw(Some(self.caret.get()));
    }

    /// Empties the field.
    pub fn wipe(&self) {
        self.forget();
        self.text.borrow_mut().clear();
        self.composing.replace(None);
        self.readable.set(false);
        if let Some(control) = self.control() {
            control.set_value("");
        }
    }

    fn control(&self) -> Option<TextControl> {
        self.node.get().map(JsCast::unchecked_into)
    }

    fn shown(&self) -> Shown {
        if self.is_readable() || self.is_plain() {
            Shown::Readable
        } else {
            Shown::Masked
        }
    }

    /// What is selected in the field, as positions in the text.
    fn selection(&self, text: &MaskedText) -> Range<usize> {
        let Some(control) = self.control() else {
            return 0..0;
        };
        let position = |units: Option<u32>| text.position(units.unwrap_or(0), self.shown());
        position(control.selection_start())..position(control.selection_end())
    }

    fn apply(&self, edit: Edit<'_>, range: Range<usize>) -> Result<(), Refused> {
        self.forget();
        let caret = self.text.borrow_mut().apply(edit, range);
        let caret = caret.map_err(|_| Refused::NoRoom)?;
        self.caret.set(caret);
        self.draw(Some(caret));
        Ok(())
    }

    /// Shows the text in a captured field, with the caret at a position.
    fn draw(&self, caret: Option<usize>) {
        let Some(control) = self.control().filter(|_| !self.is_plain()) else {
            return;
        };
        let text = self.text.borrow();
        control.set_value(&text.shown(self.shown()));
        if let Some(position) = caret {
            let units = text.units(position, self.shown());
            control.set_selection_range(units, units);
        }
    }
}

/// Whether a one-line field of the browser's would alter the text.
fn needs_capture(text: &str) -> bool {
    text.contains(['\r', '\n', '\0'])
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
