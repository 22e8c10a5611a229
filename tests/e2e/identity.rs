//! What people compare: the gateway's identity in words, the same wherever it is shown.

use anyhow::{Context, Result, ensure};
use envelope::Kid;
use envelope::fingerprint::{WORD_LIST, words};

use crate::harness::impostor::{Impostor, statement_in, with_statement};
use crate::harness::{CredentialToType, GatewayPage, Stage, Substitution, TestTicket, eventually};

#[tokio::test]
async fn the_words_are_the_same_on_the_page_in_the_portal_and_on_the_gateway() -> Result<()> {
    let stage = Stage::set().await?;
    let told = stage.gateway.fingerprint()?;
    ensure!(told.words.split(' ').count() == 6, "not six words");
    let wizard = stage.wizard().await?;
    wizard.choose("SalesSqlServer").await?;
    let portal = stage
        .browser
        .find("[data-chosen=words]")
        .await?
        .text()
        .await?;
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
    ensure!(notice.words.contains("statement_older"), "{notice:?}");
    substitution.end().await?;
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    ensure!(audit.contains("First") && !audit.contains("Second"));
    Ok(())
}

/// Somebody else's identity key vouches for the gateway's keys, and the ticket names no identity key: only a person can say what that means.
#[tokio::test]
async fn another_identity_key_blocks_the_page_until_a_person_has_compared_the_words() -> Result<()>
{
    let stage = Stage::set().await?;
    let told = stage.gateway.fingerprint()?;
    let genuine = stage.browser.key_document(stage.gateway.origin()).await?;
    let page = follow_with(&stage, "First", &told.kid).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;

    let impostor = Impostor::new()?;
    let said = impostor.says(&statement_in(&genuine)?);
    let document = with_statement(&genuine, impostor.sign(&said)?)?;
    let substitution = Substitution::begin(&stage.browser, &document.to_string()).await?;
    let page = follow_with(&stage, "Second", &told.kid).await?;
    let notice = page.notice().await?;
    ensure!(notice.code == "identity_changed", "{notice:?}");
    let now = words(&Kid::parse(&impostor.thumbprint())?, WORD_LIST);
    let now = now.context("the list is too short")?;
    eventually("both keys in words", async || {
        let shown = page.words().await?;
        Ok((shown.contains(&told.words) && shown.contains(&now)).then_some(()))
    })
    .await?;
    page.save().await?;
    ensure!(page.notice().await?.code == "identity_changed");

    stage.browser.find("#trust").await?.click().await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;
    substitution.end().await?;
    // The other way round it is a change again.
    let page = follow_with(&stage, "Third", &told.kid).await?;
    ensure!(page.notice().await?.code == "identity_changed");
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    ensure!(audit.contains("Second") && !audit.contains("Third"));
    Ok(())
}

async fn follow_with<'s>(
    stage: &'s Stage,
    linked_service: &str,
    thumbprint: &str,
) -> Result<GatewayPage<'s>> {
    let ticket = TestTicket::new(&stage.gateway, linked_service, Some("Http"))?;
    let ticket = ticket.with("thp", thumbprint);
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    GatewayPage::follow(&stage.browser, &link).await
}

async fn follow<'s>(stage: &'s Stage, linked_service: &str) -> Result<GatewayPage<'s>> {
    let identity = stage.gateway.fingerprint()?.identity;
    let page = follow_with(stage, linked_service, &identity).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    Ok(page)
}
