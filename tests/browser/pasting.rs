//! The place to paste a connection string into, where the module that reads it cannot be had: these tests serve none. What it reads
//! is tested end to end.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::Gateway;
use crate::stage::Stage;

const FIELD: &str = "connection-string";
const TEXT: &str = "Server=sql01;User ID=etl;Password=kQ7vZx0LmW3pR9tY";

#[test]
async fn what_cannot_be_read_is_told_and_loses_nothing() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    assert!(
        !stage.paste(FIELD, &TEXT.into()).await,
        "left to the browser"
    );
    let report = || stage.find(".paste__report[data-outcome=refused]");
    let report = stage.until("a report", report).await;
    assert!(report.text_content().unwrap().contains("did not load"));
    let document = stage.find(".paste").unwrap().outer_html();
    assert!(!document.contains("kQ7vZx0L") && stage.shown(FIELD).is_empty());
    assert_eq!(stage.shown("server"), "db01.corp.example");
    stage.save().await;
    stage.receipt().await;
}

#[test]
async fn half_a_character_and_too_much_are_refused_before_they_are_read() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    let half = js_sys::eval("'Password=\\ud83d'").unwrap();
    for (text, words) in [
        (half, "half of a character"),
        ("x".repeat(8193).into(), "too long"),
    ] {
        stage.paste(FIELD, &text).await;
        let told = || {
            let report = stage.find(".paste__report")?.text_content()?;
            report.contains(words).then_some(())
        };
        stage.until(words, told).await;
    }
}

#[test]
async fn nothing_can_be_typed_there() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    let members = json!({ "inputType": "insertText", "data": "S" });
    assert!(
        !stage.input_event(FIELD, "beforeinput", &members).await,
        "left to the browser"
    );
    stage.flush().await;
    let note = stage.find(".paste [role=status]").unwrap();
    assert!(note.text_content().unwrap().contains("paste with"));
    // What an input method has put in is taken out again.
    stage.type_into(FIELD, "composed").await;
    assert!(stage.shown(FIELD).is_empty());
}
