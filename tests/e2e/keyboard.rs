//! The whole way by keyboard alone: Tab reaches every field, none under the bar with Save (WCAG 2.2, 2.1.1 and 2.4.11),
//! and Enter saves.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::harness::{Browser, CredentialToType, GatewayPage, Stage, TestTicket};

const KIND: &str = "Sftp";

/// Name of the element with the focus, and whether a click in its middle would reach it. After the last
/// element nothing has it.
const FOCUSED: &str = "const focused = document.activeElement; \
     if (focused === document.body) return ['', true]; \
     const { x, y, width, height } = focused.getBoundingClientRect(); \
     const hit = document.elementFromPoint(x + width / 2, y + height / 2); \
     return [focused.name || '', focused.contains(hit) || [...(focused.labels || [])].some((label) => label.contains(hit))];";

/// More steps than a form with a few small controls beside each field can take.
const MOST_STEPS: usize = 40;

#[tokio::test]
async fn the_form_can_be_filled_and_saved_without_a_pointer() -> Result<()> {
    let stage = Stage::set().await?;
    let page = open_form(&stage).await?;
    let credential = CredentialToType::sample_of(KIND, "Basic");
    let mut missing: Vec<&str> = credential
        .auth
        .fields
        .iter()
        .map(|field| field.name)
        .collect();
    for _ in 0..MOST_STEPS {
        let name = tab(&stage.browser).await?;
        let value = credential
            .properties
            .get(name.as_str())
            .or_else(|| credential.secrets.get(name.as_str()));
        if let Some(value) = value.filter(|_| missing.contains(&name.as_str())) {
            let element = stage.browser.driver().active_element().await?;
            if !element.prop("value").await?.unwrap_or_default().is_empty() {
                element.send_keys(Key::Control + "a").await?;
            }
            element.send_keys(value).await?;
        }
        missing.retain(|field| *field != name);
        if missing.is_empty() {
            break;
        }
    }
    ensure!(missing.is_empty(), "Tab does not reach {missing:?}");
    stage
        .browser
        .driver()
        .active_element()
        .await?
        .send_keys(Key::Enter + "")
        .await?;
    page.receipt().await?;
    let password = credential
        .secrets
        .get(credential.password_field())
        .context("no password")?;
    ensure!(
        stage
            .gateway
            .reveal_secret("partner", credential.password_field())?
            == password.as_bytes(),
        "another password"
    );
    Ok(())
}

#[tokio::test]
async fn the_focus_is_never_covered_however_high_the_window_is() -> Result<()> {
    let stage = Stage::set().await?;
    open_form(&stage).await?;
    for height in (300..900).step_by(60) {
        let metrics =
            json!({ "width": 560, "height": height, "deviceScaleFactor": 1, "mobile": false });
        stage
            .browser
            .cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        stage
            .browser
            .run("scrollTo(0, 0); document.activeElement.blur()", vec![])
            .await?;
        for _ in 0..12 {
            tab(&stage.browser)
                .await
                .with_context(|| format!("in a window {height} px high"))?;
        }
    }
    Ok(())
}

async fn open_form(stage: &Stage) -> Result<GatewayPage<'_>> {
    let ticket = TestTicket::new(&stage.gateway, "partner", Some(KIND))?;
    let page =
        GatewayPage::follow(&stage.browser, &ticket.link(&stage.gateway, &stage.portal)?).await?;
    page.form().await?;
    Ok(page)
}

/// Presses Tab and gives the name of the element that has the focus then; fails if something covers it.
async fn tab(browser: &Browser) -> Result<String> {
    browser
        .driver()
        .active_element()
        .await?
        .send_keys(Key::Tab + "")
        .await?;
    let focused = browser.run(FOCUSED, vec![]).await?;
    let name = focused[0].as_str().unwrap_or_default().to_owned();
    ensure!(
        focused[1] == Value::Bool(true),
        "`{name}` has the focus and is covered"
    );
    Ok(name)
}
