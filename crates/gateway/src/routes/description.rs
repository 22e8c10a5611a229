//! The public documents: who this gateway is, which keys envelopes may be sealed for, and what can be asked of it.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use envelope::protocol::{
    API_BASE, DESCRIPTION_PATH, GatewayDescription, KEYS_PATH, KeyDocument, MEDIA_TYPE_KEYS,
    SaveAfter, TestsOffered,
};
use http::header::{self, HeaderValue};

use crate::clock;
use crate::custody::tried::Saving;
use crate::openapi::{self, AnyCall, AsksStore};
use crate::problem::Refusal;
use crate::router::Gateway;

/// `GET /.well-known/credential-gateway`
///
/// # Errors
/// [`Refusal::Unavailable`].
#[utoipa::path(
    get,
    path = DESCRIPTION_PATH,
    operation_id = "describeGateway",
    summary = "Who this gateway is",
    description = "Compare `fingerprint_words` by another way than this one before you believe them.",
    responses((status = 200, description = "Its id, its identity key, and what it offers.", body = GatewayDescription), AsksStore),
)]
pub async fn describe(State(gateway): State<Gateway>) -> Result<Json<GatewayDescription>, Refusal> {
    let identities = gateway.custody.identities().await.map_err(|error| {
        tracing::error!(%error, "the identity key cannot be read");
        Refusal::Unavailable
    })?;
    let identity = &identities.present;
    Ok(Json(GatewayDescription {
        id: gateway.custody.gateway_id().clone(),
        name: gateway.config.name.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api: API_BASE.to_owned(),
        identity: identity.public().clone(),
        fingerprint: identity.kid().to_string(),
        fingerprint_words: identity.words().to_owned(),
        certificate_sha256: gateway
            .certificate
            .now()
            .fingerprint()
            .certificate_sha256
            .clone(),
        features: vec!["set".to_owned(), "delete".to_owned()],
        tests: tests(gateway.config.test.save),
        kinds: linked_service::catalogue()
            .iter()
            .map(|kind| kind.id.to_owned())
            .collect(),
    }))
}

/// What can be tried, if anything.
fn tests(saving: Saving) -> Option<TestsOffered> {
    let save = match saving {
        Saving::Tested => SaveAfter::Tested,
        Saving::Chosen => SaveAfter::Chosen,
        Saving::Off => return None,
    };
    let kinds = linked_service::catalogue().iter().filter_map(|kind| {
        let auths = kind.auth_types.iter().map(|auth| auth.id);
        let auths = auths.filter(|auth| probe::has_driver(kind.id, auth));
        let auths: Vec<_> = auths.map(str::to_owned).collect();
        (!auths.is_empty()).then(|| (kind.id.to_owned(), auths))
    });
    Some(TestsOffered {
        save,
        kinds: kinds.collect(),
    })
}

/// `GET /v1/keys`: a JWK Set (RFC 7517), the key that new envelopes are sealed for first, and the identity key's statement.
///
/// # Errors
/// [`Refusal::Unavailable`].
#[utoipa::path(
    get,
    path = KEYS_PATH,
    operation_id = "listKeys",
    summary = "The keys that envelopes are sealed for",
    description = "With a statement by the identity key, made anew for each answer.",
    responses((status = 200, description = "The keys, and what the identity key says about them.", body = KeyDocument, content_type = MEDIA_TYPE_KEYS), AsksStore),
)]
pub async fn keys(State(gateway): State<Gateway>) -> Result<Response, Refusal> {
    let keys = gateway.custody.key_document(clock::now()).await;
    let keys = keys.map_err(|error| {
        tracing::error!(%error, "the envelope keys cannot be read");
        Refusal::Unavailable
    })?;
    let media_type = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static(MEDIA_TYPE_KEYS),
    )];
    Ok((media_type, keys.to_json()).into_response())
}

/// `GET /openapi.json`: what can be asked of this gateway, for programs.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "describeApi",
    summary = "This document",
    description = "The same on each gateway of a version.",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object), AnyCall),
)]
pub async fn openapi() -> Response {
    let media_type = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static(openapi::MEDIA_TYPE),
    )];
    (media_type, openapi::text()).into_response()
}
