//! A browser without WebAssembly, as some administrators have it: a plain page says so, and what to use instead.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::harness::{GatewayPage, Stage};

#[tokio::test]
async fn a_browser_without_webassembly_is_told_what_works() -> Result<()> {
    let stage = Stage::set().await?;
    // No switch of Chromium's takes it away any more.
    let without = json!({ "source": "delete globalThis.WebAssembly;" });
    let method = "Page.addScriptToEvaluateOnNewDocument";
    stage.browser.cdp(method, without).await?;
    let link = stage.gateway.ticket_link("sales", "demo-factory")?;
    GatewayPage::follow(&stage.browser, &link).await?;
    let there = stage
        .browser
        .run("return typeof WebAssembly", vec![])
        .await?;
    ensure!(there == "undefined", "this browser has WebAssembly");
    let told = stage.browser.find("#too-old").await?.text().await?;
    for words in ["Chrome", "Edge", "Firefox", "Safari", "credset"] {
        ensure!(told.contains(words), "{words} is not said");
    }
    let typeable = "return [...document.querySelectorAll('input, textarea')].filter((each) => each.checkVisibility()).length";
    ensure!(
        stage.browser.run(typeable, vec![]).await? == 0,
        "something can be typed into a page that cannot seal it"
    );
    Ok(())
}
