//! Every route on one page, and the layers around them. No socket here: tests call the router directly.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use envelope::protocol::TICKET_STATUS_PATH;
use tower_http::catch_panic::CatchPanicLayer;

use crate::admission::{self, Admission};
use crate::config::Config;
use crate::custody::Custody;
use crate::headers;
use crate::metrics::Metrics;
use crate::page_files::PageFiles;
use crate::problem::Refusal;
use crate::routes::{credential, description, health, linked_services, page, ticket_status};
use crate::telemetry;
use crate::tls::Served;

/// What handlers share.
#[derive(Clone)]
pub struct Gateway {
    /// Everything that is kept.
    pub custody: Custody,
    /// What the administrator decided.
    pub config: Arc<Config>,
    /// The built page; empty when the API alone is served.
    pub page: Arc<PageFiles>,
    /// The certificate that is shown.
    pub certificate: Served,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// The page and the API. `port` is the one really listened on.
pub fn router(gateway: Gateway, port: u16) -> Router {
    let admission = Admission::new(&gateway.config.names, port);
    let limit = gateway.config.limits.request;
    let routes = Router::new()
        // The page (its own window), the page as a portal's popup, the page in a portal's frame, and what all load.
        .route("/", get(page::own_window))
        .route("/set", get(page::popup))
        .route("/embed/frame", get(page::frame))
        // The key document.
        .route(
            "/.well-known/credential-gateway",
            get(description::describe),
        )
        .route("/v1/keys", get(description::keys))
        // Credentials.
        .route(
            "/v1/factories/{df}/linked-services",
            get(linked_services::list),
        )
        .route(
            "/v1/factories/{df}/linked-services/{ls}",
            get(linked_services::show),
        )
        .route(
            "/v1/factories/{df}/linked-services/{ls}/credential",
            put(credential::set).delete(credential::delete),
        )
        // What became of a ticket: the one call for pages of other origins.
        .route(
            TICKET_STATUS_PATH,
            get(ticket_status::status)
                .options(ticket_status::preflight)
                .layer(ticket_status::for_portals(gateway.custody.issuers())),
        )
        .fallback(page::file)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .with_state(gateway);
    layered(routes, limit, Some(admission))
}

/// `/healthz`, `/readyz` and `/metrics`, for the loopback listener.
pub fn health_router(gateway: Gateway) -> Router {
    let limit = gateway.config.limits.request;
    let routes = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .with_state(gateway);
    layered(routes, limit, None)
}

/// From the outside in: headers of every answer, log and problem document, panics, what is let in, time.
fn layered(routes: Router, limit: std::time::Duration, admission: Option<Admission>) -> Router {
    let routes = routes.layer(middleware::from_fn_with_state(limit, in_time));
    let routes = match admission {
        Some(admission) => {
            routes.layer(middleware::from_fn_with_state(admission, admission::admit))
        }
        None => routes,
    };
    routes
        .layer(CatchPanicLayer::custom(
            |_: Box<dyn std::any::Any + Send>| Refusal::Internal.into_response(),
        ))
        .layer(middleware::from_fn(telemetry::observe))
        .layer(middleware::map_response(async |response| {
            headers::complete(response)
        }))
}

async fn in_time(
    State(limit): State<std::time::Duration>,
    request: Request,
    next: Next,
) -> Response {
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::Timeout.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use std::time::Duration;
    use tower::ServiceExt;

    async fn answer(handler: Router) -> (u16, String) {
        let router = layered(handler, Duration::from_millis(50), None);
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 4096)
            .await
            .unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_document_that_tells_nothing() {
        async fn fails() -> &'static str {
            panic!("on purpose")
        }
        let (status, body) = answer(Router::new().route("/", get(fails))).await;
        assert_eq!(status, 500);
        assert!(
            body.contains("\"code\":\"internal\"") && !body.contains("on purpose"),
            "{body}"
        );
    }

    #[tokio::test]
    async fn a_request_has_so_much_time() {
        let never = Router::new().route("/", get(std::future::pending::<&'static str>));
        let (status, body) = answer(never).await;
        assert_eq!(status, 408);
        assert!(body.contains("\"code\":\"timeout\""), "{body}");
    }
}
