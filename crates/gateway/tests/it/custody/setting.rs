use envelope::{Credential, Operation, Receipt};
use gateway::clock;
use gateway::custody::set::SetProblem;
use linked_service::Rule;

use super::desk::{Desk, credential, df, ls, replace, sql_server};
use super::form::Form;

/// What breaks quoting, encoding and length assumptions.
fn hostile_secrets() -> Vec<String> {
    let mut secrets: Vec<String> = [
        " ",
        "x",
        " leading and trailing ",
        "line\nfeed\r\nand\ttab",
        "nul\0inside",
        "\"quotes\" and 'apostrophes' and `ticks`",
        "semi;colon=equals;Password=other;",
        "{braces}} {and} {",
        "percent%20%00%zz and plus+",
        "back\\slash\\",
        "<script>alert(1)</script>&amp;",
        "'; DROP TABLE credential; --",
        "grüße 密码 🔑 e\u{301}",
        "\u{feff}bom",
        "\u{202e}rtl",
        "keep",
        "clear",
        "null",
        "********",
    ]
    .map(str::to_owned)
    .to_vec();
    secrets.push("Ab1!".repeat(1024));
    secrets
}

#[tokio::test]
async fn every_hostile_secret_comes_out_as_it_went_in() {
    let desk = Desk::new().await;
    for (index, password) in hostile_secrets().iter().enumerate() {
        let stored = desk
            .set("orders", sql_server(replace(password)))
            .await
            .unwrap();
        assert_eq!(stored.signed.receipt.version, index as u64 + 1);
        assert!(
            desk.holds("orders", "password", password).await,
            "secret number {index} has changed"
        );

        let connection_string = desk.reveal("orders").await.connection_string().unwrap();
        let pairs = linked_service::connection_string::parse(&connection_string).unwrap();
        let parsed = pairs
            .iter()
            .find(|pair| pair.keyword.eq_ignore_ascii_case("password"))
            .unwrap();
        assert!(
            *parsed.value == *password,
            "secret number {index} does not survive the connection string"
        );
    }
}

#[tokio::test]
async fn every_kind_is_kept_across_a_restart() {
    let desk = Desk::new().await;
    let secret = |index: usize, field: &str| match field {
        "privateKeyContent" => {
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
                .to_owned()
        }
        _ => format!("{field} of number {index}"),
    };
    for (index, form) in Form::all().enumerate() {
        let place = format!("{}/{}", form.kind.id, form.auth.id);
        let given = Credential {
            kind: form.kind.id.to_owned(),
            auth: form.auth.id.to_owned(),
            properties: form.properties.clone(),
            secrets: form
                .secrets
                .keys()
                .map(|field| ((*field).to_owned(), replace(&secret(index, field))))
                .collect(),
        };
        let stored = desk.set(&format!("ls{index}"), given).await;
        assert!(stored.is_ok(), "{place}: {:?}", stored.err());
    }
    let desk = desk.reopen().await;
    for (index, form) in Form::all().enumerate() {
        let place = format!("{}/{}", form.kind.id, form.auth.id);
        let name = format!("ls{index}");
        let shown = desk.custody.show(&df(), &ls(&name)).await.unwrap().unwrap();
        assert_eq!(
            (shown.kind.as_str(), shown.auth.as_str(), shown.version),
            (form.kind.id, form.auth.id, 1)
        );
        for field in form.secrets.keys() {
            assert!(
                desk.holds(&name, field, &secret(index, field)).await,
                "{place}: {field}"
            );
        }
        assert!(desk.reveal(&name).await.connection_string().is_ok());
    }
    let count = Form::all().count();
    assert_eq!(desk.custody.list(Some(&df())).await.unwrap().len(), count);
    assert_eq!(desk.custody.list(None).await.unwrap().len(), count);
}

#[tokio::test]
async fn the_receipt_says_what_was_stored_and_is_signed() {
    let desk = Desk::new().await;
    let stored = desk
        .set("orders", sql_server(replace("secret")))
        .await
        .unwrap();
    assert!(stored.created && !stored.repeated);
    let receipt = &stored.signed.receipt;
    assert_eq!(receipt.target, "sql01.corp:1433/Sales");
    assert_eq!(receipt.account.as_deref(), Some("etl"));
    assert_eq!(receipt.kid, desk.custody.active_kid());
    assert_eq!(receipt.sub, "tester");

    let (signing_input, signature) = stored.signed.jws.rsplit_once('.').unwrap();
    let identity = desk.custody.identity();
    let key = identity.verifying_key();
    assert!(key.verifies(
        jsonwebtoken::Algorithm::EdDSA,
        signing_input.as_bytes(),
        signature
    ));
    let (_, content) = signing_input.split_once('.').unwrap();
    let content = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::decode_vec(content).unwrap();
    assert_eq!(
        serde_json::from_slice::<Receipt>(&content).unwrap(),
        *receipt
    );

    let again = desk
        .set("orders", sql_server(replace("secret")))
        .await
        .unwrap();
    assert!(!again.created);
    assert_eq!(again.signed.receipt.version, 2);
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_receipt_without_another_opening() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("secret")));
    let first = desk.send(&claims, &envelope).await.unwrap();
    let desk = desk.reopen().await;
    let opens = desk.custody.opens();
    let second = desk.send(&claims, &envelope).await.unwrap();
    assert!(second.repeated && second.created);
    assert_eq!(
        serde_json::to_vec(&second.signed).unwrap(),
        serde_json::to_vec(&first.signed).unwrap()
    );

    let other = desk.seal(&claims, sql_server(replace("another secret")));
    assert_eq!(
        desk.send(&claims, &other).await.unwrap_err(),
        SetProblem::TicketUsed
    );
    assert_eq!(
        desk.custody.opens(),
        opens,
        "a used ticket must not cost RSA work"
    );
    assert!(desk.holds("orders", "password", "secret").await);
    assert_eq!(
        desk.custody
            .show(&df(), &ls("orders"))
            .await
            .unwrap()
            .unwrap()
            .version,
        1
    );
}

#[tokio::test]
async fn what_may_be_shown_holds_no_secret() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("hunter2hunter2")))
        .await
        .unwrap();
    let shown = desk
        .custody
        .show(&df(), &ls("orders"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.secrets, ["password"]);
    assert_eq!(shown.properties["User ID"], "etl");
    assert!(
        shown.properties.contains_key("Encrypt"),
        "defaults are stored, so that they stay what they were"
    );
    assert!(!serde_json::to_string(&shown).unwrap().contains("hunter2"));
    assert!(
        desk.custody
            .show(&df(), &ls("customers"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_credential_that_breaks_rules_is_told_by_field_and_uses_nothing_up() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let incomplete = credential(
        "OnPremisesSqlServer",
        "SQL",
        &[("Data Source", "sql01")],
        vec![("password", replace("x"))],
    );
    let refused = desk
        .send(&claims, &desk.seal(&claims, incomplete))
        .await
        .unwrap_err();
    let SetProblem::InvalidCredential(errors) = refused else {
        panic!("{refused}");
    };
    let fields: Vec<_> = errors
        .iter()
        .map(|error| (error.field.as_str(), error.rule))
        .collect();
    assert_eq!(
        fields,
        [
            ("Initial Catalog", Rule::Required),
            ("User ID", Rule::Required)
        ]
    );
    assert!(desk.custody.list(None).await.unwrap().is_empty());

    let complete = desk.seal(&claims, sql_server(replace("x")));
    assert!(
        desk.send(&claims, &complete).await.is_ok(),
        "the ticket is still good"
    );
}

#[tokio::test]
async fn a_ticket_may_fix_the_kind() {
    let desk = Desk::new().await;
    let mut claims = desk.claims("orders", Operation::Set);
    claims.kind = Some("Sftp".to_owned());
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    assert_eq!(
        desk.send(&claims, &envelope).await.unwrap_err(),
        SetProblem::ContextMismatch
    );

    claims.kind = Some("onpremisessqlserver".to_owned());
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    assert!(
        desk.send(&claims, &envelope).await.is_ok(),
        "kinds are compared in their canonical spelling"
    );
}

#[tokio::test]
async fn nothing_is_set_after_the_shutdown() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    let ticket = desk
        .authorise(&claims, gateway::custody::access::Action::Set)
        .await
        .unwrap();
    desk.custody.clone().shutdown().await;
    let late = desk
        .custody
        .set(ticket, envelope.as_bytes(), clock::now())
        .await;
    assert_eq!(late.unwrap_err(), SetProblem::Unavailable);
    let desk = desk.reopen().await;
    assert!(desk.custody.list(None).await.unwrap().is_empty());
}
