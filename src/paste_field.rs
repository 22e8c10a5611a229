//! A place to paste a connection string into, or to drop a file with one. It never holds anything: what comes is read at once, its secrets
//! go into their fields' buffers, and the rest into the page's state.

use envelope::Secret;
use envelope::protocol::LARGEST_BUCKET;
use language::{Message, Sentence};
use linked_service::connection_string::Unpacked;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::browser::Listener;
use crate::capture::{self, Given, Refused, SecretFields};
use crate::components::field::field_id;
use crate::paste_reader::PasteReader;
use crate::reader_module::Unavailable;
use crate::state::{Action, Pasted};
use crate::text::pasting as words;

/// Its name among the form's controls.
pub const PASTE_FIELD: &str = "connection-string";

const EVENTS: &[&str] = &["paste", "drop", "dragover", "beforeinput", "input"];

/// What it needs to know.
#[derive(Clone, PartialEq, Properties)]
pub struct PasteFieldProps {
    /// The id of the kind that a text has to be for.
    pub wanted: Option<&'static str>,
    /// The id of the kind that it is tried for first.
    pub likely: Option<&'static str>,
    /// Where secrets go.
    pub fields: SecretFields,
    /// Receives what came of it.
    pub act: Callback<Action>,
}

/// The component.
pub struct PasteField {
    around: NodeRef,
    listener: Option<Listener>,
    note: Option<Message>,
}

/// What can happen to it.
pub enum Change {
    /// Something was typed.
    Typed,
    /// This was pasted or dropped. It is wiped once it is read.
    Given(Given),
    /// It was read, or cannot be taken for this reason. Whoever has left the form meanwhile does not get it.
    Read(Box<Result<Unpacked, String>>),
}

impl Component for PasteField {
    type Message = Change;
    type Properties = PasteFieldProps;

    fn create(_: &Context<Self>) -> Self {
        Self {
            around: NodeRef::default(),
            listener: None,
            note: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, change: Change) -> bool {
        match change {
            Change::Typed => self.note = Some(words::ONLY_PASTED),
            Change::Given(given) => {
                self.note = None;
                let (link, props) = (ctx.link().clone(), ctx.props().clone());
                spawn_local(async move {
                    let read = read(given, &props).await;
                    link.send_message(Change::Read(Box::new(read)));
                });
            }
            Change::Read(read) => {
                let PasteFieldProps { fields, act, .. } = ctx.props();
                act.emit(match *read {
                    Ok(recognised) => Action::Pasted(give_out(recognised, fields)),
                    Err(sentence) => Action::PasteRefused(sentence),
                });
            }
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let id = field_id(PASTE_FIELD);
        let hint = [&id, "-hint"].concat();
        html! {
            <div class="field paste" ref={self.around.clone()}>
                <label for={id.clone()}>{ words::LABEL.text() }</label>
                <textarea {id} name={PASTE_FIELD} rows="1" autocomplete="off" class="control" aria-describedby={hint.clone()} />
                <p id={hint} class="field__hint">{ words::HINT.text() }</p>
                <p class="field__note" role="status">{ self.note.map_or("", Message::text) }</p>
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        if let Some(around) = self.around.get() {
            let link = ctx.link().clone();
            self.listener = Some(Listener::new(around.into(), EVENTS, move |event| {
                if let Some(change) = meaning(&event) {
                    link.send_message(change);
                }
            }));
        }
    }
}

fn meaning(event: &web_sys::Event) -> Option<Change> {
    match event.type_().as_str() {
        "paste" | "drop" => capture::given(event).map(Change::Given),
        "dragover" => {
            event.prevent_default();
            None
        }
        "beforeinput" => {
            event.prevent_default();
            Some(Change::Typed)
        }
        // An input method or another program cannot be prevented.
        "input" => {
            let field: HtmlTextAreaElement = event.target_dyn_into()?;
            field.set_value("");
            Some(Change::Typed)
        }
        _ => None,
    }
}

/// Reads what was given.
async fn read(given: Given, props: &PasteFieldProps) -> Result<Unpacked, String> {
    let text = match given {
        Given::Text(text) => text.map_err(|_| Refused::HalfCharacter),
        Given::File(file) => capture::read_file(&file).await,
    };
    let text = text.and_then(|text| match text.len() {
        0..=LARGEST_BUCKET => Ok(text),
        _ => Err(Refused::TooLong),
    });
    let text = text.map_err(|why| words::refused(why).text())?;
    match recognise(&text, props).await {
        Err(Unavailable) => Err(words::UNAVAILABLE.text().to_owned()),
        Ok(read) => read.map_err(|sentence| sentence.say()),
    }
}

async fn recognise(
    text: &Secret,
    props: &PasteFieldProps,
) -> Result<Result<Unpacked, Sentence>, Unavailable> {
    let reader = PasteReader::load().await?;
    match (props.wanted, props.likely) {
        (None, Some(likely)) => match reader.read(text, Some(likely))? {
            Err(_) => reader.read(text, None),
            recognised => Ok(recognised),
        },
        (wanted, _) => reader.read(text, wanted),
    }
}

/// The secrets to their fields; the rest is no secret.
fn give_out(recognised: Unpacked, fields: &SecretFields) -> Pasted {
    let Unpacked {
        form,
        kind,
        auth,
        properties,
        secrets,
        ignored,
        warnings,
    } = recognised;
    let names = secrets.iter().map(|(name, _)| *name).collect();
    for (name, mut secret) in secrets {
        fields.bring(name, Secret::new(std::mem::take(&mut *secret)));
    }
    Pasted {
        form,
        kind,
        auth,
        properties,
        secrets: names,
        ignored,
        warnings,
    }
}
