//! A person who goes from heading to heading finds one that names the screen (WCAG 2.2, 1.3.1).

use credential_setter::app::{App, Arrival};
use credential_setter::ticket_link;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::Gateway;
use crate::stage::{LINKED_SERVICE, Stage};

fn heading(stage: &Stage<App>) -> String {
    let headings = stage.all("h1");
    assert_eq!(headings.len(), 1, "in {}", stage.words());
    headings[0].text_content().unwrap_or_default()
}

#[test]
async fn every_screen_has_one_first_heading() {
    let _gateway = Gateway::new();
    let closed = Stage::arrive(Arrival::new(ticket_link::read(""))).await;
    assert_eq!(heading(&closed), "Credential Setter");
    drop(closed);

    let stage = Stage::filled().await;
    assert_eq!(heading(&stage), LINKED_SERVICE);
    stage.save().await;
    stage.receipt().await;
    assert_eq!(heading(&stage), "Credential saved");
    drop(stage);

    let stage = Stage::filled().await;
    stage.click(".action-bar button[type='button']").await;
    assert_eq!(heading(&stage), "Nothing was saved");
}
