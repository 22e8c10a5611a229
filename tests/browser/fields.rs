//! Every field of every kind: named, described, reachable.

use std::collections::BTreeSet;

use linked_service::{Input, catalogue};
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::Gateway;
use crate::stage::{Stage, focused_id, ticket};

#[test]
async fn every_control_has_a_label_and_every_description_exists() {
    let _gateway = Gateway::new();
    for kind in catalogue() {
        let stage = Stage::open(&ticket(&json!({ "kind": kind.id }))).await;
        for auth in kind.auth_types {
            if kind.auth_types.len() > 1 {
                stage.choose("#field-auth", auth.id).await;
            }
            let what = format!("{} {}", kind.id, auth.id);
            for field in auth.fields {
                let control = stage.control(field.name);
                // Its passphrase is asked for.
                if matches!(field.input, Input::KeyFile(_)) {
                    stage.type_into(field.name, "key").await;
                }
                let label = stage
                    .find(&format!("label[for='{}']", control.id()))
                    .expect(&what);
                let label = label.text_content().unwrap();
                assert!(
                    label.starts_with(field.label.text()),
                    "{what} {}",
                    field.name
                );
                // How the connection is protected is said in the store's own word as well.
                if field.input == Input::Switch {
                    assert!(label.ends_with(field.name), "{what} {}", field.name);
                }
                for id in control
                    .get_attribute("aria-describedby")
                    .unwrap_or_default()
                    .split(' ')
                {
                    assert!(
                        id.is_empty() || stage.find(&format!("#{id}")).is_some(),
                        "{what}: {id}"
                    );
                }
            }
            let mut ids = BTreeSet::new();
            for element in stage.all("[id]") {
                assert!(
                    ids.insert(element.id()),
                    "{what}: two elements are {}",
                    element.id()
                );
            }
        }
    }
}

#[test]
async fn nothing_is_styled_or_handled_inline() {
    let _gateway = Gateway::new();
    let stage = Stage::filled().await;
    stage.save().await;
    stage.receipt().await;
    for forbidden in ["[style]", "[onclick]", "[onsubmit]", "script", "style"] {
        assert!(stage.find(forbidden).is_none(), "{forbidden}");
    }
}

#[test]
async fn a_kind_that_the_ticket_leaves_open_is_chosen_from_the_catalogue() {
    let _gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({ "kind": null }))).await;
    assert!(
        stage.find("[name]:not(.paste *)").is_none(),
        "fields before the kind is known"
    );
    let offered = stage.all("#field-kind option:not([disabled])").len();
    assert_eq!(offered, catalogue().len());
    for kind in catalogue() {
        stage.choose("#field-kind", kind.id).await;
        for field in kind.auth_types[0].fields {
            stage.control(field.name);
        }
    }
}

#[test]
async fn an_empty_form_is_answered_by_a_summary_that_leads_to_its_fields() {
    let gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({}))).await;
    stage.save().await;
    assert_eq!(stage.notice().await, "fields");
    assert_eq!(focused_id(), "notice");
    let entries = stage.all("#notice a");
    assert_eq!(entries.len(), stage.all("[aria-invalid='true']").len());
    stage.click("#notice a").await;
    assert_eq!(focused_id(), "field-server");
    stage.type_into("server", "db01").await;
    let control = stage.control("server");
    assert_eq!(
        control.get_attribute("aria-invalid").as_deref(),
        Some("false")
    );
    assert!(gateway.bodies().is_empty(), "something was sent");
}

#[test]
async fn a_default_is_a_value_and_a_hint_is_not() {
    let _gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({ "kind": "OnPremisesSqlServer" }))).await;
    assert!(
        stage.find("[name='Encrypt']:checked").is_some(),
        "Encrypt is off"
    );
    assert!(
        stage.find("[placeholder]").is_none(),
        "a placeholder can be taken for a value"
    );
}
