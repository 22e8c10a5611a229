//! On a slow network the form is there before the program: what is typed into it stays, and a secret has to wait.

use anyhow::{Result, ensure};
use thirtyfour::By;

use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket, eventually};

const KIND: &str = "OnPremisesSqlServer";
const SERVER: &str = "sql01.corp.example";

/// Bytes per second: the program takes some seconds.
const SLOW: u32 = 40_000;

#[tokio::test]
async fn what_is_typed_before_the_program_is_there_is_saved() -> Result<()> {
    let stage = Stage::set().await?;
    let driver = stage.browser.driver();
    let enabled = async |css: &str| -> Result<usize> {
        Ok(driver
            .find_all(By::Css(format!("form.card {css}:enabled")))
            .await?
            .len())
    };
    stage.browser.network(false, Some(SLOW)).await?;

    let ticket = TestTicket::new(&stage.gateway, "slow", Some(KIND))?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    eventually("the first field", async || {
        Ok((enabled("input").await? > 0).then_some(()))
    })
    .await?;
    let focused = driver.active_element().await?;
    focused.send_keys(SERVER).await?;
    let secrets = enabled("[name='password']").await?;
    let buttons = enabled("button").await?;
    ensure!(
        secrets == 0 && buttons == 0,
        "without the program {secrets} secret fields and {buttons} buttons can be used"
    );

    stage.browser.network(false, None).await?;
    page.form().await?;
    ensure!(
        page.shown("Data Source").await? == SERVER,
        "what was typed is gone"
    );
    let name = driver.active_element().await?.attr("name").await?;
    ensure!(
        name.as_deref() == Some("Data Source"),
        "the focus went to {name:?}"
    );
    let mut rest = CredentialToType::sample_of(KIND, "SQL");
    rest.properties.remove("Data Source");
    page.fill(&rest).await?;
    page.save().await?;
    let receipt = page.receipt().await?;
    ensure!(receipt.contains(SERVER), "the receipt names {receipt}");
    Ok(())
}
