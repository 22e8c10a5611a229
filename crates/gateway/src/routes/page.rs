//! `GET /`, `GET /set`, and the files that the page loads.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, Uri};

use crate::problem::Refusal;
use crate::router::Gateway;

/// `GET /`: the page in the language of `?lang=` or of the browser, cut off from whoever opened the window (COOP `same-origin`).
pub async fn own_window(State(gateway): State<Gateway>, uri: Uri, headers: HeaderMap) -> Response {
    match gateway.page.index(uri.query(), &headers) {
        Some(index) => index.answer_isolated(&headers),
        None => Refusal::NotFound.into_response(),
    }
}

/// `GET /set`: the same page as a portal's popup. Without COOP, because the receipt is posted to the opener; the page posts it
/// to the origin that the ticket names and to no other.
pub async fn popup(State(gateway): State<Gateway>, uri: Uri, headers: HeaderMap) -> Response {
    match gateway.page.index(uri.query(), &headers) {
        Some(index) => index.answer(&headers),
        None => Refusal::NotFound.into_response(),
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
