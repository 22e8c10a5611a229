//! Setting and deleting a credential.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use envelope::SignedReceipt;
use envelope::protocol::{EnvelopeText, MEDIA_TYPE_ENVELOPE};
use http::StatusCode;
use http::request::Parts;
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response as Declared};

use super::path::{LinkedServiceNames, LinkedServicePath};
use super::sealed::{self, TAKES_ENVELOPE};
use super::ticket::authorise;
use crate::clock;
use crate::custody::access::Action;
use crate::custody::delete::DeleteProblem;
use crate::metrics::Saved;
use crate::openapi::{ANY_CALL, NAMES, TAKES_TICKET, WRITES, refused};
use crate::problem::Refusal;
use crate::router::Gateway;

/// `PUT /v1/factories/{df}/linked-services/{ls}/credential`: 201 for a new credential, 200 for a new version or a repeated
/// request, with the signed receipt.
///
/// # Errors
/// Every [`Refusal`] that a ticket, a body or an envelope can have.
#[utoipa::path(
    put,
    path = "/v1/factories/{df}/linked-services/{ls}/credential",
    operation_id = "setCredential",
    summary = "Store a sealed credential",
    description = "Under a ticket of operation `set`, once. The same envelope under the same ticket gets the same receipt again.",
    security(("ticket" = [])),
    params(LinkedServiceNames),
    request_body(content = EnvelopeText, content_type = MEDIA_TYPE_ENVELOPE),
    responses(
        (status = 201, description = "Nothing was stored for this linked service before.", body = SignedReceipt),
        (status = 200, description = "A new version is stored, or the same request was answered before.", body = SignedReceipt),
        NotSet,
    ),
)]
pub async fn set(
    State(gateway): State<Gateway>,
    LinkedServicePath(df, ls): LinkedServicePath,
    parts: Parts,
    body: Body,
) -> Result<Response, Refusal> {
    let ticket = authorise(&gateway.custody, &parts, Action::Set, df, Some(ls)).await?;
    let envelope = sealed::read(&parts, body).await?;
    let outcome = gateway.custody.set(ticket, &envelope, clock::now()).await;
    gateway.metrics.count_save(Saved::from(&outcome));
    let stored = outcome.map_err(sealed::refusal)?;
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
#[utoipa::path(
    delete,
    path = "/v1/factories/{df}/linked-services/{ls}/credential",
    operation_id = "deleteCredential",
    summary = "Delete a credential",
    description = "Under a ticket of operation `delete`, once.",
    security(("ticket" = [])),
    params(LinkedServiceNames),
    responses((status = 204, description = "It is deleted."), NotDeleted),
)]
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

/// Why nothing is set.
struct NotSet;

impl IntoResponses for NotSet {
    fn responses() -> BTreeMap<String, RefOr<Declared>> {
        refused(&[
            ANY_CALL,
            WRITES,
            TAKES_TICKET,
            NAMES,
            TAKES_ENVELOPE,
            &[Refusal::TestRequired],
        ])
    }
}

/// Why nothing is deleted.
struct NotDeleted;

impl IntoResponses for NotDeleted {
    fn responses() -> BTreeMap<String, RefOr<Declared>> {
        let own = &[Refusal::UnknownLinkedService, Refusal::TicketUsed];
        refused(&[ANY_CALL, WRITES, TAKES_TICKET, NAMES, own])
    }
}
