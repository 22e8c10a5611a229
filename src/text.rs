//! Every string that people read, and the advice for each trouble. One voice: what happened, then what to do.

pub mod key_files;
pub mod pasting;
pub mod secrets;

use envelope::protocol::FieldProblem;
use linked_service::Rule;

use crate::state::{Fault, Stored};
use crate::trouble::Trouble;

/// The product's name.
pub const PRODUCT: &str = "Credential Setter";
/// Explains the gateway's name in the band at the top.
pub const SERVED_BY: &str = "This page comes from this gateway";
/// Names the panel above the form.
pub const CONTEXT: &str = "What you are setting";
/// Above the linked service's name.
pub const SET_CREDENTIAL: &str = "Set credential for";
/// Label: the data factory.
pub const DATA_FACTORY: &str = "Data factory";
/// Label: the gateway.
pub const GATEWAY: &str = "Gateway";
/// Label: the gateway's identity, for comparing.
pub const FINGERPRINT: &str = "Gateway fingerprint";
/// Label: the certificate's hash as browsers show it.
pub const CERTIFICATE: &str = "Certificate SHA-256";
/// Label: who the ticket was issued to.
pub const REQUESTED_BY: &str = "Requested by";
/// Label: the rest of the ticket's life.
pub const TICKET_LEFT: &str = "Link valid for";
/// Label: what is stored already.
pub const STORED: &str = "Stored";
/// It is known that there is nothing.
pub const NOTHING_STORED: &str = "nothing yet";
/// It is not known whether there is something.
pub const STORED_UNREAD: &str =
    "The stored settings could not be read. If there are any, what you save replaces them.";
/// Copies what the form shows.
pub const COPY_SETTINGS: &str = "Copy settings without secrets";
/// Section: kind and authentication.
pub const DATA_STORE: &str = "Data store";
/// Section: where to.
pub const DESTINATION: &str = "Destination";
/// Section: who, and the secrets.
pub const SIGN_IN: &str = "Sign-in";
/// Section: the rest.
pub const OPTIONS: &str = "Options";
/// Label: the kind of data store.
pub const KIND: &str = "Kind";
/// Label: the authentication type.
pub const AUTH: &str = "Authentication";
/// The pseudo field that stands for the choice of an authentication type.
pub const AUTH_FIELD: &str = "auth";
/// Where nothing is chosen yet.
pub const CHOOSE: &str = "Choose…";
/// Behind the label of a field that may stay empty.
pub const OPTIONAL: &str = "optional";
/// Sends.
pub const SAVE: &str = "Save";
/// Gives up.
pub const CANCEL: &str = "Cancel";
/// Closes the window.
pub const CLOSE: &str = "Close window";
/// Label: a new link.
pub const NEW_LINK: &str = "New link";
/// Takes the new link.
pub const USE_LINK: &str = "Use link";
/// Heads the receipt.
pub const SAVED_TITLE: &str = "Credential saved";
/// Label: the words of the identity key that was there before.
pub const WORDS_BEFORE: &str = "Before";
/// Label: the words of the identity key that is there now.
pub const WORDS_NOW: &str = "Now";
/// Accepts it.
pub const TRUST: &str = "I have compared the words: trust this gateway from now on";
/// Stops the countdown.
pub const KEEP_OPEN: &str = "Keep open";
/// Beside the close button.
pub const SAVED_CLOSE: &str = "You can close this window.";
/// Label: the linked service.
pub const LINKED_SERVICE: &str = "Linked service";
/// Label: the far end.
pub const TARGET: &str = "Target";
/// Label: the account on the data store.
pub const ACCOUNT: &str = "Account";
/// Label: how often it has been set.
pub const VERSION: &str = "Version";
/// Label: the key.
pub const KEY_ID: &str = "Key id";
/// Label: who has set it.
pub const SAVED_BY: &str = "Saved by";
/// Label: when.
pub const SAVED_AT: &str = "Saved at";
/// Label: the linked service's JSON.
pub const JSON: &str = "Linked service JSON";
/// Copies it.
pub const COPY: &str = "Copy";
/// It is on the clipboard.
pub const COPIED: &str = "Copied.";
/// The browser did not allow it; the text is selected instead.
pub const NOT_COPIED: &str =
    "The browser did not allow copying. The text is selected: press Ctrl+C or ⌘C.";
/// Heads the screen after Cancel.
pub const CANCELLED_TITLE: &str = "Nothing was saved";
/// The screen after Cancel.
pub const CANCELLED: &str = "What you typed has been wiped. You can close this window; to begin again, press “Set credential” in your portal.";
/// The pseudo field that stands for the choice of a kind.
pub const KIND_FIELD: &str = "kind";
/// No kind was chosen.
pub const CHOOSE_KIND: &str = "Choose the kind of data store.";
/// The part of the page that seals is not there yet.
pub const STARTING: &str = "One moment: the part of this page that seals is still loading.";
/// The form is being sealed and sent.
pub const SENDING: &str = "Sealing and sending…";
/// Save was pressed before the key arrived.
pub const AWAITING_KEY: &str = "Waiting for the gateway's key…";
/// The receipt has arrived.
pub const SAVED: &str =
    "The gateway has opened the envelope and stored the credential. This page has wiped its copy.";
/// Above a list of faults.
pub const FAULTS_TITLE: &str = "Nothing was sent. Check these fields:";

/// What to tell a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// What happened, in a few words.
    pub title: &'static str,
    /// What to do.
    pub sentence: String,
}

/// The advice for a trouble.
pub fn advice(trouble: &Trouble) -> Advice {
    let (title, sentence) = fixed(trouble);
    let sentence = match trouble {
        Trouble::MalformedTicket(rule) | Trouble::KeyRefused(rule) => {
            [sentence, " (", &capitalised(rule), ".)"].concat()
        }
        Trouble::UnknownKind(name) | Trouble::OtherLinkedService(name) => {
            sentence.replace("{}", name)
        }
        Trouble::TestFailed(cause) | Trouble::InvalidCredential(cause) if !cause.is_empty() => {
            [cause, " ", sentence].concat()
        }
        Trouble::TooLarge(Some(limit)) => [
            sentence,
            " At most ",
            &limit.to_string(),
            " bytes fit in, names included.",
        ]
        .concat(),
        Trouble::RateLimited(Some(seconds)) | Trouble::Unavailable(Some(seconds)) => {
            sentence.replace("a moment", &counted(*seconds as usize, " second"))
        }
        Trouble::UnexpectedAnswer(status) => sentence.replace("{}", &status.to_string()),
        _ => sentence.to_owned(),
    };
    Advice { title, sentence }
}

fn fixed(trouble: &Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::NoTicket => (
            "This page needs a link with a ticket",
            "Press “Set credential” in your portal, or ask the gateway's administrator for a link. A link works once, for about ten minutes, and only as a whole: a reloaded page has lost its ticket.",
        ),
        Trouble::MalformedTicket(_) => (
            "The link is damaged",
            "Copy the whole link again, from https to the last character, or get a new one.",
        ),
        Trouble::WrongOperation => (
            "This link is not for setting a credential",
            "Get a link for setting one: press “Set credential” in your portal or ask the gateway's administrator.",
        ),
        Trouble::UnknownKind(_) => (
            "This page does not know the kind of data store",
            "The ticket asks for “{}”. Ask the gateway's administrator to update the gateway, or choose another kind in the portal.",
        ),
        Trouble::WrongGateway => (
            "The link is for another gateway",
            "Nothing can be saved here. Check in the portal which gateway the linked service uses and open the link again from there.",
        ),
        Trouble::TicketNotYetValid => (
            "The ticket is not valid yet",
            "The clocks of the portal and the gateway differ. Wait a minute and press Save again; if that does not help, tell the gateway's administrator.",
        ),
        Trouble::TicketExpired => (
            "The ticket has expired",
            "Get a new link and paste it here: what you typed stays in the form. Pressing “Set credential” in the portal again starts over.",
        ),
        Trouble::TicketUsed => (
            "The ticket has been used",
            "Look into the portal whether the credential is already stored, perhaps by an earlier attempt whose answer was lost. To store this one, get a new link and paste it here.",
        ),
        Trouble::TicketInvalid => (
            "The gateway does not accept the ticket",
            "It may have expired, been used up by failed attempts, or come from a portal that may not set this linked service. Get a new link and paste it here; what you typed stays in the form.",
        ),
        Trouble::OtherLinkedService(_) => (
            "The pasted link is for something else",
            "It is for “{}”. What you typed stays with this linked service: open the other link in a window of its own.",
        ),
        Trouble::KeyNotPinned => (
            "The gateway's key is not the one in your ticket",
            "Nothing was sealed or sent. If the gateway has changed its key, a new link helps: paste it here. If it happens again, somebody may be in between: tell the gateway's administrator.",
        ),
        Trouble::IdentityChanged(_) => (
            "This is not the gateway that you met before",
            "It has another identity key than on your last visit. Somebody may be in between. Nothing is sealed or sent, and nothing can be typed, until you have compared the words with the gateway's administrator, by telephone or in person.",
        ),
        Trouble::KeyRefused(_) => (
            "The gateway's key is not acceptable",
            "Nothing was sealed or sent. Tell the gateway's administrator what is written here.",
        ),
        Trouble::KeyRotated => (
            "The gateway has a new key",
            "Get a new link and paste it here: what you typed stays in the form. If the link is new, press Save again.",
        ),
        Trouble::SelfTest => (
            "This browser computes wrongly",
            "A test of the encryption failed, so nothing can be typed or sealed here. Reload the page; if that does not help, use another browser or computer.",
        ),
        Trouble::BrowserTooOld => (
            "This browser is too old",
            "It cannot check the signature of the gateway's keys, so nothing is sealed or sent. Open a new link in Chrome or Edge from version 137, Firefox from 129 or Safari from 17.",
        ),
        Trouble::GatewayDown => (
            "The gateway does not answer",
            "What you typed stays here. Check that the gateway is running and that you are on its network, then press Save again.",
        ),
        Trouble::Offline => (
            "This computer is offline",
            "What you typed stays here. Connect to the network or VPN and press Save again.",
        ),
        Trouble::TimedOut => (
            "The gateway took too long",
            "What you typed stays here. Press Save again: the same envelope is sent, so nothing is stored twice.",
        ),
        Trouble::EnvelopeRejected => (
            "The gateway could not open the envelope",
            "Nothing was stored. Press Save again; if it fails again, get a new link. After five failures the ticket ends.",
        ),
        Trouble::ContextMismatch => (
            "The ticket and the envelope do not fit together",
            "Nothing was stored. Close this window and open the link again from the portal.",
        ),
        Trouble::TooLarge(_) => (
            "The credential is too long",
            "Nothing was sent. Shorten the longest field: usually a key file with more in it than the key.",
        ),
        Trouble::InvalidCredential(_) => (
            "The gateway refused the credential",
            "Nothing was stored. Check the fields and press Save again.",
        ),
        Trouble::SecretRequired => (
            "The secret has to be typed again",
            "What is stored is for another destination or account by now, so the gateway does not keep its secret for this one. Nothing was stored. Type it and press Save.",
        ),
        Trouble::TestFailed(_) => (
            "The connection test failed",
            "Nothing was stored. Correct the fields and press Save again.",
        ),
        Trouble::UnknownLinkedService => (
            "The gateway does not know this linked service",
            "Check its name in the portal, and that the portal may use this gateway for it.",
        ),
        Trouble::NotFound => (
            "The gateway does not have this address",
            "The page and the gateway may be of different versions. Reload the page with a new link.",
        ),
        Trouble::RateLimited(_) => (
            "Too many attempts",
            "What you typed stays here. Wait a moment and press Save again.",
        ),
        Trouble::Unavailable(_) => (
            "The gateway is busy",
            "What you typed stays here. Wait a moment and press Save again.",
        ),
        Trouble::UnexpectedAnswer(_) => (
            "The gateway gave an answer that this page does not understand",
            "It was HTTP status {}. What you typed stays here. Press Save again; if that does not help, tell the gateway's administrator.",
        ),
        Trouble::WrongReceipt => (
            "The receipt is for something else",
            "It is not known what was stored. Look into the portal, and tell the gateway's administrator.",
        ),
        Trouble::NotSealed => (
            "The credential could not be sealed",
            "Nothing was sent. Reload the page with a new link; if that does not help, use another browser.",
        ),
    }
}

/// A rule that the gateway named by its code, in words.
pub fn rule_in_words(code: &str) -> String {
    const SIMPLE: [Rule; 25] = [
        Rule::Required,
        Rule::ControlCharacter,
        Rule::OuterSpace,
        Rule::NotANumber,
        Rule::OutOfRange,
        Rule::NotAHost,
        Rule::NotAHostList,
        Rule::NotADataSource,
        Rule::NotAUrl,
        Rule::NotAnHttpsUrl,
        Rule::CredentialInUrl,
        Rule::NotAnIdentifier,
        Rule::NotAFingerprint,
        Rule::NotAThumbprint,
        Rule::NotAFileShare,
        Rule::NotAConnectionString,
        Rule::CredentialInConnectionString,
        Rule::NotAStorageAccount,
        Rule::NotAGuid,
        Rule::NotTwoDigits,
        Rule::NotThreeDigits,
        Rule::NotAChoice,
        Rule::NotASwitch,
        Rule::UnknownField,
        Rule::UnknownAuthType,
    ];
    match SIMPLE.iter().find(|rule| rule.as_str() == code) {
        Some(rule) => rule.to_string(),
        None => ["The gateway does not accept this (", code, ")."].concat(),
    }
}

/// The gateway's findings about single fields.
pub fn faults_in_words(problems: &[FieldProblem]) -> Vec<Fault> {
    let fault = |problem: &FieldProblem| Fault {
        field: problem.field.clone(),
        words: rule_in_words(&problem.rule),
    };
    problems.iter().map(fault).collect()
}

/// The rest of a ticket's life.
pub fn time_left(seconds: u64) -> String {
    match seconds {
        0 => "expired".to_owned(),
        1..60 => "less than a minute".to_owned(),
        60..120 => "1 minute".to_owned(),
        _ => [&(seconds / 60).to_string(), " minutes"].concat(),
    }
}

/// What is stored already.
pub fn stored(stored: &Stored, at: &str) -> String {
    let version = stored.version.to_string();
    ["version ", &version, ", by ", &stored.set_by, ", ", at].concat()
}

/// The countdown after a save.
pub fn closes_in(seconds: u32) -> String {
    [
        "This window closes in ",
        &counted(seconds as usize, " second"),
        ".",
    ]
    .concat()
}

fn counted(number: usize, unit: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    [&number.to_string(), unit, plural].concat()
}

fn capitalised(sentence: &str) -> String {
    let mut sentence = sentence.to_owned();
    // The rules are in English; the general upper case would bring its tables into the page.
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_that_the_gateway_asks_for_is_named() {
        assert!(
            advice(&Trouble::Unavailable(Some(5)))
                .sentence
                .contains("Wait 5 seconds and")
        );
        assert!(
            advice(&Trouble::RateLimited(Some(1)))
                .sentence
                .contains("Wait 1 second and")
        );
        assert!(
            advice(&Trouble::RateLimited(None))
                .sentence
                .contains("Wait a moment and")
        );
    }

    #[test]
    fn evidence_is_part_of_the_sentence() {
        assert!(
            advice(&Trouble::KeyRefused("the modulus is even".to_owned()))
                .sentence
                .ends_with("(The modulus is even.)")
        );
        assert!(
            advice(&Trouble::UnknownKind("Sybase9".to_owned()))
                .sentence
                .contains("“Sybase9”")
        );
        assert!(
            advice(&Trouble::UnexpectedAnswer(418))
                .sentence
                .contains("status 418")
        );
        assert!(
            advice(&Trouble::TooLarge(Some(8192)))
                .sentence
                .contains("8192 bytes")
        );
    }

    #[test]
    fn a_rule_has_the_same_words_from_the_gateway_as_from_the_page() {
        for rule in [Rule::Required, Rule::NotAFileShare, Rule::NotThreeDigits] {
            assert_eq!(rule_in_words(rule.as_str()), rule.to_string());
        }
        assert!(rule_in_words("new_rule").contains("new_rule"));
    }

    #[test]
    fn time_is_rounded_down() {
        assert_eq!(
            [0, 59, 60, 119, 120, 599].map(time_left).join("|"),
            "expired|less than a minute|1 minute|1 minute|2 minutes|9 minutes"
        );
    }
}
