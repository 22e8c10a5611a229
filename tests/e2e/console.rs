//! A clean run is silent: no console message, no policy violation, no request to anybody else.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{CredentialToType, Stage, eventually};

#[tokio::test]
async fn nothing_is_on_the_console_and_nobody_else_is_asked() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    // All four steps, and what can be refused and pressed in them.
    wizard.go("next").await?;
    let sftp = CredentialToType::sample_of("Sftp", "Basic");
    wizard.set("PartnerSftp", &sftp).await?;
    wizard.next("destination").await?;
    wizard
        .set("RatesHttp", &CredentialToType::sample_of("Http", "Basic"))
        .await?;
    wizard.next("options").await?;
    stage
        .browser
        .find("#item")
        .await?
        .send_keys("/nightly")
        .await?;
    wizard.next("review").await?;
    for button in ["copy", "download"] {
        stage.browser.click(&format!("[data-do={button}]")).await?;
    }
    wizard.go("finish").await?;
    let messages = stage.browser.console().await?;
    ensure!(messages.is_empty(), "on the console: {messages:#?}");
    the_console_is_heard(&stage).await?;
    wizard.switch_to_popup().await?;
    the_console_is_heard(&stage).await?;

    let (portal, gateway) = (
        stage.portal.origin().to_owned(),
        stage.gateway.origin().to_owned(),
    );
    let Stage {
        browser,
        home: _home,
        ..
    } = stage;
    let network_log = browser.close().await?;
    let of_gateway = requested_by(&gateway, &network_log)?;
    ensure!(
        of_gateway == BTreeSet::from([gateway.clone()]),
        "the gateway's page asked {of_gateway:?}"
    );
    let of_portal = requested_by(&portal, &network_log)?;
    // The portal's page opens the gateway's.
    ensure!(
        of_portal == BTreeSet::from([gateway, portal]),
        "the portal's page asked {of_portal:?}"
    );
    Ok(())
}

/// The same log reports a warning and a refused request in the current window.
async fn the_console_is_heard(stage: &Stage) -> Result<()> {
    let script = "console.warn('heard'); fetch('https://elsewhere.invalid/').catch(() => {});";
    stage.browser.run(script, vec![]).await?;
    let (mut heard, mut refused) = (false, false);
    eventually("the console's messages", async || {
        for message in stage.browser.console().await? {
            heard |= message.message.contains("heard");
            refused |= message.message.contains("Content Security Policy");
        }
        Ok((heard && refused).then_some(()))
    })
    .await
}

/// The origins of all requests that the pages of an origin made. What the browser asks for itself is not the pages' doing.
fn requested_by(page: &str, log: &Path) -> Result<BTreeSet<String>> {
    let log: Value = serde_json::from_slice(&std::fs::read(log)?)?;
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    ensure!(start.is_i64(), "the network log names no requests");
    let events = log["events"].as_array().context("no events")?;
    let starts = events
        .iter()
        .filter(|event| event["type"] == *start)
        .map(|event| &event["params"]);
    let urls = starts
        .filter(|request| request["initiator"] == page)
        .filter_map(|request| request["url"].as_str());
    Ok(urls
        .map(|url| url.split('/').take(3).collect::<Vec<_>>().join("/"))
        .collect())
}

#[tokio::test]
async fn the_page_has_the_profile_s_headers() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.set_credential("RatesHttp").await?.form().await?;
    let script = "const done = arguments[arguments.length - 1]; \
         fetch(arguments[0], { cache: 'no-store' }).then((answer) => done(Object.fromEntries(answer.headers)));";
    for (path, opener) in [("/", Some("same-origin")), ("/set", None)] {
        let headers = stage
            .browser
            .driver()
            .execute_async(script, vec![json!(path)])
            .await?
            .json()
            .clone();
        let policy = headers["content-security-policy"]
            .as_str()
            .context("no policy")?;
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ] {
            ensure!(policy.contains(part), "{path}: {policy}");
        }
        ensure!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(
            headers["cross-origin-opener-policy"].as_str(),
            opener,
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
    }
    Ok(())
}
