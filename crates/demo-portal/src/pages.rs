//! The wizard's files, and the headers that a portal with this element can afford.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};

/// One file of the page: its path, media type and content.
pub(crate) struct PageFile {
    pub(crate) path: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) content: &'static str,
}

/// All of them; the element is the file that portals take from this repository.
pub(crate) const PAGE_FILES: &[PageFile] = &[
    PageFile {
        path: "/",
        media_type: "text/html; charset=utf-8",
        content: include_str!("../page/index.html"),
    },
    PageFile {
        path: "/portal.css",
        media_type: "text/css; charset=utf-8",
        content: include_str!("../page/portal.css"),
    },
    PageFile {
        path: "/portal.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/portal.js"),
    },
    PageFile {
        path: "/icon.svg",
        media_type: "image/svg+xml",
        content: include_str!("../page/icon.svg"),
    },
    PageFile {
        path: "/credential-setter.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../../../static/credential-setter.js"),
    },
];

/// Sets the portal's headers on a response: nothing inline, nothing from elsewhere.
pub(crate) fn set_headers(headers: &mut HeaderMap) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value))
    };
    set(
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    );
    // Another value than `same-origin`: the gateway's window must stay able to answer.
    set(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin-allow-popups",
    );
    set(
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    );
    set(REFERRER_POLICY, "no-referrer");
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(CACHE_CONTROL, "no-store");
}

/// The headers of one file.
pub(crate) fn file_headers(file: &PageFile) -> [(HeaderName, &'static str); 1] {
    [(CONTENT_TYPE, file.media_type)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wizard_has_no_field_for_a_secret_and_nothing_inline() {
        let html = PAGE_FILES[0].content;
        for forbidden in [
            "password",
            "textarea",
            "<style",
            " style=",
            " onclick",
            "<script>",
            "type=\"text\"",
            "<form",
        ] {
            assert!(
                !html.contains(forbidden),
                "{forbidden} in the wizard's page"
            );
        }
    }

    #[test]
    fn the_pages_write_no_markup() {
        for file in PAGE_FILES.iter().filter(|file| file.path.ends_with(".js")) {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
            ] {
                assert!(
                    !file.content.contains(forbidden),
                    "{forbidden} in {}",
                    file.path
                );
            }
        }
    }
}
