//! What became of a ticket, for the portal's page that holds it: the one call that another origin's page may make.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use envelope::protocol::{TICKET_STATUS_PATH, TicketStatus};
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};
use tower_http::cors::{AllowOrigin, AllowPrivateNetwork, CorsLayer};
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::ticket::{bearer, refusal, remote};
use crate::clock;
use crate::custody::access::AuthorisedTicket;
use crate::issuers::Issuer;
use crate::openapi::{ANY_CALL, AnyCall, TAKES_TICKET, refused};
use crate::problem::Refusal;
use crate::router::Gateway;

/// How long a browser need not ask again whether it may ask.
const PREFLIGHT_LASTS: Duration = Duration::from_secs(600);

/// `GET /v1/tickets/status`
///
/// # Errors
/// Every [`Refusal`] that a ticket can have; [`Refusal::ContextMismatch`] for one that permits something else than setting, and on
/// a page of another origin than its issuer is registered with.
#[utoipa::path(
    get,
    path = TICKET_STATUS_PATH,
    operation_id = "ticketStatus",
    summary = "What became of a ticket",
    description = "Of the ticket that the call carries, until ten minutes after its expiry. A page of a portal may ask about that portal's tickets.",
    security(("ticket" = [])),
    responses((status = 200, description = "Unused, or used with the receipt.", body = TicketStatus), NotTold),
)]
pub async fn status(
    State(gateway): State<Gateway>,
    parts: Parts,
) -> Result<Json<TicketStatus>, Refusal> {
    let ticket = bearer(&parts.headers)?;
    let asked = gateway
        .custody
        .outcome(ticket, remote(&parts), clock::now())
        .await;
    let (ticket, status) = asked.map_err(refusal)?;
    if is_elsewhere(&parts.headers, &ticket) {
        return Err(Refusal::ContextMismatch);
    }
    Ok(Json(status))
}

/// `OPTIONS /v1/tickets/status`. The layer around it answers before this is reached; it makes the method one that the route has.
#[utoipa::path(
    options,
    path = TICKET_STATUS_PATH,
    operation_id = "mayAskForTicketStatus",
    summary = "Whether a page of this origin may ask (CORS)",
    responses((status = 200, description = "The headers tell: none for an origin that is not registered."), AnyCall),
)]
pub async fn preflight() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Why nothing is told.
struct NotTold;

impl IntoResponses for NotTold {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refused(&[ANY_CALL, TAKES_TICKET])
    }
}

/// The answer is for the pages of the portal that issued the ticket; a program names no origin.
fn is_elsewhere(request: &HeaderMap, ticket: &AuthorisedTicket) -> bool {
    let portal = ticket.portal().map(str::as_bytes);
    let origin = request.get(header::ORIGIN);
    origin.is_some_and(|origin| Some(origin.as_bytes()) != portal)
}

/// Which origins' pages may ask: those that portals are registered with, each to the letter.
pub fn for_portals(issuers: &[Issuer]) -> CorsLayer {
    let origins: Vec<HeaderValue> = issuers
        .iter()
        .filter_map(|issuer| issuer.origin()?.parse().ok())
        .collect();
    let also = origins.clone();
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            origins.contains(origin)
        }))
        // A page of the internet may ask a gateway of the intranet, if the person permits it.
        .allow_private_network(AllowPrivateNetwork::predicate(move |origin, _| {
            also.contains(origin)
        }))
        .allow_methods([Method::GET])
        .allow_headers([header::AUTHORIZATION])
        .max_age(PREFLIGHT_LASTS)
}
