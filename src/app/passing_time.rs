//! What happens to the window around the page, and what happens by itself as time passes.

use js_sys::Reflect;

use super::{App, Event};
use crate::browser;
use crate::lifetime::{Absence, absence};
use crate::state::Work;

/// The events of the window that matter.
pub(super) const EVENTS: &[&str] = &[
    "hashchange",
    "pagehide",
    "pageshow",
    "visibilitychange",
    "keydown",
    "pointerdown",
    "click",
];

/// What an event of the window means.
pub(super) fn meaning(event: &web_sys::Event) -> Option<Event> {
    Some(match event.type_().as_str() {
        "hashchange" => Event::FragmentChanged,
        "pagehide" => Event::Left,
        // Shown for the first time it has nothing to forget. An event without this member counts as that.
        "pageshow" => {
            let kept_aside = Reflect::get(event, &"persisted".into());
            return kept_aside
                .is_ok_and(|kept| kept.is_truthy())
                .then_some(Event::Left);
        }
        "visibilitychange" => Event::Veiled,
        _ => Event::Active,
    })
}

impl App {
    pub(super) fn pass_time(&mut self) {
        self.watch_expiry();
        self.secrets.count();
        let now = browser::now_ms();
        // A clock that was set back must not give secrets more time.
        self.active_ms = self.active_ms.min(now);
        if self.closes_ms.is_some_and(|at| now >= at) {
            self.closes_ms = None;
            browser::close();
        }
        let can_wait = self.page.form().is_some_and(|form| form.work == Work::Idle);
        if !can_wait || !self.secrets.any() {
            return;
        }
        match absence(now - self.active_ms) {
            Some(Absence::Ending) => self.absence = Some(Absence::Ending),
            Some(reason) => self.end(reason),
            None => {}
        }
    }

    /// Wipes the secrets and says why, if there are any.
    pub(super) fn end(&mut self, reason: Absence) {
        if self.secrets.any() {
            self.absence = Some(reason);
            self.unanswered = None;
            self.edits += 1;
        }
        self.secrets.wipe();
    }

    /// Somebody is there; whether that changes what is shown.
    pub(super) fn is_active(&mut self) -> bool {
        self.active_ms = browser::now_ms();
        let ending = self.absence == Some(Absence::Ending);
        if ending {
            self.absence = None;
        }
        ending
    }
}
