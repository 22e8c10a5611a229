//! The wizard's files, and the headers that a portal with this element can afford.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    InvalidHeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use clap::ValueEnum;

/// One file of the page: its path, media type and content.
pub(crate) struct PageFile {
    pub(crate) path: &'static str,
    pub(crate) media_type: &'static str,
    pub(crate) content: &'static str,
}

/// Where the wizard imports the element from.
pub(crate) const ELEMENT_PATH: &str = "/credential-setter.js";

/// All of them but the element, which is the file of the package.
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
        path: "/steps.css",
        media_type: "text/css; charset=utf-8",
        content: include_str!("../page/steps.css"),
    },
    PageFile {
        path: "/portal.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/portal.js"),
    },
    PageFile {
        path: "/steps.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/steps.js"),
    },
    PageFile {
        path: "/linked-service.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/linked-service.js"),
    },
    PageFile {
        path: "/receipt.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/receipt.js"),
    },
    PageFile {
        path: "/options.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/options.js"),
    },
    PageFile {
        path: "/review.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_str!("../page/review.js"),
    },
    PageFile {
        path: "/icon.svg",
        media_type: "image/svg+xml",
        content: include_str!("../page/icon.svg"),
    },
];

/// Whether windows that the wizard opens can speak to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OpenerPolicy {
    SameOriginAllowPopups,
    SameOrigin,
}

/// The portal's headers: nothing inline, and nothing from elsewhere but what the element asks the gateway.
pub(crate) struct PageHeaders {
    content_security_policy: HeaderValue,
    opener_policy: OpenerPolicy,
}

impl PageHeaders {
    /// For a portal whose gateway is at this address.
    ///
    /// # Errors
    /// When the address cannot be part of a header.
    pub(crate) fn new(
        gateway: &str,
        opener_policy: OpenerPolicy,
    ) -> Result<Self, InvalidHeaderValue> {
        let gateway = gateway.trim_end_matches('/');
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {gateway}; \
             frame-src {gateway}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'"
        );
        Ok(Self {
            content_security_policy: HeaderValue::from_str(&policy)?,
            opener_policy,
        })
    }

    /// Sets them on a response.
    pub(crate) fn set(&self, headers: &mut HeaderMap) {
        headers.insert(
            CONTENT_SECURITY_POLICY,
            self.content_security_policy.clone(),
        );
        let mut set = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value))
        };
        set(
            HeaderName::from_static("cross-origin-opener-policy"),
            match self.opener_policy {
                OpenerPolicy::SameOriginAllowPopups => "same-origin-allow-popups",
                OpenerPolicy::SameOrigin => "same-origin",
            },
        );
        set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        );
        set(REFERRER_POLICY, "no-referrer");
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(CACHE_CONTROL, "no-store");
    }
}

/// The headers of one file.
pub(crate) fn file_headers(media_type: &'static str) -> [(HeaderName, &'static str); 1] {
    [(CONTENT_TYPE, media_type)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wizard_has_no_field_for_a_secret_and_nothing_inline() {
        let html = PAGE_FILES[0].content;
        for forbidden in [
            "password", "textarea", "<style", " style=", " onclick", "<script>", "<form",
        ] {
            assert!(
                !html.contains(forbidden),
                "{forbidden} in the wizard's page"
            );
        }
        // What to copy is the only thing that can be typed.
        for input in html.split("<input ").skip(1) {
            let wanted = ["type=\"radio\"", "type=\"text\" id=\"item\""];
            assert!(
                wanted.iter().any(|each| input.starts_with(each)),
                "another input in the wizard's page: {input}"
            );
        }
    }

    /// What the element's package tells a portal's developer to paste is what this portal, which has an empty console, is served with.
    #[test]
    fn the_headers_are_those_of_the_package() {
        let readme = include_str!("../../../static/element/package/README.md");
        let (_, rest) = readme.split_once("```\nContent-Security-Policy:").unwrap();
        let (block, _) = rest.split_once("\n```").unwrap();
        let (policy, opener) = block.split_once("\nCross-Origin-Opener-Policy: ").unwrap();
        let gateway = "https://gateway.corp.example:8050";
        let policy: Vec<&str> = policy.split_whitespace().collect();
        let headers = PageHeaders::new(gateway, OpenerPolicy::SameOriginAllowPopups).unwrap();
        let mut set = HeaderMap::new();
        headers.set(&mut set);
        assert_eq!(set[CONTENT_SECURITY_POLICY], policy.join(" "));
        assert_eq!(set["cross-origin-opener-policy"], opener);
    }

    #[test]
    fn the_wizard_writes_no_markup() {
        for file in PAGE_FILES.iter().filter(|file| file.path.ends_with(".js")) {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "localStorage",
                "sessionStorage",
                "indexedDB",
                "document.cookie",
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
