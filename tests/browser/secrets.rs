//! Secret fields: what they stand for, what they never show, when they are empty.

use credential_setter::capture::SecretFields;
use credential_setter::secret_field::{SecretField, SecretFieldProps};
use js_sys::{Array, Function, Reflect};
use linked_service::{Field, Input};
use serde_json::json;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::{Event, File};
use yew::Callback;

use crate::gateway::Gateway;
use crate::stage::{SECRET, Stage, ticket, window_event};

const ONE_LINE: Field = Field {
    name: "password",
    label: "Password",
    ..Field::SECRET
};

const LINES: Field = Field {
    name: "privateKeyContent",
    label: "Private key",
    input: Input::SecretLines,
    ..Field::SECRET
};

/// One secret field by itself, and the registry that the form would read it from.
async fn field(field: &'static Field) -> (Stage<SecretField>, SecretFields) {
    let fields = SecretFields::default();
    let props = SecretFieldProps {
        field,
        fields: fields.clone(),
        fault: None,
        on_edit: Callback::noop(),
    };
    (Stage::mount(props).await, fields)
}

/// Whether the field stands for exactly this text. Compared here, so that no failure prints a secret.
fn stands_for(fields: &SecretFields, name: &str, text: &str) -> bool {
    fields
        .read(name)
        .is_ok_and(|secret| secret.expose() == text)
}

/// Pastes; whether the page left it to the browser.
async fn paste(stage: &Stage<SecretField>, name: &str, text: &JsValue) -> bool {
    let make = Function::new_with_args(
        "text",
        "const event = new Event('paste', { bubbles: true, cancelable: true }); \
         event.clipboardData = { getData: () => text, files: [] }; \
         Object.setPrototypeOf(event, ClipboardEvent.prototype); \
         Object.defineProperty(event, 'clipboardData', { value: { getData: () => text, files: { item: () => null, length: 0 } } }); \
         return event;",
    );
    let event: Event = make.call1(&JsValue::NULL, text).unwrap().unchecked_into();
    let left = stage.dispatch(&stage.control(name), &event);
    stage.flush().await;
    left
}

fn note(stage: &Stage<SecretField>) -> String {
    stage
        .find(".field__note")
        .and_then(|note| note.text_content())
        .unwrap_or_default()
}

#[test]
async fn an_ordinary_paste_is_left_to_the_browser() {
    let (stage, _fields) = field(&ONE_LINE).await;
    assert!(paste(&stage, "password", &"p\u{e4}ss \u{1f511} \"'{};%".into()).await);
    assert_eq!(stage.control("password").tag_name(), "INPUT");
}

#[test]
async fn a_paste_with_line_breaks_or_nul_keeps_every_byte() {
    for text in [
        "a\nb",
        "a\r\nb\r\n",
        "a\rb",
        "a\0b",
        "\r\n",
        "mixed\r\nends\nof\rlines\0",
    ] {
        let (stage, fields) = field(&ONE_LINE).await;
        assert!(
            !paste(&stage, "password", &text.into()).await,
            "left to the browser: {text:?}"
        );
        assert_eq!(stage.control("password").tag_name(), "TEXTAREA");
        assert!(stands_for(&fields, "password", text), "altered: {text:?}");
        assert!(!note(&stage).is_empty(), "nothing is said of {text:?}");
        assert!(
            stage.control("password").has_attribute("data-masked"),
            "the text can be read over a shoulder"
        );
    }
}

#[test]
async fn a_paste_lands_at_the_caret() {
    let (stage, fields) = field(&ONE_LINE).await;
    stage.type_into("password", "startend").await;
    let control: web_sys::HtmlInputElement = stage.control("password").unchecked_into();
    control.set_selection_range(5, 5).unwrap();
    paste(&stage, "password", &"\r\n".into()).await;
    assert!(stands_for(&fields, "password", "start\r\nend"));
    let control: web_sys::HtmlTextAreaElement = stage.control("password").unchecked_into();
    control.set_selection_range(0, 0).unwrap();
    paste(&stage, "password", &"\0".into()).await;
    assert!(stands_for(&fields, "password", "\0start\r\nend"));
}

#[test]
async fn an_edit_after_a_paste_counts_and_is_said_to_change_the_line_breaks() {
    let (stage, fields) = field(&ONE_LINE).await;
    paste(&stage, "password", &"a\r\nb".into()).await;
    let before = note(&stage);
    stage.type_into("password", "a\nbc").await;
    assert!(stands_for(&fields, "password", "a\nbc"));
    assert_ne!(note(&stage), before);
    assert!(note(&stage).contains("LF"));
}

#[test]
async fn the_multi_line_switch_keeps_the_text_and_refuses_to_lose_a_line_break() {
    let (stage, fields) = field(&ONE_LINE).await;
    stage.type_into("password", "one line").await;
    stage.click(".link-button").await;
    assert_eq!(stage.control("password").tag_name(), "TEXTAREA");
    assert!(stands_for(&fields, "password", "one line"));
    stage.click(".link-button").await;
    assert_eq!(stage.control("password").tag_name(), "INPUT");
    assert!(stands_for(&fields, "password", "one line"));
    stage.click(".link-button").await;
    stage.type_into("password", "two\nlines").await;
    stage.click(".link-button").await;
    assert_eq!(stage.control("password").tag_name(), "TEXTAREA");
    assert!(stands_for(&fields, "password", "two\nlines"));
}

#[test]
async fn show_makes_it_readable_and_changes_nothing_else() {
    let (stage, fields) = field(&ONE_LINE).await;
    stage.type_into("password", SECRET).await;
    for (pressed, kind) in [("true", "text"), ("false", "password")] {
        stage.click(".secret__reveal").await;
        let button = stage.find(".secret__reveal").unwrap();
        assert_eq!(
            button.get_attribute("aria-pressed").as_deref(),
            Some(pressed)
        );
        assert_eq!(
            stage.control("password").get_attribute("type").as_deref(),
            Some(kind)
        );
        assert!(stands_for(&fields, "password", SECRET));
    }
}

#[test]
async fn half_a_character_is_refused_instead_of_replaced() {
    let half = js_sys::JsString::from_char_code1(0xd800);
    let (stage, fields) = field(&ONE_LINE).await;
    stage.set("password", &half).await;
    assert!(fields.read("password").is_err());
    assert!(
        !paste(&stage, "password", &half).await,
        "left to the browser"
    );
    assert!(
        stage.find(".field__error").is_some(),
        "nothing is said of it"
    );
}

#[test]
async fn a_file_arrives_byte_for_byte_or_is_refused_with_a_reason() {
    let (stage, fields) = field(&LINES).await;
    choose_file(
        &stage,
        b"-----BEGIN KEY-----\r\nabc\r\n-----END KEY-----\r\n",
    )
    .await;
    stage
        .until("the file's text", || {
            let key = "-----BEGIN KEY-----\r\nabc\r\n-----END KEY-----\r\n";
            stands_for(&fields, LINES.name, key).then_some(())
        })
        .await;
    for refused in [&[0xff, 0xfe, 0x00][..], &[b'x'; 8193]] {
        choose_file(&stage, refused).await;
        stage
            .until("a reason", || stage.find(".field__error"))
            .await;
        assert!(
            !stands_for(&fields, LINES.name, ""),
            "the field was emptied"
        );
        stage.type_into(LINES.name, "typed").await;
        assert!(stage.find(".field__error").is_none());
    }
}

/// Chooses a file as the file dialogue does.
async fn choose_file(stage: &Stage<SecretField>, bytes: &[u8]) {
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes));
    let file = File::new_with_u8_array_sequence(&parts, "id_rsa").unwrap();
    let list = Function::new_with_args(
        "file",
        "const transfer = new DataTransfer(); transfer.items.add(file); return transfer.files;",
    );
    let files = list.call1(&JsValue::NULL, &file).unwrap();
    let input = stage.find("input[type='file']").unwrap();
    Reflect::set(&input, &"files".into(), &files).unwrap();
    let event = Event::new_with_event_init_dict("change", crate::stage::bubbling().unchecked_ref());
    stage.dispatch(&input, &event.unwrap());
    stage.flush().await;
}

#[test]
async fn a_field_that_is_left_is_empty() {
    let (stage, fields) = field(&ONE_LINE).await;
    paste(&stage, "password", &"a\r\nb".into()).await;
    let control = stage.control("password");
    drop(stage);
    yew::scheduler::flush().await;
    assert!(stands_for(&fields, "password", ""));
    let left = Reflect::get(&control, &"value".into()).unwrap();
    assert!(
        left.as_string().is_some_and(|left| left.is_empty()),
        "the element keeps the secret"
    );
}

#[test]
async fn leaving_the_page_empties_the_secrets_and_nothing_else() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    window_event("pagehide");
    stage.flush().await;
    assert!(
        stage.shown("password").is_empty(),
        "the secret waits for the back button"
    );
    assert_eq!(stage.shown("server"), "db01.corp.example");
}

#[test]
async fn no_attribute_and_no_text_of_the_document_ever_holds_a_secret() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    assert!(
        stage.html().contains("db01.corp.example") || stage.shown("server") == "db01.corp.example"
    );
    assert!(!stage.html().contains(SECRET), "after typing");
    stage.click(".secret__reveal").await;
    assert!(!stage.html().contains(SECRET), "after Show");
    let control = stage.control("password");
    stage.save().await;
    stage.receipt().await;
    assert!(!stage.html().contains(SECRET), "after Save");
    assert!(!stage.words().contains(SECRET), "on the receipt");
    let left = Reflect::get(&control, &"value".into()).unwrap();
    assert!(
        left.as_string().is_some_and(|left| left.is_empty()),
        "the element keeps the secret"
    );
    assert!(!gateway.bodies()[0].contains(SECRET), "in the request");
}

#[test]
async fn the_browser_is_asked_not_to_remember_or_correct_a_secret() {
    let _gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({ "kind": "Sftp" }))).await;
    stage.choose("#field-auth", "SshPublicKey").await;
    for name in ["privateKeyContent", "passPhrase"] {
        let control = stage.control(name);
        // As the browser has it, whether it says so itself or its form does.
        let spelling = Reflect::get(&control, &"spellcheck".into()).unwrap();
        assert_eq!(spelling.as_bool(), Some(false), "{name}");
        let remembers = control
            .closest("[autocomplete]")
            .unwrap()
            .and_then(|element| element.get_attribute("autocomplete"));
        let expected = if control.tag_name() == "INPUT" {
            "new-password"
        } else {
            "off"
        };
        assert_eq!(remembers.as_deref(), Some(expected), "{name}");
        assert!(control.get_attribute("value").is_none(), "{name}");
    }
}
