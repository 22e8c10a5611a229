//! Non-secret metadata of what is stored, for whoever holds a ticket for it.

use axum::Json;
use axum::extract::State;
use envelope::protocol::StoredCredential;
use http::request::Parts;

use super::path::{FactoryPath, LinkedServicePath};
use super::ticket::authorise;
use crate::custody::access::Action;
use crate::problem::Refusal;
use crate::router::Gateway;

/// `GET /v1/factories/{df}/linked-services`
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::Unavailable`].
pub async fn list(
    State(gateway): State<Gateway>,
    FactoryPath(df): FactoryPath,
    parts: Parts,
) -> Result<Json<Vec<StoredCredential>>, Refusal> {
    let ticket = authorise(&gateway.custody, &parts, Action::Read, df.clone(), None).await?;
    let mut stored = gateway
        .custody
        .list(Some(&df))
        .await
        .map_err(|error| unavailable(&error))?;
    // An issuer that is registered for some linked services does not learn of the others.
    stored.retain(|stored| ticket.issuer_may_touch(&stored.df, &stored.ls));
    Ok(Json(stored))
}

/// `GET /v1/factories/{df}/linked-services/{ls}`
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::UnknownLinkedService`], [`Refusal::Unavailable`].
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

fn unavailable(error: &dyn std::error::Error) -> Refusal {
    tracing::error!(%error, "the store does not answer");
    Refusal::Unavailable
}
