//! The ticket: taken from the address bar, run out, replaced, never mixed with another.

use credential_setter::app::{App, Arrival};
use credential_setter::ticket_link;
use envelope::SelfTestFailed;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, problem};
use crate::stage::{LINKED_SERVICE, SECRET, Stage, focused_id, link, ticket, window_event};

fn address() -> String {
    web_sys::window().unwrap().location().href().unwrap()
}

/// Changes the address bar without the browser's own hashchange, which comes whenever it likes.
fn set_fragment(fragment: &str) {
    let history = web_sys::window().unwrap().history().unwrap();
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(fragment))
        .unwrap();
}

/// Pastes a link into the field that a notice offers.
async fn take_link(stage: &Stage<App>, link: &str) {
    let field = stage.find("#link").unwrap();
    js_sys::Reflect::set(&field, &"value".into(), &link.into()).unwrap();
    stage.click(".ticket-request button").await;
}

/// The address bar gets a ticket for another linked service, which the page then shows.
async fn another_ticket_arrives(stage: &Stage<App>) {
    set_fragment(&format!(
        "#ticket={}",
        ticket(&json!({ "ls": "Other", "jti": "ticket-2" }))
    ));
    window_event("hashchange");
    stage
        .until("the other linked service", || {
            stage.words().contains("Other").then_some(())
        })
        .await;
}

#[test]
async fn the_ticket_leaves_the_address_bar_at_once() {
    let before = address();
    set_fragment(&format!("#ticket={}", ticket(&json!({}))));
    assert!(ticket_link::take_from_address_bar().is_ok());
    assert!(
        !address().contains("ticket"),
        "the ticket is still in the address bar"
    );
    set_fragment("#ticket=broken");
    assert!(ticket_link::take_from_address_bar().is_err());
    assert!(
        !address().contains("broken"),
        "what was there is still in the address bar"
    );
    set_fragment(&before);
}

#[test]
async fn without_a_usable_ticket_nothing_can_be_typed_until_there_is_one() {
    let _gateway = Gateway::new();
    for (changes, code) in [
        (json!({ "op": "delete" }), "ticket_wrong_operation"),
        (json!({ "kind": "Sybase9" }), "unknown_kind"),
    ] {
        let stage = Stage::open(&ticket(&changes)).await;
        assert_eq!(stage.code().as_deref(), Some(code));
        assert!(stage.find("[name='password']").is_none(), "{code}");
    }
    for (arrival, code) in [("", "no_ticket"), ("#ticket=a.b.c", "ticket_malformed")] {
        let stage = Stage::arrive(Arrival::new(ticket_link::read(arrival))).await;
        assert_eq!(stage.code().as_deref(), Some(code));
        assert!(stage.find("[name='password']").is_none(), "{code}");
        take_link(&stage, "https://gw.example:8050/#ticket=a.b").await;
        assert_eq!(stage.notice().await, "ticket_malformed");
        take_link(&stage, &link(&ticket(&json!({})))).await;
        stage
            .until("the form", || stage.find("[name='password']"))
            .await;
    }
}

#[test]
async fn a_browser_that_computes_wrongly_gets_no_field() {
    let gateway = Gateway::new();
    let good = || ticket_link::read(&link(&ticket(&json!({}))));
    let stage = Stage::arrive(Arrival::tested(Ok(()), good())).await;
    assert!(stage.find("input").is_some(), "the ticket opens no form");
    drop(stage);
    let asked = gateway.asked("/v1/keys");
    let stage = Stage::arrive(Arrival::tested(Err(SelfTestFailed), good())).await;
    stage.settle().await;
    assert_eq!(stage.code().as_deref(), Some("self_test_failed"));
    assert!(
        stage.find("input, textarea, select, button").is_none(),
        "there is something to type into"
    );
    assert_eq!(gateway.asked("/v1/keys"), asked);
}

#[test]
async fn a_ticket_that_runs_out_is_said_to_have() {
    let gateway = Gateway::new();
    gateway.now(1_800_000_600);
    gateway.puts(&[Answer::Json(401, problem("ticket_invalid", 401))]);
    let stage = Stage::filled().await;
    stage.settle().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "ticket_expired");
    assert!(stage.words().contains("expired"));
}

#[test]
async fn a_new_ticket_for_the_same_linked_service_keeps_what_was_typed() {
    let gateway = Gateway::new();
    gateway.puts(&[
        Answer::Json(409, problem("ticket_used", 409)),
        Answer::Receipt,
    ]);
    let stage = Stage::filled().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "ticket_used");
    take_link(&stage, &link(&ticket(&json!({ "jti": "ticket-2" })))).await;
    assert_eq!(focused_id(), "save");
    assert!(
        stage.readable("password").await == SECRET,
        "the secret is lost"
    );
    stage.save().await;
    stage.receipt().await;
    let sent = gateway.bodies();
    let envelope = envelope::Envelope::parse(sent.last().unwrap().as_bytes()).unwrap();
    assert_eq!(envelope.binding().jti.as_str(), "ticket-2");
}

#[test]
async fn a_ticket_for_something_else_gets_nothing_that_was_typed() {
    let gateway = Gateway::new();
    for (name, value) in [
        ("ls", "Other"),
        ("df", "other"),
        ("aud", "gw-other"),
        ("kind", "Http"),
    ] {
        gateway.puts(&[Answer::Json(409, problem("ticket_used", 409))]);
        let stage = Stage::filled().await;
        stage.save().await;
        stage.notice().await;
        let sent = gateway.bodies().len();
        take_link(&stage, &link(&ticket(&json!({ name: Value::from(value) })))).await;
        assert_eq!(stage.notice().await, "other_linked_service", "{name}");
        assert!(stage.words().contains(LINKED_SERVICE));
        assert_eq!(gateway.bodies().len(), sent, "{name}");
    }
}

#[test]
async fn another_ticket_in_the_address_bar_starts_over() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    let (before, password) = (address(), stage.control("password"));
    another_ticket_arrives(&stage).await;
    assert!(
        !address().contains("ticket"),
        "the ticket is still in the address bar"
    );
    let left = js_sys::Reflect::get(&password, &"value".into()).unwrap();
    assert!(
        left.as_string().is_some_and(|left| left.is_empty()),
        "the first secret is still there"
    );
    for name in ["server", "password"] {
        assert!(stage.shown(name).is_empty(), "{name} was taken along");
    }
    stage.fill().await;
    stage.save().await;
    stage.receipt().await;
    let sent = gateway.bodies();
    let envelope = envelope::Envelope::parse(sent[0].as_bytes()).unwrap();
    assert_eq!(envelope.binding().ls.as_str(), "Other");
    set_fragment(&before);
}

#[test]
async fn an_answer_for_the_first_ticket_is_not_shown_under_the_second() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Later]);
    let stage = Stage::filled().await;
    let before = address();
    stage.save().await;
    stage.has_sent(&gateway).await;
    another_ticket_arrives(&stage).await;
    gateway.release();
    stage.settle().await;
    assert!(
        stage.code().is_none(),
        "the first ticket's trouble: {:?}",
        stage.code()
    );
    assert!(stage.find("[name='password']").is_some());
    set_fragment(&before);
}
