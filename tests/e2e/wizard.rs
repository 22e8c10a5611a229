//! The portal's side: what the wizard says when the gateway's window is blocked, closed, cancelled or asked for twice.

use anyhow::Result;
use serde_json::{Value, json};

use crate::harness::{Browser, CredentialToType, Stage, eventually};

const LINKED_SERVICE: &str = "SalesSqlServer";

#[tokio::test]
async fn a_closed_window_is_told_in_words_and_can_be_opened_again() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.form().await?;
    stage.browser.driver().close_window().await?;
    assert_eq!(wizard.problem().await?, "closed");

    let page = wizard.press_and_follow().await?;
    page.fill(&CredentialToType::sample_of("OnPremisesSqlServer", "SQL"))
        .await?;
    page.save().await?;
    page.receipt().await?;
    wizard.stored().await?;
    Ok(())
}

#[tokio::test]
async fn cancel_on_the_gateway_s_page_is_told_in_words() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.form().await?;
    page.cancel().await?;
    assert_eq!(wizard.problem().await?, "cancelled");
    assert!(stage.gateway.list()?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_second_click_opens_no_second_window_and_asks_for_no_second_ticket() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.form().await?;
    wizard.switch_to().await?;
    wizard.press().await?;
    wizard.press().await?;
    assert_eq!(wizard.windows().await?, 2);
    let log = std::fs::read_to_string(stage.home().join("portal.log"))?;
    assert_eq!(
        log.lines()
            .filter(|line| line.starts_with("ticket "))
            .count(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn a_blocked_window_is_told_in_words() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    // Without a person's click the browser blocks the window, as it always does for people who forbid pop-ups. (A script of
    // the driver's own counts as a click.)
    let open = format!(
        "const setter = document.querySelector('credential-setter'); \
         setter.disabled = false; setter.linkedService = '{LINKED_SERVICE}'; setter.open();"
    );
    stage
        .browser
        .cdp("Runtime.evaluate", json!({ "expression": open }))
        .await?;
    assert_eq!(wizard.problem().await?, "popup_blocked");
    assert_eq!(wizard.windows().await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_portal_that_issues_no_ticket_is_told_in_words() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.choose(LINKED_SERVICE).await?;
    stage
        .browser
        .run(
            "document.querySelector('credential-setter').linkedService = 'payroll'",
            vec![],
        )
        .await?;
    wizard.press().await?;
    assert_eq!(wizard.problem().await?, "ticket_unavailable");
    eventually("the window's end", async || {
        Ok((wizard.windows().await? == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn messages_of_others_are_not_believed() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential(LINKED_SERVICE).await?;
    page.form().await?;
    wizard.switch_to().await?;
    record_events(&stage.browser).await?;
    let receipt = json!({
        "v": 1, "gw": "g", "df": "demo-factory", "ls": LINKED_SERVICE, "kind": "OnPremisesSqlServer", "auth": "SQL",
        "target": "evil", "account": null, "version": 9, "kid": "k", "jti": "j", "sub": "s", "at": 1,
    });
    let message = json!({ "type": "cs-saved", "receipt": receipt, "jws": "a.b.c" });
    // From the portal's own window: the wrong origin and the wrong source.
    stage
        .browser
        .run(
            "window.postMessage(arguments[0], '*')",
            vec![message.clone()],
        )
        .await?;
    // From a frame that an attacker controls, with the gateway's origin claimed in the message only.
    let forge = "window.dispatchEvent(new MessageEvent('message', { data: arguments[0], origin: arguments[1], source: window }))";
    stage
        .browser
        .run(forge, vec![message.clone(), json!(stage.gateway.origin())])
        .await?;
    // From the right window on the wrong origin: it was navigated to another page. That is the same gateway by another name.
    wizard.switch_to_popup().await?;
    let post = "window.opener.postMessage(arguments[0], arguments[1])";
    let portal = json!(stage.portal.origin());
    let elsewhere = stage.gateway.origin().replace("localhost", "127.0.0.1");
    navigate_itself(&stage.browser, &elsewhere).await?;
    stage
        .browser
        .run(post, vec![message.clone(), portal.clone()])
        .await?;
    navigate_itself(&stage.browser, stage.gateway.origin()).await?;

    // Back on the gateway's origin it is believed, but not a receipt for something else. That message is the last one, so
    // that whatever came before it has been handled when it is.
    let mut other = message;
    other["receipt"]["ls"] = json!("payroll");
    stage.browser.run(post, vec![other, portal]).await?;
    assert_eq!(wizard.problem().await?, "receipt_mismatch");
    let seen = stage.browser.run("return window.seen", vec![]).await?;
    assert!(
        !seen.to_string().contains("cs-saved"),
        "a forged message was believed: {seen}"
    );
    Ok(())
}

/// The page goes to another origin by itself; a navigation of the driver's would cut its opener off.
async fn navigate_itself(browser: &Browser, origin: &str) -> Result<()> {
    browser
        .run(
            "location.assign(arguments[0])",
            vec![json!(format!("{origin}/set"))],
        )
        .await?;
    eventually("another origin in the window", async || {
        let here = browser
            .run("return [location.origin, document.readyState]", vec![])
            .await;
        Ok(here
            .is_ok_and(|here| here == json!([origin, "complete"]))
            .then_some(()))
    })
    .await
}

async fn record_events(browser: &Browser) -> Result<Value> {
    let script = "window.seen = []; \
         for (const name of ['cs-saved', 'cs-error', 'cs-cancel', 'cs-ready']) \
           document.addEventListener(name, (event) => window.seen.push(event.type));";
    browser.run(script, vec![]).await
}
