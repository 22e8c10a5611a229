//! What people compare: the gateway's identity in words, the same wherever it is shown.

use anyhow::{Result, ensure};

use crate::harness::{CredentialToType, GatewayPage, Stage, Substitution, TestTicket, eventually};

#[tokio::test]
async fn the_words_are_the_same_on_the_page_in_the_portal_and_on_the_gateway() -> Result<()> {
    let stage = Stage::set().await?;
    let told = stage.gateway.fingerprint()?;
    ensure!(told.words.split(' ').count() == 6, "not six words");
    let wizard = stage.wizard().await?;
    wizard.choose("SalesSqlServer").await?;
    let portal = stage.browser.find("#gateway-words").await?.text().await?;
    ensure!(portal == told.words, "the portal says {portal}");
    let page = wizard.press_and_follow().await?;
    eventually("the words on the page", async || {
        Ok(page.words().await?.contains(&told.words).then_some(()))
    })
    .await?;
    ensure!(
        page.words().await?.contains(&told.certificate),
        "the certificate's hash is not shown"
    );
    Ok(())
}

#[tokio::test]
async fn a_key_document_from_before_a_rotation_is_refused() -> Result<()> {
    let stage = Stage::set().await?;
    let recorded = stage.browser.key_document(stage.gateway.origin()).await?;
    stage.gateway.rotate_now()?;
    // The page meets the gateway as it is now.
    let page = follow(&stage, "First").await?;
    page.save().await?;
    page.receipt().await?;

    let substitution = Substitution::begin(&stage.browser, &recorded.to_string()).await?;
    let page = follow(&stage, "Second").await?;
    page.save().await?;
    let notice = page.notice().await?;
    ensure!(notice.code == "key_refused", "{notice:?}");
    ensure!(notice.words.contains("older than one"), "{notice:?}");
    substitution.end().await?;
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    ensure!(audit.contains("First") && !audit.contains("Second"));
    Ok(())
}

async fn follow<'s>(stage: &'s Stage, linked_service: &str) -> Result<GatewayPage<'s>> {
    let ticket = TestTicket::new(&stage.gateway, linked_service, Some("Http"))?;
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    Ok(page)
}
