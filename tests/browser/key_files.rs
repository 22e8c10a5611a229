//! Key files in the form: when a passphrase is asked for, what keeps a form from being sent, and what nobody may lose.

use credential_setter::app::App;
use js_sys::{Array, Function, Reflect, Uint8Array};
use serde_json::json;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::{Event, File};

use crate::gateway::{Answer, Gateway, stored_key};
use crate::key_reader::KeyReader;
use crate::stage::{Stage, ticket, window_event};

const KEY: &str = "privateKeyContent";
const PASSPHRASE: &str = "passPhrase";

/// The form for a key, with everything in it but the key.
async fn opened() -> Stage<App> {
    let stage = Stage::open(&ticket(&json!({ "kind": "Sftp" }))).await;
    stage.choose("#field-auth", "SshPublicKey").await;
    let fingerprint = ["SHA256:", &"a".repeat(43)].concat();
    for (name, value) in [
        ("host", "sftp01.corp.example"),
        ("hostKeyFingerprint", &fingerprint),
        ("username", "etl"),
    ] {
        stage.type_into(name, value).await;
    }
    stage
}

/// What is said under the key.
fn line(stage: &Stage<App>) -> String {
    let line = stage.find(&format!("[data-field='{KEY}'] [role='status']"));
    line.and_then(|line| line.text_content())
        .unwrap_or_default()
}

/// Waits until this is said under the key.
async fn told(stage: &Stage<App>, words: &str) {
    stage
        .until(words, || line(stage).contains(words).then_some(()))
        .await;
}

async fn paste(stage: &Stage<App>, text: &str, words: &str) {
    assert!(!stage.paste(KEY, &text.into()).await, "left to the browser");
    told(stage, words).await;
}

fn asks(stage: &Stage<App>) -> bool {
    stage.find(&format!("[name='{PASSPHRASE}']")).is_some()
}

/// Waits for a fault in this field.
async fn fault(stage: &Stage<App>, field: &str, words: &str) {
    let error = format!("[data-field='{field}'] .field__error");
    stage
        .until(words, || {
            let told = stage.find(&error)?.text_content()?;
            told.contains(words).then_some(())
        })
        .await;
}

#[test]
async fn a_passphrase_is_asked_for_when_the_key_needs_one() {
    let (_gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    assert!(!asks(&stage), "before there is a key");
    paste(&stage, "sealed", "a sealed key").await;
    assert!(asks(&stage));
    assert!(stage.readable(KEY).await == "sealed, in normal form");
    paste(&stage, "open", "an open key").await;
    assert!(!asks(&stage), "it makes no sense");
    stage.type_into(KEY, "o").await;
    assert!(asks(&stage), "nobody knows yet");
    assert!(!line(&stage).contains("an open key"), "it is another one");
}

#[test]
async fn what_is_no_key_is_named_and_not_taken() {
    let (_gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    paste(&stage, "public", "This is a public key.").await;
    assert!(stage.shown(KEY).is_empty());
    assert_eq!(
        stage.control(KEY).get_attribute("aria-invalid").as_deref(),
        Some("true")
    );
    paste(&stage, "sealed", "a sealed key").await;
    paste(&stage, "public", "This is a public key.").await;
    assert!(
        stage.readable(KEY).await == "sealed, in normal form",
        "lost"
    );
    assert!(asks(&stage), "forgotten");
}

#[test]
async fn a_wrong_passphrase_is_told_before_anything_is_sent() {
    let (gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    paste(&stage, "sealed", "a sealed key").await;
    stage.save().await;
    fault(&stage, PASSPHRASE, "needs it").await;
    stage.type_into(PASSPHRASE, "wrong").await;
    stage.save().await;
    fault(&stage, PASSPHRASE, "does not open it").await;
    assert!(gateway.bodies().is_empty(), "sent");
    assert!(stage.readable(PASSPHRASE).await == "wrong", "lost");
    stage.type_into(PASSPHRASE, "right").await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn what_else_is_wrong_is_told_with_it() {
    let (_gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    stage.type_into("host", "").await;
    paste(&stage, "sealed", "a sealed key").await;
    stage.type_into(PASSPHRASE, "wrong").await;
    stage.save().await;
    fault(&stage, PASSPHRASE, "does not open it").await;
    fault(&stage, "host", "Fill this in").await;
}

#[test]
async fn what_was_typed_is_looked_at_when_it_is_saved() {
    let (gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    stage.type_into(KEY, "public, typed").await;
    stage.save().await;
    fault(&stage, KEY, "This is a public key.").await;
    assert!(stage.readable(KEY).await == "public, typed", "lost");
    stage.type_into(KEY, "sealed").await;
    stage.save().await;
    fault(&stage, PASSPHRASE, "needs it").await;
    told(&stage, "a sealed key").await;
    assert!(gateway.bodies().is_empty(), "sent");
    stage.type_into(KEY, "open").await;
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn a_passphrase_that_cannot_be_tried_is_told_once() {
    let (gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    paste(&stage, "sealed", "a sealed key").await;
    stage.type_into(PASSPHRASE, "heavy").await;
    stage.save().await;
    fault(&stage, KEY, "too much work").await;
    assert!(gateway.bodies().is_empty(), "sent");
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn bytes_that_are_dropped_are_taken_in_their_normal_form() {
    let (_gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    assert!(!drop_on(&stage, "dragover", b"\xff\x00").await);
    assert!(!drop_on(&stage, "drop", b"\xff\x00").await);
    told(&stage, "a binary key").await;
    assert!(stage.readable(KEY).await == "sealed, in base64");
}

/// Drops bytes on the key's field; whether the page left it to the browser.
async fn drop_on(stage: &Stage<App>, step: &str, bytes: &[u8]) -> bool {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let file = File::new_with_u8_array_sequence(&parts, "key.pfx").unwrap();
    let make = Function::new_with_args(
        "step, file",
        "const dataTransfer = new DataTransfer(); dataTransfer.items.add(file); \
         return new DragEvent(step, { bubbles: true, cancelable: true, dataTransfer });",
    );
    let event = make.call2(&JsValue::NULL, &step.into(), &file).unwrap();
    let event: Event = event.unchecked_into();
    let left = stage.dispatch(&stage.control(KEY), &event);
    stage.flush().await;
    left
}

#[test]
async fn without_what_reads_them_a_text_is_taken_as_it_is() {
    let gateway = Gateway::new();
    let stage = opened().await;
    paste(&stage, "any text", "did not load").await;
    assert!(stage.readable(KEY).await == "any text");
    assert!(asks(&stage), "it may need one");
    assert!(!drop_on(&stage, "drop", b"\xff\x00").await);
    told(&stage, "did not load").await;
    assert!(stage.readable(KEY).await == "any text", "lost");
    // It was told already.
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn without_what_reads_them_a_typed_one_is_told_once() {
    let gateway = Gateway::new();
    let stage = opened().await;
    stage.type_into(KEY, "typed").await;
    stage.save().await;
    fault(&stage, KEY, "did not load").await;
    assert!(gateway.bodies().is_empty(), "sent");
    // It comes after all.
    let reader = KeyReader::new();
    stage.save().await;
    fault(&stage, KEY, "This is a public key.").await;
    drop(reader);
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn what_is_looked_at_late_does_not_come_back_into_a_field_that_was_wiped_or_edited() {
    let _gateway = Gateway::new();
    for edit in ["wiped", "typed"] {
        let reader = KeyReader::late();
        let stage = opened().await;
        stage.paste(KEY, &"sealed".into()).await;
        if edit == "typed" {
            stage.type_into(KEY, edit).await;
        } else {
            window_event("pagehide");
        }
        reader.release();
        stage.settle().await;
        let expected = if edit == "typed" { edit } else { "" };
        assert!(stage.readable(KEY).await == expected, "{edit}");
    }
}

#[test]
async fn the_later_of_two_pastes_counts() {
    let (_gateway, reader) = (Gateway::new(), KeyReader::late());
    let stage = opened().await;
    stage.paste(KEY, &"open".into()).await;
    stage.paste(KEY, &"sealed".into()).await;
    reader.release();
    told(&stage, "a sealed key").await;
    stage.settle().await;
    assert!(stage.readable(KEY).await == "sealed, in normal form");
}

#[test]
async fn nothing_is_sent_while_a_key_is_looked_at() {
    let (gateway, reader) = (Gateway::new(), KeyReader::late());
    gateway.keys(Answer::Later);
    let stage = opened().await;
    stage.type_into(KEY, "public").await;
    stage.save().await;
    // The gateway's key arrives meanwhile.
    gateway.release();
    stage.settle().await;
    let form = stage.find("form").unwrap();
    assert_eq!(form.get_attribute("aria-busy").as_deref(), Some("true"));
    assert!(gateway.bodies().is_empty(), "sent");
    reader.release();
    fault(&stage, KEY, "This is a public key.").await;
    assert!(gateway.bodies().is_empty(), "sent");
}

#[test]
async fn a_stored_passphrase_goes_with_the_key_that_it_opened() {
    let (gateway, _reader) = (Gateway::new(), KeyReader::new());
    gateway.stored(Answer::Json(200, json!([stored_key()])));
    let stage = Stage::open(&ticket(&json!({ "kind": "Sftp" }))).await;
    let line = format!("[data-field='{PASSPHRASE}'] .stored__state");
    stage.until("what is stored", || stage.find(&line)).await;
    stage.click(&format!("[data-field='{KEY}'] button")).await;
    assert!(stage.find(&line).is_some(), "before there is another key");
    paste(&stage, "sealed", "a sealed key").await;
    assert!(stage.find(&line).is_some(), "it may be the same");
    paste(&stage, "open", "an open key").await;
    assert!(stage.find(&line).is_none() && !asks(&stage));
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn what_is_said_goes_when_the_key_is_wiped() {
    let (_gateway, _reader) = (Gateway::new(), KeyReader::new());
    let stage = opened().await;
    paste(&stage, "sealed", "a sealed key").await;
    window_event("pagehide");
    stage.settle().await;
    assert!(!line(&stage).contains("a sealed key"));
    assert!(!asks(&stage));
    let left = Reflect::get(&stage.control(KEY), &"value".into()).unwrap();
    assert_eq!(left.as_string().as_deref(), Some(""));
}
