//! What became of a ticket, asked by a page of the portal: the real browser decides what it may ask and read.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{CredentialToType, GatewayPage, Site, Stage, TestTicket};

const FETCH: &str = "
    const [address, ticket, done] = arguments;
    fetch(address, { headers: { Authorization: `Bearer ${ticket}` } })
      .then(async (answer) => done([answer.status, await answer.json()]))
      .catch((error) => done([0, String(error)]));";

async fn ask(stage: &Stage, from: &Site, ticket: &str) -> Result<(u64, Value)> {
    stage.browser.goto(from.origin()).await?;
    let address = format!("{}/v1/tickets/status", stage.gateway.origin());
    let asked = stage
        .browser
        .run_to_end(FETCH, vec![json!(address), json!(ticket)]);
    let answer = asked.await?;
    let status = answer[0].as_u64().context("no status")?;
    Ok((status, answer[1].clone()))
}

#[tokio::test]
async fn a_portal_s_page_learns_the_outcome_and_no_other_page_does() -> Result<()> {
    let mut stage = Stage::set().await?;
    let (portal, stranger) = (Site::start().await?, Site::start().await?);
    let key = stage.portal.public_key();
    let register = stage
        .gateway
        .register_issuer("outcomes", portal.origin(), key, "demo-factory");
    register?;
    stage.gateway.stop().await?;
    stage.gateway.serve().await?;

    let ticket = TestTicket::new(&stage.gateway, "rates", Some("Http"))?
        .with("iss", "outcomes")
        .with("org", portal.origin());
    let compact = ticket.sign(&stage.portal)?;
    assert_eq!(
        ask(&stage, &portal, &compact).await?,
        (200, json!({ "state": "unused" }))
    );

    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;

    let (status, told) = ask(&stage, &portal, &compact).await?;
    assert_eq!((status, &told["state"]), (200, &json!("used")));
    assert_eq!(told["receipt"]["ls"], "rates");
    assert_eq!(told["receipt"]["version"], 1);
    let signature = told["jws"].as_str().context("no signature")?;
    ensure!(signature.split('.').count() == 3, "no JWS");

    // The page of somebody who has come by the ticket: the browser keeps the answer from it.
    let (status, error) = ask(&stage, &stranger, &compact).await?;
    ensure!(status == 0, "a stranger's page was told {status}");
    ensure!(error.to_string().contains("TypeError"), "{error}");
    // A refusal, on the other hand, can be told apart from that.
    let (status, told) = ask(&stage, &portal, "nonsense").await?;
    assert_eq!((status, &told["code"]), (401, &json!("ticket_invalid")));
    Ok(())
}
