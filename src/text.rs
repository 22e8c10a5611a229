//! Every message of the page, and what is put together of several. The words are Fluent files in `crates/language`.

mod advice;
mod faults;
pub mod key_files;
pub mod pasting;
pub mod secrets;
pub mod trials;

use language::Argument::{Number, Text};
use language::{Message, message};

use crate::state::Stored;

pub use advice::{Advice, advice};
pub use faults::faults_in_words;

/// The product's name.
pub const PRODUCT: &str = "Credential Setter";
/// Explains the gateway's name in the band at the top.
pub const SERVED_BY: Message = message("served-by");
/// Names the panel above the form.
pub const CONTEXT: Message = message("context");
/// Above the linked service's name.
pub const SET_CREDENTIAL: Message = message("set-credential");
/// Label: the data factory.
pub const DATA_FACTORY: Message = message("data-factory");
/// Label: the gateway.
pub const GATEWAY: Message = message("gateway");
/// Label: the gateway's identity, for comparing.
pub const FINGERPRINT: Message = message("fingerprint");
/// Label: the certificate's hash as browsers show it.
pub const CERTIFICATE: Message = message("certificate");
/// Label: who the ticket was issued to.
pub const REQUESTED_BY: Message = message("requested-by");
/// Label: the rest of the ticket's life.
pub const TICKET_LEFT: Message = message("ticket-left");
/// Label: what is stored already.
pub const STORED: Message = message("stored");
/// It is known that there is nothing.
pub const NOTHING_STORED: Message = message("nothing-stored");
/// It is not known whether there is something.
pub const STORED_UNREAD: Message = message("stored-unread");
/// Copies what the form shows.
pub const COPY_SETTINGS: Message = message("copy-settings");
/// Section: kind and authentication.
pub const DATA_STORE: Message = message("data-store");
/// Section: where to.
pub const DESTINATION: Message = message("destination");
/// Section: who, and the secrets.
pub const SIGN_IN: Message = message("sign-in");
/// Section: the rest.
pub const OPTIONS: Message = message("options");
/// Label: the kind of data store.
pub const KIND: Message = message("kind");
/// Label: the authentication type.
pub const AUTH: Message = message("auth");
/// The pseudo field that stands for the choice of an authentication type.
pub const AUTH_FIELD: &str = "auth";
/// Where nothing is chosen yet.
pub const CHOOSE: Message = message("choose");
/// Behind the label of a field that may stay empty.
pub const OPTIONAL: Message = message("optional");
/// Sends.
pub const SAVE: Message = message("save");
/// Gives up.
pub const CANCEL: Message = message("cancel");
/// Closes the window.
pub const CLOSE: Message = message("close");
/// Label: a new link.
pub const NEW_LINK: Message = message("new-link");
/// Takes the new link.
pub const USE_LINK: Message = message("use-link");
/// Heads the receipt.
pub const SAVED_TITLE: Message = message("saved-title");
/// Label: the words of the identity key that was there before.
pub const WORDS_BEFORE: Message = message("words-before");
/// Label: the words of the identity key that is there now.
pub const WORDS_NOW: Message = message("words-now");
/// Accepts it.
pub const TRUST: Message = message("trust");
/// Stops the countdown.
pub const KEEP_OPEN: Message = message("keep-open");
/// Beside the close button.
pub const SAVED_CLOSE: Message = message("saved-close");
/// Label: the linked service.
pub const LINKED_SERVICE: Message = message("linked-service");
/// Label: the far end.
pub const TARGET: Message = message("target");
/// Label: the account on the data store.
pub const ACCOUNT: Message = message("account");
/// Label: how often it has been set.
pub const VERSION: Message = message("version");
/// Label: the key.
pub const KEY_ID: Message = message("key-id");
/// Label: who has set it.
pub const SAVED_BY: Message = message("saved-by");
/// Label: when.
pub const SAVED_AT: Message = message("saved-at");
/// Label: the linked service's JSON.
pub const JSON: Message = message("json");
/// Copies it.
pub const COPY: Message = message("copy");
/// It is on the clipboard.
pub const COPIED: Message = message("copied");
/// The browser did not allow it; the text is selected instead.
pub const NOT_COPIED: Message = message("not-copied");
/// Heads the screen after Cancel.
pub const CANCELLED_TITLE: Message = message("cancelled-title");
/// The screen after Cancel.
pub const CANCELLED: Message = message("cancelled");
/// The pseudo field that stands for the choice of a kind.
pub const KIND_FIELD: &str = "kind";
/// No kind was chosen.
pub const CHOOSE_KIND: Message = message("choose-kind");
/// The part of the page that seals is not there yet.
pub const STARTING: Message = message("starting");
/// Save was pressed, the key is not there yet.
pub const FETCHING_KEY: Message = message("step-key");
/// The envelope is on its way.
pub const POSTING: Message = message("step-posting");
/// It is sent once more.
pub const POSTING_AGAIN: Message = message("step-posting-again");
/// Stops what goes on.
pub const STOP: Message = message("stop");
/// The receipt has arrived.
pub const SAVED: Message = message("saved");
/// Above a list of faults.
pub const FAULTS_TITLE: Message = message("faults-title");

const STORED_VERSION: Message = message("stored-version");
const TIME_OVER: Message = message("time-over");
const LESS_THAN_A_MINUTE: Message = message("time-less-than-a-minute");
const MINUTES: Message = message("time-minutes");
const CLOSES_IN: Message = message("closes-in");
const QUOTED: Message = message("list-quoted");
/// Between two names.
pub const BETWEEN: Message = message("list-between");
const LAST: Message = message("list-last");

/// The rest of a ticket's life.
pub fn time_left(seconds: u64) -> String {
    match seconds {
        0 => TIME_OVER.text().to_owned(),
        1..60 => LESS_THAN_A_MINUTE.text().to_owned(),
        _ => MINUTES.with(&[Number(seconds / 60)]),
    }
}

/// What is stored already.
pub fn stored(stored: &Stored, at: &str) -> String {
    STORED_VERSION.with(&[Text(at), Text(&stored.set_by), Number(stored.version)])
}

/// The countdown after a save.
pub fn closes_in(seconds: u32) -> String {
    CLOSES_IN.with(&[Number(seconds.into())])
}

/// Names in a sentence.
pub fn list<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let (mut list, count) = (String::new(), names.len());
    for (position, name) in names.enumerate() {
        list.push_str(match position {
            0 => "",
            _ if position + 1 == count => LAST.text(),
            _ => BETWEEN.text(),
        });
        list.push_str(&QUOTED.with(&[Text(name)]));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_rounded_down() {
        assert_eq!(
            [0, 59, 60, 119, 120, 599].map(time_left).join("|"),
            "expired|less than a minute|1 minute|1 minute|2 minutes|9 minutes"
        );
    }

    #[test]
    fn names_are_joined_as_people_do() {
        assert_eq!(list(["A"].into_iter()), "“A”");
        assert_eq!(list(["A", "B", "C"].into_iter()), "“A”, “B” and “C”");
    }
}
