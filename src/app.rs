//! The page as a whole: joins the state with the edges, and is the only place that starts anything.

mod passing_time;
mod saving;
mod trying;
mod view;
mod visit;

use language::Message;
use std::rc::Rc;
use web_sys::AbortController;

use envelope::{JwkSet, Ticket};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::browser::{self, Listener};
use crate::capture::SecretFields;
use crate::components::field::field_id;
use crate::components::{closing, masthead, notice, receipt};
use crate::config;
use crate::documents::Description;
use crate::gateway_client::{KeyDocument, ReceiptDocument, Refused};
use crate::head_start::HeadStart;
use crate::lifetime::Absence;
use crate::opener::{self, Message as ToOpener};
use crate::state::{Action, Existing, Fault, Form, Line, Page, Stage, Wish};
use crate::submit::Sealed;
use crate::text;
use crate::ticket_link;
use crate::trouble::Trouble;

/// What the page was opened with: a ticket, or why there is none.
#[derive(Clone)]
pub struct Arrival(Rc<Result<Ticket, Trouble>>);

impl Arrival {
    /// Wraps what was found in the address bar, if this browser has shown that it can seal: else there is nothing to type into.
    pub fn new(ticket: Result<Ticket, Trouble>) -> Self {
        Self::tested(envelope::self_test(), ticket)
    }

    /// The same with the outcome of the known-answer test.
    pub fn tested(
        outcome: Result<(), envelope::SelfTestFailed>,
        ticket: Result<Ticket, Trouble>,
    ) -> Self {
        let outcome = outcome.map_err(|_| Trouble::SelfTest);
        Self(Rc::new(outcome.and(ticket)))
    }

    /// The form that the ticket opens.
    pub fn form(&self) -> Option<Form> {
        self.page().form().cloned()
    }

    fn ticket(&self) -> Option<&Ticket> {
        self.0.as_ref().as_ref().ok()
    }

    fn page(&self) -> Page {
        Page::open(
            self.0
                .as_ref()
                .as_ref()
                .map(Ticket::claims)
                .map_err(Clone::clone),
        )
    }
}

impl PartialEq for Arrival {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// What the component needs to know.
#[derive(Clone, PartialEq, Properties)]
pub struct AppProps {
    /// The ticket.
    pub arrival: Arrival,
    /// What was typed before.
    #[prop_or_default]
    pub head_start: HeadStart,
}

/// The component.
pub struct App {
    page: Page,
    arrival: Arrival,
    secrets: SecretFields,
    keys: Option<Rc<JwkSet>>,
    /// An envelope that no answer came to and that nothing was edited since: posted again as it is, it cannot store twice.
    unanswered: Option<Rc<Sealed>>,
    /// Counts what would make an envelope another one: edits, and wipes.
    edits: u32,
    /// What that was when the envelope under way was sent.
    sent_edits: u32,
    /// What was pressed last.
    wish: Wish,
    /// What `edits` was for the last envelope that has passed a test under this ticket.
    passed: Option<u32>,
    /// Ends the request that is under way.
    interruption: Option<AbortController>,
    /// How often the credential was sealed anew since Save was pressed.
    reseals: u8,
    /// The words that thumbprints are shown in; empty until they are there.
    word_list: String,
    /// How far the gateway's clock is ahead of the browser's, in milliseconds, once the gateway has answered.
    ahead_ms: Option<f64>,
    /// Counts tickets: an answer to a request that was made under an earlier one is dropped.
    visit: u32,
    /// Counts tickets from the address bar: the fields of an earlier one are not used again.
    starts: u32,
    /// The control that has the focus as the page begins, or is to have it next.
    focus: Option<String>,
    /// What the focus was last moved for.
    focused: Focused,
    copied: Option<Message>,
    link: NodeRef,
    /// When the last sign of a person came, by the browser's clock.
    active_ms: f64,
    absence: Option<Absence>,
    /// When the window closes by itself.
    closes_ms: Option<f64>,
    _listener: Option<Listener>,
}

/// What can happen. None of it carries a secret.
pub enum Event {
    /// The state changes.
    Act(Action),
    /// The gateway has said what it is, or has not.
    Described(u32, Result<Description, Trouble>),
    /// The keys are there, or are not.
    KeysArrived(u32, Result<KeyDocument, Trouble>),
    /// The gateway has said what is stored already, or has not.
    Found(u32, Result<Existing, Trouble>),
    /// The words for thumbprints are there.
    WordsArrived(String),
    /// A button was pressed that sends something.
    Press(Wish),
    /// The key file was looked at, and this is wrong with it.
    Checked(u32, Option<Fault>),
    /// The gateway has answered the envelope: with a receipt, unless it was for a test.
    Answered(u32, Rc<Sealed>, Result<Option<ReceiptDocument>, Refused>),
    /// The gateway has told something of a test.
    Tried(u32, Line),
    /// The certificate with this hash is trusted for the linked service.
    TrustCertificate(String),
    /// Cancel was pressed.
    Cancel,
    /// A new link was pasted into the page.
    TakeLink,
    /// The gateway's new identity key was recognised by its words.
    Trust,
    /// The address bar has another fragment.
    FragmentChanged,
    /// The page is being left, or comes back from where the browser has kept it aside.
    Left,
    /// The page cannot be seen any more, or again.
    Veiled,
    /// Somebody is there.
    Active,
    /// The copy button was pressed.
    Copy,
    /// What became of it.
    Copied(bool),
    /// The close button was pressed.
    Close,
    /// The window is not to close by itself.
    KeepOpen,
    /// Time has passed.
    Tick,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Focused {
    Nothing,
    Form { failures: u32 },
    Receipt,
    Closing,
}

impl Component for App {
    type Message = Event;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let AppProps {
            arrival,
            head_start,
        } = ctx.props().clone();
        let mut page = arrival.page();
        head_start.put_into(&mut page);
        let link = ctx.link().clone();
        let listener = browser::window().map(|window| {
            Listener::new(window.into(), passing_time::EVENTS, move |event| {
                if let Some(event) = passing_time::meaning(&event) {
                    link.send_message(event);
                }
            })
        });
        let app = Self {
            page,
            arrival,
            secrets: SecretFields::default(),
            keys: None,
            unanswered: None,
            wish: Wish::Save,
            passed: None,
            interruption: None,
            edits: 0,
            sent_edits: 0,
            reseals: 0,
            word_list: String::new(),
            ahead_ms: None,
            visit: 0,
            starts: 0,
            focus: head_start.focus,
            focused: Focused::Nothing,
            copied: None,
            link: NodeRef::default(),
            active_ms: browser::now_ms(),
            absence: None,
            closes_ms: None,
            _listener: listener,
        };
        app.ask_gateway(ctx);
        app.keep_time(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        match event {
            Event::Act(action) => {
                self.focus = self.focus_after(&action);
                self.act(action);
            }
            Event::Described(visit, answer) if visit == self.visit => self.described(answer),
            Event::KeysArrived(visit, answer) if visit == self.visit => {
                self.keys_arrived(ctx, answer);
            }
            Event::Found(visit, answer) if visit == self.visit => self.found(answer),
            Event::Answered(visit, sealed, answer) if visit == self.visit => {
                self.answered(ctx, sealed, answer);
            }
            Event::Tried(visit, line) if visit == self.visit => self.tried(ctx, line),
            Event::WordsArrived(list) => self.word_list = list,
            Event::Checked(visit, fault) if visit == self.visit => self.checked(ctx, fault),
            Event::Described(..)
            | Event::Checked(..)
            | Event::KeysArrived(..)
            | Event::Found(..)
            | Event::Answered(..)
            | Event::Tried(..) => return false,
            Event::Press(wish) => {
                browser::mark(config::MARK_SAVE);
                self.press(ctx, wish);
            }
            Event::TrustCertificate(sha256) => {
                let form = self.page.form();
                if let Some(field) = form.and_then(Form::trusted_certificate) {
                    self.act(Action::PropertyChanged(field.name, sha256));
                    self.press(ctx, Wish::Test);
                }
            }
            Event::Cancel => self.cancel(),
            Event::TakeLink => self.take_link(ctx),
            Event::Trust => self.trust(ctx),
            Event::FragmentChanged if ticket_link::is_in_address_bar() => self.start_over(ctx),
            Event::FragmentChanged => return false,
            // A page that the browser keeps for the back button must not keep a secret with it.
            Event::Left => self.end(Absence::Left),
            Event::Veiled => {
                self.secrets.hide();
                return false;
            }
            Event::Active => return self.is_active(),
            Event::Copy => {
                // Whoever copies is not done with the window.
                self.closes_ms = None;
                self.copy(ctx);
            }
            Event::Copied(done) => {
                self.copied = Some(if done { text::COPIED } else { text::NOT_COPIED });
                // By hand then.
                self.focus = (!done).then(|| receipt::JSON_ID.to_owned());
            }
            Event::Close => browser::close(),
            Event::KeepOpen => self.closes_ms = None,
            Event::Tick => self.pass_time(),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let gateway = self.page.gateway.as_ref();
        html! {
            <>
                { masthead::masthead(gateway) }
                <main class="page" key={itoa::Buffer::new().format(self.starts).to_owned()}>{ self.screen(ctx, gateway) }</main>
            </>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, first: bool) {
        self.secrets.settle();
        let wanted = match &self.page.stage {
            Stage::Editing(form) => Focused::Form {
                failures: form.failures,
            },
            Stage::Saved(_) => Focused::Receipt,
            Stage::Cancelled => Focused::Closing,
            Stage::Closed(_) => Focused::Nothing,
        };
        if wanted != self.focused {
            match wanted {
                Focused::Form { failures: 0 } if self.focus.is_some() => {}
                Focused::Form { failures: 0 } => browser::focus_first_field(),
                Focused::Form { .. } => browser::focus(notice::NOTICE_ID),
                Focused::Receipt => browser::focus(receipt::RECEIPT_ID),
                Focused::Closing => browser::focus(closing::CLOSING_ID),
                Focused::Nothing => {}
            }
            self.focused = wanted;
        }
        if let Some(id) = self.focus.take() {
            browser::focus(&id);
            if id == receipt::JSON_ID {
                browser::select_text(&id);
            }
        }
        if first && let Stage::Editing(form) = &self.page.stage {
            browser::mark(config::MARK_READY);
            opener::tell(&form.claims, &ToOpener::Ready);
        }
    }
}

/// What both parts need.
impl App {
    fn act(&mut self, action: Action) {
        if action.is_edit() {
            self.unanswered = None;
            self.edits += 1;
            self.active_ms = browser::now_ms();
        }
        if matches!(action, Action::SecretChanged(_)) {
            self.absence = None;
        }
        self.page.reduce(action);
    }

    /// What has the focus after a button that goes with what it does.
    fn focus_after(&self, action: &Action) -> Option<String> {
        match action {
            Action::StepChosen(name, _) => Some(field_id(name)),
            Action::MovedBack => {
                let moved = self.page.form()?.moved();
                moved.first().map(|moved| field_id(moved.field))
            }
            _ => None,
        }
    }

    fn copy(&self, ctx: &Context<Self>) {
        let json = match &self.page.stage {
            Stage::Saved(saved) => saved.linked_service_json.clone(),
            Stage::Editing(form) => form.settings(),
            _ => None,
        };
        let Some(json) = json else { return };
        let link = ctx.link().clone();
        spawn_local(async move {
            let done = browser::copy(&json).await.is_ok();
            link.send_message(Event::Copied(done));
        });
    }

    fn tell_opener(&self, message: &ToOpener<'_>) {
        if let Some(ticket) = self.arrival.ticket() {
            opener::tell(ticket.claims(), message);
        }
    }
}
