//! What the page takes for granted: names that index.html and the style sheet share with it, and how long it waits.

/// The element that holds the page; index.html fills it with a skeleton of the same shape until the page is there.
pub const ROOT_ID: &str = "setter";

/// The fragment that carries a ticket: `#ticket=<compact JWS>`.
pub const TICKET_FRAGMENT: &str = "ticket=";

/// How long one request may take, in milliseconds: as long as the gateway gives it.
pub const REQUEST_TIMEOUT_MS: u32 = 30_000;

/// Pauses before the same envelope is posted again when no answer came, in milliseconds. The gateway answers a repeated
/// envelope with the same receipt, so trying again cannot store anything twice.
pub const RETRY_PAUSES_MS: [i32; 2] = [400, 1_600];

/// Performance mark: every field can be used and Save pressed. (boot.js sets `cs-usable` before, when the first field can be.)
pub const MARK_READY: &str = "cs-ready";

/// Performance mark: Save was pressed.
pub const MARK_SAVE: &str = "cs-save";

/// How often the page looks at the clock, in milliseconds: for a countdown in seconds. It also is how long
/// nothing is typed before a screen reader is told the number of characters.
pub const TICK_MS: i32 = 1_000;
