//! A gateway's identity key, which signs with the browser's own Ed25519.

use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::IdentityJwk;
use envelope::{GatewayId, JwkSet, KeyStatement, Kid, RsaPublicJwk, UnixSeconds};
use js_sys::{Function, Promise, Reflect, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::gateway::{KID, MODULUS, NOW};

pub(crate) struct Identity {
    pair: JsValue,
    jwk: IdentityJwk,
}

impl Identity {
    pub(crate) async fn new() -> Self {
        let made = call(
            "return (async () => { const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']); \
             return { pair, raw: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)) }; })()",
            &JsValue::UNDEFINED,
            &JsValue::UNDEFINED,
        )
        .await;
        let member = |name: &str| Reflect::get(&made, &name.into()).unwrap();
        let raw = member("raw").unchecked_into::<Uint8Array>().to_vec();
        Self {
            pair: member("pair"),
            jwk: IdentityJwk::ed25519(&raw.try_into().unwrap()),
        }
    }

    pub(crate) fn kid(&self) -> Kid {
        self.jwk.thumbprint()
    }

    /// The key document with these keys, as a gateway with this identity serves it.
    pub(crate) async fn vouches_for(&self, keys: &[RsaPublicJwk], seq: u64) -> Value {
        self.says(keys, seq, &json!({})).await
    }

    /// The same with other members in the statement.
    pub(crate) async fn says(&self, keys: &[RsaPublicJwk], seq: u64, changes: &Value) -> Value {
        let jws = self.signed(self, keys, seq, changes).await;
        let set = JwkSet::from_keys(keys.iter().cloned()).unwrap();
        serde_json::from_str(&set.with_statement(jws).to_json()).unwrap()
    }

    /// The last word of this identity: that another one has taken its place.
    pub(crate) async fn hands_over_to(&self, successor: &Self) -> String {
        self.hand_over(successor, self).await
    }

    /// The same with the signature of another's key.
    pub(crate) async fn hand_over(&self, successor: &Self, signer: &Self) -> String {
        let changes = json!({ "keys": successor.kid() });
        self.signed(signer, &[], 0, &changes).await
    }

    /// This identity's statement with the signature of another's key.
    pub(crate) async fn signed_by(&self, signer: &Self, keys: &[RsaPublicJwk], seq: u64) -> String {
        self.signed(signer, keys, seq, &json!({})).await
    }

    async fn signed(
        &self,
        signer: &Self,
        keys: &[RsaPublicJwk],
        seq: u64,
        changes: &Value,
    ) -> String {
        let set = JwkSet::from_keys(keys.iter().cloned()).unwrap();
        let gateway = GatewayId::parse("gw-test").unwrap();
        let statement = KeyStatement::about(&set, gateway, self.jwk.clone(), seq, UnixSeconds(NOW));
        let mut statement = serde_json::to_value(&statement).unwrap();
        for (name, value) in changes.as_object().unwrap() {
            statement[name] = value.clone();
        }
        let header = envelope::statement::header(&self.kid());
        let encode = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        let input = [
            encode(header.as_bytes()),
            encode(&serde_json::to_vec(&statement).unwrap()),
        ]
        .join(".");
        let signature = call(
            "return crypto.subtle.sign('Ed25519', one.privateKey, new TextEncoder().encode(other))",
            &signer.pair,
            &input.as_str().into(),
        )
        .await;
        let signature = Uint8Array::new(&signature).to_vec();
        [input, encode(&signature)].join(".")
    }
}

/// The stand-in's key, or the `number`th other one that the policy accepts.
pub(crate) fn key_after(number: usize) -> RsaPublicJwk {
    let mut n = Base64UrlUnpadded::decode_vec(MODULUS).unwrap();
    let make = |n: &[u8]| RsaPublicJwk::from_numbers(n, &[1, 0, 1]);
    if number == 0 {
        return make(&n).unwrap();
    }
    let last = n.len() - 1;
    let accepted = (0..=u8::MAX).filter_map(|byte| {
        n[last] = byte;
        make(&n).ok().filter(|key| key.kid().as_str() != KID)
    });
    accepted.take(number).last().unwrap()
}

async fn call(body: &str, one: &JsValue, other: &JsValue) -> JsValue {
    let promise = Function::new_with_args("one, other", body)
        .call2(&JsValue::NULL, one, other)
        .unwrap();
    JsFuture::from(promise.unchecked_into::<Promise>())
        .await
        .unwrap()
}
