//! The gateway's word for its keys, verified with the browser's own Ed25519: there is no such code in the download.
//! What it must say is in [`envelope::statement`].

use envelope::KeyStatement;
use envelope::statement::SignedStatement;
use js_sys::JSON;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

use crate::browser::window;
use crate::documents;

const ALGORITHM: &str = "Ed25519";

/// The statement in `jws`, if the identity key that it names has signed it; what it says is still to be checked. `None` also in a
/// browser that has no Ed25519 (Chrome before 137, Firefox before 129, Safari before 17): nothing is sealed there.
pub async fn verified(jws: &str) -> Option<KeyStatement> {
    let signed = SignedStatement::parse(jws)?;
    let payload = std::str::from_utf8(&signed.payload).ok()?;
    let (statement, jwk) = documents::key_statement(payload)?;
    if !signed.is_by(&statement.identity.thumbprint()) {
        return None;
    }
    let subtle = window()?.crypto().ok()?.subtle();
    let uses = JSON::parse(r#"["verify"]"#).ok()?;
    let key = subtle.import_key_with_str("jwk", jwk.unchecked_ref(), ALGORITHM, false, &uses);
    let key = JsFuture::from(key.ok()?).await.ok()?;
    let verdict = subtle.verify_with_str_and_u8_array_and_u8_array(
        ALGORITHM,
        key.unchecked_ref(),
        &signed.signature,
        signed.signing_input.as_bytes(),
    );
    let verdict = JsFuture::from(verdict.ok()?).await.ok()?;
    verdict.is_truthy().then_some(statement)
}
