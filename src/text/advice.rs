//! The advice for each trouble: what happened, then what to do.

use language::Argument::{Number, Text};
use language::{Message, message};

use crate::trouble::Trouble;

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
    let (title, advice) = fixed(trouble);
    let sentence = match trouble {
        Trouble::MalformedTicket(rule) | Trouble::KeyRefused(rule) => {
            [advice.text(), " (", rule, ")"].concat()
        }
        Trouble::UnknownKind(name) | Trouble::OtherLinkedService(name) => {
            advice.with(&[Text(name)])
        }
        Trouble::TestFailed(cause) | Trouble::InvalidCredential(cause) if !cause.is_empty() => {
            [cause, " ", advice.text()].concat()
        }
        Trouble::TooLarge(Some(limit)) => {
            let limit = MOST_BYTES.with(&[Number(*limit as u64)]);
            [advice.text(), " ", &limit].concat()
        }
        Trouble::RateLimited(Some(seconds)) => RATE_LIMITED.with(&[Number((*seconds).into())]),
        Trouble::Unavailable(Some(seconds)) => UNAVAILABLE.with(&[Number((*seconds).into())]),
        Trouble::UnexpectedAnswer(status) => advice.with(&[Number(u64::from(*status))]),
        _ => advice.text().to_owned(),
    };
    Advice {
        title: title.text(),
        sentence,
    }
}

const MOST_BYTES: Message = message("trouble-too-large.limit");
const RATE_LIMITED: Message = message("trouble-rate-limited.pause");
const UNAVAILABLE: Message = message("trouble-unavailable.pause");

/// A trouble's title and its attribute with the advice.
macro_rules! both {
    ($id:literal) => {
        const { (message($id), message(concat!($id, ".advice"))) }
    };
}

fn fixed(trouble: &Trouble) -> (Message, Message) {
    match trouble {
        Trouble::NoTicket => both!("trouble-no-ticket"),
        Trouble::MalformedTicket(_) => both!("trouble-malformed-ticket"),
        Trouble::WrongOperation => both!("trouble-wrong-operation"),
        Trouble::UnknownKind(_) => both!("trouble-unknown-kind"),
        Trouble::WrongGateway => both!("trouble-wrong-gateway"),
        Trouble::TicketNotYetValid => both!("trouble-ticket-not-yet-valid"),
        Trouble::TicketExpired => both!("trouble-ticket-expired"),
        Trouble::TicketUsed => both!("trouble-ticket-used"),
        Trouble::TicketInvalid => both!("trouble-ticket-invalid"),
        Trouble::OtherLinkedService(_) => both!("trouble-other-linked-service"),
        Trouble::KeyNotPinned => both!("trouble-key-not-pinned"),
        Trouble::IdentityChanged(_) => both!("trouble-identity-changed"),
        Trouble::KeyRefused(_) => both!("trouble-key-refused"),
        Trouble::KeyRotated => both!("trouble-key-rotated"),
        Trouble::SelfTest => both!("trouble-self-test"),
        Trouble::BrowserTooOld => both!("trouble-browser-too-old"),
        Trouble::GatewayDown => both!("trouble-gateway-down"),
        Trouble::Offline => both!("trouble-offline"),
        Trouble::TimedOut => both!("trouble-timed-out"),
        Trouble::EnvelopeRejected => both!("trouble-envelope-rejected"),
        Trouble::ContextMismatch => both!("trouble-context-mismatch"),
        Trouble::TooLarge(_) => both!("trouble-too-large"),
        Trouble::InvalidCredential(_) => both!("trouble-invalid-credential"),
        Trouble::SecretRequired => both!("trouble-secret-required"),
        Trouble::TestFailed(_) => both!("trouble-test-failed"),
        Trouble::TestRequired => both!("trouble-test-required"),
        Trouble::TestsOff => both!("trouble-tests-off"),
        Trouble::UnknownLinkedService => both!("trouble-unknown-linked-service"),
        Trouble::NotFound => both!("trouble-not-found"),
        Trouble::RateLimited(_) => both!("trouble-rate-limited"),
        Trouble::Unavailable(_) => both!("trouble-unavailable"),
        Trouble::UnexpectedAnswer(_) => both!("trouble-unexpected-answer"),
        Trouble::WrongReceipt => both!("trouble-wrong-receipt"),
        Trouble::NotSealed => both!("trouble-not-sealed"),
        Trouble::Interrupted => both!("trouble-interrupted"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_that_the_gateway_asks_for_is_named() {
        let sentence = |trouble| advice(&trouble).sentence;
        assert!(sentence(Trouble::Unavailable(Some(5))).contains("Wait 5 seconds and"));
        assert!(sentence(Trouble::RateLimited(Some(1))).contains("Wait 1 second and"));
        assert!(sentence(Trouble::RateLimited(None)).contains("Wait a moment and"));
    }

    #[test]
    fn evidence_is_part_of_the_sentence() {
        for (trouble, evidence) in [
            (Trouble::KeyRefused("even_modulus"), "(even_modulus)"),
            (Trouble::UnknownKind("Sybase9".to_owned()), "“Sybase9”"),
            (Trouble::UnexpectedAnswer(418), "status 418"),
            (Trouble::TooLarge(Some(8192)), "8192 bytes"),
        ] {
            let sentence = advice(&trouble).sentence;
            assert!(sentence.contains(evidence), "{sentence}");
        }
    }
}
