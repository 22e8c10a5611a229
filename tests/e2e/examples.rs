//! The examples of the element's package, bundled from what is packed, as a portal's developer would: each has a credential stored.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use crate::harness::{CredentialToType, Stage, Wizard, eventually, examples_folder};

const KIND: &str = "OnPremisesSqlServer";

/// The address in the examples, for which each developer writes their own.
const GATEWAY: &str = "https://gateway.corp.example:8050";

/// The page that the plain one is the script of.
const PLAIN: &str = include_str!("../../static/element/examples/plain.html");

#[tokio::test]
async fn each_has_a_credential_stored() -> Result<()> {
    let stage = Stage::set().await?;
    let body = PLAIN
        .split_once("<body>")
        .and_then(|(_, rest)| rest.split_once("</body>"));
    let (body, _) = body.context("the plain page has no body")?;
    for (version, (name, body)) in [("plain", body), ("react", ""), ("vue", "")]
        .into_iter()
        .enumerate()
    {
        let version = version + 1;
        let bundle = examples_folder()?.join(format!("{name}.js"));
        let bundle = fs::read_to_string(&bundle).with_context(|| bundle.display().to_string())?;
        stores(&stage, body, &bundle, version)
            .await
            .with_context(|| name.to_owned())?;
        if name == "react" {
            stage.browser.find("credential-setter[disabled]").await?;
        }
    }
    Ok(())
}

/// Puts an example into a page of the portal's that has nothing in it yet, and does the job with it.
async fn stores(stage: &Stage, body: &str, bundle: &str, version: usize) -> Result<()> {
    // The wizard's page without its scripts: its origin, its server and its policy are the portal's. No script may write HTML there,
    // so that it is the developer tools that do.
    stage.browser.cdp("Network.enable", json!({})).await?;
    let scripts = json!({ "urls": ["*.js"] });
    stage.browser.cdp("Network.setBlockedURLs", scripts).await?;
    stage.browser.goto(stage.portal.origin()).await?;
    let own = |text: &str| text.replace(GATEWAY, stage.gateway.origin());
    let tree = stage.browser.cdp("Page.getFrameTree", json!({})).await?;
    let frame = &tree["frameTree"]["frame"]["id"];
    let content = json!({ "frameId": frame, "html": own(body) });
    stage
        .browser
        .cdp("Page.setDocumentContent", content)
        .await?;
    stage.browser.run(&own(bundle), vec![]).await?;

    let portal = Wizard::in_current_window(&stage.browser).await?;
    let page = portal.press_and_follow().await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    page.receipt().await?;
    portal.switch_to().await?;
    eventually("the example's words", async || {
        let words = stage.browser.find("[role=status]").await?.text().await?;
        Ok(words
            .starts_with(&format!("Stored: version {version}"))
            .then_some(()))
    })
    .await
}
