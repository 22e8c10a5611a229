//! The ticket travels in the link's fragment and stays nowhere: not in the address bar, the history, a Referer or a log.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::scanner::Canary;
use crate::harness::{Browser, CredentialToType, GatewayPage, Stage, StageOptions, TestTicket};

const KIND: &str = "OnPremisesMySql";

#[tokio::test]
async fn the_ticket_stays_nowhere() -> Result<()> {
    let stage = Stage::with(StageOptions {
        gateway_log: "trace",
        ..StageOptions::default()
    })
    .await?;
    let ticket = TestTicket::new(&stage.gateway, "shop", Some(KIND))?.sign(&stage.portal)?;
    let link = format!("{}/#ticket={ticket}", stage.gateway.origin());
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.form().await?;
    ensure!(
        stage
            .browser
            .driver()
            .current_url()
            .await?
            .fragment()
            .is_none(),
        "the fragment is still in the address bar"
    );
    nothing_in_the_history(&stage.browser).await?;
    ensure!(
        !page.words().await?.contains(&ticket),
        "the page shows the ticket"
    );

    page.fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;

    // The signature: no header or claims that could be like another ticket's.
    let signature = ticket.rsplit('.').next().context("no signature")?;
    let canary = Canary::new(signature);
    for log in ["gateway.log", "portal.log"] {
        ensure!(
            canary.in_file(&stage.home().join(log))?.is_empty(),
            "the ticket is in {log}"
        );
    }
    let found = canary.in_folder(stage.gateway.folder())?;
    ensure!(found.is_empty(), "the gateway keeps the ticket: {found:?}");
    Ok(())
}

#[tokio::test]
async fn the_popup_s_history_has_no_ticket_and_no_request_a_referer() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("ShopMySql").await?;
    page.form().await?;
    ensure!(
        stage
            .browser
            .driver()
            .current_url()
            .await?
            .fragment()
            .is_none(),
        "the fragment is still in the address bar"
    );
    nothing_in_the_history(&stage.browser).await?;
    page.fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;
    wizard.stored().await?;

    let Stage {
        browser,
        home: _home,
        ..
    } = stage;
    let network_log = browser.close().await?;
    let log = std::fs::read_to_string(&network_log)?.to_lowercase();
    ensure!(
        log.contains("accept-language: "),
        "the network log has no request headers"
    );
    ensure!(!log.contains("\"referer: "), "a request has a Referer");
    Ok(())
}

/// No entry of the window's history leads back to the ticket.
async fn nothing_in_the_history(browser: &Browser) -> Result<()> {
    let history = browser.cdp("Page.getNavigationHistory", json!({})).await?;
    let entries = history["entries"].as_array().context("no history")?;
    ensure!(!entries.is_empty(), "the history is empty");
    for entry in entries {
        for what in ["url", "title"] {
            let text = entry[what].as_str().unwrap_or_default();
            ensure!(
                !text.contains("ticket="),
                "an entry's {what} names the ticket"
            );
        }
    }
    Ok(())
}
