//! Setting and deleting a credential.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use envelope::protocol::{FieldProblem, MEDIA_TYPE_ENVELOPE};
use http::request::Parts;
use http::{StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::path::LinkedServicePath;
use super::ticket::authorise;
use crate::admission::MAX_BODY_BYTES;
use crate::clock;
use crate::custody::access::Action;
use crate::custody::delete::DeleteProblem;
use crate::custody::set::SetProblem;
use crate::problem::{Oversized, Refusal};
use crate::router::Gateway;

/// `PUT /v1/factories/{df}/linked-services/{ls}/credential`: 201 for a new credential, 200 for a new version or a repeated
/// request, with the signed receipt.
///
/// # Errors
/// Every [`Refusal`] that a ticket, a body or an envelope can have.
pub async fn set(
    State(gateway): State<Gateway>,
    LinkedServicePath(df, ls): LinkedServicePath,
    parts: Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let ticket = authorise(&gateway.custody, &parts, Action::Set, df, Some(ls)).await?;
    let is_envelope = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|media_type| media_type == MEDIA_TYPE_ENVELOPE);
    if !is_envelope {
        return Err(Refusal::UnsupportedMediaType);
    }
    let envelope = read(body).await?;
    let stored = gateway
        .custody
        .set(ticket, &envelope, clock::now())
        .await
        .map_err(refusal)?;
    let status = if stored.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(stored.signed)).into_response())
}

/// `DELETE /v1/factories/{df}/linked-services/{ls}/credential`: 204.
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::UnknownLinkedService`].
pub async fn delete(
    State(gateway): State<Gateway>,
    LinkedServicePath(df, ls): LinkedServicePath,
    parts: Parts,
) -> Result<StatusCode, Refusal> {
    let ticket = authorise(&gateway.custody, &parts, Action::Delete, df, Some(ls)).await?;
    match gateway.custody.delete(ticket, clock::now()).await {
        Ok(_) => Ok(StatusCode::NO_CONTENT),
        Err(DeleteProblem::NotFound) => Err(Refusal::UnknownLinkedService),
        Err(DeleteProblem::TicketUsed) => Err(Refusal::TicketUsed),
        Err(DeleteProblem::Unavailable) => Err(Refusal::Unavailable),
    }
}

/// A body of unknown length is read up to the limit and no further.
async fn read(body: Body) -> Result<Vec<u8>, Refusal> {
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(whole) => Ok(whole.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge(Oversized::Body)),
        Err(_) => Err(Refusal::Interrupted),
    }
}

fn refusal(problem: SetProblem) -> Refusal {
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
        SetProblem::Busy | SetProblem::Unavailable => Refusal::Unavailable,
    }
}
