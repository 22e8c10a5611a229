//! A credential that is stored already, edited as a person does it: nothing that is stored has to be typed again, and no secret
//! goes elsewhere with it.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::harness::scanner::Canary;
use crate::harness::{
    CredentialToType, Engine, Entry, GatewayPage, Stage, TestTicket, in_each_engine,
};

/// What connection forms elsewhere put in the place of a stored secret.
const MASKS: [&str; 5] = ["•", "●", "∗", "****", "xxxx"];

in_each_engine!(an_optional_secret_is_cleared_and_the_other_one_stays);

#[tokio::test]
async fn a_stored_credential_is_edited_without_its_secret() -> Result<()> {
    let stage = Stage::set().await?;
    let linked_service = "TelemetryPostgreSql";
    let first = CredentialToType::sample_of("OnPremisesPostgreSql", "Basic");
    set(&stage, linked_service, &first).await?;

    let page = open(&stage, linked_service).await?;
    for (name, value) in &first.properties {
        assert_eq!(page.shown(name).await?, *value, "{name}");
    }
    assert_eq!(
        page.stored("password").await?.as_deref(),
        Some("Stored, unchanged")
    );
    let words = page.words().await?;
    ensure!(
        words.contains("version 1, by eve@harbour.example"),
        "nothing is said of what is stored: {words}"
    );
    no_mask(&stage).await?;

    page.replace("schema", "archive").await?;
    page.save().await?;
    let words = page.receipt().await?;
    ensure!(words.contains("Version\n2"), "no new version: {words}");
    let shown = stage.gateway.show(linked_service)?;
    assert_eq!(shown["version"], 2);
    assert_eq!(shown["properties"]["schema"], "archive");
    is_stored(&stage, linked_service, &first)?;

    let page = open(&stage, linked_service).await?;
    page.replace("server", "evil.example").await?;
    ensure!(
        page.stored("password").await?.is_none(),
        "it would be kept for another server"
    );
    let words = page.words().await?;
    ensure!(
        words.contains("“Server” has changed."),
        "nothing is explained: {words}"
    );
    page.save().await?;
    assert_eq!(page.notice().await?.code, "fields");
    page.press(".moved", "Change it back").await?;
    assert_eq!(page.shown("server").await?, first.properties["server"]);
    assert_eq!(
        page.stored("password").await?.as_deref(),
        Some("Stored, unchanged")
    );
    page.save().await?;
    page.receipt().await?;
    assert_eq!(stage.gateway.show(linked_service)?["version"], 3);
    is_stored(&stage, linked_service, &first)?;

    let messages = stage.browser.console().await?;
    ensure!(messages.is_empty(), "on the console: {messages:#?}");
    let (network_log, _home) = stage.end().await?;
    let password = &first.secrets["password"];
    ensure!(
        !Canary::new(linked_service)
            .in_network_log(&network_log)?
            .is_empty(),
        "the linked service is not found in the traffic"
    );
    for secret in [password.as_str(), "•••", "\\u2022", "%E2%80%A2"] {
        let findings = Canary::new(secret).in_network_log(&network_log)?;
        ensure!(findings.is_empty(), "a secret or a mask: {findings:?}");
    }
    Ok(())
}

async fn an_optional_secret_is_cleared_and_the_other_one_stays(engine: Engine) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let linked_service = "PartnerSftp";
    let first = CredentialToType::sample_of("Sftp", "SshPublicKey");
    set(&stage, linked_service, &first).await?;

    let page = open(&stage, linked_service).await?;
    page.press("[data-field='passPhrase']", "Replace").await?;
    page.press("[data-field='passPhrase']", "Keep").await?;
    page.press("[data-field='passPhrase']", "Clear").await?;
    assert_eq!(
        page.stored("passPhrase").await?.as_deref(),
        Some("Will be removed")
    );
    no_mask(&stage).await?;
    page.save().await?;
    page.receipt().await?;
    let shown = stage.gateway.show(linked_service)?;
    assert_eq!(shown["secrets"], json!(["privateKeyContent"]));
    let revealed = stage
        .gateway
        .reveal_secret(linked_service, "privateKeyContent")?;
    ensure!(
        revealed == first.secrets["privateKeyContent"].as_bytes(),
        "another key came out"
    );

    let page = open(&stage, linked_service).await?;
    ensure!(
        page.stored("passPhrase").await?.is_none(),
        "what is gone is said to be stored"
    );
    let field = first.auth.field("passPhrase").context("a field")?;
    page.enter(field, "another", Entry::Typed).await?;
    page.save().await?;
    page.receipt().await?;
    let revealed = stage.gateway.reveal_secret(linked_service, "passPhrase")?;
    ensure!(revealed == b"another", "another passphrase came out");
    Ok(())
}

/// What another window has stored meanwhile for another server is not joined with what this one shows.
#[tokio::test]
async fn a_secret_that_was_moved_meanwhile_is_typed_again() -> Result<()> {
    let stage = Stage::set().await?;
    let linked_service = "TelemetryPostgreSql";
    let first = CredentialToType::sample_of("OnPremisesPostgreSql", "Basic");
    set(&stage, linked_service, &first).await?;
    let here = stage.browser.driver().window().await?;
    let page = open(&stage, linked_service).await?;

    let there = stage.browser.driver().new_tab().await?;
    stage.browser.driver().switch_to_window(there).await?;
    let mut moved = CredentialToType::sample_of("OnPremisesPostgreSql", "Basic");
    moved
        .properties
        .insert("server", "db02.corp.example".into());
    let other = open(&stage, linked_service).await?;
    other.replace("server", "db02.corp.example").await?;
    let field = moved.auth.field("password").expect("a field");
    let password = &moved.secrets["password"];
    other.enter(field, password, Entry::Pasted).await?;
    other.save().await?;
    other.receipt().await?;

    stage.browser.driver().switch_to_window(here).await?;
    page.save().await?;
    assert_eq!(page.notice().await?.code, "secret_required");
    assert_eq!(stage.gateway.show(linked_service)?["version"], 2);
    page.enter(field, "typed", Entry::Typed).await?;
    page.save().await?;
    page.receipt().await?;
    let revealed = stage.gateway.reveal_secret(linked_service, "password")?;
    ensure!(revealed == b"typed", "another password came out");
    Ok(())
}

async fn set(stage: &Stage, linked_service: &str, credential: &CredentialToType) -> Result<()> {
    let page = follow(stage, linked_service, credential.kind.id).await?;
    page.fill(credential).await?;
    page.save().await?;
    page.receipt().await?;
    Ok(())
}

/// The form with what is stored in it.
async fn open<'s>(stage: &'s Stage, linked_service: &str) -> Result<GatewayPage<'s>> {
    let shown = stage.gateway.show(linked_service)?;
    let page = follow(
        stage,
        linked_service,
        shown["kind"].as_str().unwrap_or_default(),
    )
    .await?;
    page.form().await?;
    stage.browser.find(".stored").await?;
    Ok(page)
}

async fn follow<'s>(stage: &'s Stage, linked_service: &str, kind: &str) -> Result<GatewayPage<'s>> {
    let ticket = TestTicket::new(&stage.gateway, linked_service, Some(kind))?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    GatewayPage::follow(&stage.browser, &link).await
}

fn is_stored(stage: &Stage, linked_service: &str, credential: &CredentialToType) -> Result<()> {
    for (name, typed) in &credential.secrets {
        let revealed = stage.gateway.reveal_secret(linked_service, name)?;
        // Not `assert_eq`: a failure must not print it.
        ensure!(revealed == typed.as_bytes(), "another {name} came out");
    }
    Ok(())
}

/// Neither in the document nor in what its controls hold.
async fn no_mask(stage: &Stage) -> Result<()> {
    let script = "return document.documentElement.outerHTML + \
         Array.from(document.querySelectorAll('input, textarea'), (control) => control.value).join();";
    let all = stage.browser.run(script, vec![]).await?;
    let Value::String(all) = all else {
        anyhow::bail!("no document: {all}");
    };
    ensure!(all.contains("Stored"), "that is not the form");
    for mask in MASKS {
        ensure!(!all.contains(mask), "{mask} is in the document");
    }
    Ok(())
}
