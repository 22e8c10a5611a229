//! The portal's routes: the wizard's files, what the wizard shows, tickets and receipts.

mod receipts;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{DefaultBodyLimit, Json, State};
use axum::http::header::{HOST, HeaderMap, ORIGIN};
use axum::http::{HeaderName, StatusCode};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, extract::Request, middleware::Next};
use envelope::context::{DataFactoryName, GatewayId, LinkedServiceName};
use envelope::fingerprint;
use envelope::jwk::Kid;
use jsonwebtoken::EncodingKey;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::linked_services::{self, KindNames, LINKED_SERVICES};
use crate::pages::{ELEMENT_PATH, OpenerPolicy, PAGE_FILES, PageHeaders, file_headers};
use crate::receipt::{IdentityKey, IssuedTickets};
use crate::terminal;
use crate::ticket::{self, Permission};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Bytes; a request for a ticket is a name.
const LARGEST_BODY: usize = 1024;

/// What the portal has been told about its gateway.
pub(crate) struct PortalSettings {
    pub(crate) gateway: String,
    pub(crate) gateway_id: GatewayId,
    pub(crate) factory: DataFactoryName,
    pub(crate) thumbprint: Kid,
    /// What the gateway's receipts are verified with; its thumbprint is that one.
    pub(crate) identity_key: IdentityKey,
    /// The text of `<credential-setter>`'s module.
    pub(crate) element: String,
    pub(crate) opener_policy: OpenerPolicy,
}

/// A portal that has its port.
pub(crate) struct Portal {
    listener: TcpListener,
    state: Arc<PortalState>,
}

struct PortalState {
    /// `localhost:8051`
    host: String,
    /// `http://localhost:8051`
    origin: String,
    issuer: EncodingKey,
    settings: PortalSettings,
    headers: PageHeaders,
    issued: IssuedTickets,
    /// The gateway's identity key in words.
    gateway_words: String,
}

impl Portal {
    pub(crate) async fn bind(
        listen: SocketAddr,
        issuer: EncodingKey,
        settings: PortalSettings,
    ) -> Result<Self> {
        let listener = TcpListener::bind(listen)
            .await
            .with_context(|| format!("cannot listen on {listen}"))?;
        let host = format!("localhost:{}", listener.local_addr()?.port());
        let origin = format!("http://{host}");
        Ok(Self {
            listener,
            state: Arc::new(PortalState {
                host,
                origin,
                issuer,
                issued: IssuedTickets::default(),
                gateway_words: fingerprint::words(&settings.thumbprint, fingerprint::WORD_LIST)
                    .context("the list of words is too short")?,
                headers: PageHeaders::new(&settings.gateway, settings.opener_policy)
                    .context("--gateway")?,
                settings,
            }),
        })
    }

    /// Serves until Ctrl-C.
    pub(crate) async fn serve(self) -> Result<()> {
        terminal::say(&format!("listening {}/", self.state.origin));
        axum::serve(self.listener, router(self.state))
            .with_graceful_shutdown(async {
                let _ = tokio::signal::ctrl_c().await;
            })
            .await
            .context("serving the wizard")
    }
}

fn router(state: Arc<PortalState>) -> Router {
    let mut router = Router::new()
        .route("/api/wizard", get(wizard))
        .route("/api/tickets", post(tickets))
        .route(
            "/api/receipts",
            post(receipts::receipts).layer(DefaultBodyLimit::max(receipts::LARGEST_RECEIPT)),
        );
    for file in PAGE_FILES {
        router = router.route(
            file.path,
            get(move || async move { (file_headers(file.media_type), file.content) }),
        );
    }
    router
        .route(ELEMENT_PATH, get(element))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard))
        .with_state(state)
}

/// Headers on every answer, and no answer under a foreign name (DNS rebinding).
async fn guard(State(portal): State<Arc<PortalState>>, request: Request, next: Next) -> Response {
    let known = request
        .headers()
        .get(HOST)
        .is_some_and(|host| host.as_bytes() == portal.host.as_bytes());
    let mut response = if known {
        next.run(request).await
    } else {
        Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "This portal is not served under that name.",
        )
        .into_response()
    };
    portal.headers.set(response.headers_mut());
    response
}

async fn element(State(portal): State<Arc<PortalState>>) -> Response {
    let text = portal.settings.element.clone();
    (file_headers("text/javascript; charset=utf-8"), text).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wizard<'a> {
    gateway: &'a str,
    /// The gateway's fingerprint, to be compared with what its page shows.
    gateway_words: String,
    factory: &'a str,
    linked_services: Vec<WizardLinkedService>,
    kinds: BTreeMap<&'static str, KindNames>,
}

#[derive(Serialize)]
struct WizardLinkedService {
    name: &'static str,
    kind: Option<&'static str>,
    about: &'static str,
    mark: &'static str,
}

async fn wizard(State(portal): State<Arc<PortalState>>) -> Response {
    Json(Wizard {
        gateway: &portal.settings.gateway,
        gateway_words: portal.gateway_words.clone(),
        factory: portal.settings.factory.as_str(),
        linked_services: LINKED_SERVICES
            .iter()
            .map(|each| WizardLinkedService {
                name: each.name,
                kind: each.kind,
                about: each.about,
                mark: each.mark,
            })
            .collect(),
        kinds: linked_services::kind_names(),
    })
    .into_response()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TicketRequest {
    linked_service: String,
}

#[derive(Serialize)]
struct TicketAnswer {
    ticket: String,
}

async fn tickets(
    State(portal): State<Arc<PortalState>>,
    headers: HeaderMap,
    Json(request): Json<TicketRequest>,
) -> Result<Json<TicketAnswer>, Problem> {
    if !is_same_origin(&headers, &portal.origin) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "Tickets are issued to this portal's own page only.",
        ));
    }
    let linked_service = linked_services::find(&request.linked_service).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "This data factory has no linked service of that name.",
        )
    })?;
    let name = LinkedServiceName::parse(linked_service.name).map_err(|_| Problem::internal())?;
    let issued = ticket::issue(
        &portal.issuer,
        Permission {
            gateway: &portal.settings.gateway_id,
            factory: &portal.settings.factory,
            linked_service: name,
            kind: linked_service.kind,
            thumbprint: &portal.settings.thumbprint,
            origin: &portal.origin,
        },
    )
    .map_err(|_| Problem::internal())?;
    terminal::say(&format!(
        "ticket {} for {}",
        issued.claims.jti, linked_service.name
    ));
    portal.issued.remember(issued.claims);
    Ok(Json(TicketAnswer {
        ticket: issued.compact,
    }))
}

/// Both headers come from the browser; a page of another origin cannot leave them out or change them.
fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let same = headers
        .get(ORIGIN)
        .is_some_and(|value| value.as_bytes() == origin.as_bytes());
    let cross = headers
        .get(SEC_FETCH_SITE)
        .is_some_and(|value| value.as_bytes() != b"same-origin");
    same && !cross
}

/// An RFC 9457 answer.
struct Problem {
    status: StatusCode,
    /// Only where programs have to tell causes apart.
    code: Option<&'static str>,
    detail: &'static str,
}

impl Problem {
    fn new(status: StatusCode, detail: &'static str) -> Self {
        Self {
            status,
            code: None,
            detail,
        }
    }

    fn with_code(self, code: &'static str) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The portal could not do this.",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or_default();
        let body = serde_json::json!({
            "type": "about:blank", "title": title, "status": self.status.as_u16(), "code": self.code, "detail": self.detail,
        });
        let media_type = [(axum::http::header::CONTENT_TYPE, "application/problem+json")];
        (self.status, media_type, body.to_string()).into_response()
    }
}

#[cfg(test)]
mod tests;
