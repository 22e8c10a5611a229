//! Mounting the page or a part of it, and meeting it as a person does: by what is in the document.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use credential_setter::app::{App, AppProps, Arrival};
use credential_setter::browser::pause;
use credential_setter::head_start::HeadStart;
use envelope::Ticket;
use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventInit, HtmlElement, HtmlTextAreaElement, InputEvent};
use yew::html::BaseComponent;
use yew::{AppHandle, Renderer};

use crate::gateway::{Gateway, KID};

pub(crate) const LINKED_SERVICE: &str = "SalesMySql";
pub(crate) const KIND: &str = "OnPremisesMySql";
pub(crate) const SECRET: &str = "correct horse battery staple";

/// A mounted component; unmounted and taken out of the document when it goes.
pub(crate) struct Stage<C: BaseComponent> {
    root: Element,
    app: Option<AppHandle<C>>,
}

impl Stage<App> {
    /// The page as a link with this ticket opens it.
    pub(crate) async fn open(ticket: &str) -> Self {
        let ticket = credential_setter::ticket_link::read(&format!("#ticket={ticket}"));
        Self::arrive(Arrival::new(ticket)).await
    }

    /// The page as it opens.
    pub(crate) async fn arrive(arrival: Arrival) -> Self {
        Self::mount(AppProps {
            arrival,
            head_start: HeadStart::default(),
        })
        .await
    }

    /// The page with a good ticket and every field filled in.
    pub(crate) async fn filled() -> Self {
        let stage = Self::open(&ticket(&json!({}))).await;
        stage.fill().await;
        stage
    }

    /// Fills every field of the form for MySQL.
    pub(crate) async fn fill(&self) {
        for (name, value) in [
            ("server", "db01.corp.example"),
            ("database", "sales"),
            ("userName", "loader"),
        ] {
            self.type_into(name, value).await;
        }
        self.type_into("password", SECRET).await;
    }

    /// Presses Save, without waiting for what comes of it.
    pub(crate) async fn save(&self) {
        self.click("#save").await;
    }

    /// The code of the notice, once there is one.
    pub(crate) async fn notice(&self) -> String {
        self.until("a notice", || self.code()).await
    }

    /// The code of the notice now.
    pub(crate) fn code(&self) -> Option<String> {
        self.find("[role='alert'][data-code]")?
            .get_attribute("data-code")
    }

    /// Waits until an envelope has left the page.
    pub(crate) async fn has_sent(&self, gateway: &Gateway) {
        self.until("a request", || (!gateway.bodies().is_empty()).then_some(()))
            .await;
    }

    /// Waits for the receipt.
    pub(crate) async fn receipt(&self) -> Element {
        self.until("a receipt", || self.find("dl.facts--receipt"))
            .await
    }
}

impl<C: BaseComponent<Properties: 'static> + 'static> Stage<C> {
    /// Mounts a component.
    pub(crate) async fn mount(props: C::Properties) -> Self {
        let root = document().create_element("div").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let app = Renderer::<C>::with_root_and_props(root.clone(), props).render();
        let stage = Self {
            root,
            app: Some(app),
        };
        stage.flush().await;
        stage
    }

    /// Pastes; whether the page left it to the browser.
    pub(crate) async fn paste(&self, name: &str, text: &JsValue) -> bool {
        let make = Function::new_with_args(
            "text",
            "const event = new Event('paste', { bubbles: true, cancelable: true }); \
             event.clipboardData = { getData: () => text, files: [] }; \
             Object.setPrototypeOf(event, ClipboardEvent.prototype); \
             Object.defineProperty(event, 'clipboardData', { value: { getData: () => text, files: { item: () => null, length: 0 } } }); \
             return event;",
        );
        let event: Event = make.call1(&JsValue::NULL, text).unwrap().unchecked_into();
        let left = self.dispatch(&self.control(name), &event);
        self.flush().await;
        left
    }

    /// Lets everything be rendered that is due.
    pub(crate) async fn flush(&self) {
        yew::scheduler::flush().await;
    }

    /// Lets the page work until `found` finds something.
    pub(crate) async fn until<T>(&self, what: &str, found: impl Fn() -> Option<T>) -> T {
        for _ in 0..2_000 {
            self.flush().await;
            if let Some(found) = found() {
                return found;
            }
            pause(0).await;
        }
        panic!(
            "no {what} in: {}",
            self.root.text_content().unwrap_or_default()
        );
    }

    /// Lets the page work for as long as it takes to answer a request and a few things after that.
    pub(crate) async fn settle(&self) {
        for _ in 0..20 {
            self.flush().await;
            pause(0).await;
        }
    }

    /// The first element that matches.
    pub(crate) fn find(&self, css: &str) -> Option<Element> {
        self.root.query_selector(css).unwrap()
    }

    /// Every element that matches.
    pub(crate) fn all(&self, css: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(css).unwrap();
        (0..found.length())
            .filter_map(|index| found.get(index)?.dyn_into().ok())
            .collect()
    }

    /// The control of a field.
    pub(crate) fn control(&self, name: &str) -> Element {
        self.find(&format!("[name='{name}']"))
            .unwrap_or_else(|| panic!("no field {name}"))
    }

    /// What a field shows.
    pub(crate) fn shown(&self, name: &str) -> String {
        Reflect::get(&self.control(name), &"value".into())
            .unwrap()
            .as_string()
            .unwrap()
    }

    /// Puts text into a field as the browser does when a person types it in the place of what is there.
    pub(crate) async fn type_into(&self, name: &str, value: &str) {
        let control = self.control(name);
        if control.matches("textarea.secret__control").unwrap() {
            self.select(name, 0, u32::MAX);
            let typed = json!({ "inputType": "insertText", "data": value });
            self.input_event(name, "beforeinput", &typed).await;
        } else {
            self.set(name, &value.into()).await;
        }
    }

    /// Selects a part of what a field shows, in UTF-16 units.
    pub(crate) fn select(&self, name: &str, from: u32, to: u32) {
        let control: HtmlTextAreaElement = self.control(name).unchecked_into();
        control.set_selection_range(from, to).unwrap();
    }

    /// Dispatches an event of text input with these members; whether the page lets the browser go on with it.
    pub(crate) async fn input_event(&self, name: &str, event: &str, members: &Value) -> bool {
        let make = Function::new_with_args(
            "type, members",
            "const make = type.startsWith('composition') ? CompositionEvent : type.startsWith('key') ? KeyboardEvent : \
               type.startsWith('focus') ? FocusEvent : InputEvent; \
             return new make(type, { bubbles: true, cancelable: true, ...JSON.parse(members) });",
        );
        let event = make.call2(&JsValue::NULL, &event.into(), &members.to_string().into());
        let left = self.dispatch(&self.control(name), event.unwrap().unchecked_ref());
        self.flush().await;
        left
    }

    /// What a secret field stands for, as Show makes it readable.
    pub(crate) async fn readable(&self, name: &str) -> String {
        let reveal = format!("[data-field='{name}'] .secret__reveal");
        self.click(&reveal).await;
        let shown = self.shown(name);
        self.click(&reveal).await;
        shown
    }

    /// The same with any JavaScript string.
    pub(crate) async fn set(&self, name: &str, value: &JsValue) {
        let control = self.control(name);
        Reflect::set(&control, &"value".into(), value).unwrap();
        self.dispatch(
            &control,
            &InputEvent::new_with_event_init_dict("input", &bubbling()).unwrap(),
        );
        self.flush().await;
    }

    /// Chooses from a list.
    pub(crate) async fn choose(&self, css: &str, value: &str) {
        let list = self.find(css).unwrap();
        Reflect::set(&list, &"value".into(), &value.into()).unwrap();
        let event = Event::new_with_event_init_dict("change", bubbling().unchecked_ref()).unwrap();
        self.dispatch(&list, &event);
        self.flush().await;
    }

    /// Clicks.
    pub(crate) async fn click(&self, css: &str) {
        let element: HtmlElement = self
            .find(css)
            .unwrap_or_else(|| panic!("no {css}"))
            .unchecked_into();
        element.click();
        self.flush().await;
    }

    /// Dispatches an event; whether the page lets the browser go on with it.
    pub(crate) fn dispatch(&self, element: &Element, event: &Event) -> bool {
        element.dispatch_event(event).unwrap()
    }

    /// All of it as HTML: what a person, a script or an extension can see in the document.
    pub(crate) fn html(&self) -> String {
        self.root.outer_html()
    }

    /// All words.
    pub(crate) fn words(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }
}

impl<C: BaseComponent> Drop for Stage<C> {
    fn drop(&mut self) {
        if let Some(app) = self.app.take() {
            app.destroy();
        }
        self.root.remove();
    }
}

/// A compact ticket: good claims with some replaced; the signature is not looked at by the page.
pub(crate) fn ticket(changes: &Value) -> String {
    let mut claims = json!({
        "iss": "portal", "aud": "gw-test", "sub": "ada@example.com", "jti": "ticket-1",
        "iat": 1_800_000_000, "nbf": 1_800_000_000, "exp": 1_800_000_600, "op": "set",
        "df": "factory", "ls": LINKED_SERVICE, "kind": KIND, "thp": KID,
    });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    let header = json!({ "alg": "EdDSA", "typ": envelope::ticket::TICKET_TYP });
    let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    let compact = [
        encode(header.to_string().as_bytes()),
        encode(claims.to_string().as_bytes()),
        encode(&[7; 64]),
    ]
    .join(".");
    assert!(
        Ticket::parse(&compact).is_ok(),
        "the test's ticket is refused"
    );
    compact
}

/// A link with a ticket.
pub(crate) fn link(ticket: &str) -> String {
    format!("https://gw.example:8050/#ticket={ticket}")
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// The id of the element that has the focus.
pub(crate) fn focused_id() -> String {
    document()
        .active_element()
        .map(|element| element.id())
        .unwrap_or_default()
}

/// An event of the window.
pub(crate) fn window_event(name: &str) {
    web_sys::window()
        .unwrap()
        .dispatch_event(&Event::new(name).unwrap())
        .unwrap();
}

pub(crate) fn bubbling() -> web_sys::InputEventInit {
    let init = web_sys::InputEventInit::new();
    let common: &EventInit = init.unchecked_ref();
    common.set_bubbles(true);
    common.set_cancelable(true);
    init
}
