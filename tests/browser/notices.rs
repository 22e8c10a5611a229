//! What goes wrong is said in a sentence, announced, and loses nothing that was typed.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, key_document, key_for_another_algorithm, problem};
use crate::stage::{SECRET, Stage, focused_id, ticket};

/// The notice has words, is announced and has the focus; the form is as it was.
async fn is_told(stage: &Stage<credential_setter::app::App>, code: &str) {
    let notice = stage.find("#notice").unwrap();
    assert_eq!(
        notice.get_attribute("role").as_deref(),
        Some("alert"),
        "{code}"
    );
    assert!(
        notice.text_content().unwrap().len() > 60,
        "no advice for {code}"
    );
    assert_eq!(focused_id(), "notice", "{code}");
    assert_eq!(stage.shown("server"), "db01.corp.example", "{code}");
    assert!(
        stage.readable("password").await == SECRET,
        "the secret is lost after {code}"
    );
    assert!(
        stage.find("#save[aria-disabled='false']").is_some(),
        "{code}"
    );
}

#[test]
async fn every_problem_of_the_protocol_has_its_advice() {
    let gateway = Gateway::new();
    for (code, status) in [
        ("envelope_rejected", 400),
        ("key_rotated", 409),
        ("ticket_invalid", 401),
        ("ticket_used", 409),
        ("context_mismatch", 400),
        ("secret_required", 422),
        ("test_failed", 422),
        ("unknown_linked_service", 404),
        ("too_large", 413),
        ("rate_limited", 429),
        ("unavailable", 503),
        ("invalid_credential", 422),
        ("not_found", 404),
    ] {
        gateway.puts(&[Answer::Json(status, problem(code, status))]);
        let stage = Stage::filled().await;
        stage.save().await;
        assert_eq!(stage.notice().await, code);
        is_told(&stage, code).await;
    }
}

#[test]
async fn an_answer_that_is_none_of_the_protocol_s_names_its_status() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Json(418, json!("short and stout"))]);
    let stage = Stage::filled().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "unexpected_answer");
    is_told(&stage, "unexpected_answer").await;
    assert!(stage.words().contains("418"));
}

#[test]
async fn the_wait_that_the_gateway_asks_for_is_named() {
    let gateway = Gateway::new();
    gateway.puts(&[Answer::RetryAfter(503, problem("unavailable", 503), 7)]);
    let stage = Stage::filled().await;
    stage.save().await;
    stage.notice().await;
    assert!(stage.words().contains("Wait 7 seconds"));
}

#[test]
async fn fields_that_the_gateway_refuses_are_marked() {
    let gateway = Gateway::new();
    let mut refusal = problem("invalid_credential", 422);
    refusal["errors"] = json!([{ "field": "server", "rule": "not_a_host" }, { "field": "password", "rule": "required" }]);
    gateway.puts(&[Answer::Json(422, refusal)]);
    let stage = Stage::filled().await;
    stage.save().await;
    assert_eq!(stage.notice().await, "fields");
    is_told(&stage, "fields").await;
    for name in ["server", "password"] {
        let control = stage.control(name);
        assert_eq!(
            control.get_attribute("aria-invalid").as_deref(),
            Some("true"),
            "{name}"
        );
        let described = control.get_attribute("aria-describedby").unwrap();
        assert!(
            described.contains("-error"),
            "{name} is described by {described}"
        );
    }
    let words = linked_service::Rule::NotAHost.to_string();
    assert!(
        stage.words().contains(&words),
        "the page has other words than the gateway"
    );
}

#[test]
async fn a_key_that_is_not_the_ticket_s_or_breaks_a_rule_is_never_used() {
    let gateway = Gateway::new();
    for (document, expected) in [
        (json!({ "keys": [] }), "key_not_pinned"),
        (key_for_another_algorithm(), "key_refused"),
        (key_document("AQAB", crate::gateway::KID), "key_refused"),
        (json!("no key document"), "key_refused"),
    ] {
        gateway.keys(Answer::Json(200, document));
        let stage = Stage::filled().await;
        assert_eq!(stage.notice().await, expected);
        stage.save().await;
        stage.settle().await;
        assert_eq!(stage.notice().await, expected);
        is_told(&stage, expected).await;
    }
    assert!(gateway.bodies().is_empty(), "something was sent");
}

#[test]
async fn trouble_in_the_background_does_not_take_the_focus() {
    let gateway = Gateway::new();
    gateway.keys(Answer::Silence);
    let stage = Stage::open(&ticket(&json!({}))).await;
    assert_eq!(stage.notice().await, "gateway_down");
    assert_eq!(focused_id(), "field-server");
}

#[test]
async fn a_secret_that_no_envelope_holds_is_refused_here() {
    let gateway = Gateway::new();
    let stage = Stage::filled().await;
    stage.type_into("password", &"x".repeat(5_000)).await;
    stage.save().await;
    assert_eq!(stage.notice().await, "fields");
    assert!(gateway.bodies().is_empty(), "something was sent");
}
