//! Pictures of the real thing, to look at and for the README: `target/screenshots/`.

use std::path::Path;

use anyhow::{Result, ensure};
use base64ct::{Base64, Encoding};
use serde_json::json;

use crate::harness::{
    Browser, CredentialToType, GatewayPage, Stage, TestTicket, screenshots_folder,
};

/// Width and height of the window in CSS pixels: a desktop, the popup, a phone.
const SIZES: [(u32, u32); 3] = [(1280, 800), (520, 800), (360, 740)];
const SCHEMES: [&str; 2] = ["light", "dark"];

#[tokio::test]
async fn both_pages_at_every_width_in_light_and_dark() -> Result<()> {
    let folder = screenshots_folder();
    std::fs::create_dir_all(&folder)?;
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    let wizard = stage.wizard().await?;
    take(browser, &folder, "portal").await?;
    wizard.choose("SalesSqlServer").await?;
    take(browser, &folder, "portal-chosen").await?;

    let page = wizard.press_and_follow().await?;
    page.fill(&CredentialToType::sample_of("OnPremisesSqlServer", "SQL"))
        .await?;
    take(browser, &folder, "form").await?;
    page.save().await?;
    page.receipt().await?;
    take(browser, &folder, "receipt").await?;
    wizard.stored().await?;
    take(browser, &folder, "portal-outcome").await?;

    let ticket = TestTicket::new(&stage.gateway, "PartnerSftp", None)?.expired();
    let page = GatewayPage::follow(browser, &ticket.link(&stage.gateway, &stage.portal)?).await?;
    page.fill(&CredentialToType::sample_of("Sftp", "SshPublicKey"))
        .await?;
    page.save().await?;
    page.notice().await?;
    take(browser, &folder, "error").await?;
    let page = GatewayPage::follow(browser, stage.gateway.origin()).await?;
    page.notice().await?;
    take(browser, &folder, "no-ticket").await
}

/// One picture per size and scheme, of the whole page; nothing may be wider than the window.
pub(crate) async fn take(browser: &Browser, folder: &Path, name: &str) -> Result<()> {
    for (width, height) in SIZES {
        // As high as the page: a bar that sticks to the window's edge belongs at its end.
        resize(browser, width, height).await?;
        let high = browser
            .run("return document.documentElement.scrollHeight", vec![])
            .await?;
        resize(
            browser,
            width,
            u32::try_from(high.as_u64().unwrap_or(0))?.max(height),
        )
        .await?;
        let wide = browser
            .run("return document.documentElement.scrollWidth", vec![])
            .await?;
        ensure!(
            wide.as_u64() <= Some(width.into()),
            "{name} is {wide} px wide in a window of {width} px"
        );
        for scheme in SCHEMES {
            let media = json!({ "features": [
                { "name": "prefers-color-scheme", "value": scheme },
                { "name": "prefers-reduced-motion", "value": "reduce" },
            ] });
            browser.cdp("Emulation.setEmulatedMedia", media).await?;
            let picture = browser.cdp("Page.captureScreenshot", json!({})).await?;
            let bytes = Base64::decode_vec(picture["data"].as_str().unwrap_or_default())?;
            std::fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), bytes)?;
        }
    }
    browser
        .cdp("Emulation.clearDeviceMetricsOverride", json!({}))
        .await?;
    Ok(())
}

async fn resize(browser: &Browser, width: u32, height: u32) -> Result<()> {
    let metrics =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser
        .cdp("Emulation.setDeviceMetricsOverride", metrics)
        .await?;
    Ok(())
}
