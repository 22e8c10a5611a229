//! What the page remembers of a gateway from one visit to the next, and all that it ever stores: which identity key it had, and the
//! number of its last statement. Neither is secret; both are there so that an exchange of either is noticed.

use envelope::GatewayId;
use envelope::statement::Seen;
use web_sys::Storage;

use crate::browser::window;

/// What was seen at this gateway; `None` the first time, and where the browser keeps nothing.
pub fn recall(gateway: &GatewayId) -> Option<Seen> {
    Seen::from_text(&storage()?.get_item(&name(gateway)).ok()??)
}

/// Remembers it from now on. Where the browser keeps nothing, every visit is the first.
pub fn remember(gateway: &GatewayId, seen: &Seen) {
    if let Some(storage) = storage() {
        // A full or closed store is as none.
        let _ = storage.set_item(&name(gateway), &seen.to_text());
    }
}

fn name(gateway: &GatewayId) -> String {
    ["gateway ", gateway.as_str()].concat()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one thing that is stored; see above"
)]
fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}
