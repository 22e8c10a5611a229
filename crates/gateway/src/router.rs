//! Every route on one page, and the layers around them. No socket here: tests call the router directly.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::admission::{self, Admission};
use crate::config::Config;
use crate::custody::Custody;
use crate::headers;
use crate::issuers::Issuer;
use crate::metrics::Metrics;
use crate::openapi;
use crate::page_files::PageFiles;
use crate::problem::Refusal;
use crate::routes::{credential, description, health, linked_services, page, test, ticket_status};
use crate::telemetry;
use crate::tester::Tester;
use crate::tls::Served;

/// What handlers share.
#[derive(Clone)]
pub struct Gateway {
    /// Everything that is kept.
    pub custody: Custody,
    /// What has credentials tried.
    pub tester: Arc<Tester>,
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
    let metrics = gateway.metrics.clone();
    let (routes, _) = routes(gateway.custody.issuers()).split_for_parts();
    let routes = routes
        .fallback(page::file)
        .method_not_allowed_fallback(async || Refusal::MethodNotAllowed)
        .with_state(gateway);
    layered(routes, limit, Some(admission)).layer(middleware::from_fn_with_state(metrics, count))
}

/// Each with its path and method, which stand beside its handler, and with its entry in the OpenAPI document.
pub(crate) fn routes(issuers: &[Issuer]) -> OpenApiRouter<Gateway> {
    OpenApiRouter::with_openapi(openapi::without_routes())
        // The page (its own window), the page as a portal's popup, the page in a portal's frame.
        .routes(routes!(page::own_window))
        .routes(routes!(page::popup))
        .routes(routes!(page::frame))
        // The key document, and what can be asked.
        .routes(routes!(description::describe))
        .routes(routes!(description::keys))
        .routes(routes!(description::openapi))
        // Credentials.
        .routes(routes!(linked_services::list))
        .routes(routes!(linked_services::show))
        .routes(routes!(credential::set, credential::delete))
        .routes(routes!(test::test))
        // What became of a ticket: the one call for pages of other origins.
        .routes(
            routes!(ticket_status::status, ticket_status::preflight)
                .layer(ticket_status::for_portals(issuers)),
        )
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

async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if let Some(refusal) = response.extensions().get::<Refusal>() {
        metrics.count_refusal(refusal);
    }
    response
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
