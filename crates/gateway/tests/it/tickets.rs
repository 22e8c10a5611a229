//! A ticket that does not permit the call is refused before any private-key work.

use axum::body::Body;
use base64ct::{Base64UrlUnpadded, Encoding};
use envelope::protocol::{
    credential_path, linked_service_path, linked_services_named_path, linked_services_path,
};
use envelope::{LinkedServiceName, Operation, TicketClaims, UnixSeconds};
use http::{Method, header};

use crate::scratch::{Answer, ScratchGateway, other_gateway, request, set_request};

async fn set_with(gateway: &ScratchGateway, claims: &TicketClaims, ticket: &str) -> Answer {
    // The envelope is a good one for the claims: were the ticket let through, it would be opened and stored.
    let envelope = gateway.envelope(&gateway.claims("ls"));
    gateway
        .send(set_request(
            &credential_path(&claims.df, &claims.ls),
            ticket,
            envelope,
        ))
        .await
}

#[tokio::test]
async fn a_refused_ticket_costs_no_private_key_operation() {
    let gateway = ScratchGateway::new().await;
    let good = gateway.claims("ls");
    let now = good.iat.0;
    let with = |change: fn(&mut TicketClaims, u64)| {
        let mut claims = gateway.claims("ls");
        change(&mut claims, now);

        gateway.ticket(&claims)
    };
    let good_ticket = gateway.ticket(&good);
    let (signed, _) = good_ticket.rsplit_once('.').unwrap();
    let (_, claims_segment) = signed.split_once('.').unwrap();
    let with_header = |header: &str, signature: &str| {
        format!(
            "{}.{claims_segment}.{signature}",
            Base64UrlUnpadded::encode_string(header.as_bytes())
        )
    };
    let some_signature = Base64UrlUnpadded::encode_string(&[7; 64]);

    for (what, ticket, hint) in [
        (
            "expired",
            with(|claims, now| {
                (claims.iat, claims.nbf, claims.exp) = (
                    UnixSeconds(now - 601),
                    UnixSeconds(now - 601),
                    UnixSeconds(now - 1),
                );
            }),
            Some("expired"),
        ),
        (
            "not yet valid",
            with(|claims, now| {
                (claims.iat, claims.nbf, claims.exp) = (
                    UnixSeconds(now + 300),
                    UnixSeconds(now + 300),
                    UnixSeconds(now + 600),
                );
            }),
            Some("not valid yet"),
        ),
        (
            "valid for too long",
            with(|claims, now| claims.exp = UnixSeconds(now + 601)),
            Some("times"),
        ),
        (
            "for another gateway",
            with(|claims, _| claims.aud = other_gateway()),
            Some("gateway"),
        ),
        (
            "of an unknown issuer",
            with(|claims, _| claims.iss = "nobody".to_owned()),
            None,
        ),
        (
            "with another signature",
            format!("{signed}.{some_signature}"),
            None,
        ),
        ("without a signature", format!("{signed}."), None),
        ("with two segments", signed.to_owned(), None),
        (
            "alg none",
            with_header(r#"{"alg":"none","typ":"credential-ticket+jwt"}"#, ""),
            None,
        ),
        (
            "alg none, signed",
            with_header(
                r#"{"alg":"none","typ":"credential-ticket+jwt"}"#,
                &some_signature,
            ),
            None,
        ),
        (
            "alg HS256",
            with_header(
                r#"{"alg":"HS256","typ":"credential-ticket+jwt"}"#,
                &some_signature,
            ),
            None,
        ),
        (
            "other alg of ours",
            with_header(
                r#"{"alg":"ES256","typ":"credential-ticket+jwt"}"#,
                &some_signature,
            ),
            None,
        ),
        ("no ticket at all", "gateway".to_owned(), None),
        ("far too long", "A".repeat(8 * 1024), None),
    ] {
        let answer = set_with(&gateway, &good, &ticket).await;
        answer.assert_problem(401, "ticket_invalid");
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer", "{what}");
        let detail = answer.json()["detail"].as_str().unwrap().to_lowercase();
        assert!(
            hint.is_none_or(|hint| detail.contains(hint)),
            "{what}: {detail}"
        );
    }
    for (what, ticket) in [
        (
            "for another linked service",
            with(|claims, _| claims.ls = LinkedServiceName::parse("other").unwrap()),
        ),
        (
            "for deleting",
            with(|claims, _| claims.op = Operation::Delete),
        ),
        ("for testing", with(|claims, _| claims.op = Operation::Test)),
    ] {
        let answer = set_with(&gateway, &good, &ticket).await;
        assert_eq!(answer.status, 403, "{what}");
        answer.assert_problem(403, "context_mismatch");
    }
    assert_eq!(
        gateway.custody.opens(),
        0,
        "a private-key operation was done for a refused ticket"
    );
    assert!(gateway.custody.list(None).await.unwrap().is_empty());

    assert_eq!(
        gateway.set(&good, gateway.envelope(&good)).await.status,
        201
    );
    assert_eq!(gateway.custody.opens(), 1, "the counter counts");
}

#[tokio::test]
async fn a_used_ticket_is_refused_before_its_second_envelope_is_opened() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    assert_eq!(
        gateway.set(&claims, gateway.envelope(&claims)).await.status,
        201
    );
    gateway
        .set(&claims, gateway.envelope(&claims))
        .await
        .assert_problem(409, "ticket_used");
    assert_eq!(gateway.custody.opens(), 1);
}

#[tokio::test]
async fn five_rejected_envelopes_end_a_ticket() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    for _ in 0..5 {
        gateway
            .set(&claims, "x")
            .await
            .assert_problem(400, "envelope_rejected");
    }
    gateway
        .set(&claims, gateway.envelope(&claims))
        .await
        .assert_problem(401, "ticket_invalid");
}

#[tokio::test]
async fn two_tickets_are_none() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    let ticket = gateway.ticket(&claims);
    let mut request = set_request(
        &credential_path(&claims.df, &claims.ls),
        &ticket,
        gateway.envelope(&claims),
    );
    request.headers_mut().append(
        header::AUTHORIZATION,
        format!("Bearer {ticket}").parse().unwrap(),
    );
    gateway
        .send(request)
        .await
        .assert_problem(401, "ticket_invalid");
}

#[tokio::test]
async fn metadata_is_for_holders_of_a_ticket() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    assert_eq!(
        gateway.set(&claims, gateway.envelope(&claims)).await.status,
        201
    );

    let reading = gateway.claims("ls");
    let get = |path: String, ticket: Option<String>| {
        let mut request = request(Method::GET, &path);
        if let Some(ticket) = ticket {
            request = request.header(header::AUTHORIZATION, format!("Bearer {ticket}"));
        }
        gateway.send(request.body(Body::empty()).unwrap())
    };
    let one = linked_service_path(&claims.df, &claims.ls);
    get(one.clone(), None)
        .await
        .assert_problem(401, "ticket_invalid");
    let shown = get(one, Some(gateway.ticket(&reading))).await;
    assert_eq!(shown.status, 200);
    let stored: envelope::protocol::StoredCredential = serde_json::from_slice(&shown.body).unwrap();
    assert_eq!(
        (stored.ls, stored.version, stored.secrets),
        (claims.ls.clone(), 1, vec!["password".to_owned()])
    );

    let other = linked_service_path(&claims.df, &LinkedServiceName::parse("other").unwrap());
    get(other, Some(gateway.ticket(&reading)))
        .await
        .assert_problem(403, "context_mismatch");
    get(linked_services_path(&claims.df), None)
        .await
        .assert_problem(401, "ticket_invalid");
}

/// For the page, which is to learn that nothing is stored without a message on the browser's console.
#[tokio::test]
async fn a_list_may_be_narrowed_to_the_ticket_s_linked_service() {
    let gateway = ScratchGateway::new().await;
    for name in ["ls", "two words & more"] {
        let claims = gateway.claims(name);
        let path = linked_services_named_path(&claims.df, &claims.ls);
        let get = |path: &str, ticket: &str| {
            let request = request(Method::GET, path)
                .header(header::AUTHORIZATION, format!("Bearer {ticket}"));
            gateway.send(request.body(Body::empty()).unwrap())
        };
        let names = |answer: &Answer| -> Vec<LinkedServiceName> {
            assert_eq!(answer.status, 200);
            let stored: Vec<envelope::protocol::StoredCredential> =
                serde_json::from_slice(&answer.body).unwrap();
            stored.into_iter().map(|stored| stored.ls).collect()
        };
        let ticket = gateway.ticket(&claims);
        assert_eq!(names(&get(&path, &ticket).await), []);
        assert_eq!(
            gateway.set(&claims, gateway.envelope(&claims)).await.status,
            201
        );
        let listed = names(&get(&path, &ticket).await);
        assert!(listed.iter().eq([&claims.ls]), "{listed:?}");

        let other = gateway.ticket(&gateway.claims("other"));
        get(&path, &other)
            .await
            .assert_problem(403, "context_mismatch");
        let no_name = format!("{}?name=", linked_services_path(&claims.df));
        get(&no_name, &ticket)
            .await
            .assert_problem(400, "invalid_name");
    }
}

#[tokio::test]
async fn deleting_takes_a_ticket_for_deleting() {
    let gateway = ScratchGateway::new().await;
    let claims = gateway.claims("ls");
    assert_eq!(
        gateway.set(&claims, gateway.envelope(&claims)).await.status,
        201
    );
    let delete = |claims: &TicketClaims| {
        let ticket = gateway.ticket(claims);
        let request = request(Method::DELETE, &credential_path(&claims.df, &claims.ls))
            .header(header::AUTHORIZATION, format!("Bearer {ticket}"));
        gateway.send(request.body(Body::empty()).unwrap())
    };
    delete(&gateway.claims("ls"))
        .await
        .assert_problem(403, "context_mismatch");
    let deleting = TicketClaims {
        op: Operation::Delete,
        ..gateway.claims("ls")
    };
    assert_eq!(delete(&deleting).await.status, 204);
    assert!(gateway.custody.list(None).await.unwrap().is_empty());
    let deleting = TicketClaims {
        op: Operation::Delete,
        ..gateway.claims("ls")
    };
    delete(&deleting)
        .await
        .assert_problem(404, "unknown_linked_service");
}
