//! A field for a secret. Its element has no `value` that Yew knows of: the text lives in the browser's element and, once
//! read, in wiping memory; never in a component's properties or state.

use std::rc::Rc;

use envelope::protocol::LARGEST_BUCKET;
use linked_service::Input;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{ClipboardEvent, DataTransfer, File, HtmlInputElement};
use yew::html::Scope;
use yew::prelude::*;

use crate::browser;
use crate::capture::{self, FileRefused, SecretFields, Slot, TextSource};
use crate::components::field::{FieldFrame, described_by, field_id, frame, word};
use crate::exact_text::{needs_keeping, needs_lines};
use crate::text;

/// What a secret field needs to know.
#[derive(Clone, PartialEq, Properties)]
pub struct SecretFieldProps {
    /// The field in the catalogue.
    pub field: &'static linked_service::Field,
    /// Where the form finds the secret when it is submitted.
    pub fields: SecretFields,
    /// What is wrong with it.
    #[prop_or_default]
    pub fault: Option<String>,
    /// Called at each edit, without the text.
    pub on_edit: Callback<&'static str>,
}

/// The component.
pub struct SecretField {
    slot: Rc<Slot>,
    lines: bool,
    revealed: bool,
    caps_lock: bool,
    /// What happens to line breaks, when there may be some.
    note: Option<&'static str>,
    file_fault: Option<&'static str>,
}

/// What can happen to the field. None of it carries text.
pub enum Change {
    /// The person has typed.
    Edited,
    /// A paste or a file has been put into the field.
    Filled,
    /// One line or several: the element that holds the text is about to be replaced.
    Lines(bool),
    /// Show or hide.
    Revealed,
    /// Caps Lock is on or off.
    CapsLock(bool),
    /// A file could not be taken.
    FileRefused(FileRefused),
}

impl Component for SecretField {
    type Message = Change;
    type Properties = SecretFieldProps;

    fn create(ctx: &Context<Self>) -> Self {
        let field = ctx.props().field;
        Self {
            slot: ctx.props().fields.attach(field.name),
            lines: field.input == Input::SecretLines,
            revealed: false,
            caps_lock: false,
            note: None,
            file_fault: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, change: Change) -> bool {
        match change {
            Change::CapsLock(on) => {
                let changed = self.caps_lock != on;
                self.caps_lock = on;
                return changed;
            }
            Change::Revealed => self.revealed = !self.revealed,
            Change::Lines(lines) => {
                self.lines = lines;
                self.note = lines.then_some(text::LINES_TYPED);
            }
            Change::FileRefused(refused) => self.file_fault = Some(text::file_refused(refused)),
            Change::Edited | Change::Filled => {
                let before = (self.note, self.file_fault.take());
                self.note = match self.slot.keeps() {
                    Some(true) => Some(text::LINES_AS_PASTED),
                    Some(false) => self.note.filter(|note| *note != text::LINES_AS_PASTED),
                    None => Some(text::LINES_EDITED),
                };
                ctx.props().on_edit.emit(ctx.props().field.name);
                return before != (self.note, None);
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let SecretFieldProps { field, fault, .. } = ctx.props();
        let fault = self.file_fault.map(str::to_owned).or_else(|| fault.clone());
        let note = if self.caps_lock {
            Some(text::CAPS_LOCK)
        } else {
            self.note
        };
        let frame_of = FieldFrame {
            field,
            fault: fault.as_deref(),
            note,
            tool: self.line_toggle(ctx),
        };
        let control = html! {
            <div class="secret">
                { self.element(ctx, &described_by(&frame_of), fault.is_some()) }
                <button type="button" class="secret__reveal" aria-pressed={word(self.revealed)}
                    aria-controls={field_id(field.name)} onclick={ctx.link().callback(|_| Change::Revealed)}>
                    { text::SHOW }<span class="sr-only">{ " " }{ field.label }</span>
                </button>
            </div>
        };
        frame(
            &frame_of,
            html! { <>{ control }{ self.file_chooser(ctx) }</> },
        )
    }

    fn rendered(&mut self, ctx: &Context<Self>, _first: bool) {
        if self.slot.put_down() {
            browser::focus(&field_id(ctx.props().field.name));
            ctx.link().send_message(Change::Filled);
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        ctx.props().fields.detach(&self.slot);
    }
}

impl SecretField {
    /// The element that the person types into: `<input type=password>`, which password managers know, or a masked
    /// `<textarea>`, which keeps line breaks.
    fn element(&self, ctx: &Context<Self>, described_by: &str, invalid: bool) -> Html {
        let field = ctx.props().field;
        let masked = !self.revealed;
        let link = ctx.link();
        let id = field_id(field.name);
        let oninput = link.callback(|_| Change::Edited);
        let onpaste = self.taking(link, |event| {
            event.dyn_ref::<ClipboardEvent>()?.clipboard_data()
        });
        let ondrop = {
            let take = self.taking(link, |event| {
                event.dyn_ref::<web_sys::DragEvent>()?.data_transfer()
            });
            move |event: DragEvent| take.emit(event.into())
        };
        let watch_caps_lock = link.callback(|event: KeyboardEvent| {
            Change::CapsLock(event.get_modifier_state("CapsLock"))
        });
        // A masked text can be seen by nobody, so it cannot be copied out either: as in a password field.
        let oncopy = move |event: Event| {
            if masked {
                event.prevent_default();
            }
        };
        let (required, invalid) = (word(field.required), word(invalid));
        if self.lines {
            html! {
                <textarea ref={self.slot.node()} {id} name={field.name} rows="6" class="control secret__control" data-masked={masked.then_some("")}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by.to_owned()}
                    {oninput} {onpaste} {ondrop} oncut={oncopy} {oncopy} onkeyup={watch_caps_lock} />
            }
        } else {
            html! {
                <input ref={self.slot.node()} {id} name={field.name} type={if masked { "password" } else { "text" }} class="control secret__control"
                    autocomplete="new-password"
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by.to_owned()}
                    {oninput} {onpaste} {ondrop} onkeyup={watch_caps_lock} />
            }
        }
    }

    /// Takes what is pasted or dropped over from the browser if the browser's field would alter it.
    fn taking(
        &self,
        link: &Scope<Self>,
        source: fn(&Event) -> Option<DataTransfer>,
    ) -> Callback<Event> {
        let (slot, link, lines) = (Rc::clone(&self.slot), link.clone(), self.lines);
        Callback::from(move |event: Event| {
            let Some(source) = source(&event) else { return };
            if let Some(file) = source
                .files()
                .and_then(|files| files.get(0))
                .filter(|_| lines)
            {
                event.prevent_default();
                take_file(file, Rc::clone(&slot), link.clone());
                return;
            }
            let Ok(pasted) =
                capture::text(&source.unchecked_into::<TextSource>().get_data("text/plain"))
            else {
                event.prevent_default();
                link.send_message(Change::FileRefused(FileRefused::NotText));
                return;
            };
            // EXPOSE: looked through for what this kind of element cannot hold.
            let text = pasted.expose();
            let alters = if lines {
                needs_keeping(text)
            } else {
                needs_lines(text)
            };
            if alters {
                event.prevent_default();
                if lines {
                    // A field with half of a character in it says so when it is saved.
                    let _ = slot.insert(&pasted);
                    link.send_message(Change::Filled);
                } else {
                    slot.pick_up_with(&pasted);
                    link.send_message(Change::Lines(true));
                }
            }
        })
    }

    fn line_toggle(&self, ctx: &Context<Self>) -> Html {
        if ctx.props().field.input == Input::SecretLines {
            return Html::default();
        }
        let (slot, lines) = (Rc::clone(&self.slot), self.lines);
        let onclick = ctx.link().batch_callback(move |_| {
            if lines && slot.has_lines() {
                return None;
            }
            slot.pick_up();
            Some(Change::Lines(!lines))
        });
        html! {
            <button type="button" class="link-button" aria-pressed={word(lines)} title={text::MULTI_LINE_TITLE} {onclick}>
                { text::MULTI_LINE }<span class="sr-only">{ " " }{ ctx.props().field.label }</span>
            </button>
        }
    }

    fn file_chooser(&self, ctx: &Context<Self>) -> Html {
        if ctx.props().field.input != Input::SecretLines {
            return Html::default();
        }
        let (slot, link) = (Rc::clone(&self.slot), ctx.link().clone());
        let onchange = move |event: Event| {
            let Some(input) = event.target_dyn_into::<HtmlInputElement>() else {
                return;
            };
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                take_file(file, Rc::clone(&slot), link.clone());
            }
            input.set_value("");
        };
        html! {
            <label class="file-button">
                <input type="file" class="sr-only" {onchange} />
                { text::CHOOSE_FILE }<span class="sr-only">{ " " }{ ctx.props().field.label }</span>
            </label>
        }
    }
}

fn take_file(file: File, slot: Rc<Slot>, link: Scope<SecretField>) {
    spawn_local(async move {
        match capture::read_file(&file, LARGEST_BUCKET).await {
            Ok(secret) => {
                slot.fill(secret);
                link.send_message(Change::Filled);
            }
            Err(refused) => link.send_message(Change::FileRefused(refused)),
        }
    });
}
