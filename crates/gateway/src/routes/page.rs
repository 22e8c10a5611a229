//! `GET /`, `GET /set`, and the files that the page loads.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Uri};
use utoipa::openapi::{RefOr, Response as Declared};
use utoipa::{IntoParams, IntoResponses};

use crate::headers::let_frame;
use crate::issuers::Issuer;
use crate::openapi::{ANY_CALL, refused};
use crate::page_files::Document;
use crate::problem::Refusal;
use crate::router::Gateway;

/// `GET /`: the page in the language of `?lang=` or of the browser, cut off from whoever opened the window (COOP `same-origin`).
#[utoipa::path(
    get,
    path = "/",
    operation_id = "page",
    summary = "The page in a window of its own",
    params(Language),
    responses(
        (status = 200, description = "The page.", body = String, content_type = HTML),
        (status = 304, description = "It is as the browser has it."),
        NoPage,
    ),
)]
pub async fn own_window(State(gateway): State<Gateway>, uri: Uri, headers: HeaderMap) -> Response {
    match gateway
        .page
        .document(Document::Window, uri.query(), &headers)
    {
        Some(document) => document.answer_isolated(&headers),
        None => Refusal::NotFound.into_response(),
    }
}

/// `GET /set`: the same page as a portal's popup. Without COOP, because the receipt is posted to the opener; the page posts it
/// to the origin that the ticket names and to no other.
#[utoipa::path(
    get,
    path = "/set",
    operation_id = "pageAsPopup",
    summary = "The page in a window that a portal opens",
    params(Language),
    responses(
        (status = 200, description = "The page.", body = String, content_type = HTML),
        (status = 304, description = "It is as the browser has it."),
        NoPage,
    ),
)]
pub async fn popup(State(gateway): State<Gateway>, uri: Uri, headers: HeaderMap) -> Response {
    match gateway
        .page
        .document(Document::Window, uri.query(), &headers)
    {
        Some(document) => document.answer(&headers),
        None => Refusal::NotFound.into_response(),
    }
}

/// `GET /embed/frame`: the same page in a frame, inside of pages of the portals that are registered for it and of nobody else.
#[utoipa::path(
    get,
    path = "/embed/frame",
    operation_id = "pageInFrame",
    summary = "The page in a frame of a registered portal",
    params(Language),
    responses(
        (status = 200, description = "The page.", body = String, content_type = HTML),
        (status = 304, description = "It is as the browser has it."),
        NoPage,
    ),
)]
pub async fn frame(State(gateway): State<Gateway>, uri: Uri, headers: HeaderMap) -> Response {
    let Some(document) = gateway
        .page
        .document(Document::Frame, uri.query(), &headers)
    else {
        return Refusal::NotFound.into_response();
    };
    let mut response = document.answer(&headers);
    let issuers = gateway.custody.issuers();
    let_frame(
        &mut response,
        issuers.iter().filter_map(Issuer::frames_from),
    );
    response
}

/// The media type of the page's documents.
const HTML: &str = "text/html; charset=utf-8";

/// The query of a document of the page.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declared, not read")]
struct Language {
    /// In which language; without it, or if the page has not got it, the browser's.
    lang: Option<String>,
}

/// Why there is no page.
struct NoPage;

impl IntoResponses for NoPage {
    fn responses() -> BTreeMap<String, RefOr<Declared>> {
        refused(&[ANY_CALL, &[Refusal::NotFound]])
    }
}

/// Every path that is no route: a file of the page by its exact name, or nothing.
pub async fn file(
    State(gateway): State<Gateway>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    match gateway.page.get(uri.path().trim_start_matches('/')) {
        None => Refusal::NotFound.into_response(),
        Some(file) if matches!(method, Method::GET | Method::HEAD) => file.answer(&headers),
        Some(_) => Refusal::MethodNotAllowed.into_response(),
    }
}
