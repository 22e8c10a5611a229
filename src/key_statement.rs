//! The gateway's word for its keys, verified with the browser's own Ed25519: there is no such code in the download.
//! What it must say is in [`envelope::statement`].

use envelope::KeyStatement;
use envelope::statement::{SignedStatement, StatementRefusal};
use js_sys::JSON;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use crate::browser::window;
use crate::documents;
use crate::trouble::Trouble;

const ALGORITHM: &str = "Ed25519";

/// The statement of a key document and the hand-overs after it, each signed by the identity key that it names; what it says is still to be
/// checked.
///
/// # Errors
/// [`Trouble::BrowserTooOld`] without Ed25519 (Chrome before 137, Firefox before 129, Safari before 17): nothing is sealed there. Else
/// [`StatementRefusal::Signature`].
pub async fn verified(text: &str) -> Result<KeyStatement, Trouble> {
    let unsigned = || Trouble::from(StatementRefusal::Signature);
    let mut led: Option<KeyStatement> = None;
    for jws in text.split(' ') {
        let signed = SignedStatement::parse(jws).ok_or_else(unsigned)?;
        let payload = std::str::from_utf8(&signed.payload).map_err(|_| unsigned())?;
        let (statement, jwk) = documents::key_statement(payload).ok_or_else(unsigned)?;
        let follows = match &mut led {
            Some(led) => led.follow(&statement),
            None => true,
        };
        if !follows || !signed.is_by(&statement.identity.thumbprint()) {
            return Err(unsigned());
        }
        match is_signed(&signed, &jwk).await {
            Ok(true) => {}
            Ok(false) => return Err(unsigned()),
            Err(error) => {
                return Err(match error.dyn_ref::<DomException>() {
                    Some(exception) if exception.name() == "NotSupportedError" => {
                        Trouble::BrowserTooOld
                    }
                    _ => unsigned(),
                });
            }
        }
        led.get_or_insert(statement);
    }
    led.ok_or_else(unsigned)
}

async fn is_signed(signed: &SignedStatement<'_>, jwk: &JsValue) -> Result<bool, JsValue> {
    let window = window().ok_or(JsValue::UNDEFINED)?;
    let subtle = window.crypto()?.subtle();
    let uses = JSON::parse(r#"["verify"]"#)?;
    let key = subtle.import_key_with_str("jwk", jwk.unchecked_ref(), ALGORITHM, false, &uses)?;
    let key = JsFuture::from(key).await?;
    let verdict = subtle.verify_with_str_and_u8_array_and_u8_array(
        ALGORITHM,
        key.unchecked_ref(),
        &signed.signature,
        signed.signing_input.as_bytes(),
    )?;
    Ok(JsFuture::from(verdict).await?.is_truthy())
}
