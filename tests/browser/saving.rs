//! From Save to the receipt: once, with the right key, and again without harm.

use credential_setter::app::App;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, KID, problem};
use crate::stage::{KIND, LINKED_SERVICE, Stage, focused_id, ticket, window_event};

#[test]
async fn a_saved_credential_is_answered_by_a_receipt() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(focused_id(), "receipt");
    for word in [
        LINKED_SERVICE,
        "MySQL",
        "db01.corp.example/sales",
        "loader",
        "3",
        KID,
        "ada@example.com",
    ] {
        assert!(stage.words().contains(word), "the receipt lacks {word}");
    }
    let json = stage.find("#linked-service-json").unwrap();
    let json = js_sys::Reflect::get(&json, &"value".into())
        .unwrap()
        .as_string()
        .unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["properties"]["type"], KIND);
    assert!(
        json.to_string()
            .contains("cgref:gw-test/factory/SalesMySql/3")
    );
    let envelope = envelope::Envelope::parse(gateway.bodies()[0].as_bytes()).unwrap();
    assert_eq!(
        (envelope.kid().as_str(), envelope.binding().jti.as_str()),
        (KID, "ticket-1")
    );
    assert_eq!(
        gateway.asked("/v1/factories/factory/linked-services/SalesMySql/credential"),
        1
    );
}

#[test]
async fn a_double_click_sends_one_request() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    stage.settle().await;
    let save: web_sys::HtmlElement =
        wasm_bindgen::JsCast::unchecked_into(stage.find("#save").unwrap());
    save.click();
    save.click();
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn save_waits_for_the_key_and_then_sends_by_itself() {
    let gateway = Gateway::new();
    gateway.keys(Answer::Later);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.settle().await;
    assert!(gateway.bodies().is_empty(), "sent without a key");
    assert!(
        stage.words().contains("Fetching the gateway"),
        "nothing is said of the wait"
    );
    gateway.release();
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn save_asks_again_for_a_key_that_did_not_come() {
    let gateway = Gateway::new();
    gateway.keys(Answer::Silence);
    let stage = Stage::filled().await;
    assert_eq!(stage.notice().await, "gateway_down");
    gateway.keys(Answer::Later);
    stage.save().await;
    stage.settle().await;
    gateway.release();
    stage.receipt().await;
}

#[test]
async fn an_unanswered_envelope_is_posted_again_as_it_is() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Silence]);
    let stage = Stage::filled().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "gateway_down");
    let tried = gateway.bodies();
    assert!(
        tried.len() > 1 && tried.iter().all(|body| *body == tried[0]),
        "another envelope"
    );
    gateway.puts(&[Answer::Receipt]);
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().last(), tried.last());
}

#[test]
async fn what_is_wiped_while_no_answer_comes_is_not_stored_by_the_next_save() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Silence]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.has_sent(&gateway).await;
    window_event("pagehide");
    assert_eq!(stage.notice().await, "gateway_down");
    let sent = gateway.bodies().len();
    gateway.puts(&[Answer::Receipt]);
    stage.save().await;
    assert_eq!(stage.notice().await, "fields");
    assert_eq!(gateway.bodies().len(), sent);
}

#[test]
async fn waiting_can_be_stopped_and_the_next_save_posts_the_same_envelope() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Later]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.has_sent(&gateway).await;
    assert!(stage.words().contains("Sending the envelope"));
    stop(&stage).await;
    assert_eq!(stage.notice().await, "interrupted");
    assert_eq!(stage.shown("server"), "db01.corp.example", "not kept");
    gateway.puts(&[Answer::Receipt]);
    stage.save().await;
    stage.receipt().await;
    let bodies = gateway.bodies();
    assert!(
        bodies.len() == 2 && bodies[0] == bodies[1],
        "another envelope"
    );
}

#[test]
async fn waiting_for_the_key_can_be_stopped_too() {
    let gateway = Gateway::new();
    gateway.keys(Answer::Later);
    let stage = Stage::filled().await;
    stage.save().await;
    stop(&stage).await;
    assert_eq!(stage.notice().await, "interrupted");
    gateway.release();
    stage.settle().await;
    assert!(gateway.bodies().is_empty(), "sent though it was stopped");
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn a_repetition_is_told() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Silence, Answer::Later]);
    let stage = Stage::filled().await;
    stage.save().await;
    let told = || {
        stage
            .words()
            .contains("Sending the same envelope again")
            .then_some(())
    };
    stage.until("the repetition", told).await;
    stop(&stage).await;
    assert_eq!(stage.notice().await, "interrupted");
}

/// Presses the button that stops what is under way.
async fn stop(stage: &Stage<App>) {
    let button = ".action-bar button[type='button']";
    assert_eq!(stage.find(button).unwrap().text_content().unwrap(), "Stop");
    stage.click(button).await;
}

#[test]
async fn an_edited_form_is_sealed_anew() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Silence]);
    for name in ["server", "password"] {
        let stage = Stage::filled().await;
        stage.save().await;
        stage.notice().await;
        let before = gateway.bodies().last().cloned();
        stage.type_into(name, "other").await;
        gateway.puts(&[Answer::Receipt]);
        stage.save().await;
        stage.receipt().await;
        assert_ne!(gateway.bodies().last().cloned(), before, "{name}");
        gateway.puts(&[Answer::Silence]);
    }
}

#[test]
async fn a_refusal_is_sealed_anew_too() {
    let gateway = Gateway::new();
    gateway.puts(&[
        Answer::Json(400, problem("envelope_rejected", 400)),
        Answer::Receipt,
    ]);
    let stage = Stage::filled().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "envelope_rejected");
    stage.save().await;
    stage.receipt().await;
    let bodies = gateway.bodies();
    assert_eq!(bodies.len(), 2);
    assert_ne!(bodies[0], bodies[1]);
}

#[test]
async fn a_receipt_for_something_else_is_not_believed() {
    let gateway = Gateway::new();
    for (member, value) in [
        ("gw", "gw-other"),
        ("df", "other"),
        ("ls", "Other"),
        ("jti", "ticket-2"),
        ("kid", &"A".repeat(43)),
    ] {
        gateway.puts(&[Answer::ReceiptBut(member, value.into())]);
        let stage = Stage::filled().await;
        stage.save().await;
        assert_eq!(stage.notice().await, "wrong_receipt", "{member}");
    }
}

#[test]
async fn what_is_no_receipt_is_not_taken_for_one() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Later]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.has_sent(&gateway).await;
    // A key document is not a receipt.
    gateway.release();
    assert_eq!(stage.notice().await, "unexpected_answer");
}

#[test]
async fn cancel_empties_the_form_unless_the_envelope_has_left() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Later]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.has_sent(&gateway).await;
    stage.click(".action-bar button[type='button']").await;
    assert!(stage.find("#closing").is_none(), "the outcome is hidden");

    let stage = Stage::open(&ticket(&json!({}))).await;
    stage.fill().await;
    stage.click(".action-bar button[type='button']").await;
    assert_eq!(focused_id(), "closing");
    assert!(stage.find("[name='password']").is_none());
}
