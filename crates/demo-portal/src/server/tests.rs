use axum::body::{Body, to_bytes};
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::context::UnixSeconds;
use envelope::ticket::{Ticket, TicketClaims};
use http::Method;
use http::header::CONTENT_TYPE;
use jsonwebtoken::{Algorithm, Header};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::issuer::IssuerFolder;

const ORIGIN_HERE: &str = "http://localhost:8051";
/// The gateway's identity key is that of RFC 8037 appendix A.
const IDENTITY_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

fn portal() -> (Router, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let issuer = IssuerFolder::new(folder.path().join("portal"));
    issuer.init().unwrap();
    let state = PortalState {
        host: "localhost:8051".to_owned(),
        origin: ORIGIN_HERE.to_owned(),
        issuer: issuer.open().unwrap(),
        issued: IssuedTickets::default(),
        gateway_words: "six words".to_owned(),
        headers: PageHeaders::new(
            "https://localhost:8050",
            OpenerPolicy::SameOriginAllowPopups,
        )
        .unwrap(),
        settings: PortalSettings {
            gateway: "https://localhost:8050".to_owned(),
            gateway_id: GatewayId::parse("gateway-1").unwrap(),
            factory: DataFactoryName::parse("demo-factory").unwrap(),
            thumbprint: Kid::parse(THUMBPRINT).unwrap(),
            identity_key: IdentityKey::parse(IDENTITY_KEY, &Kid::parse(THUMBPRINT).unwrap())
                .unwrap(),
            element: "export {}".to_owned(),
            opener_policy: OpenerPolicy::SameOriginAllowPopups,
        },
    };
    (router(Arc::new(state)), folder)
}

fn ticket_request(name: &str) -> http::request::Builder {
    http::Request::builder()
        .method(Method::POST)
        .uri("/api/tickets")
        .header(HOST, name)
        .header(CONTENT_TYPE, "application/json")
}

fn body(linked_service: &str) -> Body {
    Body::from(json!({ "linkedService": linked_service }).to_string())
}

async fn answer(router: Router, request: http::Request<Body>) -> (StatusCode, Value) {
    let response = router.oneshot(request).await.unwrap();
    assert!(response.headers().contains_key("content-security-policy"));
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 64 * 1024).await.unwrap();
    (
        status,
        serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    )
}

#[tokio::test]
async fn the_element_is_the_file_that_was_named() {
    let (router, _folder) = portal();
    let request = http::Request::builder()
        .uri("/credential-setter.js")
        .header(HOST, "localhost:8051")
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(
        response.headers()[CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
    let text = to_bytes(response.into_body(), 1024).await.unwrap();
    assert_eq!(&text[..], b"export {}");
}

#[tokio::test]
async fn the_policy_names_the_gateway_and_nobody_else() {
    for (opener_policy, told) in [
        (
            OpenerPolicy::SameOriginAllowPopups,
            "same-origin-allow-popups",
        ),
        (OpenerPolicy::SameOrigin, "same-origin"),
    ] {
        let mut headers = HeaderMap::new();
        let gateway = "https://gateway.corp.example:8050/";
        PageHeaders::new(gateway, opener_policy)
            .unwrap()
            .set(&mut headers);
        assert_eq!(headers["cross-origin-opener-policy"], told);
        let policy = headers["content-security-policy"].to_str().unwrap();
        let rules: Vec<&str> = policy.split("; ").collect();
        assert!(rules.contains(&"connect-src 'self' https://gateway.corp.example:8050"));
        assert!(rules.contains(&"frame-src https://gateway.corp.example:8050"));
        assert_eq!(policy.matches("https://").count(), 2);
    }
    assert!(PageHeaders::new("https://a\n.example", OpenerPolicy::SameOrigin).is_err());
}

#[tokio::test]
async fn a_ticket_has_the_profile_s_header_and_names_what_was_asked_for() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .header("sec-fetch-site", "same-origin")
        .body(body("SalesSqlServer"))
        .unwrap();
    let (status, value) = answer(router, request).await;
    assert_eq!(status, StatusCode::OK);
    let compact = value["ticket"].as_str().unwrap();
    let header = Base64UrlUnpadded::decode_vec(compact.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    assert_eq!(
        header,
        json!({ "alg": "EdDSA", "typ": "credential-ticket+jwt" })
    );
    let ticket = Ticket::parse(compact).ok().unwrap();
    let claims = ticket.claims();
    assert_eq!(claims.ls.as_str(), "SalesSqlServer");
    assert_eq!(claims.df.as_str(), "demo-factory");
    assert_eq!(claims.kind.as_deref(), Some("OnPremisesSqlServer"));
    assert_eq!(claims.org.as_deref(), Some(ORIGIN_HERE));
    assert_eq!(claims.thp.as_str(), THUMBPRINT);
    assert_eq!(claims.exp.0 - claims.iat.0, 600);
    assert!(
        claims
            .check(claims.iat, &GatewayId::parse("gateway-1").unwrap())
            .is_ok()
    );
}

#[tokio::test]
async fn a_free_choice_leaves_the_kind_out() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("AnyDataStore"))
        .unwrap();
    let (status, value) = answer(router, request).await;
    assert_eq!(status, StatusCode::OK);
    let ticket = Ticket::parse(value["ticket"].as_str().unwrap())
        .ok()
        .unwrap();
    assert_eq!(ticket.claims().kind, None);
}

#[tokio::test]
async fn no_ticket_for_another_origin() {
    for (origin, site) in [
        (None, None),
        (Some("http://evil.example"), None),
        (Some("http://localhost:8052"), Some("same-site")),
        (Some("null"), Some("cross-site")),
        (Some(ORIGIN_HERE), Some("cross-site")),
    ] {
        let (router, _folder) = portal();
        let mut request = ticket_request("localhost:8051");
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let (status, value) = answer(router, request.body(body("SalesSqlServer")).unwrap()).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin:?} {site:?}");
        assert_eq!(value["status"], 403);
    }
}

#[tokio::test]
async fn no_ticket_for_a_linked_service_the_demo_does_not_have() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("payroll"))
        .unwrap();
    assert_eq!(answer(router, request).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nothing_under_a_foreign_name() {
    let (router, _folder) = portal();
    let request = ticket_request("rebound.example")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body("SalesSqlServer"))
        .unwrap();
    assert_eq!(
        answer(router, request).await.0,
        StatusCode::MISDIRECTED_REQUEST
    );
}

#[tokio::test]
async fn a_large_body_is_refused() {
    let (router, _folder) = portal();
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body(&"x".repeat(2000)))
        .unwrap();
    assert_eq!(
        answer(router, request).await.0,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[test]
fn a_second_init_keeps_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = IssuerFolder::new(folder.path().to_path_buf());
    issuer.init().unwrap();
    let before = std::fs::read(issuer.public_key_path()).unwrap();
    issuer.init().unwrap();
    assert_eq!(before, std::fs::read(issuer.public_key_path()).unwrap());
}

fn seed_key(seed: &str) -> EncodingKey {
    // RFC 8410 section 7: what stands before the 32 bytes.
    let mut der = vec![
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    der.extend(Base64UrlUnpadded::decode_vec(seed).unwrap());
    EncodingKey::from_ed_der(&der)
}

fn receipt_header() -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("credential-receipt+jwt".to_owned());
    header.kid = Some(THUMBPRINT.to_owned());
    header
}

/// A ticket of the portal's, with what it says.
async fn ticket(router: &Router, linked_service: &str) -> TicketClaims {
    let request = ticket_request("localhost:8051")
        .header(ORIGIN, ORIGIN_HERE)
        .body(body(linked_service))
        .unwrap();
    let (status, value) = answer(router.clone(), request).await;
    assert_eq!(status, StatusCode::OK);
    let ticket = Ticket::parse(value["ticket"].as_str().unwrap());
    ticket.ok().unwrap().claims().clone()
}

/// What a gateway says that has stored what the ticket permits.
fn receipt_for(ticket: &TicketClaims) -> Value {
    json!({
        "v": 1, "gw": "gateway-1", "df": "demo-factory", "ls": ticket.ls.as_str(), "kind": "OnPremisesSqlServer",
        "auth": "SQL", "target": "sql01.corp.example / Sales", "version": 3, "kid": THUMBPRINT,
        "jti": ticket.jti.as_str(), "sub": ticket.sub, "at": ticket.iat.0,
    })
}

fn signed(receipt: &Value) -> String {
    jsonwebtoken::encode(&receipt_header(), receipt, &seed_key(SEED)).unwrap()
}

async fn hand_in(router: &Router, jws: &str) -> (StatusCode, Value) {
    hand_in_from(router, jws, ORIGIN_HERE).await
}

async fn hand_in_from(router: &Router, jws: &str, origin: &str) -> (StatusCode, Value) {
    let request = http::Request::builder()
        .method(Method::POST)
        .uri("/api/receipts")
        .header(HOST, "localhost:8051")
        .header(CONTENT_TYPE, "application/json")
        .header(ORIGIN, origin)
        .body(Body::from(json!({ "jws": jws }).to_string()))
        .unwrap();
    answer(router.clone(), request).await
}

async fn is_refused(router: &Router, jws: &str, code: &str) {
    let (status, value) = hand_in(router, jws).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
    assert_eq!(value["code"], code);
    assert!(value["verified"].is_null() && value["receipt"].is_null());
}

#[tokio::test]
async fn a_receipt_that_the_gateway_signed_is_verified() {
    let (router, _folder) = portal();
    let receipt = receipt_for(&ticket(&router, "SalesSqlServer").await);
    let (status, value) = hand_in(&router, &signed(&receipt)).await;
    assert_eq!(status, StatusCode::OK, "{value}");
    assert_eq!(value["verified"], true);
    assert_eq!(value["receipt"], receipt);
    let json: Value = serde_json::from_str(value["linkedServiceJson"].as_str().unwrap()).unwrap();
    assert_eq!(
        json["properties"]["typeProperties"]["connectionString"],
        "EncryptedCredential=cgref:gateway-1/demo-factory/SalesSqlServer/3"
    );
}

#[tokio::test]
async fn a_receipt_that_somebody_else_signed_is_refused() {
    let (router, _folder) = portal();
    let receipt = receipt_for(&ticket(&router, "SalesSqlServer").await);
    let other = seed_key(&Base64UrlUnpadded::encode_string(&[7; 32]));
    let forged = jsonwebtoken::encode(&receipt_header(), &receipt, &other).unwrap();
    is_refused(&router, &forged, "receipt_signature").await;

    let genuine = signed(&receipt);
    let (head, signature) = genuine.rsplit_once('.').unwrap();
    let mut changed = receipt.clone();
    changed["target"] = json!("evil.example");
    let (changed, _) = signed(&changed)
        .rsplit_once('.')
        .map(|(head, rest)| (head.to_owned(), rest.to_owned()))
        .unwrap();
    is_refused(
        &router,
        &format!("{changed}.{signature}"),
        "receipt_signature",
    )
    .await;
    is_refused(&router, &format!("{head}."), "receipt_signature").await;
    let none =
        Base64UrlUnpadded::encode_string(br#"{"alg":"none","typ":"credential-receipt+jwt"}"#);
    let (_, content) = head.split_once('.').unwrap();
    is_refused(&router, &format!("{none}.{content}."), "receipt_signature").await;
}

#[tokio::test]
async fn what_the_gateway_signed_as_something_else_is_no_receipt() {
    let (router, _folder) = portal();
    let receipt = receipt_for(&ticket(&router, "SalesSqlServer").await);
    let mut statement = receipt_header();
    statement.typ = Some("credential-key-statement+jwt".to_owned());
    let mut unnamed = receipt_header();
    unnamed.kid = None;
    for header in [statement, unnamed] {
        let jws = jsonwebtoken::encode(&header, &receipt, &seed_key(SEED)).unwrap();
        is_refused(&router, &jws, "receipt_signature").await;
    }
    let mut newer = receipt;
    newer["v"] = json!(2);
    is_refused(&router, &signed(&newer), "receipt_signature").await;
}

#[tokio::test]
async fn a_receipt_must_say_what_its_ticket_permits() {
    let (router, _folder) = portal();
    let ticket = ticket(&router, "SalesSqlServer").await;
    let late = ticket.exp.0 + 61;
    for (member, value) in [
        ("ls", json!("ErpOracle")),
        ("gw", json!("gateway-2")),
        ("df", json!("other-factory")),
        ("kind", json!("Http")),
        ("sub", json!("eve@harbour.example")),
        ("at", json!(ticket.iat.0 - 61)),
        ("at", json!(late)),
    ] {
        let mut receipt = receipt_for(&ticket);
        receipt[member] = value;
        is_refused(&router, &signed(&receipt), "receipt_permission").await;
    }
}

#[tokio::test]
async fn a_receipt_for_no_ticket_of_the_portal_s_is_refused() {
    let (router, _folder) = portal();
    let mut receipt = receipt_for(&ticket(&router, "SalesSqlServer").await);
    receipt["jti"] = json!("somebody-elses");
    is_refused(&router, &signed(&receipt), "receipt_ticket").await;
}

#[tokio::test]
async fn receipts_are_taken_for_an_hour_after_the_ticket() {
    let (router, _folder) = portal();
    let claims = ticket(&router, "SalesSqlServer").await;
    let jws = signed(&receipt_for(&claims));
    let key = IdentityKey::parse(IDENTITY_KEY, &Kid::parse(THUMBPRINT).unwrap()).unwrap();
    let issued = IssuedTickets::default();
    issued.remember(claims.clone());
    let last = claims.exp.0 + 3600;
    assert!(issued.receipt(&jws, &key, UnixSeconds(last)).is_ok());
    let refused = issued.receipt(&jws, &key, UnixSeconds(last + 1));
    assert_eq!(refused, Err(crate::receipt::ReceiptRefusal::Ticket));
}

#[tokio::test]
async fn what_is_no_receipt_is_refused() {
    let (router, _folder) = portal();
    for jws in ["", "a.b.c", "a.b", "....", "ü"] {
        is_refused(&router, jws, "receipt_signature").await;
    }
    let mut receipt = receipt_for(&ticket(&router, "SalesSqlServer").await);
    receipt["more"] = json!("than a receipt has");
    is_refused(&router, &signed(&receipt), "receipt_signature").await;
    let (status, _) = hand_in(&router, &"x".repeat(17 * 1024)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn receipts_are_taken_from_the_portal_s_own_page_only() {
    let (router, _folder) = portal();
    let jws = signed(&receipt_for(&ticket(&router, "SalesSqlServer").await));
    let (status, _) = hand_in_from(&router, &jws, "http://evil.example").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[test]
fn an_identity_key_that_is_not_the_thumbprint_s_is_refused() {
    let thumbprint = Kid::parse(THUMBPRINT).unwrap();
    let other = Base64UrlUnpadded::encode_string(&[7; 32]);
    for x in [other.as_str(), "", "11qYAYKx", "not base64url"] {
        assert!(IdentityKey::parse(x, &thumbprint).is_err(), "{x}");
    }
}
