//! How both pages look: pictures at three widths, in light, in dark and in forced colours, compared with those in
//! `tests/screenshots`. What differs is in `target/screenshots` afterwards. `cargo xtask screenshots` takes them anew.

use std::path::Path;

use anyhow::{Result, ensure};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::harness::picture::Picture;
use crate::harness::{
    Browser, CredentialToType, GatewayPage, Stage, TestTicket, Trials, eventually,
    references_folder, screenshots_folder,
};
use crate::trials::{self, shop};

/// Widths of the window in CSS pixels: a phone, a tablet, a desktop.
const WIDTHS: [u32; 3] = [360, 768, 1280];
const HEIGHT: u32 = 720;

/// What each picture is taken in.
const LOOKS: [(&str, &[(&str, &str)]); 3] = [
    ("light", &[("prefers-color-scheme", "light")]),
    ("dark", &[("prefers-color-scheme", "dark")]),
    (
        "forced",
        &[
            ("prefers-color-scheme", "dark"),
            ("forced-colors", "active"),
        ],
    ),
];

/// Set by the command that takes them anew.
const ANEW: &str = "SCREENSHOTS_ANEW";

/// Puts something that stays in the place of times, ids, fingerprints and ports.
const FREEZE: &str = include_str!("harness/freeze.js");

/// What was compared, and what differs.
#[derive(Default)]
struct Comparison {
    differences: Vec<String>,
    pictures: usize,
}

#[tokio::test]
async fn both_pages_look_as_they_should() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    let mut comparison = Comparison::default();
    let page = GatewayPage::follow(browser, stage.gateway.origin()).await?;
    page.notice().await?;
    comparison.take(browser, "no-ticket").await?;

    let sql = CredentialToType::sample_of("OnPremisesSqlServer", "SQL");
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    page.form().await?;
    page.knows_what_is_stored().await?;
    page.save().await?;
    page.notice().await?;
    comparison.take(browser, "faults").await?;
    page.fill(&sql).await?;
    comparison.take(browser, "form").await?;
    page.save().await?;
    page.receipt().await?;
    comparison.take(browser, "receipt").await?;
    wizard.stored().await?;
    comparison.take(browser, "portal-outcome").await?;
    wizard.next("destination").await?;
    let sftp = CredentialToType::sample_of("Sftp", "Basic");
    wizard.set("PartnerSftp", &sftp).await?;
    wizard.next("options").await?;
    browser.find("#item").await?.send_keys("dbo.Orders").await?;
    comparison.take(browser, "portal-options").await?;
    wizard.next("review").await?;
    comparison.take(browser, "portal-review").await?;

    let ticket = TestTicket::new(&stage.gateway, "SalesSqlServer", Some(sql.kind.id))?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(browser, &link).await?;
    page.form().await?;
    browser.find(".stored").await?;
    comparison.take(browser, "editing").await?;
    let text = "Server=tcp:sql02.corp.example,1433;Initial Catalog=Sales;User ID=etl_reader;Password=one;Pooling=true";
    page.paste_connection_string(text).await?;
    comparison.take(browser, "pasted").await?;
    comparison.end()
}

/// A test that stops at a certificate, and one that stops at the password.
#[tokio::test]
async fn a_test_looks_as_it_should() -> Result<()> {
    let mut comparison = Comparison::default();
    let (server, _) = shop().await?;
    let stage = trials::stage(Trials::Chosen, None).await?;
    let browser = &stage.browser;
    let page = trials::follow(&stage, Some(trials::KIND)).await?;
    let password = "not-the-password-of-ann";
    trials::fill(&page, &format!("localhost:{}", server.port), password).await?;
    page.save().await?;
    trials::ending(&stage).await?;
    comparison.take(browser, "test-certificate").await?;
    browser.click("#trust-certificate").await?;
    eventually("a fault at the password", async || {
        page.fault("password").await
    })
    .await?;
    comparison.take(browser, "test-password").await?;
    comparison.end()
}

impl Comparison {
    /// Compares pictures of the whole page in the current window, one for each width and look.
    async fn take(&mut self, browser: &Browser, name: &str) -> Result<()> {
        browser.run(FREEZE, vec![]).await?;
        let away = json!({ "type": "mouseMoved", "x": 0, "y": 0 });
        browser.cdp("Input.dispatchMouseEvent", away).await?;
        for width in WIDTHS {
            resize(browser, width, HEIGHT).await?;
            for (look, features) in LOOKS {
                let features: Vec<Value> = features
                    .iter()
                    .chain(&[("prefers-reduced-motion", "reduce")])
                    .map(|(name, value)| json!({ "name": name, "value": value }))
                    .collect();
                let media = json!({ "features": features });
                browser.cdp("Emulation.setEmulatedMedia", media).await?;
                // As high as the page: a bar that sticks to the window's edge belongs at its end.
                let high = "return document.documentElement.scrollHeight";
                let high = browser.run(high, vec![]).await?;
                resize(browser, width, u32::try_from(high.as_u64().unwrap_or(0))?).await?;
                let format = json!({ "optimizeForSpeed": true });
                let taken = browser.cdp("Page.captureScreenshot", format).await?;
                let png = Base64::decode_vec(taken["data"].as_str().unwrap_or_default())?;
                self.compare(
                    &Picture::of_screenshot(&png)?,
                    &format!("{name}-{width}-{look}"),
                )?;
            }
        }
        let nothing = json!({ "features": [] });
        browser.cdp("Emulation.setEmulatedMedia", nothing).await?;
        browser
            .cdp("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        Ok(())
    }

    fn compare(&mut self, picture: &Picture, name: &str) -> Result<()> {
        self.pictures += 1;
        let file = format!("{name}.png");
        let reference = references_folder().join(&file);
        if std::env::var_os(ANEW).is_some() {
            return picture.write(&reference);
        }
        let folder = screenshots_folder();
        std::fs::create_dir_all(&folder)?;
        let (actual, difference) = (
            folder.join(&file),
            folder.join(format!("{name}-difference.png")),
        );
        for old in [&actual, &difference] {
            remove(old)?;
        }
        let found = picture.difference(&Picture::read(&reference)?)?;
        if let Some(found) = found {
            picture.write(&actual)?;
            if let Some(picture) = found.picture {
                picture.write(&difference)?;
            }
            self.differences.push(format!(
                "{}: {}; see {} and {}",
                reference.display(),
                found.words,
                actual.display(),
                difference.display()
            ));
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        ensure!(self.pictures > 0, "nothing was compared");
        ensure!(
            self.differences.is_empty(),
            "{} of {} pictures differ; if they should, `cargo xtask screenshots` takes them anew:\n{}",
            self.differences.len(),
            self.pictures,
            self.differences.join("\n")
        );
        Ok(())
    }
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

async fn resize(browser: &Browser, width: u32, height: u32) -> Result<()> {
    let metrics =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    browser
        .cdp("Emulation.setDeviceMetricsOverride", metrics)
        .await?;
    Ok(())
}
