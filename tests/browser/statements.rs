//! What the page believes of a gateway's keys: what the gateway's identity key says, if that is the one it knows.

use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test as test;
use web_sys::SubtleCrypto;

use crate::gateway::{Answer, Gateway, IDENTITY, forget_all};
use crate::identity::{Identity, key_after};
use crate::stage::{Stage, focused_id, ticket};
use credential_setter::app::App;
use envelope::fingerprint::{WORD_LIST, words};
use envelope::{Kid, RsaPublicJwk};

/// The page with this key document and a ticket for an envelope key, filled in as far as it can be.
async fn met(gateway: &Gateway, document: Value) -> Stage<App> {
    gateway.keys(Answer::Json(200, document));
    let stage = Stage::filled().await;
    stage.settle().await;
    stage
}

fn keys() -> [RsaPublicJwk; 1] {
    [key_after(0)]
}

#[test]
async fn a_ticket_that_names_the_identity_key_believes_no_other() {
    let gateway = Gateway::new();
    let (identity, thief) = (Identity::new().await, Identity::new().await);
    let good = identity.vouches_for(&keys(), 1).await;
    let mut of_other_keys = good.clone();
    of_other_keys["keys"] = thief.vouches_for(&[key_after(1)], 1).await["keys"].clone();
    let mut forged = good.clone();
    forged["statement"] = identity.signed_by(&thief, &keys(), 1).await.into();
    let mut bare = good.clone();
    bare.as_object_mut().unwrap().remove("statement");
    for (document, code, words) in [
        (
            thief.vouches_for(&keys(), 1).await,
            "key_not_pinned",
            "Nothing was sealed",
        ),
        (bare, "key_refused", "statement_missing"),
        (of_other_keys, "key_refused", "statement_keys"),
        (forged, "key_refused", "statement_signature"),
    ] {
        forget_all();
        gateway.keys(Answer::Json(200, document));
        let stage = Stage::open(&ticket(&json!({ "thp": identity.kid() }))).await;
        stage.fill().await;
        assert_eq!(stage.notice().await, code);
        assert!(stage.words().contains(words), "{words}");
        stage.save().await;
        stage.settle().await;
        assert!(gateway.bodies().is_empty(), "{code}");
    }
}

#[test]
async fn a_browser_that_cannot_verify_is_called_too_old() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    let document = identity.vouches_for(&keys(), 1).await;
    let _without = WithoutEd25519::begin();
    let stage = met(&gateway, document).await;
    assert_eq!(stage.notice().await, "browser_too_old");
    stage.save().await;
    stage.settle().await;
    assert!(gateway.bodies().is_empty());
}

/// A browser from before Ed25519, until it is dropped: it does what the Web Cryptography API says of an unknown algorithm.
struct WithoutEd25519;

impl WithoutEd25519 {
    const REPLACED: &str = "importKey";

    fn begin() -> Self {
        let reject = "return Promise.reject(new DOMException('', 'NotSupportedError'))";
        let reject = Function::new_no_args(reject);
        assert!(Reflect::set(&Self::subtle(), &Self::REPLACED.into(), &reject).unwrap());
        Self
    }

    fn subtle() -> SubtleCrypto {
        web_sys::window().unwrap().crypto().unwrap().subtle()
    }
}

impl Drop for WithoutEd25519 {
    fn drop(&mut self) {
        // The browser's own is the prototype's.
        Reflect::delete_property(&Self::subtle(), &Self::REPLACED.into()).unwrap();
    }
}

#[test]
async fn a_statement_for_another_gateway_or_another_time_is_refused() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    for (changes, words) in [
        (json!({ "gw": "gw-other" }), "statement_gateway"),
        (json!({ "nbf": 1_800_000_001 }), "statement_time"),
        (json!({ "exp": 1_800_000_599 }), "statement_time"),
    ] {
        let document = identity.says(&keys(), 1, &changes).await;
        let stage = met(&gateway, document).await;
        assert_eq!(stage.notice().await, "key_refused");
        assert!(stage.words().contains(words), "{changes}");
        stage.save().await;
        stage.settle().await;
        assert!(gateway.bodies().is_empty(), "{changes}");
    }
}

#[test]
async fn a_number_below_one_that_was_seen_is_refused_on_the_next_visit_too() {
    let gateway = Gateway::new();
    let identity = Identity::new().await;
    let second = identity.vouches_for(&keys(), 2).await;
    let stage = met(&gateway, second.clone()).await;
    assert_eq!(stage.code(), None);
    let stage = met(&gateway, identity.vouches_for(&keys(), 1).await).await;
    assert_eq!(stage.notice().await, "key_refused");
    assert!(stage.words().contains("statement_older"));
    let stage = met(&gateway, second).await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
}

#[test]
async fn another_identity_key_than_before_blocks_until_a_person_trusts_it() {
    let gateway = Gateway::new();
    let (before, now) = (Identity::new().await, Identity::new().await);
    let first = before.vouches_for(&keys(), 7).await;
    drop(met(&gateway, first.clone()).await);

    let stage = met(&gateway, now.vouches_for(&keys(), 1).await).await;
    assert_eq!(stage.notice().await, "identity_changed");
    stage
        .until("the words", || {
            let shown = stage.words();
            [before.kid(), now.kid()]
                .iter()
                .all(|kid| shown.contains(&in_words(kid)))
                .then_some(())
        })
        .await;
    assert!(stage.find(".card__body[inert]").is_some(), "not blocked");
    stage.save().await;
    stage.settle().await;
    assert!(gateway.bodies().is_empty(), "something was sent");
    // A visit to the gateway as it was before is as it was.
    assert_eq!(met(&gateway, first.clone()).await.code(), None);

    let stage = met(&gateway, now.vouches_for(&keys(), 1).await).await;
    stage.click("#trust").await;
    stage
        .until("the form", || stage.code().is_none().then_some(()))
        .await;
    assert_eq!(focused_id(), "save");
    assert!(stage.find(".card__body[inert]").is_none(), "still blocked");
    stage.save().await;
    stage.receipt().await;
    drop(stage);
    let stage = met(&gateway, first).await;
    assert_eq!(stage.notice().await, "identity_changed");
}

/// A document by `now` with these hand-overs after its statement.
async fn led(now: &Identity, seq: u64, hand_overs: &[String]) -> Value {
    let mut document = now.vouches_for(&keys(), seq).await;
    let statement = document["statement"].as_str().unwrap();
    document["statement"] = format!("{statement} {}", hand_overs.join(" ")).into();
    document
}

#[test]
async fn an_identity_key_that_handed_over_leads_to_the_present_one_without_a_word() {
    let gateway = Gateway::new();
    let (first, second, now) = (
        Identity::new().await,
        Identity::new().await,
        Identity::new().await,
    );
    drop(met(&gateway, first.vouches_for(&keys(), 7).await).await);
    let hand_overs = [
        second.hands_over_to(&now).await,
        first.hands_over_to(&second).await,
    ];
    gateway.keys(Answer::Json(200, led(&now, 8, &hand_overs).await));
    let stage = Stage::open(&ticket(&json!({ "thp": first.kid() }))).await;
    stage.fill().await;
    stage.save().await;
    stage.receipt().await;
    assert_eq!(gateway.bodies().len(), 1);
    drop(stage);
    // The new one is remembered: the former is an exchange from now on.
    let stage = met(&gateway, first.vouches_for(&keys(), 9).await).await;
    assert_eq!(stage.notice().await, "identity_changed");
}

#[test]
async fn a_hand_over_by_another_key_or_to_another_key_is_refused() {
    let gateway = Gateway::new();
    let (before, now, stranger) = (
        Identity::new().await,
        Identity::new().await,
        Identity::new().await,
    );
    drop(met(&gateway, before.vouches_for(&keys(), 7).await).await);
    let forged = before.hand_over(&now, &stranger).await;
    for hand_over in [forged, before.hands_over_to(&stranger).await] {
        let stage = met(&gateway, led(&now, 8, &[hand_over]).await).await;
        assert_eq!(stage.notice().await, "key_refused");
        assert!(stage.words().contains("statement_signature"));
    }
    // By a key that was never met here: it leads from there, and not from the one that is known.
    let elsewhere = stranger.hands_over_to(&now).await;
    let stage = met(&gateway, led(&now, 8, &[elsewhere]).await).await;
    assert_eq!(stage.notice().await, "identity_changed");
    assert!(gateway.bodies().is_empty(), "something was sent");
}

/// The page cannot check who has written a link.
#[test]
async fn a_ticket_that_names_the_new_identity_key_does_not_settle_it() {
    let gateway = Gateway::new();
    let now = Identity::new().await;
    let before = Identity::new().await;
    drop(met(&gateway, before.vouches_for(&keys(), 7).await).await);
    gateway.keys(Answer::Json(200, now.vouches_for(&keys(), 1).await));
    let stage = Stage::open(&ticket(&json!({ "thp": now.kid() }))).await;
    assert_eq!(stage.notice().await, "identity_changed");
    // Nor does Save, with nothing typed yet.
    stage.save().await;
    stage.settle().await;
    assert_eq!(stage.notice().await, "identity_changed");
    assert!(stage.find(".card__body[inert]").is_some(), "not blocked");
    assert!(gateway.bodies().is_empty(), "something was sent");
}

#[test]
async fn the_gateway_is_shown_by_its_words_and_its_certificate() {
    let _gateway = Gateway::new();
    let stage = Stage::open(&ticket(&json!({}))).await;
    let expected = in_words(&Kid::parse(IDENTITY).unwrap());
    stage
        .until("the words", || {
            let shown = stage.find(".context")?.text_content()?;
            (shown.contains(&expected) && shown.contains("c0ffee")).then_some(())
        })
        .await;
}

fn in_words(kid: &Kid) -> String {
    words(kid, WORD_LIST).unwrap()
}
