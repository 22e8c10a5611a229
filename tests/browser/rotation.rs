//! The gateway replaces its key while the form is open.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::gateway::{Answer, Gateway, KID, problem};
use crate::identity::{Identity, key_after};
use crate::stage::{Stage, ticket};

async fn filled(identity: &Identity) -> Stage<credential_setter::app::App> {
    let stage = Stage::open(&ticket(&json!({ "thp": identity.kid() }))).await;
    stage.fill().await;
    stage.settle().await;
    stage
}

/// From now on the gateway's key is its `number`th.
async fn serve(gateway: &Gateway, identity: &Identity, number: usize) {
    let seq = number as u64 + 1;
    let document = identity.vouches_for(&[key_after(number)], seq).await;
    gateway.keys(Answer::Json(200, document));
}

/// The first key is gone: an envelope for it comes back, the next one is stored.
async fn rotate(gateway: &Gateway, identity: &Identity) {
    gateway.puts(&[
        Answer::Json(409, problem("key_rotated", 409)),
        Answer::Receipt,
    ]);
    serve(gateway, identity, 1).await;
}

fn kids(gateway: &Gateway) -> Vec<String> {
    let kid = |body: &String| {
        let envelope = envelope::Envelope::parse(body.as_bytes()).unwrap();
        envelope.kid().to_string()
    };
    gateway.bodies().iter().map(kid).collect()
}

#[test]
async fn a_rotation_is_not_noticed() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    serve(&gateway, &identity, 0).await;
    let stage = filled(&identity).await;
    assert_eq!(stage.code(), None, "the key was not accepted");
    rotate(&gateway, &identity).await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(
        kids(&gateway),
        [key_after(0), key_after(1)].map(|key| key.kid().to_string())
    );
    assert_eq!(stage.code(), None);
}

#[test]
async fn a_gateway_that_never_takes_its_own_key_is_not_asked_for_ever() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    serve(&gateway, &identity, 0).await;
    let stage = filled(&identity).await;
    gateway.puts(&[Answer::Json(409, problem("key_rotated", 409))]);
    stage.save().await;
    assert_eq!(stage.notice().await, "key_rotated");
    assert_eq!(gateway.bodies().len(), 4);
}

#[test]
async fn a_ticket_for_one_envelope_key_asks_for_a_new_link_after_a_rotation() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    serve(&gateway, &identity, 0).await;
    let stage = Stage::filled().await;
    stage.settle().await;
    rotate(&gateway, &identity).await;
    stage.save().await;
    assert_eq!(stage.notice().await, "key_rotated");
    assert_eq!(kids(&gateway), [KID]);
    let stage = Stage::filled().await;
    assert_eq!(stage.notice().await, "key_not_pinned");
}
