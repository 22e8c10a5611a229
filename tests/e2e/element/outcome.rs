//! A portal that cuts the gateway's window off: what was stored is asked for.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{KIND, LINKED_SERVICE, SETTER, chosen};
use crate::harness::element_events::{first, problem, told};
use crate::harness::{CredentialToType, Stage, StageOptions, TestTicket, Wizard, eventually};

async fn cut_off() -> Result<Stage> {
    Stage::with(StageOptions {
        opener_policy: "same-origin",
        ..StageOptions::default()
    })
    .await
}

/// Sets the credential in a window that cannot answer.
async fn set_unseen(stage: &Stage, wizard: &Wizard<'_>) -> Result<()> {
    let page = wizard.press_and_follow().await?;
    page.form().await?;
    ensure!(
        stage
            .browser
            .run("return window.opener", vec![])
            .await?
            .is_null()
    );
    wizard.switch_to().await?;
    let unseen = problem(&stage.browser, "window_unseen").await?;
    ensure!(unseen.detail["final"] == false);
    let page = wizard.switch_to_popup().await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    page.receipt().await?;
    // A portal that does not know the outcome yet is a problem to the wizard, and is asked again.
    wizard.outcome(&["stored"]).await.map(drop)
}

#[tokio::test]
async fn the_gateway_is_asked() -> Result<()> {
    let stage = cut_off().await?;
    let wizard = chosen(&stage).await?;
    set_unseen(&stage, &wizard).await?;
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["ls"], LINKED_SERVICE);
    ensure!(
        told(&stage.browser)
            .await?
            .iter()
            .all(|each| each.name != "cancel")
    );
    let console = stage.browser.console().await?;
    ensure!(console.is_empty(), "on the console: {console:#?}");
    Ok(())
}

/// The window is cut off in the middle of it, and looks closed.
#[tokio::test]
async fn a_double_click_opens_one_window() -> Result<()> {
    let stage = cut_off().await?;
    let wizard = chosen(&stage).await?;
    // A slow machine is no reason for a second window: a millisecond passes for each look at the clock.
    let slow = "let now = Date.now(); Date.now = () => (now += 1); \
         const { open } = window; window.open = (...wish) => (window.opened = open.apply(window, wish));";
    stage.browser.run(slow, vec![]).await?;
    wizard.press().await?;
    eventually("a window that is cut off", async || {
        let closed = stage.browser.run("return opened.closed", vec![]).await?;
        Ok((closed == json!(true)).then_some(()))
    })
    .await?;
    wizard.press().await?;
    let page = wizard.switch_to_popup().await?;
    page.form().await?;
    assert_eq!(wizard.windows().await?, 2);
    wizard.switch_to().await?;
    problem(&stage.browser, "window_unseen").await?;
    let told = told(&stage.browser).await?;
    let opened = told.iter().filter(|each| each.name == "open").count();
    assert_eq!(opened, 1, "{told:?}");
    let log = std::fs::read_to_string(stage.home().join("portal.log"))?;
    let tickets = log.lines().filter(|line| line.starts_with("ticket "));
    assert_eq!(tickets.count(), 1);
    Ok(())
}

#[tokio::test]
async fn the_portal_is_asked_if_it_wants_to_be() -> Result<()> {
    let stage = cut_off().await?;
    let wizard = chosen(&stage).await?;
    // It fails first, has nothing next, and then knows from the gateway.
    let own = format!(
        "{SETTER} window.asked = []; setter.getOutcome = async (asked) => {{ \
           window.asked.push(asked); \
           if (window.asked.length === 1) throw new Error('restarting'); \
           const headers = {{ Authorization: `Bearer ${{asked.ticket}}` }}; \
           const answer = await (await fetch(setter.gateway + '/v1/tickets/status', {{ headers }})).json(); \
           return answer.state === 'used' ? answer : null; }};"
    );
    stage.browser.run(&own, vec![]).await?;
    set_unseen(&stage, &wizard).await?;
    let failed = problem(&stage.browser, "outcome_unavailable").await?;
    ensure!(failed.detail["final"] == false);
    first(&stage.browser, "saved").await?;
    let asked =
        "const [{ ticket, ...rest }] = window.asked; return [rest, ticket.split('.').length];";
    let asked = stage.browser.run(asked, vec![]).await?;
    assert_eq!(
        asked,
        json!([{ "linkedService": LINKED_SERVICE, "kind": KIND }, 3])
    );
    Ok(())
}

/// The page has stored the credential, and its window is closed before it could tell.
#[tokio::test]
async fn what_was_stored_as_the_window_went_is_told() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let page = wizard.press_and_follow().await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    wizard.switch_to().await?;
    first(&stage.browser, "ready").await?;
    let page = wizard.switch_to_popup().await?;
    stage.browser.run("window.opener = null", vec![]).await?;
    page.save().await?;
    page.receipt().await?;
    stage.browser.driver().close_window().await?;
    wizard.switch_to().await?;
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["ls"], LINKED_SERVICE);
    Ok(())
}

#[tokio::test]
async fn a_ticket_that_ends_unused_ends_the_asking() -> Result<()> {
    let stage = cut_off().await?;
    let wizard = chosen(&stage).await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?
        .with("org", stage.portal.origin())
        .lasting(4);
    give(&stage, &ticket.sign(&stage.portal)?).await?;
    wizard.press().await?;
    let cancelled = first(&stage.browser, "cancel").await?;
    assert_eq!(cancelled.detail["reason"], "expired");
    Ok(())
}

#[tokio::test]
async fn a_gateway_that_does_not_tell_ends_the_asking() -> Result<()> {
    let stage = cut_off().await?;
    let wizard = chosen(&stage).await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?
        .with("org", stage.portal.origin())
        .with("aud", "another-gateway");
    give(&stage, &ticket.sign(&stage.portal)?).await?;
    wizard.press().await?;
    let unknown = problem(&stage.browser, "outcome_unknown").await?;
    ensure!(unknown.detail["final"] == true);
    Ok(())
}

async fn give(stage: &Stage, ticket: &str) -> Result<()> {
    let give =
        format!("const [ticket] = arguments; {SETTER} setter.getTicket = async () => ticket;");
    stage
        .browser
        .run(&give, vec![json!(ticket)])
        .await
        .map(drop)
}
