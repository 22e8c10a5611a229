//! From Save, or Cancel, to the outcome.

use std::rc::Rc;

use envelope::Operation;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;
use yew::prelude::*;

use super::{App, Event};
use crate::browser;
use crate::config;
use crate::documents;
use crate::gateway_client::{ReceiptDocument, Refusal, Refused};
use crate::key_file;
use crate::lifetime::CLOSING_MS;
use crate::opener::{self, Message as ToOpener};
use crate::state::{Action, Fault, Keys, Saved, Wish, Work};
use crate::submit::{self, Sealed, Stop};
use crate::text;
use crate::trouble::Trouble;

impl App {
    pub(super) fn press(&mut self, ctx: &Context<Self>, wish: Wish) {
        self.secrets.hide();
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
        (self.wish, self.reseals) = (wish, 0);
        let unsettled = key_file::unsettled(form, &self.secrets);
        let Some(key) = unsettled.filter(|_| self.unanswered.is_none()) else {
            return self.go_on(ctx);
        };
        let (link, visit, fields) = (ctx.link().clone(), self.visit, self.secrets.clone());
        spawn_local(async move {
            link.send_message(Event::Checked(visit, key.check(&fields).await));
        });
        self.act(Action::KeyFileChecked);
    }

    /// The key file was looked at. What else is wrong is named with what is wrong with it.
    pub(super) fn checked(&mut self, ctx: &Context<Self>, fault: Option<Fault>) {
        let form = self.page.form().filter(|form| form.work == Work::Checking);
        let Some(form) = form else { return };
        let Some(fault) = fault else {
            return self.go_on(ctx);
        };
        let mut faults = match submit::describe(form, &self.secrets) {
            Err(Stop::Fields(faults)) => faults,
            _ => Vec::new(),
        };
        faults.push(fault);
        self.act(Action::FieldsRefused(faults));
    }

    fn go_on(&mut self, ctx: &Context<Self>) {
        let Some(form) = self.page.form() else { return };
        match &form.keys {
            Keys::Accepted(_) => self.send(ctx),
            Keys::Loading | Keys::Missing => self.await_key(ctx),
            Keys::Untrusted(trouble) => {
                let trouble = Trouble::clone(trouble);
                self.act(Action::SaveFailed(trouble));
            }
        }
    }

    /// Names wrong fields at once instead of after the wait.
    pub(super) fn await_key(&mut self, ctx: &Context<Self>) {
        let Some(form) = self.page.form() else { return };
        if let Err(stop) = submit::describe(form, &self.secrets) {
            self.stopped(stop);
            return;
        }
        if matches!(form.keys, Keys::Missing) {
            self.ask_keys(ctx);
        }
        self.act(Action::KeyAwaited);
    }

    /// Sends an envelope: for a test, where one comes first.
    pub(super) fn send(&mut self, ctx: &Context<Self>) {
        let (operation, action) = if self.tests_first() {
            (Operation::Test, Action::TrialBegun)
        } else {
            (Operation::Set, Action::Sent)
        };
        let unanswered = || self.unanswered.take();
        let sealed = match (operation == Operation::Set).then(unanswered).flatten() {
            Some(sealed) => Ok(sealed),
            None => self.seal(operation),
        };
        match sealed {
            Ok(sealed) => {
                let (link, visit, arrival) = (ctx.link().clone(), self.visit, self.arrival.clone());
                self.interruption = AbortController::new().ok();
                let stop = self.interruption.as_ref().map(AbortController::signal);
                spawn_local(async move {
                    let Some(ticket) = arrival.ticket() else {
                        return;
                    };
                    let again = || link.send_message(Event::Act(Action::SentAgain));
                    let told = |line| link.send_message(Event::Tried(visit, line));
                    let answer = submit::deliver(&sealed.envelope, ticket, stop, again, told).await;
                    link.send_message(Event::Answered(visit, sealed, answer));
                });
                self.sent_edits = self.edits;
                self.act(action);
            }
            Err(stop) => self.stopped(stop),
        }
    }

    fn seal(&self, operation: Operation) -> Result<Rc<Sealed>, Stop> {
        let (Some(form), Some(ticket), Some(keys)) =
            (self.page.form(), self.arrival.ticket(), &self.keys)
        else {
            return Err(Stop::Trouble(Trouble::NotSealed));
        };
        let key = match &form.keys {
            Keys::Accepted(kid) => keys.select(kid).ok(),
            Keys::Loading | Keys::Missing | Keys::Untrusted(_) => None,
        };
        let key = key.ok_or(Stop::Trouble(Trouble::KeyNotPinned))?;
        let described = submit::describe(form, &self.secrets)?;
        let sealed = described.seal(&self.secrets, key, ticket, operation);
        sealed.map(Rc::new)
    }

    pub(super) fn answered(
        &mut self,
        ctx: &Context<Self>,
        sealed: Rc<Sealed>,
        answer: Result<Option<ReceiptDocument>, Refused>,
    ) {
        let Refused { refusal, request } = match answer {
            Ok(Some(document)) => return self.stored(&sealed, document),
            Ok(None) => return self.trial_answered(),
            Err(refused) => refused,
        };
        match refusal {
            Refusal::Fields(faults) => {
                self.act(Action::FieldsRefused(text::faults_in_words(&faults)));
            }
            Refusal::Secrets(names) => {
                let trouble = Trouble::SecretRequired;
                self.tell_opener(&ToOpener::Error(&trouble, request.as_deref()));
                self.act(Action::SecretsRequired(names));
            }
            // The secrets are still in their fields: with the new key they are sealed anew, and nobody is bothered. Nothing was
            // stored and the ticket is as it was. A ticket that names one envelope key has no word for another.
            Refusal::Trouble(Trouble::KeyRotated)
                if self.reseals < config::MAX_RESEALS && self.names_identity(&sealed) =>
            {
                self.reseals += 1;
                self.ask_keys(ctx);
            }
            Refusal::Trouble(trouble) => {
                // What was edited or wiped meanwhile must not be stored by the next Save.
                let stores = sealed.envelope.binding().op == Operation::Set;
                if stores && trouble.is_silence() && self.sent_edits == self.edits {
                    self.unanswered = Some(sealed);
                }
                let trouble = self.with_time(trouble);
                self.refused(trouble, request.as_deref());
            }
        }
    }

    fn stored(&mut self, sealed: &Sealed, ReceiptDocument { signed, text }: ReceiptDocument) {
        self.secrets.wipe();
        self.tell_opener(&ToOpener::Saved(&text));
        (self.absence, self.copied) = (None, None);
        // Told first, and long before the window goes.
        self.closes_ms = opener::is_there().then(|| browser::now_ms() + CLOSING_MS);
        let linked_service_json = sealed.described.linked_service_json(&signed);
        self.act(Action::Stored(Box::new(Saved {
            signed,
            tested: documents::tested(&text),
            linked_service_json,
        })));
    }

    fn names_identity(&self, sealed: &Sealed) -> bool {
        self.arrival
            .ticket()
            .is_some_and(|ticket| ticket.claims().thp != *sealed.envelope.kid())
    }

    /// The gateway does not say which of the ticket's rules failed; its clock does.
    pub(super) fn with_time(&self, trouble: Trouble) -> Trouble {
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

    pub(super) fn stopped(&mut self, stop: Stop) {
        match stop {
            Stop::Fields(faults) => self.act(Action::FieldsRefused(faults)),
            Stop::Trouble(trouble) => self.failed(trouble),
        }
    }

    pub(super) fn failed(&mut self, trouble: Trouble) {
        self.refused(trouble, None);
    }

    fn refused(&mut self, trouble: Trouble, request: Option<&str>) {
        self.tell_opener(&ToOpener::Error(&trouble, request));
        self.act(Action::SaveFailed(trouble));
    }

    pub(super) fn cancel(&mut self) {
        match self.page.form().map(|form| form.work) {
            Some(Work::AwaitingKey) => return self.failed(Trouble::Interrupted),
            // What has left cannot be called back. The form stays, and what was sent: it is for the person to go on.
            Some(Work::Testing | Work::Sending | Work::SendingAgain) => {
                return self.interruption.iter().for_each(AbortController::abort);
            }
            _ => {}
        }
        self.secrets.wipe();
        self.tell_opener(&ToOpener::Cancel);
        self.act(Action::Cancelled);
        if opener::is_there() {
            browser::close();
        }
    }
}
