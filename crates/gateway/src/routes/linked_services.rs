//! Non-secret metadata of what is stored, for whoever holds a ticket for it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use envelope::context::LinkedServiceName;
use envelope::protocol::StoredCredential;
use http::request::Parts;
use serde::Deserialize;
use utoipa::openapi::{RefOr, Response};
use utoipa::{IntoParams, IntoResponses};

use super::path::{FactoryName, FactoryPath, LinkedServiceNames, LinkedServicePath};
use super::ticket::authorise;
use crate::custody::access::Action;
use crate::openapi::{ANY_CALL, NAMES, TAKES_TICKET, refused};
use crate::problem::Refusal;
use crate::router::Gateway;

/// What a list may be narrowed by.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Narrowing {
    /// Only this linked service: then the list is empty or has one entry.
    name: Option<LinkedServiceName>,
}

/// `GET /v1/factories/{df}/linked-services`, with `?name={ls}` narrowed to that one: then the list is empty or has one entry.
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::InvalidName`], [`Refusal::Unavailable`].
#[utoipa::path(
    get,
    path = "/v1/factories/{df}/linked-services",
    operation_id = "listLinkedServices",
    summary = "What is stored in a data factory, without secrets",
    description = "Under any ticket for the data factory; only what the ticket's issuer may touch is listed.",
    security(("ticket" = [])),
    params(FactoryName, Narrowing),
    responses((status = 200, description = "What is stored.", body = Vec<StoredCredential>), NotListed),
)]
pub async fn list(
    State(gateway): State<Gateway>,
    FactoryPath(df): FactoryPath,
    query: Result<Query<Narrowing>, QueryRejection>,
    parts: Parts,
) -> Result<Json<Vec<StoredCredential>>, Refusal> {
    let Query(Narrowing { name }) =
        query.map_err(|_| Refusal::InvalidName("the query has no name".to_owned()))?;
    let (custody, action) = (&gateway.custody, Action::Read);
    let ticket = authorise(custody, &parts, action, df.clone(), name.clone()).await?;
    let stored = match &name {
        Some(ls) => {
            let one = custody.show(&df, ls).await;
            one.map(|one| one.into_iter().collect())
        }
        None => custody.list(Some(&df)).await,
    };
    let mut stored: Vec<_> = stored.map_err(|error| unavailable(&error))?;
    // An issuer that is registered for some linked services does not learn of the others.
    stored.retain(|stored| ticket.issuer_may_touch(&stored.df, &stored.ls));
    Ok(Json(stored))
}

/// `GET /v1/factories/{df}/linked-services/{ls}`
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::UnknownLinkedService`], [`Refusal::Unavailable`].
#[utoipa::path(
    get,
    path = "/v1/factories/{df}/linked-services/{ls}",
    operation_id = "showLinkedService",
    summary = "What is stored for a linked service, without secrets",
    description = "Under any ticket for the linked service.",
    security(("ticket" = [])),
    params(LinkedServiceNames),
    responses((status = 200, description = "What is stored.", body = StoredCredential), NotShown),
)]
pub async fn show(
    State(gateway): State<Gateway>,
    LinkedServicePath(df, ls): LinkedServicePath,
    parts: Parts,
) -> Result<Json<StoredCredential>, Refusal> {
    authorise(
        &gateway.custody,
        &parts,
        Action::Read,
        df.clone(),
        Some(ls.clone()),
    )
    .await?;
    let stored = gateway
        .custody
        .show(&df, &ls)
        .await
        .map_err(|error| unavailable(&error))?;
    stored.map(Json).ok_or(Refusal::UnknownLinkedService)
}

/// Why nothing is listed.
struct NotListed;

impl IntoResponses for NotListed {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refused(&[ANY_CALL, TAKES_TICKET, NAMES])
    }
}

/// Why nothing is shown.
struct NotShown;

impl IntoResponses for NotShown {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let own = &[Refusal::UnknownLinkedService];
        refused(&[ANY_CALL, TAKES_TICKET, NAMES, own])
    }
}

fn unavailable(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "the store does not answer");
    Refusal::Unavailable
}
