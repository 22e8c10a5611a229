//! Tests of the credential: the report as it comes, what it does to Save, and what of it is believed.

use credential_setter::app::App;
use envelope::{Envelope, Operation};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, problem};
use crate::stage::{SECRET, Stage, focused_id};

const PASSED: &[u8] = b"{\"v\":1,\"outcome\":\"passed\",\"ms\":9}\n";

/// A filled form at a gateway that tests.
async fn filled(gateway: &Gateway, save: &'static str) -> Stage<App> {
    gateway.tests(save);
    let stage = Stage::filled().await;
    stage.until("a button", || stage.find("#test")).await;
    stage
}

async fn reporting(stage: &Stage<App>, gateway: &Gateway) {
    let begun = || gateway.is_reporting().then_some(());
    stage.until("a report", begun).await;
}

/// The stages that are shown, with their outcomes.
fn stages(stage: &Stage<App>) -> String {
    let word = |element: &web_sys::Element, name: &str| element.get_attribute(name).unwrap();
    let all = stage.all("[data-stage]");
    let all = all
        .iter()
        .map(|each| word(each, "data-stage") + " " + &word(each, "data-outcome"));
    all.collect::<Vec<_>>().join(", ")
}

fn sent(gateway: &Gateway) -> Vec<Operation> {
    let bodies = gateway.bodies();
    let read = |body: &String| Envelope::parse(body.as_bytes()).unwrap().binding().op;
    bodies.iter().map(read).collect()
}

#[test]
async fn save_tests_first_and_shows_each_stage_as_it_comes() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "chosen").await;
    stage.save().await;
    reporting(&stage, &gateway).await;
    // A line may come in pieces, and several in one.
    gateway.report(b"{\"v\":1,\"stage\":\"policy\",\"result\":\"pas");
    stage.settle().await;
    assert_eq!(stages(&stage), "");
    gateway.report(
        b"sed\",\"ms\":1}\n{\"v\":1,\"stage\":\"resolve\",\"result\":\"skipped\",\"ms\":2}\n",
    );
    stage
        .until("two stages", || stage.find("[data-stage='resolve']"))
        .await;
    assert_eq!(stages(&stage), "policy passed, resolve skipped");
    assert!(stage.words().contains("Name lookup: skipped"));
    assert_eq!(sent(&gateway), [Operation::Test], "stored before the end");
    gateway.report(PASSED);
    stage.receipt().await;
    assert_eq!(sent(&gateway), [Operation::Test, Operation::Set]);
}

#[test]
async fn a_test_alone_stores_nothing_and_is_not_made_twice() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "tested").await;
    assert!(
        stage.find("#save-untested").is_none(),
        "offered where it is not allowed"
    );
    stage.click("#test").await;
    reporting(&stage, &gateway).await;
    gateway.report(PASSED);
    stage
        .until("the end", || {
            stage.words().contains("test passed").then_some(())
        })
        .await;
    assert_eq!(sent(&gateway), [Operation::Test]);
    stage.save().await;
    stage.receipt().await;
    assert_eq!(sent(&gateway), [Operation::Test, Operation::Set]);
}

#[test]
async fn what_was_edited_since_is_tested_again() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "chosen").await;
    stage.click("#test").await;
    reporting(&stage, &gateway).await;
    gateway.report(PASSED);
    stage
        .until("the end", || {
            stage.words().contains("test passed").then_some(())
        })
        .await;
    stage.type_into("password", "another").await;
    assert!(stage.words().contains("You have changed the form since"));
    stage.save().await;
    stage
        .until("a second test", || {
            (sent(&gateway).len() == 2).then_some(())
        })
        .await;
    assert_eq!(sent(&gateway), [Operation::Test, Operation::Test]);
}

#[test]
async fn a_failed_test_leads_to_the_field_and_stores_nothing() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "chosen").await;
    stage.save().await;
    reporting(&stage, &gateway).await;
    let cause = "\"cause\":\"wrong_password\",\"sentence\":\"It is not accepted.\",\"advice\":\"Check both.\",\"field\":\"password\"";
    let hostile = "<img src=x onerror=alert(1)>";
    gateway.report(format!("{{\"v\":1,\"stage\":\"authenticate\",\"result\":\"failed\",\"ms\":5,{cause},\"code\":\"28P01\",\"said\":\"{hostile}\"}}\n").as_bytes());
    gateway.report(format!("{{\"v\":1,\"outcome\":\"failed\",\"ms\":9,{cause}}}\n").as_bytes());
    stage
        .until("the end", || {
            stage.words().contains("test failed").then_some(())
        })
        .await;
    assert_eq!(focused_id(), "field-password");
    let fault = stage
        .find("#field-password-error")
        .unwrap()
        .text_content()
        .unwrap();
    assert_eq!(fault, "It is not accepted.");
    assert!(
        stage.words().contains(hostile),
        "the store's words are not there"
    );
    assert!(stage.find("img").is_none(), "they are more than text");
    assert!(stage.words().contains("28P01") && !stage.html().contains(SECRET));
    assert_eq!(sent(&gateway), [Operation::Test]);
    stage.click("#save-untested").await;
    stage.receipt().await;
    assert_eq!(sent(&gateway), [Operation::Test, Operation::Set]);
}

#[test]
async fn what_is_no_report_ends_the_test() {
    let long = [b"x".repeat(40_000), b"\n".to_vec()].concat();
    for piece in [
        &b"no report\n"[..],
        b"{\"v\":1,\"stage\":\"tls\"}\n",
        b"\xff\n",
        &long,
        b"",
    ] {
        let gateway = Gateway::new();
        let stage = filled(&gateway, "chosen").await;
        stage.save().await;
        reporting(&stage, &gateway).await;
        gateway.report(piece);
        assert_eq!(stage.notice().await, "unexpected_answer");
        assert_eq!(sent(&gateway), [Operation::Test]);
    }
}

#[test]
async fn stop_ends_a_test_and_keeps_the_form() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "chosen").await;
    stage.save().await;
    reporting(&stage, &gateway).await;
    stage.click(".action-bar button").await;
    assert_eq!(stage.notice().await, "interrupted");
    assert_eq!(stage.readable("password").await, SECRET);
}

#[test]
async fn what_the_gateway_refuses_is_told() {
    for (code, status) in [
        ("rate_limited", 429),
        ("tests_off", 403),
        ("ticket_invalid", 401),
    ] {
        let gateway = Gateway::new();
        gateway.trial(Answer::Json(status, problem(code, status)));
        let stage = filled(&gateway, "chosen").await;
        stage.save().await;
        assert_eq!(stage.notice().await, code);
        assert_eq!(sent(&gateway), [Operation::Test]);
    }
    let gateway = Gateway::new();
    gateway.puts(&[Answer::Json(409, problem("test_required", 409))]);
    let stage = filled(&gateway, "chosen").await;
    stage.click("#save-untested").await;
    assert_eq!(stage.notice().await, "test_required");
}

#[test]
async fn a_certificate_is_trusted_by_its_hash_and_tested_again() {
    let gateway = Gateway::new();
    let stage = filled(&gateway, "chosen").await;
    stage.save().await;
    for (cause, trusted) in [
        ("certificate_expired", false),
        ("certificate_untrusted", true),
    ] {
        reporting(&stage, &gateway).await;
        let line = json!({
            "v": 1, "stage": "tls", "result": "failed", "ms": 1, "cause": cause, "sentence": "So.", "advice": "Look.",
            "certificate": { "subject": "CN=db", "issuer": "CN=nobody", "sha256": "ab".repeat(32), "not_before": 1, "not_after": 2 },
        });
        let ending = json!({ "v": 1, "outcome": "failed", "ms": 9, "cause": cause, "sentence": "So.", "advice": "Look." });
        gateway.report(format!("{line}\n{ending}\n").as_bytes());
        gateway.report(b"");
        stage
            .until("the end", || {
                stage.words().contains("CN=nobody").then_some(())
            })
            .await;
        stage.settle().await;
        assert_eq!(focused_id(), "trial");
        assert_eq!(
            stage.find("#trust-certificate").is_some(),
            trusted,
            "{cause}"
        );
        if !trusted {
            stage.click("#test").await;
        }
    }
    stage.click("#trust-certificate").await;
    reporting(&stage, &gateway).await;
    gateway.report(PASSED);
    stage
        .until("the end", || {
            stage.words().contains("test passed").then_some(())
        })
        .await;
    assert_eq!(sent(&gateway), [Operation::Test; 3], "stored without Save");
}
