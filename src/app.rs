//! The page as a whole: joins the state with the edges, and is the only place that starts anything.

use std::rc::Rc;

use envelope::protocol::GatewayDescription;
use envelope::receipt::SignedReceipt;
use envelope::{JwkSet, KeyRefusal, Ticket, UnixSeconds};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser::{self, WindowListener};
use crate::capture::SecretFields;
use crate::components::{closing, context_panel, form, masthead, notice, receipt, ticket_request};
use crate::config;
use crate::gateway_client::{self, KeyDocument, Refusal};
use crate::opener::{self, Message as ToOpener};
use crate::state::{Action, Form, Keys, Page, Saved, Stage, Work};
use crate::submit::{self, Described, Stop};
use crate::text;
use crate::ticket_link;
use crate::trouble::Trouble;

/// What the page was opened with: a ticket, or why there is none.
#[derive(Clone)]
pub struct Arrival(Rc<Result<Ticket, Trouble>>);

impl Arrival {
    /// Wraps what was found in the address bar.
    pub fn new(ticket: Result<Ticket, Trouble>) -> Self {
        Self(Rc::new(ticket))
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
}

/// The component.
pub struct App {
    page: Page,
    arrival: Arrival,
    secrets: SecretFields,
    keys: Option<Rc<JwkSet>>,
    /// How far the gateway's clock is ahead of the browser's, in milliseconds, once the gateway has answered.
    ahead_ms: Option<f64>,
    /// Counts tickets: an answer to a request that was made under an earlier one is dropped.
    visit: u32,
    /// What the focus was last moved for.
    focused: Focused,
    copied: Option<&'static str>,
    link: NodeRef,
    _listeners: [WindowListener; 2],
}

/// What can happen. None of it carries a secret.
pub enum Event {
    /// The state changes.
    Act(Action),
    /// The gateway has said what it is, or has not.
    Described(u32, Result<GatewayDescription, Trouble>),
    /// The keys are there, or are not.
    KeysArrived(u32, Result<KeyDocument, Trouble>),
    /// Save was pressed.
    Save,
    /// The gateway has answered the envelope.
    Answered(u32, Described, Result<SignedReceipt, Refusal>),
    /// Cancel was pressed.
    Cancel,
    /// A new link was pasted into the page.
    TakeLink,
    /// The address bar has another fragment.
    FragmentChanged,
    /// The page is being left, or kept aside by the browser.
    Hidden,
    /// The copy button was pressed.
    Copy,
    /// What became of it.
    Copied(bool),
    /// The close button was pressed.
    Close,
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
        let arrival = ctx.props().arrival.clone();
        let listen = |event, message: fn() -> Event| {
            let link = ctx.link().clone();
            WindowListener::new(event, move |_| link.send_message(message()))
        };
        let app = Self {
            page: arrival.page(),
            arrival,
            secrets: SecretFields::default(),
            keys: None,
            ahead_ms: None,
            visit: 0,
            focused: Focused::Nothing,
            copied: None,
            link: NodeRef::default(),
            _listeners: [
                listen("hashchange", || Event::FragmentChanged),
                listen("pagehide", || Event::Hidden),
            ],
        };
        app.ask_gateway(ctx);
        app.keep_time(ctx);
        app
    }

    fn update(&mut self, ctx: &Context<Self>, event: Event) -> bool {
        match event {
            Event::Act(action) => self.act(action),
            Event::Described(visit, answer) if visit == self.visit => self.described(answer),
            Event::KeysArrived(visit, answer) if visit == self.visit => {
                self.keys_arrived(ctx, answer)
            }
            Event::Answered(visit, described, answer) if visit == self.visit => {
                self.answered(&described, answer)
            }
            Event::Described(..) | Event::KeysArrived(..) | Event::Answered(..) => return false,
            Event::Save => {
                browser::mark(config::MARK_SAVE);
                self.save(ctx);
            }
            Event::Cancel => self.cancel(),
            Event::TakeLink => self.take_link(ctx),
            Event::FragmentChanged if ticket_link::is_in_address_bar() => self.start_over(ctx),
            Event::FragmentChanged => return false,
            // A page that the browser keeps for the back button must not keep a secret with it.
            Event::Hidden => {
                self.secrets.wipe();
                return false;
            }
            Event::Copy => self.copy(ctx),
            Event::Copied(done) => {
                self.copied = Some(if done { text::COPIED } else { text::NOT_COPIED })
            }
            Event::Close => browser::close(),
            Event::Tick => {}
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let gateway = self.page.gateway.as_ref();
        html! {
            <>
                { masthead::masthead(gateway) }
                <main class="page">{ self.screen(ctx, gateway) }</main>
            </>
        }
    }

    fn rendered(&mut self, _ctx: &Context<Self>, first: bool) {
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
                Focused::Form { failures: 0 } => browser::focus_first_field(),
                Focused::Form { .. } => browser::focus(notice::NOTICE_ID),
                Focused::Receipt => browser::focus(receipt::RECEIPT_ID),
                Focused::Closing => browser::focus(closing::CLOSING_ID),
                Focused::Nothing => {}
            }
            self.focused = wanted;
        }
        if first && let Stage::Editing(form) = &self.page.stage {
            browser::mark(config::MARK_USABLE);
            opener::tell(&form.claims, &ToOpener::Ready);
        }
    }
}

/// What is shown.
impl App {
    fn screen(&self, ctx: &Context<Self>, gateway: Option<&GatewayDescription>) -> Html {
        match &self.page.stage {
            Stage::Closed(trouble) => notice::notice(trouble, self.ticket_request(ctx)),
            Stage::Editing(form) => html! {
                <>
                    { context_panel::context_panel(&form.claims, gateway, self.now().map(|now| form.seconds_left(now))) }
                    { self.form(ctx, form, gateway) }
                </>
            },
            Stage::Saved(saved) => {
                let on_close = opener::is_there().then(|| ctx.link().callback(|_| Event::Close));
                receipt::receipt(
                    saved,
                    self.copied,
                    ctx.link().callback(|_| Event::Copy),
                    on_close,
                )
            }
            Stage::Cancelled => closing::closing(),
        }
    }

    fn form(&self, ctx: &Context<Self>, form: &Form, gateway: Option<&GatewayDescription>) -> Html {
        form::form(&form::FormView {
            form,
            offered: gateway.map(|gateway| gateway.kinds.as_slice()),
            secrets: &self.secrets,
            ticket_request: self.ticket_request(ctx),
            act: ctx.link().callback(Event::Act),
            on_save: ctx.link().callback(|event: SubmitEvent| {
                event.prevent_default();
                Event::Save
            }),
            on_cancel: ctx.link().callback(|_| Event::Cancel),
        })
    }

    fn ticket_request(&self, ctx: &Context<Self>) -> Html {
        ticket_request::ticket_request(self.link.clone(), ctx.link().callback(|()| Event::TakeLink))
    }
}

/// What is done.
impl App {
    fn act(&mut self, action: Action) {
        self.page.reduce(action);
    }

    /// Asks for description and keys at the same time, while the form is already there.
    fn ask_gateway(&self, ctx: &Context<Self>) {
        let (link, visit) = (ctx.link().clone(), self.visit);
        spawn_local(async move {
            link.send_message(Event::Described(visit, gateway_client::describe().await))
        });
        if self.arrival.ticket().is_some() {
            self.ask_keys(ctx);
        }
    }

    fn ask_keys(&self, ctx: &Context<Self>) {
        let (link, visit) = (ctx.link().clone(), self.visit);
        spawn_local(async move {
            link.send_message(Event::KeysArrived(visit, gateway_client::keys().await))
        });
    }

    fn keep_time(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        spawn_local(async move {
            loop {
                browser::pause(config::TICK_MS).await;
                link.send_message(Event::Tick);
            }
        });
    }

    fn described(&mut self, answer: Result<GatewayDescription, Trouble>) {
        // Without a description the form works all the same; a gateway that is down is reported by the keys.
        if let Ok(description) = answer {
            self.act(Action::GatewayDescribed(description));
        }
    }

    fn keys_arrived(&mut self, ctx: &Context<Self>, answer: Result<KeyDocument, Trouble>) {
        match self.accept(answer) {
            Ok(action) => {
                self.act(action);
                // Save was pressed before the key was there.
                if self
                    .page
                    .form()
                    .is_some_and(|form| form.work == Work::AwaitingKey)
                {
                    self.send(ctx);
                }
            }
            Err(trouble) => {
                self.tell_opener(&(&trouble).into());
                self.act(Action::KeyFailed(trouble));
            }
        }
    }

    /// Takes the one key that the ticket names, and nothing before this browser has shown that it can seal.
    fn accept(&mut self, answer: Result<KeyDocument, Trouble>) -> Result<Action, Trouble> {
        let document = answer?;
        self.ahead_ms = document
            .at
            .map(|at| at.0 as f64 * 1000.0 - browser::now_ms());
        let ticket = self.arrival.ticket().ok_or(Trouble::NoTicket)?;
        let kid = match document.keys.select(&ticket.claims().thp) {
            Ok(key) => key.kid().clone(),
            Err(KeyRefusal::NotInSet) => return Err(Trouble::KeyNotPinned),
            Err(refusal) => return Err(Trouble::KeyRefused(refusal.to_string())),
        };
        envelope::self_test().map_err(|_| Trouble::SelfTest)?;
        self.keys = Some(Rc::new(document.keys));
        Ok(Action::KeyAccepted(kid))
    }

    fn save(&mut self, ctx: &Context<Self>) {
        let Some(form) = self.page.form() else { return };
        // A second click while the first is under way.
        if form.work != Work::Idle {
            return;
        }
        if self
            .page
            .gateway
            .as_ref()
            .is_some_and(|gateway| gateway.id != form.claims.aud)
        {
            self.failed(Trouble::WrongGateway);
            return;
        }
        match form.keys {
            Keys::Accepted(_) => self.send(ctx),
            Keys::Loading | Keys::Missing => self.await_key(ctx),
        }
    }

    /// Names wrong fields at once instead of after the wait.
    fn await_key(&mut self, ctx: &Context<Self>) {
        let Some(form) = self.page.form() else { return };
        if let Err(stop) = submit::describe(form, &self.secrets) {
            self.stopped(stop);
            return;
        }
        if form.keys == Keys::Missing {
            self.ask_keys(ctx);
        }
        self.act(Action::KeyAwaited);
    }

    fn send(&mut self, ctx: &Context<Self>) {
        let (Some(form), Some(ticket), Some(keys)) =
            (self.page.form(), self.arrival.ticket(), &self.keys)
        else {
            return;
        };
        let sealed = submit::describe(form, &self.secrets).and_then(|described| {
            let key = keys
                .select(&ticket.claims().thp)
                .map_err(|_| Stop::Trouble(Trouble::KeyNotPinned))?;
            described
                .seal(&self.secrets, key, ticket)
                .map(|envelope| (described, envelope))
        });
        match sealed {
            Ok((described, envelope)) => {
                let (link, visit, arrival) = (ctx.link().clone(), self.visit, self.arrival.clone());
                spawn_local(async move {
                    let Some(ticket) = arrival.ticket() else {
                        return;
                    };
                    let answer = submit::deliver(&envelope, ticket).await;
                    link.send_message(Event::Answered(visit, described, answer));
                });
                self.act(Action::Sent);
            }
            Err(stop) => self.stopped(stop),
        }
    }

    fn answered(&mut self, described: &Described, answer: Result<SignedReceipt, Refusal>) {
        match answer {
            Ok(signed) => {
                self.secrets.wipe();
                self.tell_opener(&ToOpener::Saved(&signed));
                let linked_service_json = described.linked_service_json(&signed);
                self.act(Action::Stored(Box::new(Saved {
                    signed,
                    linked_service_json,
                })));
            }
            Err(Refusal::Fields(faults)) => {
                self.act(Action::FieldsRefused(text::faults_in_words(&faults)))
            }
            Err(Refusal::Trouble(trouble)) => {
                let trouble = self.with_time(trouble);
                self.failed(trouble);
            }
        }
    }

    /// The gateway does not say which of the ticket's rules failed; its clock does.
    fn with_time(&self, trouble: Trouble) -> Trouble {
        let (Trouble::TicketInvalid, Some(now), Some(form)) =
            (&trouble, self.now(), self.page.form())
        else {
            return trouble;
        };
        if now >= form.claims.exp {
            Trouble::TicketExpired
        } else if now < form.claims.nbf {
            Trouble::TicketNotYetValid
        } else {
            trouble
        }
    }

    fn stopped(&mut self, stop: Stop) {
        match stop {
            Stop::Fields(faults) => self.act(Action::FieldsRefused(faults)),
            Stop::Trouble(trouble) => self.failed(trouble),
        }
    }

    fn failed(&mut self, trouble: Trouble) {
        self.tell_opener(&(&trouble).into());
        self.act(Action::SaveFailed(trouble));
    }

    fn cancel(&mut self) {
        self.secrets.wipe();
        self.tell_opener(&ToOpener::Cancel);
        self.act(Action::Cancelled);
        if opener::is_there() {
            browser::close();
        }
    }

    /// Takes a new ticket for the same linked service, and keeps what was typed. A page that had none begins with it.
    fn take_link(&mut self, ctx: &Context<Self>) {
        let Some(input) = self.link.cast::<HtmlInputElement>() else {
            return;
        };
        let taken = ticket_link::read(&input.value());
        input.set_value("");
        match (taken, self.page.form().map(|form| &form.claims)) {
            (Ok(ticket), Some(old)) if submit::continues(old, ticket.claims()) => {
                let claims = Box::new(ticket.claims().clone());
                self.begin(Arrival::new(Ok(ticket)));
                self.act(Action::TicketRenewed(claims));
                self.ask_keys(ctx);
            }
            (Ok(ticket), Some(_)) => {
                self.failed(Trouble::OtherLinkedService(ticket.claims().ls.to_string()))
            }
            (Err(trouble), Some(_)) => self.failed(trouble),
            (taken, None) => {
                self.begin(Arrival::new(taken));
                self.page = self.arrival.page();
                self.ask_gateway(ctx);
            }
        }
    }

    /// Another ticket in the address bar is another visit: nothing typed for the one before goes with it.
    fn start_over(&mut self, ctx: &Context<Self>) {
        self.secrets.wipe();
        self.begin(Arrival::new(ticket_link::take_from_address_bar()));
        self.page = self.arrival.page();
        self.focused = Focused::Nothing;
        self.ask_gateway(ctx);
    }

    fn begin(&mut self, arrival: Arrival) {
        self.arrival = arrival;
        self.visit += 1;
        self.keys = None;
        self.copied = None;
    }

    fn copy(&self, ctx: &Context<Self>) {
        let Stage::Saved(saved) = &self.page.stage else {
            return;
        };
        let Some(json) = saved.linked_service_json.clone() else {
            return;
        };
        let link = ctx.link().clone();
        spawn_local(async move {
            let done = browser::copy(&json).await.is_ok();
            if !done {
                browser::select_text(receipt::JSON_ID);
            }
            link.send_message(Event::Copied(done));
        });
    }

    fn tell_opener(&self, message: &ToOpener<'_>) {
        if let Some(ticket) = self.arrival.ticket() {
            opener::tell(ticket.claims(), message);
        }
    }

    /// The time by the gateway's clock.
    fn now(&self) -> Option<UnixSeconds> {
        self.ahead_ms
            .map(|ahead| submit::gateway_time(browser::now_ms(), ahead))
    }
}
