//! What the page takes for granted: names that index.html and the style sheet share with it, and how long it waits.

/// The element that holds the page; index.html fills it with a skeleton of the same shape until the page is there.
pub const ROOT_ID: &str = "setter";

/// The fragment that carries a ticket: `#ticket=<compact JWS>`.
pub const TICKET_FRAGMENT: &str = "ticket=";

/// The list of words that thumbprints are shown in; the browser refuses another file.
pub const WORD_LIST: (&str, &str) = (
    "/static/words.txt",
    "sha256-bVV/BpOVj7XmULaLW+5YXrgs9NoyllUFx4npJHQ7xSI=",
);

/// How long one request may take, in milliseconds: as long as the gateway gives it.
pub const REQUEST_TIMEOUT_MS: u32 = 30_000;

/// The longest report of a test that is read, in bytes: several times as long as any that a gateway writes.
pub const MAX_REPORT_BYTES: usize = 32 * 1024;

/// Pauses before the same envelope is posted again when no answer came, in milliseconds. The gateway answers a repeated
/// envelope with the same receipt, so trying again cannot store anything twice.
pub const RETRY_PAUSES_MS: [i32; 2] = [400, 1_600];

/// How often one press of Save is sealed anew because the gateway replaced its key meanwhile.
pub const MAX_RESEALS: u8 = 3;

/// Performance mark: every field can be used and Save pressed. (boot.js sets `cs-usable` before, when the first field can be.)
pub const MARK_READY: &str = "cs-ready";

/// Performance mark: the gateway's key was accepted.
pub const MARK_KEY: &str = "cs-key";

/// Performance mark: Save was pressed.
pub const MARK_SAVE: &str = "cs-save";

/// How often the page looks at the clock, in milliseconds: for a countdown in seconds. It also is how long
/// nothing is typed before a screen reader is told the number of characters.
pub const TICK_MS: i32 = 1_000;
