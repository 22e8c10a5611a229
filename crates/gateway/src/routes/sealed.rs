//! The body of a call that takes an envelope, and what its caller is told of a problem with it.

use axum::body::Body;
use envelope::protocol::{FieldProblem, MEDIA_TYPE_ENVELOPE};
use http::header;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::admission::MAX_BODY_BYTES;
use crate::custody::set::SetProblem;
use crate::problem::{Oversized, Refusal};

/// What a call that takes an envelope may be refused for as well.
pub(super) const TAKES_ENVELOPE: &[Refusal] = &[
    Refusal::UnsupportedMediaType,
    Refusal::Interrupted,
    Refusal::EnvelopeRejected,
    Refusal::KeyRotated,
    Refusal::TicketUsed,
    Refusal::InvalidCredential(Vec::new()),
    Refusal::SecretRequired(Vec::new()),
];

/// A body of unknown length is read up to the limit and no further.
///
/// # Errors
/// [`Refusal::UnsupportedMediaType`], [`Refusal::TooLarge`], [`Refusal::Interrupted`].
pub(super) async fn read(parts: &Parts, body: Body) -> Result<Vec<u8>, Refusal> {
    let is_envelope = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type == MEDIA_TYPE_ENVELOPE);
    if !is_envelope {
        return Err(Refusal::UnsupportedMediaType);
    }
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(whole) => Ok(whole.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge(Oversized::Body)),
        Err(_) => Err(Refusal::Interrupted),
    }
}

/// What is said of a problem.
pub(super) fn refusal(problem: SetProblem) -> Refusal {
    match problem {
        SetProblem::EnvelopeRejected => Refusal::EnvelopeRejected,
        SetProblem::TicketInvalid => {
            Refusal::TicketInvalid("Five envelopes were rejected: get a new ticket.")
        }
        SetProblem::KeyRotated => Refusal::KeyRotated,
        SetProblem::TicketUsed => Refusal::TicketUsed,
        SetProblem::ContextMismatch => Refusal::ContextMismatch,
        SetProblem::InvalidCredential(errors) => Refusal::InvalidCredential(
            errors
                .into_iter()
                .map(|error| FieldProblem {
                    field: error.field,
                    rule: error.rule.as_str().to_owned(),
                })
                .collect(),
        ),
        SetProblem::SecretRequired(names) => Refusal::SecretRequired(
            names
                .into_iter()
                .map(|field| FieldProblem {
                    field,
                    rule: "secret_required".to_owned(),
                })
                .collect(),
        ),
        SetProblem::TestRequired => Refusal::TestRequired,
        SetProblem::Busy | SetProblem::Unavailable => Refusal::Unavailable,
    }
}
