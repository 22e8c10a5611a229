//! The few things that the page asks of the browser itself: elements, focus, timers, window events, marks and dates.

use envelope::UnixSeconds;
use js_sys::{Date, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, HtmlTextAreaElement, Window};

/// The element with this id.
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Moves the keyboard focus to the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // A browser that does not let the focus be moved leaves it where it is; there is nothing to add.
        let _ = element.focus();
    }
}

/// The id of the control that has the keyboard focus.
pub fn focused_control() -> Option<String> {
    let id = document()?.active_element()?.id();
    (!id.is_empty()).then_some(id)
}

/// Moves the keyboard focus to the first control of the form that can be filled in.
pub fn focus_first_field() {
    let first = document().and_then(|document| {
        document
            .query_selector("form :is(input, select, textarea):not(.paste *)")
            .ok()
            .flatten()
    });
    if let Some(control) = first.and_then(|control| control.dyn_into::<HtmlElement>().ok()) {
        // As in `focus`.
        let _ = control.focus();
    }
}

/// Selects the text of the text area with this id, for copying by hand.
pub fn select_text(id: &str) {
    if let Some(area) =
        element(id).and_then(|element| element.dyn_into::<HtmlTextAreaElement>().ok())
    {
        area.select();
    }
}

/// Closes the window, if the browser lets the page do that: it does when another page opened it.
pub fn close() {
    if let Some(window) = window() {
        // Refused without harm otherwise; the page says that the window can be closed.
        let _ = window.close();
    }
}

/// Sets a performance mark for the benchmark.
pub fn mark(name: &str) {
    if let Some(performance) = window().and_then(|window| window.performance()) {
        // A mark that cannot be set costs a measurement, nothing else.
        let _ = performance.mark(name);
    }
}

/// Waits. A window that has no timers does not wait.
pub async fn pause(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let timer = window().map(|window| {
            window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
        });
        if !matches!(timer, Some(Ok(_))) {
            // The promise is resolved by its own resolver, which takes any value and cannot fail.
            let _ = resolve.call0(&JsValue::UNDEFINED);
        }
    });
    // The promise above is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// The browser's clock, in milliseconds since the Unix epoch.
pub fn now_ms() -> f64 {
    Date::now()
}

/// A time of day and date as the person's browser writes it.
pub fn local_time(time: UnixSeconds) -> String {
    let date = Date::new_0();
    date.set_time(time.0 as f64 * 1000.0);
    let options = Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "medium")] {
        // A plain object takes any member.
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    date.to_locale_string("default", &options).into()
}

/// Whether the browser knows that it has no network.
pub fn is_offline() -> bool {
    window().is_some_and(|window| !window.navigator().on_line())
}

/// Puts text on the clipboard.
///
/// # Errors
/// What the browser says when it does not allow that.
pub async fn copy(text: &str) -> Result<(), JsValue> {
    let window = window().ok_or(JsValue::UNDEFINED)?;
    JsFuture::from(window.navigator().clipboard().write_text(text))
        .await
        .map(drop)
}

/// The page's window; `None` outside a browser.
pub fn window() -> Option<Window> {
    web_sys::window()
}

fn document() -> Option<Document> {
    window()?.document()
}

/// Listens to events for as long as it lives, before Yew's own listeners hear of them.
pub struct Listener {
    target: EventTarget,
    events: &'static [&'static str],
    closure: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `react` at each of the events that reaches `target`.
    pub fn new(
        target: EventTarget,
        events: &'static [&'static str],
        react: impl FnMut(Event) + 'static,
    ) -> Self {
        let closure = Closure::new(react);
        for event in events {
            // Adding a listener cannot fail: the name is a string and the listener a function.
            let _ =
                target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        }
        Self {
            target,
            events,
            closure,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        for event in self.events {
            // As in `new`.
            let _ = self
                .target
                .remove_event_listener_with_callback(event, self.closure.as_ref().unchecked_ref());
        }
    }
}
