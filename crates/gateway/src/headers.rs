//! The headers that every answer carries, whatever wrote it.

use axum::response::Response;
use http::header::{self, HeaderName, HeaderValue};

/// The page's policy: own scripts and WebAssembly, nothing else, framed by nobody.
pub const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; \
    img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What in [`PAGE_CSP`] says who may frame the page.
const FRAMED_BY_NOBODY: &str = "frame-ancestors 'none'";

/// For answers that are no page: a document that loads, runs and frames nothing.
pub const API_CSP: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Every feature that a document may ask for, refused, except writing to the clipboard: the page copies the linked service's
/// JSON there. Only names that Chromium and Firefox know: they complain on the console about any other.
pub const PERMISSIONS: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), \
    compute-pressure=(), cross-origin-isolated=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), keyboard-map=(), local-fonts=(), \
    magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), picture-in-picture=(), \
    publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), storage-access=(), \
    sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()";

const COMMON: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Marks an answer that says by itself who may frame it. `X-Frame-Options` has no word for that: beside it, it would be in the way
/// of browsers that know no `frame-ancestors`, and it is passed over by all others.
#[derive(Clone, Copy)]
struct SaysWhoMayFrame;

/// Lets the page in this answer be framed by pages of these origins, and by no other; by nobody if there are none. It is not stored:
/// who may frame it changes with the registrations.
pub fn let_frame<'o>(response: &mut Response, origins: impl Iterator<Item = &'o str>) {
    let mut ancestors = String::from("frame-ancestors");
    for origin in origins {
        ancestors.push(' ');
        ancestors.push_str(origin);
    }
    let policy = PAGE_CSP.replace(FRAMED_BY_NOBODY, &ancestors);
    // An origin is checked for what it is made of when it is registered. Should it not be a header's value after all, or none be
    // there, nobody frames the page.
    let policy = match HeaderValue::from_str(&policy) {
        Ok(policy) if ancestors.contains(' ') => policy,
        _ => HeaderValue::from_static(PAGE_CSP),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // A browser that finds its stored copy unchanged goes on with the policy that it was stored with.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(header::ETAG);
    response.extensions_mut().insert(SaysWhoMayFrame);
}

/// Adds what an answer does not have yet; an answer of the API is never stored anywhere.
pub fn complete(mut response: Response) -> Response {
    let says_who_may_frame = response.extensions().get::<SaysWhoMayFrame>().is_some();
    let headers = response.headers_mut();
    if !says_who_may_frame {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    for (name, value) in COMMON {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(API_CSP));
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
