//! The whole way by keyboard alone: Tab reaches every field in the order in which it is read, none under the bar with
//! Save (WCAG 2.2, 2.4.3 and 2.4.11), and Enter saves.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use thirtyfour::Key;

use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket};

/// Name of the element with the focus, and whether a click in its middle would reach it.
const FOCUSED: &str = "const focused = document.activeElement; \
     const { x, y, width, height } = focused.getBoundingClientRect(); \
     const hit = document.elementFromPoint(x + width / 2, y + height / 2); \
     return [focused.name || '', focused.contains(hit) || [...(focused.labels || [])].some((label) => label.contains(hit))];";

#[tokio::test]
async fn the_form_can_be_filled_and_saved_without_a_pointer() -> Result<()> {
    let stage = Stage::set().await?;
    let credential = CredentialToType::sample_of("Sftp", "Basic");
    let ticket = TestTicket::new(&stage.gateway, "partner", Some("Sftp"))?;
    let page =
        GatewayPage::follow(&stage.browser, &ticket.link(&stage.gateway, &stage.portal)?).await?;
    page.form().await?;

    let mut reached = Vec::new();
    // As many steps as a form with a few small controls beside each field can take.
    for _ in 0..40 {
        let driver = stage.browser.driver();
        driver
            .active_element()
            .await?
            .send_keys(Key::Tab + "")
            .await?;
        let focused = stage.browser.run(FOCUSED, vec![]).await?;
        let name = focused[0].as_str().unwrap_or_default().to_owned();
        ensure!(
            focused[1] == Value::Bool(true),
            "`{name}` has the focus and is covered"
        );
        let value = credential
            .properties
            .get(name.as_str())
            .or_else(|| credential.secrets.get(name.as_str()));
        if let Some(value) = value.filter(|_| !reached.contains(&name)) {
            let element = driver.active_element().await?;
            if !element.prop("value").await?.unwrap_or_default().is_empty() {
                element.send_keys(Key::Control + "a").await?;
            }
            element.send_keys(value).await?;
        }
        reached.push(name);
        if reached.last().map(String::as_str) == Some(credential.password_field()) {
            break;
        }
    }
    let order = credential.auth.fields.iter().map(|field| field.name);
    for name in order {
        ensure!(
            reached.iter().any(|reached| reached == name),
            "Tab does not reach {name}"
        );
    }
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
