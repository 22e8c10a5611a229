//! What can go wrong between a credential and its gateway: the page's words for what happened, with advice for a terminal.
//!
//! The page's advice is taken where it is not about the page.

use envelope::protocol::{FieldProblem, Problem, ProblemCode, REQUEST_URN};
use envelope::statement::StatementRefusal;
use envelope::{KeyRefusal, SealError, TicketRefusal};
use language::{Argument, Message, message};
use linked_service::Rule;

use crate::failure::{Cause, Failure, FieldFault};

/// One kind of trouble: its cause, the stable name that the page uses, too, the page's title for it, and advice of its own or the page's.
macro_rules! trouble {
    ($cause:ident, $code:literal, $id:literal) => {
        trouble!(
            $cause,
            $code,
            $id,
            const { message(concat!($id, ".advice")) }.text()
        )
    };
    ($cause:ident, $code:literal, $id:literal, $advice:expr) => {
        Failure::new(Cause::$cause, $code, const { message($id) }.text()).advise($advice)
    };
}

const NEW_TICKET: &str =
    "Get a new ticket: from the portal, or with `credential-gateway ticket` at the gateway.";

/// A text that is no ticket; with the code of the rule that it breaks.
pub(crate) fn malformed_ticket(rule: &str) -> Failure {
    let failure = trouble!(Ticket, "ticket_malformed", "trouble-malformed-ticket");
    let advice = format!(
        "Give the whole ticket, or the whole link from https to the last character ({rule})."
    );
    failure.advise(advice)
}

/// The ticket is for another operation than setting a credential.
pub(crate) fn wrong_operation() -> Failure {
    trouble!(
        Ticket,
        "ticket_wrong_operation",
        "trouble-wrong-operation",
        "Get a ticket for setting one: from the portal, or with `credential-gateway ticket` at the gateway."
    )
}

/// The ticket's times or its gateway are wrong.
pub(crate) fn ticket_refused(refusal: TicketRefusal) -> Failure {
    match refusal {
        TicketRefusal::WrongGateway => {
            trouble!(Ticket, "wrong_gateway", "trouble-wrong-gateway")
        }
        TicketRefusal::NotYetValid => trouble!(
            Ticket,
            "ticket_not_yet_valid",
            "trouble-ticket-not-yet-valid",
            "The clocks of the ticket's issuer and the gateway differ: `credset doctor` says by how much."
        ),
        TicketRefusal::Expired => {
            trouble!(
                Ticket,
                "ticket_expired",
                "trouble-ticket-expired",
                NEW_TICKET
            )
        }
        TicketRefusal::LivesTooLong { .. } | TicketRefusal::TimesOutOfOrder => {
            let failure = trouble!(Ticket, "ticket_invalid", "trouble-ticket-invalid");
            failure.advise(format!("{refusal}. {NEW_TICKET}"))
        }
    }
}

/// A document of keys, or a key in it, breaks a rule.
pub(crate) fn key_refused(refusal: KeyRefusal) -> Failure {
    rule_broken(refusal.as_str(), &refusal.to_string())
}

/// What the gateway's identity key says of the keys does not make them good.
pub(crate) fn statement_refused(refusal: &StatementRefusal) -> Failure {
    match refusal {
        StatementRefusal::NotPinned => trouble!(
            Trust,
            "key_not_pinned",
            "trouble-key-not-pinned",
            "Nothing was sealed or sent. If the gateway has changed its key, a new ticket helps. If it happens again, somebody may be in between: tell the gateway's administrator."
        ),
        StatementRefusal::IdentityChanged { before, now } => {
            let failure = trouble!(Trust, "identity_changed", "trouble-identity-changed");
            failure.advise(format!(
                "Somebody may be in between. Nothing was sealed or sent. Compare the words with the gateway's administrator, by telephone or in person, and then give them with --fingerprint.\n  before: {}\n  now:    {}",
                crate::fingerprint::in_words(before),
                crate::fingerprint::in_words(now)
            ))
        }
        rule => rule_broken(rule.as_str(), &rule.to_string()),
    }
}

fn rule_broken(code: &str, words: &str) -> Failure {
    let failure = trouble!(Trust, "key_refused", "trouble-key-refused");
    let advice = format!("{} ({code}: {words})", failure.advice);
    failure.advise(advice)
}

/// The known-answer test failed.
pub(crate) fn self_test() -> Failure {
    let failure = trouble!(Local, "self_test_failed", "trouble-self-test");
    Failure {
        title: "This computer computes wrongly".to_owned(),
        ..failure.advise("A test of the encryption failed, so nothing is sealed here.")
    }
}

/// No envelope could be made.
pub(crate) fn not_sealed(error: SealError) -> Failure {
    match error {
        SealError::TooLong { limit, .. } => {
            const LIMIT: Message = message("trouble-too-large.limit");
            let failure = trouble!(Usage, "too_large", "trouble-too-large");
            let limit = LIMIT.with(&[Argument::Number(limit as u64)]);
            let advice = format!("{} {limit}", failure.advice);
            failure.advise(advice)
        }
        other => trouble!(Local, "not_sealed", "trouble-not-sealed").advise(other.to_string()),
    }
}

/// No answer in time.
pub(crate) fn timed_out() -> Failure {
    trouble!(
        Network,
        "timed_out",
        "trouble-timed-out",
        "Run it again with the same ticket. If it says that the ticket has been used, the first run has stored the credential."
    )
}

/// No answer.
pub(crate) fn gateway_down(why: &str) -> Failure {
    let failure = trouble!(Network, "gateway_down", "trouble-gateway-down");
    failure.advise(format!(
        "{why}. Check that the gateway is running and that you are on its network; `credset doctor` looks step by step."
    ))
}

/// The connection broke before the whole answer was there.
pub(crate) fn interrupted_answer(why: &dyn std::fmt::Display) -> Failure {
    Failure {
        code: "interrupted_answer".to_owned(),
        ..gateway_down(&format!("The connection broke ({why})"))
    }
}

/// A receipt for something else, or not signed by the gateway.
pub(crate) fn wrong_receipt(why: &str) -> Failure {
    let failure = trouble!(Trust, "wrong_receipt", "trouble-wrong-receipt");
    let advice = format!("{why} {}", failure.advice);
    failure.advise(advice)
}

/// An answer that is none of the protocol's.
pub(crate) fn unexpected_answer(status: u16) -> Failure {
    let failure = trouble!(Network, "unexpected_answer", "trouble-unexpected-answer");
    Failure {
        title: "The gateway gave an answer that is not understood".to_owned(),
        ..failure.advise(format!(
            "It was HTTP status {status}. Is it a gateway that is listening there?"
        ))
    }
}

/// It is a gateway, and knows itself by other names only.
pub(crate) fn misdirected() -> Failure {
    Failure::new(
        Cause::Refused,
        "misdirected",
        "The gateway is not called by that name",
    )
    .advise("Use a name and port that it has, or have its administrator add this one to `names` in gateway.toml, with the port if that is another one than it listens on.")
}

/// The gateway's refusal. `retry_after` is the header of that name, in seconds.
pub(crate) fn refused(problem: Problem, retry_after: Option<u64>) -> Failure {
    let mut failure = match problem.code {
        ProblemCode::EnvelopeRejected => trouble!(
            Refused,
            "envelope_rejected",
            "trouble-envelope-rejected",
            "Nothing was stored. Seal anew; after five failures the ticket ends."
        ),
        ProblemCode::KeyRotated => trouble!(
            Refused,
            "key_rotated",
            "trouble-key-rotated",
            "Nothing was stored. Save the keys again and seal anew; the ticket is still good until it expires."
        ),
        ProblemCode::TicketInvalid => trouble!(
            Ticket,
            "ticket_invalid",
            "trouble-ticket-invalid",
            "It may have expired, been used up by failed attempts, or come from a portal that may not set this linked service. Get a new one."
        ),
        ProblemCode::TicketUsed => trouble!(
            Ticket,
            "ticket_used",
            "trouble-ticket-used",
            "The credential may be stored already, by an earlier run whose answer was lost: look into the portal, or run `credential-gateway show` at the gateway. To store this one, get a new ticket."
        ),
        ProblemCode::ContextMismatch => trouble!(
            Ticket,
            "context_mismatch",
            "trouble-context-mismatch",
            "Nothing was stored. Use the ticket of this linked service, and of this kind of data store."
        ),
        ProblemCode::SecretRequired => trouble!(
            Refused,
            "secret_required",
            "trouble-secret-required",
            "What is stored is for another destination or account, or nothing is stored: it cannot be kept. Nothing was stored. Give the secret."
        ),
        ProblemCode::TestFailed => trouble!(
            Refused,
            "test_failed",
            "trouble-test-failed",
            "Nothing was stored."
        ),
        ProblemCode::TestRequired => trouble!(
            Refused,
            "test_required",
            "trouble-test-required",
            "Nothing was stored. `credset set` tests by itself; before `credset post`, run `credset test` with the same ticket and the same content."
        ),
        ProblemCode::TestsOff => trouble!(
            Refused,
            "tests_off",
            "trouble-tests-off",
            "Nothing was tried."
        ),
        ProblemCode::UnknownLinkedService => trouble!(
            Refused,
            "unknown_linked_service",
            "trouble-unknown-linked-service"
        ),
        ProblemCode::TooLarge => {
            trouble!(Refused, "too_large", "trouble-too-large")
        }
        ProblemCode::RateLimited => waiting(
            trouble!(Network, "rate_limited", "trouble-rate-limited"),
            retry_after,
        ),
        ProblemCode::Unavailable => waiting(
            trouble!(Network, "unavailable", "trouble-unavailable"),
            retry_after,
        ),
        ProblemCode::InvalidCredential => trouble!(
            Refused,
            "invalid_credential",
            "trouble-invalid-credential",
            "Nothing was stored."
        ),
        ProblemCode::NotFound => trouble!(
            Refused,
            "not_found",
            "trouble-not-found",
            "This program and the gateway may be of different versions."
        ),
    };
    failure.fields = problem.errors.iter().map(fault).collect();
    failure.request = problem.instance.as_deref().and_then(request);
    if let Some(detail) = problem.detail {
        failure.advice = format!("{detail} {}", failure.advice);
    }
    failure
}

/// Only what it has to look like is repeated.
fn request(instance: &str) -> Option<Box<str>> {
    let digits = instance.strip_prefix(REQUEST_URN)?;
    let is_name = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name.then(|| digits.into())
}

fn waiting(failure: Failure, retry_after: Option<u64>) -> Failure {
    let advice = match retry_after {
        Some(seconds) => format!("Run it again in {seconds} seconds: the ticket is still good."),
        None => "Run it again in a moment: the ticket is still good.".to_owned(),
    };
    failure.advise(advice)
}

/// A rule that the gateway named by its code, in words.
fn fault(problem: &FieldProblem) -> FieldFault {
    const UNKNOWN: Message = message("rule-unknown");
    let rule = match Rule::without_evidence(&problem.rule) {
        Some(rule) => rule.sentence().say(),
        None => UNKNOWN.with(&[Argument::Text(&problem.rule)]),
    };
    FieldFault {
        field: problem.field.clone(),
        rule,
    }
}
