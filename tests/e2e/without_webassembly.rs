//! A browser without WebAssembly, as some administrators have it: a plain page says so, and what to use instead.

use anyhow::{Result, ensure};

use crate::harness::{GatewayPage, Stage, StageOptions};

#[tokio::test]
async fn a_browser_without_webassembly_is_told_what_works() -> Result<()> {
    let stage = Stage::with(StageOptions {
        flags: &["--js-flags=--noexpose-wasm"],
        ..StageOptions::default()
    })
    .await?;
    let link = stage.gateway.ticket_link("sales", "demo-factory")?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    let there = stage
        .browser
        .run("return typeof WebAssembly", vec![])
        .await?;
    ensure!(there == "undefined", "this browser has WebAssembly");
    let notice = page.notice().await?;
    ensure!(notice.code == "browser_too_old", "{}", notice.code);
    for words in ["Chrome", "Edge", "Firefox", "Safari", "credset"] {
        ensure!(notice.words.contains(words), "{words} is not said");
    }
    let typeable = "return [...document.querySelectorAll('input, textarea')].filter((each) => each.checkVisibility()).length";
    ensure!(
        stage.browser.run(typeable, vec![]).await? == 0,
        "something can be typed into a page that cannot seal it"
    );
    Ok(())
}
