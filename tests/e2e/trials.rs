//! Tests of the credential before it is stored: a real gateway, a real PostgreSQL, and a person who gets things wrong first.

use std::net::Ipv4Addr;

use anyhow::{Context as _, Result, ensure};
use base64ct::{Base64, Encoding as _};
use language::{Translation, message};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

use crate::harness::scanner::Canary;
use crate::harness::{
    Authority, CredentialToType, Engine, Entry, GatewayPage, Leaf, POSTGRESQL_PASSWORD, PostgreSql,
    Stage, StageOptions, TestTicket, Trials, eventually, in_each_engine,
};

const LINKED_SERVICE: &str = "TelemetryPostgreSql";
pub(crate) const KIND: &str = "OnPremisesPostgreSql";
/// Everybody by password, and over TLS only.
const HBA: &str = "hostssl all all 127.0.0.1/32 scram-sha-256\n";

in_each_engine!(stages_are_shown_as_they_come_and_stop_ends_them);

#[tokio::test]
async fn a_credential_is_tested_and_then_stored() -> Result<()> {
    let (server, chain) = shop().await?;
    let stage = stage(Trials::Chosen, None).await?;
    let wrong = "not-the-password-of-ann";
    let page = follow(&stage, Some(KIND)).await?;
    fill(&page, &format!("localhost:{}", server.port), wrong).await?;

    // Nobody whom the gateway's machine trusts has signed the certificate.
    page.save().await?;
    assert_eq!(ending(&stage).await?, "failed");
    assert_eq!(focused(&stage).await?, "trial");
    let text: String = chain
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let der = Base64::decode_vec(&text)?;
    let sha256: String = Sha256::digest(&der)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let words = page.words().await?;
    for shown in ["leaf of the test", "Authority of the test", &sha256] {
        ensure!(words.contains(shown), "no {shown} in {words}");
    }
    let document = "return document.documentElement.outerHTML";
    let html = stage.browser.run(document, vec![]).await?;
    ensure!(
        !html.to_string().contains(wrong),
        "the password is in the page"
    );

    // It is trusted now, and the password is what is wrong.
    stage.browser.click("#trust-certificate").await?;
    eventually("the focus on the password", async || {
        Ok((focused(&stage).await? == "field-password").then_some(()))
    })
    .await?;
    let fault = page.fault("password").await?.context("no fault")?;
    ensure!(fault.contains("does not accept"), "{fault}");
    ensure!(stage.gateway.list()?.is_empty(), "something is stored");

    let field = CredentialToType::sample_of(KIND, "Basic")
        .auth
        .field("password")
        .context("a field")?;
    page.enter(field, POSTGRESQL_PASSWORD, Entry::Typed).await?;
    page.save().await?;
    let words = page.receipt().await?;
    ensure!(words.contains("Test of the connection\npassed"), "{words}");
    let stored = stage.gateway.reveal_secret(LINKED_SERVICE, "password")?;
    ensure!(
        stored == POSTGRESQL_PASSWORD.as_bytes(),
        "another password came out"
    );

    // What is stored is tested with the secret that it keeps, and by itself stores nothing.
    let page = follow(&stage, Some(KIND)).await?;
    stage.browser.find(".stored").await?;
    stage.browser.click("#test").await?;
    assert_eq!(ending(&stage).await?, "passed");
    assert_eq!(stage.gateway.show(LINKED_SERVICE)?["version"], 1);
    server
        .run(&["ALTER ROLE ann PASSWORD 'changed-meanwhile'"])
        .await;
    page.replace("schema", "archive").await?;
    ensure!(
        page.words()
            .await?
            .contains("You have changed the form since")
    );
    page.save().await?;
    assert_eq!(ending(&stage).await?, "failed");
    assert_eq!(focused(&stage).await?, "field-password");
    assert_eq!(stage.gateway.show(LINKED_SERVICE)?["version"], 1);
    stage.browser.click("#save-untested").await?;
    let words = page.receipt().await?;
    ensure!(words.contains("Test of the connection\nfailed"), "{words}");

    // The server repeats a user's name in its own words.
    let page = follow(&stage, Some(KIND)).await?;
    stage.browser.find(".stored").await?;
    let name = "<img src=x onerror=alert(1)>";
    page.replace("username", name).await?;
    page.enter(field, wrong, Entry::Typed).await?;
    page.save().await?;
    assert_eq!(ending(&stage).await?, "failed");
    let said = stage
        .browser
        .find("[data-stage='authenticate'] .facts")
        .await?
        .text()
        .await?;
    ensure!(said.contains("28P01") && said.contains(name), "{said}");
    let images = stage
        .browser
        .run("return document.images.length", vec![])
        .await?;
    assert_eq!(images, json!(0));

    let messages = stage.browser.console().await?;
    ensure!(messages.is_empty(), "on the console: {messages:#?}");
    let (network_log, home) = stage.end().await?;
    for secret in [wrong, POSTGRESQL_PASSWORD] {
        let canary = Canary::new(secret);
        let findings = canary.in_network_log(&network_log)?;
        ensure!(findings.is_empty(), "a secret: {findings:?}");
        let findings = canary.in_folder(&home.path().join("gateway"))?;
        ensure!(findings.is_empty(), "a secret: {findings:?}");
    }
    let log = std::fs::read_to_string(home.path().join("gateway.log"))?;
    ensure!(
        !log.contains(wrong) && !log.contains(POSTGRESQL_PASSWORD),
        "a secret is in the log"
    );
    Ok(())
}

/// The gateway's words are in the page's language, whatever the browser prefers.
#[tokio::test]
async fn what_is_wrong_is_said_in_the_language_of_the_page() -> Result<()> {
    let (server, _) = shop().await?;
    let stage = stage(Trials::Chosen, None).await?;
    let preferred = json!({ "userAgent": "", "acceptLanguage": "en" });
    stage
        .browser
        .cdp("Network.setUserAgentOverride", preferred)
        .await?;
    for tag in ["de", "ar"] {
        let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?;
        let link = ticket.link(&stage.gateway, &stage.portal)?;
        let link = link.replacen("#ticket", &format!("?lang={tag}#ticket"), 1);
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        page.form().await?;
        fill(&page, &format!("localhost:{}", server.port), "not-ann's").await?;
        page.save().await?;
        stage.browser.click("#trust-certificate").await?;
        eventually("the focus on the password", async || {
            Ok((focused(&stage).await? == "field-password").then_some(()))
        })
        .await?;
        let words = Translation::into_language(tag);
        let sentence = words.text(message("cause-wrong_password"));
        let advice = words.text(message("cause-wrong_password.advice"));
        let fault = page.fault("password").await?.context("no fault")?;
        ensure!(fault.contains(sentence), "{tag}: {fault}");
        let told = stage
            .browser
            .find("[data-stage='authenticate'] p")
            .await?
            .text()
            .await?;
        assert_eq!(told, format!("{sentence} {advice}"), "{tag}");
    }
    Ok(())
}

/// A server that accepts connections and says nothing.
async fn stages_are_shown_as_they_come_and_stop_ends_them(engine: Engine) -> Result<()> {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = silent.local_addr()?.port();
    let stage = stage(Trials::Chosen, Some(engine)).await?;
    let page = follow(&stage, Some(KIND)).await?;
    fill(&page, &format!("127.0.0.1:{port}"), "any").await?;
    page.save().await?;
    stage
        .browser
        .find("[data-stage='connect'][data-outcome='passed']")
        .await?;
    stage.browser.find("form[aria-busy='true']").await?;
    ensure!(
        !page.words().await?.contains("Encryption"),
        "a stage that has not ended"
    );
    page.cancel().await?;
    assert_eq!(page.notice().await?.code, "interrupted");
    ensure!(stage.gateway.list()?.is_empty(), "something is stored");
    Ok(())
}

/// The portal hears of it, what did not pass is not stored, and what cannot be tested is.
#[tokio::test]
async fn a_gateway_may_want_every_credential_tested_that_it_can() -> Result<()> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = free.local_addr()?.port();
    drop(free);
    let stage = stage(Trials::Required, None).await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    fill(&page, &format!("127.0.0.1:{port}"), "any").await?;
    stage.browser.find("#test").await?;
    let offered = "return document.querySelectorAll('#save-untested').length";
    assert_eq!(stage.browser.run(offered, vec![]).await?, json!(0));
    page.save().await?;
    assert_eq!(ending(&stage).await?, "failed");
    assert_eq!(focused(&stage).await?, "field-server");
    ensure!(stage.gateway.list()?.is_empty(), "something is stored");
    wizard.switch_to().await?;
    eventually("what became of the test", async || {
        let words = stage.browser.find("body").await?.text().await?;
        Ok(words.contains("does not work yet (refused)").then_some(()))
    })
    .await?;

    let warehouse = CredentialToType::sample_of("SapBw", "Basic");
    let page = follow(&stage, Some("SapBw")).await?;
    page.fill(&warehouse).await?;
    page.save().await?;
    let words = page.receipt().await?;
    ensure!(
        words.contains("Test of the connection\nnot tested"),
        "{words}"
    );
    Ok(())
}

/// A server with Ann and her database, and the certificate that it shows, whose issuer nobody trusts.
pub(crate) async fn shop() -> Result<(PostgreSql, String)> {
    let server = PostgreSql::start(HBA);
    let role = format!("CREATE ROLE ann LOGIN PASSWORD '{POSTGRESQL_PASSWORD}'");
    server.run(&[&role, "CREATE DATABASE shop"]).await;
    let (chain, key) = Authority::new("Authority of the test").issue(&Leaf::Sound);
    server.show(&chain, &key);
    Ok((server, chain))
}

pub(crate) async fn stage(trials: Trials, engine: Option<Engine>) -> Result<Stage> {
    let usual = StageOptions::default();
    Stage::with(StageOptions {
        trials,
        engine: engine.unwrap_or(usual.engine),
        ..usual
    })
    .await
}

pub(crate) async fn follow<'s>(stage: &'s Stage, kind: Option<&str>) -> Result<GatewayPage<'s>> {
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, kind)?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.form().await?;
    Ok(page)
}

pub(crate) async fn fill(page: &GatewayPage<'_>, server: &str, password: &str) -> Result<()> {
    let mut credential = CredentialToType::sample_of(KIND, "Basic").with_password(password);
    for (name, value) in [
        ("server", server),
        ("database", "shop"),
        ("username", "ann"),
    ] {
        credential.properties.insert(name, value.to_owned());
    }
    page.fill(&credential).await
}

/// How the test ended, once it has.
pub(crate) async fn ending(stage: &Stage) -> Result<String> {
    let script = "const busy = document.querySelector('form[aria-busy=true]'); \
         const title = document.querySelector('#trial'); \
         return busy || !title ? null : title.innerText.split(' ').at(-1);";
    eventually("the end of the test", async || {
        let word = stage.browser.run(script, vec![]).await?;
        let word = word.as_str().map(str::to_owned);
        Ok(word.filter(|word| ["passed", "failed"].contains(&word.as_str())))
    })
    .await
}

async fn focused(stage: &Stage) -> Result<String> {
    let id = stage
        .browser
        .run("return document.activeElement.id", vec![])
        .await?;
    Ok(id.as_str().unwrap_or_default().to_owned())
}
