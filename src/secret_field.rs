//! A field for a secret. Yew knows nothing of its text: while it is captured that lives in wiping memory, while it is plain in the
//! browser's element; never in a component's properties or state.

use std::rc::Rc;

use language::Message;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::capture::{EVENTS, Given, Outcome, SecretFields, Slot};
use crate::components::field::{FieldFrame, described_by, field_id, frame, word};
use crate::components::stored_secret::named;
use crate::key_file::{self, key_file};
use crate::text::key_files::READING;
use crate::text::secrets as text;

/// Something else than typing a secret.
#[derive(Clone, PartialEq)]
pub struct OtherStep {
    /// What it is called.
    pub words: Message,
    /// Called when it is chosen.
    pub on_choose: Callback<MouseEvent>,
}

/// What a secret field needs to know.
#[derive(Clone, Properties)]
pub struct SecretFieldProps {
    /// The field in the catalogue.
    pub field: &'static linked_service::Field,
    /// Where the form finds the secret when it is submitted.
    pub fields: SecretFields,
    /// What is wrong with it.
    #[prop_or_default]
    pub fault: Option<String>,
    /// What else can become of the secret.
    #[prop_or_default]
    pub other: Option<OtherStep>,
    /// Called at each edit, without the text.
    pub on_edit: Callback<&'static str>,
}

impl PartialEq for SecretFieldProps {
    /// A field is compared by its place: the same one at two places is drawn once more, which is all.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.field, other.field)
            && self.fields == other.fields
            && self.fault == other.fault
            && self.other == other.other
            && self.on_edit == other.on_edit
    }
}

/// The component.
pub struct SecretField {
    slot: Rc<Slot>,
    /// Around the field and its button: hears the field's events before the browser acts on them.
    around: NodeRef,
    listener: Option<Listener>,
    caps_lock: bool,
    note: Option<Message>,
    refused: Option<String>,
    /// How many characters there are, as a screen reader is told.
    count: String,
    /// Whether it was edited since the last look at the clock: nobody is told of each key.
    edited: bool,
    switched: bool,
    /// Which element is shown.
    plain: bool,
}

/// What can happen to the field. None of it carries text.
pub enum Change {
    /// An event came of something.
    Happened(Outcome),
    /// A key file has been taken, or not, for this reason.
    Taken(Result<(), String>),
    /// Show or hide.
    Revealed,
    /// To the other mode.
    Switched,
    /// The field was wiped or hidden, or a second has passed.
    Redrawn,
}

impl Component for SecretField {
    type Message = Change;
    type Properties = SecretFieldProps;

    fn create(ctx: &Context<Self>) -> Self {
        let SecretFieldProps { field, fields, .. } = ctx.props();
        let redraw = ctx.link().callback(|()| Change::Redrawn);
        Self {
            slot: fields.attach(field, redraw),
            around: NodeRef::default(),
            listener: None,
            caps_lock: false,
            note: None,
            refused: None,
            count: String::new(),
            edited: false,
            switched: false,
            plain: false,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, change: Change) -> bool {
        match change {
            Change::Happened(Outcome::Edited) | Change::Taken(Ok(())) => self.edited(ctx),
            Change::Happened(Outcome::Captured) => {
                self.switched = true;
                self.edited(ctx);
            }
            Change::Happened(Outcome::Note(note)) => self.note = Some(note),
            Change::Happened(Outcome::Refused(refused)) => {
                self.refused = Some(text::refused(refused).text().to_owned());
            }
            Change::Taken(Err(words)) => (self.note, self.refused) = (None, Some(words)),
            Change::Happened(Outcome::CapsLock(on)) => {
                let changed = self.caps_lock != on;
                self.caps_lock = on;
                return changed;
            }
            Change::Happened(Outcome::Given(given)) => self.take(ctx, given),
            Change::Happened(Outcome::Left) => return self.slot.hide(),
            Change::Revealed => self.slot.show(!self.slot.is_readable()),
            Change::Switched => {
                self.switched = self.slot.switch();
                self.count.clear();
                self.note = (!self.switched).then_some(text::NOT_PLAIN);
            }
            Change::Redrawn => {
                if !std::mem::take(&mut self.edited) {
                    self.count = text::characters(self.slot.characters());
                }
            }
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let SecretFieldProps { field, fault, .. } = ctx.props();
        let invalid = self.refused.is_some() || fault.is_some();
        let frame_of = FieldFrame {
            field,
            // What was refused is told where changes are announced.
            fault: fault.as_deref().filter(|_| self.refused.is_none()),
            note: self.note(field.name),
            tool: html! { <div class="field__tools">{ other_step(ctx.props()) }{ self.mode_switch(ctx) }</div> },
        };
        let readable = self.slot.is_readable();
        // Focusable by a pointer: where a click does not focus a button, the focus stays here and is seen to leave.
        let control = html! {
            <div class="secret" ref={self.around.clone()} tabindex="-1">
                { self.element(field, &described_by(&frame_of), invalid) }
                <button type="button" class="button secret__reveal" aria-pressed={word(readable)}
                    aria-controls={field_id(field.name)} onclick={ctx.link().callback(|_| Change::Revealed)}>
                    { named(text::SHOW, field) }
                </button>
            </div>
        };
        frame(
            &frame_of,
            html! { <>{ control }{ self.file_chooser(ctx) }</> },
        )
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first && let Some(around) = self.around.get() {
            let (slot, link) = (Rc::clone(&self.slot), ctx.link().clone());
            self.listener = Some(Listener::new(around.into(), EVENTS, move |event| {
                if let Some(outcome) = slot.react(&event) {
                    link.send_message(Change::Happened(outcome));
                }
            }));
        }
        let plain = self.slot.is_plain();
        if std::mem::replace(&mut self.plain, plain) != plain {
            self.slot.settle();
        }
        if std::mem::take(&mut self.switched) {
            browser::focus(&field_id(ctx.props().field.name));
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        ctx.props().fields.detach(&self.slot);
    }
}

impl SecretField {
    fn edited(&mut self, ctx: &Context<Self>) {
        (self.note, self.refused) = (None, None);
        self.edited = true;
        ctx.props().on_edit.emit(ctx.props().field.name);
    }

    /// The element that the person types into. Captured it is a `<textarea>` with bullets, in which no password manager is
    /// interested and which keeps the shape of lines; plain it is a password field, which password managers know.
    fn element(
        &self,
        field: &'static linked_service::Field,
        described_by: &str,
        invalid: bool,
    ) -> Html {
        let masked = !self.slot.is_readable();
        let (node, id, described_by) = (
            self.slot.node(),
            field_id(field.name),
            described_by.to_owned(),
        );
        let (required, invalid) = (word(field.required), word(invalid));
        if self.slot.is_plain() {
            html! {
                <input ref={node} {id} name={field.name} type={if masked { "password" } else { "text" }} class="control secret__control"
                    autocomplete="new-password" aria-required={required} aria-invalid={invalid} aria-describedby={described_by} />
            }
        } else {
            let rows = if key_file(field).is_some() { "6" } else { "1" };
            html! {
                <textarea ref={node} {id} name={field.name} {rows} autocomplete="off" class="control secret__control" data-masked={masked.then_some("")}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by} />
            }
        }
    }

    /// What there is to know: something for everybody to see; else, for a screen reader only, how long the text is, or in an
    /// untouched field what kind of field it is. Announced as it changes.
    fn note(&self, name: &str) -> Html {
        let known = self.slot.words();
        let visible = match &self.refused {
            Some(words) => Some(words.as_str()),
            None if self.caps_lock => Some(text::CAPS_LOCK.text()),
            None => self
                .note
                .map(Message::text)
                .or((!known.is_empty()).then_some(&known)),
        };
        let mode = if self.slot.is_plain() {
            text::IN_PLAIN_FIELD.text()
        } else {
            text::CAPTURED.text()
        };
        let words = match visible {
            Some(words) => words,
            None if self.count.is_empty() => mode,
            None => &self.count,
        };
        let class = match (&self.refused, visible) {
            (Some(_), _) => "field__error",
            (None, Some(_)) => "field__note",
            (None, None) => "sr-only",
        };
        html! { <p id={[&field_id(name), "-note"].concat()} {class} role="status">{ words.to_owned() }</p> }
    }

    fn mode_switch(&self, ctx: &Context<Self>) -> Html {
        // A key file is pasted or chosen; neither is for input methods or password managers.
        if key_file(ctx.props().field).is_some() {
            return Html::default();
        }
        html! {
            <button type="button" class="link-button" aria-pressed={word(self.slot.is_plain())} title={text::PLAIN_TITLE.text()}
                onclick={ctx.link().callback(|_| Change::Switched)}>
                { named(text::PLAIN, ctx.props().field) }
            </button>
        }
    }

    fn file_chooser(&self, ctx: &Context<Self>) -> Html {
        if key_file(ctx.props().field).is_none() {
            return Html::default();
        }
        let onchange = ctx.link().batch_callback(|event: Event| {
            let input: HtmlInputElement = event.target_dyn_into()?;
            let file = input.files()?.get(0);
            input.set_value("");
            file.map(|file| Change::Happened(Outcome::Given(Given::File(file))))
        });
        html! {
            <label class="file-button">
                <input type="file" class="sr-only" {onchange} />
                { named(text::CHOOSE_FILE, ctx.props().field) }
            </label>
        }
    }

    fn take(&mut self, ctx: &Context<Self>, given: Given) {
        let Some(key) = key_file(ctx.props().field) else {
            return;
        };
        (self.note, self.refused) = (Some(READING), None);
        let (slot, link) = (Rc::clone(&self.slot), ctx.link().clone());
        spawn_local(async move {
            link.send_message(Change::Taken(key_file::take(&slot, given, key.holds).await));
        });
    }
}

fn other_step(props: &SecretFieldProps) -> Html {
    let Some(OtherStep { words, on_choose }) = &props.other else {
        return Html::default();
    };
    html! { <button type="button" class="link-button" onclick={on_choose.clone()}>{ named(*words, props.field) }</button> }
}
