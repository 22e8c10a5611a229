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

    let page = {
        wizard.press().await?;
        wizard.switch_to_popup().await?
    };
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
    // The right source from the wrong origin: the window was navigated to somebody else's page.
    let forge = "window.dispatchEvent(new MessageEvent('message', { data: arguments[0], origin: 'https://evil.example', source: null }))";
    stage.browser.run(forge, vec![message.clone()]).await?;
    // A task later, whatever was delivered has been handled.
    let turn =
        "const done = arguments[arguments.length - 1]; setTimeout(() => done(window.seen), 0);";
    let seen = stage
        .browser
        .driver()
        .execute_async(turn, vec![])
        .await?
        .json()
        .clone();
    assert_eq!(seen, json!([]));

    // And the window itself is believed, but not a receipt for something else.
    wizard.switch_to_popup().await?;
    let mut other = message;
    other["receipt"]["ls"] = json!("payroll");
    stage
        .browser
        .run(
            "window.opener.postMessage(arguments[0], arguments[1])",
            vec![other, json!(stage.portal.origin())],
        )
        .await?;
    assert_eq!(wizard.problem().await?, "receipt_mismatch");
    Ok(())
}

async fn record_events(browser: &Browser) -> Result<Value> {
    let script = "window.seen = []; \
         for (const name of ['cs-saved', 'cs-error', 'cs-cancel', 'cs-ready']) \
           document.addEventListener(name, (event) => window.seen.push(event.type));";
    browser.run(script, vec![]).await
}
