use envelope::{Credential, SecretChange};
use gateway::custody::set::SetProblem;
use linked_service::Role;

use super::desk::{Desk, SQL_SERVER, credential, replace, sql_server};
use super::form::{Form, other};

/// The form of a key file; no key.
const KEY_FILE: &str =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";

fn with(changes: &[(&str, &str)], password: SecretChange) -> Credential {
    let mut properties = SQL_SERVER.to_vec();
    for change in changes {
        properties.retain(|(name, _)| *name != change.0);
        properties.push(*change);
    }
    credential(
        "OnPremisesSqlServer",
        "SQL",
        &properties,
        vec![("password", password)],
    )
}

fn required(names: &[&str]) -> SetProblem {
    SetProblem::SecretRequired(names.iter().map(|name| (*name).to_owned()).collect())
}

#[tokio::test]
async fn a_secret_is_kept_while_destination_and_account_stay() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("first")))
        .await
        .unwrap();
    let desk = desk.reopen().await;
    let kept = desk
        .set("orders", sql_server(SecretChange::Keep))
        .await
        .unwrap();
    assert_eq!(kept.signed.receipt.version, 2);
    assert!(desk.holds("orders", "password", "first").await);
}

#[tokio::test]
async fn a_secret_is_not_kept_for_another_destination_or_account() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("first")))
        .await
        .unwrap();
    for change in [
        ("Data Source", "evil.example"),
        ("Data Source", "sql01.corp,1434"),
        ("Initial Catalog", "Other"),
        ("User ID", "sa"),
        ("Encrypt", "false"),
        ("TrustServerCertificate", "true"),
    ] {
        let moved = desk
            .set("orders", with(&[change], SecretChange::Keep))
            .await;
        assert_eq!(moved.unwrap_err(), required(&["password"]), "{change:?}");
    }
    assert!(
        desk.holds("orders", "password", "first").await,
        "what was stored is still there"
    );

    let moved = desk
        .set(
            "orders",
            with(&[("Data Source", "sql02")], replace("second")),
        )
        .await
        .unwrap();
    assert_eq!(
        moved.signed.receipt.version, 2,
        "refused attempts take no version"
    );
    let back = desk.set("orders", sql_server(SecretChange::Keep)).await;
    assert_eq!(
        back.unwrap_err(),
        required(&["password"]),
        "the first destination's secret is gone"
    );
}

#[tokio::test]
async fn for_every_kind_a_changed_destination_or_account_needs_the_secret_again() {
    let desk = Desk::new().await;
    let mut refused = 0;
    for (number, form) in Form::all().enumerate() {
        let name = format!("service-{number}");
        let secret = |field: &str| match field {
            "privateKeyContent" => KEY_FILE.to_owned(),
            _ => "secret".to_owned(),
        };
        let with = |form: &Form, change: fn(String) -> SecretChange| Credential {
            kind: form.kind.id.to_owned(),
            auth: form.auth.id.to_owned(),
            properties: form.properties.clone(),
            secrets: form
                .secrets
                .keys()
                .map(|field| ((*field).to_owned(), change(secret(field))))
                .collect(),
        };
        let replaced = |text: String| replace(&text);
        desk.set(&name, with(&form, replaced)).await.unwrap();
        let all: Vec<&str> = form.secrets.keys().copied().collect();
        if all.is_empty() {
            continue; // Nothing that could be kept.
        }
        for field in form.auth.fields.iter().filter(|field| !field.is_secret()) {
            let place = format!("{}/{}/{}", form.kind.id, form.auth.id, field.name);
            if !form.properties.contains_key(field.name) {
                continue;
            }
            let changed = form.clone().with(field.name, other(field));
            let kept = desk
                .set(&name, with(&changed, |_| SecretChange::Keep))
                .await;
            if matches!(field.role, Role::Destination | Role::Account) {
                assert_eq!(kept.unwrap_err(), required(&all), "{place}");
                refused += 1;
            } else {
                kept.unwrap_or_else(|problem| panic!("{place}: {problem:?}"));
                desk.set(&name, with(&form, |_| SecretChange::Keep))
                    .await
                    .unwrap_or_else(|problem| panic!("{place}, back: {problem:?}"));
            }
        }
    }
    assert!(refused > 20, "only {refused} were tried");
}

#[tokio::test]
async fn a_secret_is_kept_within_its_linked_service_and_authentication_type_only() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("first")))
        .await
        .unwrap();
    let elsewhere = desk.set("customers", sql_server(SecretChange::Keep)).await;
    assert_eq!(elsewhere.unwrap_err(), required(&["password"]));

    let windows = credential(
        "OnPremisesSqlServer",
        "Windows",
        &SQL_SERVER[..2],
        vec![
            ("username", SecretChange::Keep),
            ("password", SecretChange::Keep),
        ],
    );
    assert_eq!(
        desk.set("orders", windows).await.unwrap_err(),
        required(&["password", "username"])
    );
}

#[tokio::test]
async fn secrets_are_kept_replaced_and_cleared_one_by_one() {
    let desk = Desk::new().await;
    let sftp = |key, phrase| {
        let properties = [
            ("host", "sftp01"),
            ("skipHostKeyValidation", "true"),
            ("username", "etl"),
        ];
        credential(
            "Sftp",
            "SshPublicKey",
            &properties,
            vec![("privateKeyContent", key), ("passPhrase", phrase)],
        )
    };
    desk.set("files", sftp(replace(KEY_FILE), replace("phrase")))
        .await
        .unwrap();

    desk.set("files", sftp(SecretChange::Keep, replace("new phrase")))
        .await
        .unwrap();
    assert!(desk.holds("files", "privateKeyContent", KEY_FILE).await);
    assert!(desk.holds("files", "passPhrase", "new phrase").await);

    desk.set("files", sftp(SecretChange::Keep, SecretChange::Clear))
        .await
        .unwrap();
    assert!(desk.holds("files", "privateKeyContent", KEY_FILE).await);
    assert!(
        !desk
            .reveal("files")
            .await
            .secrets
            .contains_key("passPhrase")
    );

    let gone = desk
        .set("files", sftp(SecretChange::Keep, SecretChange::Keep))
        .await;
    assert_eq!(gone.unwrap_err(), required(&["passPhrase"]));
}

#[tokio::test]
async fn what_was_deleted_cannot_be_kept() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("first")))
        .await
        .unwrap();
    desk.delete(&desk.claims("orders", envelope::Operation::Delete))
        .await
        .unwrap();
    let kept = desk.set("orders", sql_server(SecretChange::Keep)).await;
    assert_eq!(kept.unwrap_err(), required(&["password"]));
}
