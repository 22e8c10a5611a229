//! What is refused before any route sees it: oversized requests, foreign hosts, calls from other sites.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::Authority;
use http::{Method, Uri};

use crate::config::ServedName;
use crate::problem::{Oversized, Refusal};

/// The longest request body that is read: one envelope. In bytes.
pub const MAX_BODY_BYTES: usize = envelope::protocol::MAX_ENVELOPE_BYTES;
/// The longest request target. In bytes.
pub const MAX_URI_BYTES: usize = 2 * 1024;
/// All header fields together, names and values. In bytes.
pub const MAX_HEADER_BYTES: usize = 16 * 1024;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Under which names the gateway may be called.
#[derive(Clone)]
pub struct Admission {
    names: Arc<[ServedName]>,
    port: u16,
}

impl Admission {
    /// `port` is the one really listened on.
    #[must_use]
    pub fn new(names: &[ServedName], port: u16) -> Self {
        Self {
            names: names.into(),
            port,
        }
    }

    fn check(&self, request: &Request) -> Result<(), Refusal> {
        check_sizes(request.uri(), request.headers())?;
        let authority = authority(request).ok_or(Refusal::Misdirected)?;
        if !self
            .names
            .iter()
            .any(|name| name.admits(&authority, self.port))
        {
            return Err(Refusal::Misdirected);
        }
        if !matches!(
            *request.method(),
            Method::GET | Method::HEAD | Method::OPTIONS
        ) {
            check_site(request.headers(), &authority)?;
        }
        Ok(())
    }
}

/// The middleware in front of all routes.
pub async fn admit(State(admission): State<Admission>, request: Request, next: Next) -> Response {
    match admission.check(&request) {
        Ok(()) => next.run(request).await,
        // The request is dropped with its body unread; over HTTP/1.1 hyper closes the connection then.
        Err(refusal) => refusal.into_response(),
    }
}

fn check_sizes(uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
    let uri_bytes = uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if uri_bytes > MAX_URI_BYTES {
        return Err(Refusal::TooLarge(Oversized::Uri));
    }
    let header_bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if header_bytes > MAX_HEADER_BYTES {
        return Err(Refusal::TooLarge(Oversized::Header));
    }
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_BODY_BYTES as u64) {
        return Err(Refusal::TooLarge(Oversized::Body));
    }
    Ok(())
}

/// Whom the request is for: `:authority` or the absolute form's (both in the URI), else the one `Host` field; if both are
/// there they agree (RFC 9110 §7.2, RFC 9113 §8.3.1). Anything else is nobody.
fn authority(request: &Request) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next();
    if hosts.next().is_some() {
        return None;
    }
    let host: Option<Authority> = match host {
        Some(value) => Some(value.to_str().ok()?.parse().ok()?),
        None => None,
    };
    match (request.uri().authority(), host) {
        (Some(target), Some(host)) if *target != host => None,
        (Some(target), _) => Some(target.clone()),
        (None, host) => host,
    }
}

/// A write may come from our own page or from a program, never from another site. Programs send neither header.
fn check_site(headers: &HeaderMap, authority: &Authority) -> Result<(), Refusal> {
    let same_site = match headers.get(SEC_FETCH_SITE) {
        None => true,
        Some(site) => site == HeaderValue::from_static("same-origin"),
    };
    let same_origin = match headers.get(header::ORIGIN) {
        None => true,
        Some(origin) => origin
            .to_str()
            .is_ok_and(|origin| origin.strip_prefix("https://") == Some(authority.as_str())),
    };
    if same_site && same_origin {
        Ok(())
    } else {
        Err(Refusal::CrossSite)
    }
}
