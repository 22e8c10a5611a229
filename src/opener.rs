//! What the portal's page learns: nothing secret, and only the origin that the ticket names.

use envelope::TicketClaims;
use envelope::receipt::SignedReceipt;
use js_sys::JSON;
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Url, Window};

use crate::browser::window;
use crate::trouble::Trouble;

/// A message to the portal's element.
#[derive(Serialize)]
#[serde(tag = "type")]
pub enum Message<'a> {
    /// The form is there.
    #[serde(rename = "cs-ready")]
    Ready,
    /// The credential is stored.
    #[serde(rename = "cs-saved")]
    Saved(&'a SignedReceipt),
    /// Something failed; the person still sees the form.
    #[serde(rename = "cs-error")]
    Error {
        /// [`Trouble::code`].
        code: &'static str,
    },
    /// The person has given up.
    #[serde(rename = "cs-cancel")]
    Cancel,
}

impl From<&Trouble> for Message<'_> {
    fn from(trouble: &Trouble) -> Self {
        Self::Error {
            code: trouble.code(),
        }
    }
}

/// Posts a message to the window that opened this one, if the ticket names its origin. The browser delivers it only
/// if the opener is still on that origin.
pub fn tell(claims: &TicketClaims, message: &Message<'_>) {
    let Some(origin) = claims.org.as_deref().filter(|origin| is_origin(origin)) else {
        return;
    };
    let Some(opener) = opener() else { return };
    let Some(message) = serde_json::to_string(message)
        .ok()
        .and_then(|json| JSON::parse(&json).ok())
    else {
        return;
    };
    // Delivery is the browser's decision and is not reported.
    let _ = opener.post_message(&message, origin);
}

/// Whether a page opened this window: then it can be closed by the program.
pub fn is_there() -> bool {
    opener().is_some()
}

fn opener() -> Option<Window> {
    let opener: JsValue = window()?.opener().ok()?;
    // Not `dyn_into`: a window of another origin is not an instance of this one's classes.
    (!opener.is_null() && !opener.is_undefined()).then(|| opener.unchecked_into())
}

/// Whether this is one exact web origin. `*` or `/` would post to anybody or to this page itself.
fn is_origin(text: &str) -> bool {
    Url::new(text).is_ok_and(|url| {
        url.origin() == text && (text.starts_with("https://") || text.starts_with("http://"))
    })
}
