//! What became of a ticket: told to whoever holds it, and to pages of the portal that issued it.

use axum::body::Body;
use envelope::protocol::TICKET_STATUS_PATH;
use envelope::{Operation, TicketClaims, UnixSeconds};
use gateway::issuers::Mode;
use http::{HeaderMap, Method, header};
use serde_json::json;

use crate::portal::TestPortal;
use crate::scratch::{Answer, ScratchGateway, request, set_request};

const PORTAL: &str = "https://portal.example";
const OTHER: &str = "https://other.example";

async fn asked(gateway: &ScratchGateway, ticket: &str, origin: Option<&str>) -> Answer {
    let mut get = request(Method::GET, TICKET_STATUS_PATH)
        .header(header::AUTHORIZATION, format!("Bearer {ticket}"));
    if let Some(origin) = origin {
        get = get
            .header(header::ORIGIN, origin)
            .header("sec-fetch-site", "cross-site");
    }
    gateway.send(get.body(Body::empty()).unwrap()).await
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

fn aged(claims: &TicketClaims, seconds_since_expiry: u64) -> TicketClaims {
    let exp = gateway::clock::now().0 - seconds_since_expiry;
    TicketClaims {
        iat: UnixSeconds(exp - 600),
        nbf: UnixSeconds(exp - 600),
        exp: UnixSeconds(exp),
        ..claims.clone()
    }
}

/// A gateway with two portals.
async fn with_portals() -> (ScratchGateway, TestPortal, TestPortal) {
    let portal = TestPortal::new("portal", Some(PORTAL), &[Mode::Popup]);
    let other = TestPortal::new("other", Some(OTHER), &[Mode::Popup]);
    let gateway =
        ScratchGateway::with_portals(&[portal.issuer.clone(), other.issuer.clone()]).await;
    (gateway, portal, other)
}

#[tokio::test]
async fn a_ticket_s_holder_learns_what_the_page_was_told() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let ticket = gateway.ticket(&claims);
    let before = asked(&gateway, &ticket, None).await;
    assert_eq!(
        (before.status.as_u16(), before.json()),
        (200, json!({ "state": "unused" }))
    );
    assert_eq!(before.headers[header::CACHE_CONTROL], "no-store");

    let stored = gateway.set(&claims, gateway.envelope(&claims)).await;
    assert_eq!(stored.status, 201);
    let mut expected = stored.json();
    expected["state"] = json!("used");
    let after = asked(&gateway, &ticket, None).await;
    assert_eq!((after.status.as_u16(), after.json()), (200, expected));

    // Another ticket for the same linked service was not used.
    let another = gateway.ticket(&gateway.claims("ls"));
    assert_eq!(
        asked(&gateway, &another, None).await.json(),
        json!({ "state": "unused" })
    );
}

#[tokio::test]
async fn asking_changes_nothing_and_is_not_an_event() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let ticket = gateway.ticket(&claims);
    for _ in 0..20 {
        assert_eq!(asked(&gateway, &ticket, None).await.status, 200);
    }
    assert_eq!(
        gateway.set(&claims, gateway.envelope(&claims)).await.status,
        201
    );
    asked(&gateway, &ticket, None).await;
    let events = gateway.audit();
    assert_eq!(events.lines().count(), 1, "{events}");
}

#[tokio::test]
async fn an_expired_ticket_can_be_asked_about_for_ten_minutes_and_used_no_more() {
    let gateway = ScratchGateway::new().await;
    for (seconds, is_answered) in [(0, true), (590, true), (600, false), (10_000, false)] {
        let claims = aged(&gateway.claims("ls"), seconds);
        let answer = asked(&gateway, &gateway.ticket(&claims), None).await;
        if is_answered {
            assert_eq!(answer.json(), json!({ "state": "unused" }), "{seconds}");
        } else {
            answer.assert_problem(401, "ticket_invalid");
        }
        let set = gateway.set(&claims, gateway.envelope(&gateway.claims("ls")));
        set.await.assert_problem(401, "ticket_invalid");
    }
}

#[tokio::test]
async fn no_ticket_and_a_bad_one_learn_nothing() {
    let gateway = ScratchGateway::new().await;
    let good = gateway.claims("ls");
    let bare = gateway.get(TICKET_STATUS_PATH).await;
    bare.assert_problem(401, "ticket_invalid");
    assert_eq!(bare.headers[header::WWW_AUTHENTICATE], "Bearer");
    let ticket = gateway.ticket(&good);
    let (signed, _) = ticket.rsplit_once('.').unwrap();
    for bad in [
        "x",
        &format!("{signed}."),
        &format!("{signed}.{}", "A".repeat(86)),
    ] {
        asked(&gateway, bad, None)
            .await
            .assert_problem(401, "ticket_invalid");
    }
    let early = TicketClaims {
        nbf: UnixSeconds(good.iat.0 + 300),
        iat: UnixSeconds(good.iat.0 + 300),
        exp: UnixSeconds(good.iat.0 + 600),
        ..good.clone()
    };
    asked(&gateway, &gateway.ticket(&early), None)
        .await
        .assert_problem(401, "ticket_invalid");
    for op in [Operation::Delete, Operation::Test] {
        let other = TicketClaims { op, ..good.clone() };
        asked(&gateway, &gateway.ticket(&other), None)
            .await
            .assert_problem(403, "context_mismatch");
    }
}

#[tokio::test]
async fn a_ticket_with_the_id_of_another_does_not_get_its_receipt() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    assert_eq!(
        gateway.set(&claims, gateway.envelope(&claims)).await.status,
        201
    );
    let elsewhere = TicketClaims {
        ls: envelope::LinkedServiceName::parse("other").unwrap(),
        ..claims.clone()
    };
    let somebody = TicketClaims {
        sub: "somebody else".to_owned(),
        ..claims
    };
    for other in [elsewhere, somebody] {
        asked(&gateway, &gateway.ticket(&other), None)
            .await
            .assert_problem(403, "context_mismatch");
    }
}

#[tokio::test]
async fn the_same_id_from_another_issuer_is_another_ticket() {
    let (gateway, portal, other) = with_portals().await;
    let claims = gateway.claims("ls");
    let set = set_request(
        &envelope::protocol::credential_path(&claims.df, &claims.ls),
        &portal.ticket(&claims),
        gateway.envelope(&claims),
    );
    assert_eq!(gateway.send(set).await.status, 201);
    let used = asked(&gateway, &portal.ticket(&claims), None).await;
    assert_eq!(used.json()["state"], "used");
    let unused = asked(&gateway, &other.ticket(&claims), None).await;
    assert_eq!(unused.json(), json!({ "state": "unused" }));
}

#[tokio::test]
async fn a_page_may_ask_about_its_own_portal_s_tickets_only() {
    let (gateway, portal, _) = with_portals().await;
    let ticket = portal.ticket(&gateway.claims("ls"));
    let own = asked(&gateway, &ticket, Some(PORTAL)).await;
    assert_eq!(own.json(), json!({ "state": "unused" }));
    assert_eq!(
        text(&own.headers, "access-control-allow-origin"),
        Some(PORTAL)
    );
    assert!(
        text(&own.headers, "vary")
            .unwrap()
            .to_lowercase()
            .contains("origin")
    );
    assert!(!own.headers.contains_key("access-control-allow-credentials"));

    // A portal that is registered, but with another ticket.
    asked(&gateway, &ticket, Some(OTHER))
        .await
        .assert_problem(403, "context_mismatch");
    for stranger in [
        "https://evil.example",
        "https://portal.example.evil.example",
        "http://portal.example",
        "https://portal.example:8443",
        "https://PORTAL.example",
        "null",
        "*",
    ] {
        let answer = asked(&gateway, &ticket, Some(stranger)).await;
        answer.assert_problem(403, "context_mismatch");
        assert_eq!(
            text(&answer.headers, "access-control-allow-origin"),
            None,
            "{stranger}"
        );
    }
    // The gateway's own tickets have no portal.
    asked(
        &gateway,
        &gateway.ticket(&gateway.claims("ls")),
        Some(PORTAL),
    )
    .await
    .assert_problem(403, "context_mismatch");
    // A refusal can be read by the portal's page, so that it is told apart from a broken connection.
    let refused = asked(&gateway, "x", Some(PORTAL)).await;
    refused.assert_problem(401, "ticket_invalid");
    assert_eq!(
        text(&refused.headers, "access-control-allow-origin"),
        Some(PORTAL)
    );
}

#[tokio::test]
async fn a_preflight_is_answered_to_registered_origins() {
    let (gateway, ..) = with_portals().await;
    let preflight = async |path: &str, origin: &str| {
        let options = request(Method::OPTIONS, path)
            .header(header::ORIGIN, origin)
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization")
            .header("access-control-request-private-network", "true");
        gateway.send(options.body(Body::empty()).unwrap()).await
    };
    let answer = preflight(TICKET_STATUS_PATH, PORTAL).await;
    assert!(answer.status.is_success());
    for (name, value) in [
        ("access-control-allow-origin", Some(PORTAL)),
        ("access-control-allow-methods", Some("GET")),
        ("access-control-allow-headers", Some("authorization")),
        ("access-control-allow-private-network", Some("true")),
        ("access-control-allow-credentials", None),
    ] {
        assert_eq!(text(&answer.headers, name), value, "{name}");
    }
    let stranger = preflight(TICKET_STATUS_PATH, "https://evil.example").await;
    for name in [
        "access-control-allow-origin",
        "access-control-allow-private-network",
    ] {
        assert_eq!(text(&stranger.headers, name), None, "{name}");
    }
    // No other call is for pages of other origins.
    for path in [
        "/v1/keys",
        "/v1/factories/factory/linked-services",
        "/set",
        "/embed/frame",
    ] {
        let other = preflight(path, PORTAL).await;
        assert_eq!(other.status, 405, "{path}");
        assert_eq!(
            text(&other.headers, "access-control-allow-origin"),
            None,
            "{path}"
        );
    }
}
