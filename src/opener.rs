//! What the portal's page learns: nothing secret, and only the origin that the ticket names.

use envelope::TicketClaims;
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Url, Window};

use crate::browser::window;
use crate::state::Line;
use crate::trouble::Trouble;

/// A message to the portal's element.
pub enum Message<'a> {
    /// `cs-ready`: the form is there.
    Ready,
    /// `cs-saved`: the credential is stored; with the signed receipt as the gateway wrote it.
    Saved(&'a str),
    /// `cs-tested`: the gateway has tried the credential; with the last line of its report, of which only outcome and cause are told.
    Tested(&'a Line),
    /// `cs-error`: something failed, and the person still sees the form; with [`Trouble::code`], and what the gateway calls the request
    /// that it has refused.
    Error(&'a Trouble, Option<&'a str>),
    /// `cs-cancel`: the person has given up.
    Cancel,
}

impl Message<'_> {
    fn to_object(&self) -> Result<JsValue, JsValue> {
        let set = |object: &JsValue, name: &str, value: &str| {
            Reflect::set(object, &name.into(), &value.into())
        };
        let (object, kind) = match self {
            Self::Ready => (Object::new().into(), "cs-ready"),
            Self::Saved(receipt) => (JSON::parse(receipt)?, "cs-saved"),
            Self::Error(trouble, request) => {
                let object = Object::new().into();
                set(&object, "code", trouble.code())?;
                if let Some(request) = request {
                    set(&object, "correlationId", request)?;
                }
                (object, "cs-error")
            }
            Self::Tested(ending) => {
                let object = Object::new().into();
                set(&object, "outcome", ending.outcome.code())?;
                if let Some(cause) = &ending.cause {
                    set(&object, "cause", &cause.code)?;
                }
                (object, "cs-tested")
            }
            Self::Cancel => (Object::new().into(), "cs-cancel"),
        };
        set(&object, "type", kind)?;
        Ok(object)
    }
}

/// Posts a message to the window that opened this one, if the ticket names its origin. The browser delivers it only
/// if the opener is still on that origin.
pub fn tell(claims: &TicketClaims, message: &Message<'_>) {
    let Some(origin) = claims.org.as_deref().filter(|origin| is_origin(origin)) else {
        return;
    };
    let Some(opener) = opener() else { return };
    let Ok(message) = message.to_object() else {
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
