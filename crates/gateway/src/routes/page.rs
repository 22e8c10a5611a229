//! `GET /`, `GET /set`, and the files that the page loads.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Uri};

use crate::headers::let_frame;
use crate::issuers::Issuer;
use crate::page_files::Document;
use crate::problem::Refusal;
use crate::router::Gateway;

/// `GET /`: the page in the language of `?lang=` or of the browser, cut off from whoever opened the window (COOP `same-origin`).
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
