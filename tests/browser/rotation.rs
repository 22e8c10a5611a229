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
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(0)], 1).await,
    ));
    let stage = filled(&identity).await;
    assert_eq!(stage.code(), None, "the key was not accepted");
    gateway.puts(&[
        Answer::Json(409, problem("key_rotated", 409)),
        Answer::Receipt,
    ]);
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(1)], 2).await,
    ));
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
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(0)], 1).await,
    ));
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
    let stage = Stage::filled().await;
    gateway.puts(&[
        Answer::Json(409, problem("key_rotated", 409)),
        Answer::Receipt,
    ]);
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(1)], 2).await,
    ));
    stage.save().await;
    assert_eq!(stage.notice().await, "key_rotated");
    assert_eq!(kids(&gateway), [KID]);
    let stage = Stage::filled().await;
    assert_eq!(stage.notice().await, "key_not_pinned");
}

#[test]
async fn only_the_identity_key_that_the_ticket_names_is_believed() {
    let gateway = Gateway::new();
    let (identity, thief) = (Identity::new().await, Identity::new().await);
    let keys = [key_after(0)];
    let good = identity.vouches_for(&keys, 1).await;
    let mut of_other_keys = good.clone();
    of_other_keys["keys"] = thief.vouches_for(&[key_after(1)], 1).await["keys"].clone();
    let mut forged = good.clone();
    forged["statement"] = identity.signed_by(&thief, &keys, 1).await.into();
    let mut bare = good.clone();
    bare.as_object_mut().unwrap().remove("statement");
    for (document, code) in [
        (thief.vouches_for(&keys, 1).await, "key_not_pinned"),
        (bare, "key_not_pinned"),
        (of_other_keys, "key_not_pinned"),
        (forged, "key_not_pinned"),
    ] {
        gateway.keys(Answer::Json(200, document));
        let stage = filled(&identity).await;
        assert_eq!(stage.notice().await, code);
        stage.save().await;
        stage.settle().await;
        assert!(gateway.bodies().is_empty(), "{code}");
    }
}

#[test]
async fn an_older_statement_is_not_believed_again() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(1)], 2).await,
    ));
    let stage = filled(&identity).await;
    gateway.puts(&[
        Answer::Json(409, problem("key_rotated", 409)),
        Answer::Receipt,
    ]);
    gateway.keys(Answer::Json(
        200,
        identity.vouches_for(&[key_after(0)], 1).await,
    ));
    stage.save().await;
    assert_eq!(stage.notice().await, "key_not_pinned");
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn a_statement_of_another_time_is_not_believed() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    let document = identity.vouches_for(&[key_after(0)], 1).await;
    gateway.keys(Answer::Json(200, document));
    let later = json!({ "thp": identity.kid(), "iat": 1_800_000_700, "nbf": 1_800_000_700, "exp": 1_800_001_300 });
    let stage = Stage::open(&ticket(&later)).await;
    assert_eq!(stage.notice().await, "ticket_not_yet_valid");
}
