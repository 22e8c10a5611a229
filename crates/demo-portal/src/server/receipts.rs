//! `POST /api/receipts`: what the browser says was stored, verified.

use std::sync::Arc;

use axum::extract::{Json, State};
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use envelope::receipt::Receipt;
use serde::{Deserialize, Serialize};

use super::{PortalState, Problem, is_same_origin};
use crate::definition;
use crate::ticket;

/// Bytes; names, target and account in base64url, and a signature.
pub(super) const LARGEST_RECEIPT: usize = 16 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptRequest {
    /// What `cs-saved` brought.
    jws: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptAnswer {
    /// Always true: what could not be verified gets a problem for an answer.
    verified: bool,
    /// What the gateway signed.
    receipt: Receipt,
    /// The linked service with the reference in its place.
    linked_service_json: Option<String>,
}

pub(super) async fn receipts(
    State(portal): State<Arc<PortalState>>,
    headers: HeaderMap,
    Json(request): Json<ReceiptRequest>,
) -> Result<Json<ReceiptAnswer>, Problem> {
    if !is_same_origin(&headers, &portal.origin) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "Receipts are taken from this portal's own page only.",
        ));
    }
    let now = ticket::now().map_err(|_| Problem::internal())?;
    let receipt = portal
        .issued
        .receipt(&request.jws, &portal.settings.identity_key, now)
        .map_err(|refusal| {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.words())
                .with_code(refusal.code())
        })?;
    Ok(Json(ReceiptAnswer {
        verified: true,
        linked_service_json: definition::linked_service_json(&receipt),
        receipt,
    }))
}
