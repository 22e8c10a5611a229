//! Who may show the page in a frame: browsers ask the frame's own headers.

use gateway::headers::PAGE_CSP;
use gateway::issuers::Mode;
use http::header;

use crate::portal::TestPortal;
use crate::scratch::ScratchGateway;

async fn policy_with(portals: &[TestPortal]) -> String {
    let issuers: Vec<_> = portals.iter().map(|portal| portal.issuer.clone()).collect();
    let gateway = ScratchGateway::with_portals(&issuers).await;
    let frame = gateway.get("/embed/frame?lang=en").await;
    assert_eq!(frame.status, 200);
    assert!(!frame.headers.contains_key(header::X_FRAME_OPTIONS));
    assert!(!frame.headers.contains_key("cross-origin-opener-policy"));
    assert!(!frame.headers.contains_key(header::ETAG));
    assert_eq!(frame.headers[header::CACHE_CONTROL], "no-store");
    assert!(frame.body.starts_with(b"<!doctype html><title>In a frame"));
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(frame.headers[name], value, "{name}");
    }
    // The page in a window is framed by nobody, whoever is registered.
    for path in ["/", "/set"] {
        let page = gateway.get(path).await;
        assert_eq!(
            page.headers[header::CONTENT_SECURITY_POLICY],
            PAGE_CSP,
            "{path}"
        );
        assert_eq!(page.headers[header::X_FRAME_OPTIONS], "DENY", "{path}");
    }
    for path in ["/frame.html", "/embed/frame.html", "/frame"] {
        gateway.get(path).await.assert_problem(404, "not_found");
    }
    let policy = frame.headers[header::CONTENT_SECURITY_POLICY].to_str();
    policy.unwrap().to_owned()
}

#[tokio::test]
async fn only_the_origins_of_portals_in_frame_mode_are_named() {
    let portals = [
        TestPortal::new("a", Some("https://framing.example"), &[Mode::Frame]),
        TestPortal::new("b", Some("https://popup.example"), &[Mode::Popup]),
        TestPortal::new(
            "c",
            Some("https://both.example:8443"),
            &[Mode::Popup, Mode::Frame],
        ),
        TestPortal::new("d", None, &[Mode::Popup]),
    ];
    let ancestors = "frame-ancestors https://framing.example https://both.example:8443;";
    assert_eq!(
        policy_with(&portals).await,
        PAGE_CSP.replace("frame-ancestors 'none';", ancestors)
    );
}

#[tokio::test]
async fn without_such_a_portal_nobody_frames_the_page() {
    assert_eq!(policy_with(&[]).await, PAGE_CSP);
    let popup = TestPortal::new("b", Some("https://popup.example"), &[Mode::Popup]);
    assert_eq!(policy_with(&[popup]).await, PAGE_CSP);
}
