//! One ticket's visit: what is asked of the gateway when it begins, and what another ticket does to it.

use std::rc::Rc;

use crate::documents::Description;
use envelope::UnixSeconds;
use envelope::statement::{Seen, StatementRefusal};
use envelope::ticket::MAX_TICKET_SECONDS;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{App, Arrival, Event, Focused};
use crate::browser;
use crate::components::form;
use crate::config;
use crate::gateway_client::{self, KeyDocument};
use crate::gateway_memory;
use crate::opener::Message as ToOpener;
use crate::state::{Action, Existing, Work};
use crate::submit;
use crate::ticket_link;
use crate::trouble::Trouble;

impl App {
    /// Asks for description, keys and what is stored at the same time, while the form is already there.
    pub(super) fn ask_gateway(&self, ctx: &Context<Self>) {
        let (link, visit) = (ctx.link().clone(), self.visit);
        spawn_local(async move {
            link.send_message(Event::Described(visit, gateway_client::describe().await));
        });
        if self.arrival.ticket().is_some() {
            self.ask_keys(ctx);
            self.ask_existing(ctx);
        }
    }

    fn ask_existing(&self, ctx: &Context<Self>) {
        let (link, visit, arrival) = (ctx.link().clone(), self.visit, self.arrival.clone());
        spawn_local(async move {
            if let Some(ticket) = arrival.ticket() {
                let answer = gateway_client::existing(ticket).await;
                link.send_message(Event::Found(visit, answer));
            }
        });
    }

    pub(super) fn found(&mut self, answer: Result<Existing, Trouble>) {
        if self.page.form().is_some_and(|form| form.work == Work::Idle) {
            self.unanswered = None;
            self.edits += 1;
        }
        // Whatever the trouble is, if it matters to Save the keys or the answer to the envelope tell of it.
        self.act(Action::Found(answer.unwrap_or(Existing::Unread)));
    }

    pub(super) fn ask_keys(&self, ctx: &Context<Self>) {
        let (link, visit) = (ctx.link().clone(), self.visit);
        spawn_local(async move {
            link.send_message(Event::KeysArrived(visit, gateway_client::keys().await));
        });
    }

    pub(super) fn keep_time(&self, ctx: &Context<Self>) {
        let link = ctx.link().clone();
        spawn_local(async move {
            loop {
                browser::pause(config::TICK_MS).await;
                link.send_message(Event::Tick);
            }
        });
    }

    /// Asks for the list of words that thumbprints are shown in: when the page is usable, because it weighs more than the rest of what is shown.
    pub(super) fn ask_words(&self, ctx: &Context<Self>) {
        if self.word_list.is_empty() {
            let link = ctx.link().clone();
            spawn_local(async move {
                // Without it thumbprints are shown as they are.
                if let Ok(list) = gateway_client::word_list().await {
                    link.send_message(Event::WordsArrived(list));
                }
            });
        }
    }

    pub(super) fn described(&mut self, answer: Result<Description, Trouble>) {
        // Without a description the form works all the same; a gateway that is down is reported by the keys.
        if let Ok(description) = answer {
            self.act(Action::GatewayDescribed(description));
        }
    }

    pub(super) fn keys_arrived(
        &mut self,
        ctx: &Context<Self>,
        answer: Result<KeyDocument, Trouble>,
    ) {
        self.ask_words(ctx);
        match self.accept(answer) {
            Ok(action) => {
                browser::mark(config::MARK_KEY);
                self.act(action);
                // Save was pressed before the key was there, or the gateway has replaced it since.
                let waits =
                    |work| matches!(work, Work::AwaitingKey | Work::Testing | Work::Sending);
                if self.page.form().is_some_and(|form| waits(form.work)) {
                    self.send(ctx);
                }
            }
            Err(trouble) => {
                self.tell_opener(&ToOpener::Error(&trouble, None));
                self.act(Action::KeyFailed(trouble));
            }
        }
    }

    /// Takes the key that the gateway's identity key and the ticket agree on.
    pub(super) fn accept(
        &mut self,
        answer: Result<KeyDocument, Trouble>,
    ) -> Result<Action, Trouble> {
        let document = answer?;
        self.ahead_ms = document
            .at
            .map(|at| at.0 as f64 * 1000.0 - browser::now_ms());
        let ticket = self.arrival.ticket().ok_or(Trouble::NoTicket)?;
        let claims = ticket.claims();
        let known = gateway_memory::recall(&claims.aud);
        let kid = match document
            .statement
            .key_for(claims, &document.keys, known.as_ref())
        {
            Ok(key) => key.kid().clone(),
            // No statement can cover a ticket that lives for too long.
            Err(StatementRefusal::Time) if claims.exp.0 > claims.iat.0 + MAX_TICKET_SECONDS => {
                return Err(Trouble::TicketInvalid);
            }
            Err(StatementRefusal::Time) => {
                return Err(match self.with_time(Trouble::TicketInvalid) {
                    Trouble::TicketInvalid => StatementRefusal::Time.into(),
                    ticket_is_out_of_time => ticket_is_out_of_time,
                });
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let seen = document.statement.seen();
        if known.as_ref() != Some(&seen) {
            gateway_memory::remember(&claims.aud, &seen);
        }
        self.keys = Some(Rc::new(document.keys));
        Ok(Action::KeyAccepted {
            kid,
            identity: seen.identity,
        })
    }

    /// The person has compared the words: from now on this is the gateway's identity key. The keys are asked for again, and must be its.
    pub(super) fn trust(&mut self, ctx: &Context<Self>) {
        let Some(form) = self.page.form() else { return };
        if let Some(Trouble::IdentityChanged(change)) = form.notice() {
            let identity = change.now.clone();
            gateway_memory::remember(&form.claims.aud, &Seen { identity, seq: 0 });
            self.act(Action::IdentityTrusted);
            browser::focus(form::SAVE_ID);
            self.ask_keys(ctx);
        }
    }

    /// Takes a new ticket for the same linked service, and keeps what was typed. A page that had none begins with it.
    pub(super) fn take_link(&mut self, ctx: &Context<Self>) {
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
                // The field that had the focus goes with the notice; what is left to do is to press Save.
                browser::focus(form::SAVE_ID);
                self.ask_keys(ctx);
                self.ask_existing(ctx);
            }
            (Ok(ticket), Some(_)) => {
                self.failed(Trouble::OtherLinkedService(
                    ticket.claims().ls.as_str().to_owned(),
                ));
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
    pub(super) fn start_over(&mut self, ctx: &Context<Self>) {
        self.secrets.wipe();
        self.begin(Arrival::new(ticket_link::take_from_address_bar()));
        self.page = self.arrival.page();
        self.starts += 1;
        self.focused = Focused::Nothing;
        self.ask_gateway(ctx);
    }

    /// Says that the ticket has run out as soon as it has, without taking the focus from whoever is typing.
    pub(super) fn watch_expiry(&mut self) {
        let expired = self.now().zip(self.page.form()).is_some_and(|(now, form)| {
            form.work == Work::Idle && form.trouble.is_none() && now >= form.claims.exp
        });
        if expired {
            self.act(Action::Disturbed(Trouble::TicketExpired));
        }
    }

    pub(super) fn begin(&mut self, arrival: Arrival) {
        self.arrival = arrival;
        self.visit += 1;
        self.keys = None;
        self.unanswered = None;
        self.passed = None;
        self.copied = None;
        self.absence = None;
        self.closes_ms = None;
    }

    /// The time by the gateway's clock.
    pub(super) fn now(&self) -> Option<UnixSeconds> {
        self.ahead_ms
            .map(|ahead| submit::gateway_time(browser::now_ms(), ahead))
    }
}
