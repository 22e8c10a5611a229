//! The form of a credential that is stored already: filled, without any secret, and honest about what becomes of each.

use credential_setter::app::{App, AppProps, Arrival};
use credential_setter::head_start::HeadStart;
use credential_setter::ticket_link;
use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, problem, stored_credential, stored_key};
use crate::stage::{SECRET, Stage, focused_id, link, ticket};

/// What connection forms elsewhere put in the place of a stored secret.
const MASKS: [&str; 5] = ["•", "●", "***", "∗", "xxxx"];

/// The page for the ticket's kind as soon as what is stored has been filled in.
async fn opened(gateway: &Gateway, stored: &Value) -> Stage<App> {
    gateway.stored(Answer::Json(200, json!([stored])));
    let stage = Stage::open(&ticket(&json!({ "kind": stored["kind"] }))).await;
    stage
        .until("the stored settings", || stage.find(".stored"))
        .await;
    stage
}

fn state(stage: &Stage<App>, field: &str) -> Option<String> {
    stage
        .find(&format!("[data-field='{field}'] .stored__state"))?
        .text_content()
}

/// The names of the buttons in a field, as a screen reader says them.
fn buttons(stage: &Stage<App>, field: &str) -> Vec<String> {
    let buttons = stage.all(&format!("[data-field='{field}'] button"));
    let names = buttons.iter().filter_map(|button| button.text_content());
    names.collect()
}

/// Presses the button in a field, or in the explanation, that begins with these words.
async fn press(stage: &Stage<App>, around: &str, words: &str) {
    let buttons = stage.all(&format!("{around} button"));
    let button = buttons.into_iter().find(|button| {
        let name = button.text_content().unwrap_or_default();
        name.starts_with(words)
    });
    let button: web_sys::HtmlElement = wasm_bindgen::JsCast::unchecked_into(
        button.unwrap_or_else(|| panic!("no button {words} in {around}")),
    );
    button.click();
    stage.flush().await;
}

async fn press_in(stage: &Stage<App>, field: &str, words: &str) {
    press(stage, &format!("[data-field='{field}']"), words).await;
}

fn explanation(stage: &Stage<App>) -> String {
    let why = stage.find(".moved p");
    why.and_then(|why| why.text_content()).unwrap_or_default()
}

fn stored_fact(stage: &Stage<App>) -> String {
    let facts = stage.all(".context .fact");
    let fact = facts.iter().filter_map(|fact| fact.text_content());
    fact.filter(|fact| fact.starts_with("Stored"))
        .collect::<String>()
}

#[test]
async fn what_is_stored_is_filled_in_and_the_secret_is_a_line_without_a_field() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_credential()).await;
    for (name, value) in [
        ("server", "db01.corp.example"),
        ("database", "sales"),
        ("schema", "raw"),
        ("userName", "loader"),
    ] {
        assert_eq!(stage.shown(name), value);
    }
    assert!(stage.find("[name='password']").is_none(), "a field");
    assert_eq!(
        state(&stage, "password").as_deref(),
        Some("Stored, unchanged")
    );
    assert_eq!(buttons(&stage, "password"), ["Replace Password"]);
    assert!(explanation(&stage).is_empty());
    let fact = stored_fact(&stage);
    assert!(fact.contains("version 3, by ann@example.com, "), "{fact}");
    assert!(fact.contains("2027"), "no date: {fact}");
    for mask in MASKS {
        assert!(!stage.html().contains(mask), "{mask} in the document");
    }
    let shown = ticket(&json!({}));
    assert_eq!(gateway.tickets(), [format!("Bearer {shown}")]);
}

#[test]
async fn nothing_stored_and_nothing_known_are_two_things() {
    let gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({}))).await;
    stage
        .until("an answer", || {
            stored_fact(&stage).contains("nothing yet").then_some(())
        })
        .await;
    assert!(stage.find(".context button").is_none());
    for answer in [
        Answer::Silence,
        Answer::Json(503, problem("unavailable", 503)),
        Answer::Json(200, json!([{ "kind": "Sybase9" }])),
    ] {
        gateway.stored(answer);
        let stage = Stage::filled().await;
        stage
            .until("a note", || {
                let fact = stored_fact(&stage);
                fact.contains("could not be read").then_some(())
            })
            .await;
        assert!(stage.code().is_none(), "a note is no alarm");
        stage.save().await;
        stage.receipt().await;
    }
}

/// `credset --unencrypted` has stored it.
#[test]
async fn a_connection_without_tls_is_shown_and_kept_and_can_be_cleared() {
    let gateway = Gateway::new();
    let mut stored = stored_credential();
    stored["properties"]["encrypt"] = json!("false");
    let stage = opened(&gateway, &stored).await;
    let shown = |stage: &Stage<App>| {
        let line = stage.find(".field--trusted")?;
        line.text_content()
    };
    let line = shown(&stage).unwrap();
    assert!(line.starts_with("Encrypt connection (TLS)false"), "{line}");
    assert!(explanation(&stage).is_empty(), "nothing has changed");

    press(&stage, ".field--trusted", "Clear").await;
    assert_eq!(shown(&stage), None);
    let label = "“Encrypt connection (TLS)” has changed.";
    assert!(explanation(&stage).starts_with(label));
    press(&stage, ".moved", "Change it back").await;
    assert_eq!(shown(&stage), Some(line));
    assert!(explanation(&stage).is_empty());
    stage.save().await;
    stage.has_sent(&gateway).await;

    // Where nobody has chosen that, nothing is said of it.
    let stage = opened(&Gateway::new(), &stored_credential()).await;
    assert_eq!(shown(&stage), None);
}

#[test]
async fn what_was_typed_before_the_answer_stays() {
    let gateway = Gateway::new();
    gateway.stored(Answer::Later);
    let stage = Stage::open(&ticket(&json!({}))).await;
    stage.type_into("database", "mine").await;
    stage.type_into("password", SECRET).await;
    gateway.release_with(&json!([stored_credential()]));
    stage
        .until("the stored settings", || {
            (stage.shown("server") == "db01.corp.example").then_some(())
        })
        .await;
    assert_eq!(stage.shown("database"), "mine");
    assert!(
        stage.readable("password").await == SECRET,
        "a typed secret is lost"
    );
    assert!(explanation(&stage).starts_with("“Database” has changed."));
}

/// The form that index.html shows holds defaults and what was typed into it; only the latter counts as typed.
#[test]
async fn what_was_typed_before_the_program_stays() {
    let gateway = Gateway::new();
    let arrival = || Arrival::new(ticket_link::read(&link(&ticket(&json!({})))));
    gateway.stored(Answer::Later);
    let form = Stage::arrive(arrival()).await;
    form.type_into("database", "mine").await;
    let head_start = HeadStart::take(&arrival().form().unwrap());
    drop(form);
    gateway.stored(Answer::Json(200, json!([stored_credential()])));
    let stage: Stage<App> = Stage::mount(AppProps {
        arrival: arrival(),
        head_start,
    })
    .await;
    stage
        .until("the stored settings", || {
            (stage.shown("server") == "db01.corp.example").then_some(())
        })
        .await;
    assert_eq!(stage.shown("database"), "mine");
}

#[test]
async fn replace_gives_an_empty_field_the_focus_and_can_be_taken_back() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_credential()).await;
    press_in(&stage, "password", "Replace").await;
    assert_eq!(focused_id(), "field-password");
    assert_eq!(stage.shown("password"), "");
    stage.type_into("password", SECRET).await;
    let before = stage.control("password");
    press_in(&stage, "password", "Keep the stored one Password").await;
    assert_eq!(
        state(&stage, "password").as_deref(),
        Some("Stored, unchanged")
    );
    assert_eq!(focused_id(), "field-password", "the focus is lost");
    let left = Reflect::get(&before, &"value".into()).unwrap();
    assert_eq!(left.as_string().as_deref(), Some(""), "not wiped");
    press_in(&stage, "password", "Replace").await;
    assert_eq!(stage.readable("password").await, "", "it comes back");
}

#[test]
async fn a_secret_to_replace_with_is_asked_for() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_key()).await;
    for (name, others) in [
        ("privateKeyContent", "passPhrase"),
        ("passPhrase", "privateKeyContent"),
    ] {
        press_in(&stage, name, "Replace").await;
        stage.save().await;
        assert_eq!(stage.notice().await, "fields");
        let entries = stage.all("#notice a");
        assert_eq!(entries.len(), 1, "{name}");
        stage.click("#notice a").await;
        assert_eq!(focused_id(), format!("field-{name}"));
        assert!(state(&stage, others).is_some(), "{others} is asked for too");
        press_in(&stage, name, "Keep the stored one").await;
        assert!(stage.code().is_none(), "the fault stays");
    }
    assert!(gateway.bodies().is_empty());
}

#[test]
async fn only_an_optional_secret_can_be_cleared() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_key()).await;
    assert_eq!(
        buttons(&stage, "privateKeyContent"),
        ["Replace Private key"]
    );
    assert_eq!(
        buttons(&stage, "passPhrase"),
        ["Replace Passphrase", "Clear Passphrase"]
    );
    press_in(&stage, "passPhrase", "Clear").await;
    assert_eq!(
        state(&stage, "passPhrase").as_deref(),
        Some("Will be removed")
    );
    assert_eq!(
        buttons(&stage, "passPhrase"),
        ["Keep the stored one Passphrase"]
    );
    assert_eq!(focused_id(), "field-passPhrase");
    press_in(&stage, "passPhrase", "Keep the stored one").await;
    assert_eq!(
        state(&stage, "passPhrase").as_deref(),
        Some("Stored, unchanged")
    );
    press_in(&stage, "passPhrase", "Clear").await;
    stage.save().await;
    stage.has_sent(&gateway).await;
}

#[test]
async fn another_destination_is_explained_and_can_be_changed_back() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_credential()).await;
    stage.type_into("schema", "other").await;
    assert!(explanation(&stage).is_empty(), "an option moves nothing");
    stage.type_into("server", "DB01.corp.EXAMPLE").await;
    assert!(explanation(&stage).is_empty(), "the same host");

    stage.type_into("server", "evil.example").await;
    assert_eq!(
        explanation(&stage),
        "“Server” has changed. So that a stored secret cannot be sent elsewhere, type it again."
    );
    assert_eq!(stage.shown("password"), "");
    assert!(
        !buttons(&stage, "password")
            .iter()
            .any(|name| name.starts_with("Keep")),
        "it cannot be kept"
    );
    stage.save().await;
    assert_eq!(stage.notice().await, "fields");
    assert!(gateway.bodies().is_empty(), "sent without a secret");

    press(&stage, ".moved", "Change it back").await;
    assert_eq!(focused_id(), "field-server");
    assert_eq!(stage.shown("server"), "db01.corp.example");
    assert_eq!(stage.shown("schema"), "other");
    assert_eq!(
        state(&stage, "password").as_deref(),
        Some("Stored, unchanged")
    );
    assert!(explanation(&stage).is_empty());

    stage.type_into("server", "evil.example").await;
    stage.type_into("server", "db01.corp.example").await;
    assert!(state(&stage, "password").is_some(), "typed back");
}

#[test]
async fn lists_follow_when_they_are_changed_back() {
    let gateway = Gateway::new();
    gateway.stored(Answer::Json(200, json!([stored_key()])));
    let stage = Stage::open(&ticket(&json!({ "kind": null }))).await;
    stage
        .until("the stored settings", || stage.find(".stored"))
        .await;
    let chosen = |list: &str| {
        let list = stage.find(list).unwrap();
        Reflect::get(&list, &"value".into()).unwrap().as_string()
    };
    assert_eq!(chosen("#field-auth").as_deref(), Some("SshPublicKey"));
    // An option that a person has chosen once does not follow its attribute any more.
    for auth in ["Basic", "SshPublicKey", "Basic"] {
        stage.choose("#field-auth", auth).await;
    }
    assert!(explanation(&stage).starts_with("“Authentication” has changed."));
    press(&stage, ".moved", "Change it back").await;
    assert_eq!(chosen("#field-auth").as_deref(), Some("SshPublicKey"));
    assert_eq!(focused_id(), "field-auth");
    for kind in ["Http", "Sftp", "Http"] {
        stage.choose("#field-kind", kind).await;
    }
    assert!(explanation(&stage).starts_with("“Kind” has changed."));
    press(&stage, ".moved", "Change it back").await;
    assert_eq!(chosen("#field-kind").as_deref(), Some("Sftp"));
    assert!(state(&stage, "passPhrase").is_some());
}

#[test]
async fn what_the_gateway_does_not_keep_is_typed_again() {
    let gateway = Gateway::new();
    let mut refusal = problem("secret_required", 422);
    refusal["errors"] = json!([{ "field": "password", "rule": "required" }]);
    gateway.puts(&[Answer::Json(422, refusal), Answer::Receipt]);
    let stage = opened(&gateway, &stored_credential()).await;
    stage.save().await;
    assert_eq!(stage.notice().await, "secret_required");
    assert_eq!(focused_id(), "notice");
    stage.type_into("password", SECRET).await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 2);
}

#[test]
async fn a_kept_secret_is_saved_without_being_typed() {
    let gateway = Gateway::new();
    let stage = opened(&gateway, &stored_credential()).await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn an_answer_that_comes_while_saving_changes_nothing() {
    let gateway = Gateway::new();
    gateway.stored(Answer::Later);
    gateway.puts(&[Answer::Silence]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.has_sent(&gateway).await;
    gateway.release_with(&json!([stored_credential()]));
    assert_eq!(stage.notice().await, "gateway_down");
    assert_eq!(stage.shown("schema"), "", "what was not seen is sent");
    let tried = gateway.bodies();
    gateway.puts(&[Answer::Receipt]);
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().last(), tried.last(), "another envelope");
}

/// Puts something else in the place of the clipboard's `writeText`.
fn clipboard(body: &str) -> Clipboard {
    let set = Function::new_with_args(
        "body",
        "const written = []; const write = new Function('text', 'written', body); \
         Object.defineProperty(navigator.clipboard, 'writeText', { configurable: true, value: (text) => write(text, written) }); \
         return written;",
    );
    Clipboard(set.call1(&JsValue::NULL, &body.into()).unwrap())
}

/// What was written; the clipboard is the browser's own again when it goes.
struct Clipboard(JsValue);

impl Clipboard {
    fn written(&self) -> Vec<String> {
        let written = js_sys::Array::from(&self.0);
        written.iter().filter_map(|text| text.as_string()).collect()
    }
}

impl Drop for Clipboard {
    fn drop(&mut self) {
        let restore = Function::new_no_args("delete navigator.clipboard.writeText;");
        restore.call0(&JsValue::NULL).unwrap();
    }
}

#[test]
async fn settings_are_copied_as_they_are_shown_and_without_a_secret() {
    let gateway = Gateway::new();
    let clipboard = clipboard("written.push(text); return Promise.resolve();");
    let stage = opened(&gateway, &stored_credential()).await;
    stage.type_into("schema", "typed").await;
    press_in(&stage, "password", "Replace").await;
    stage.type_into("password", SECRET).await;
    press(&stage, ".context", "Copy settings without secrets").await;
    stage
        .until("Copied.", || {
            stage.words().contains("Copied.").then_some(())
        })
        .await;
    let copied = clipboard.written();
    assert_eq!(copied.len(), 1);
    assert!(!copied[0].contains(SECRET), "the secret is copied");
    let copied: Value = serde_json::from_str(&copied[0]).unwrap();
    assert_eq!(
        copied,
        json!({ "properties": { "type": "OnPremisesMySql", "typeProperties": {
            "authenticationType": "Basic", "server": "db01.corp.example", "database": "sales", "schema": "typed", "userName": "loader",
        } } })
    );
    assert!(stage.find("#linked-service-json").is_none());
    stage.save().await;
    stage.receipt().await;
    assert!(!stage.words().contains("Copied."), "of another text");
}

#[test]
async fn settings_that_the_browser_does_not_copy_are_shown_selected() {
    let gateway = Gateway::new();
    let _clipboard = clipboard("return Promise.reject(new DOMException('no', 'NotAllowedError'));");
    let stage = opened(&gateway, &stored_credential()).await;
    press(&stage, ".context", "Copy settings").await;
    let area = stage
        .until("the text", || stage.find("#linked-service-json"))
        .await;
    assert!(stage.words().contains("The browser did not allow copying."));
    stage.settle().await;
    let units = |member: &str| Reflect::get(&area, &member.into()).unwrap().as_f64();
    assert_eq!(focused_id(), "linked-service-json");
    let text = Reflect::get(&area, &"value".into()).unwrap();
    let text = text.as_string().unwrap();
    assert!(text.contains("db01.corp.example"));
    assert_eq!(
        (units("selectionStart"), units("selectionEnd")),
        (Some(0.0), Some(text.encode_utf16().count() as f64))
    );
}
