//! What is published beside the page, for programs.

use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::harness::{CredentialToType, GatewayPage, Stage, page_folder};

#[tokio::test]
async fn the_schema_of_every_kind_is_published_with_the_page() -> Result<()> {
    let stage = Stage::set().await?;
    let link = stage.gateway.ticket_link("sales", "demo-factory")?;
    GatewayPage::follow(&stage.browser, &link)
        .await?
        .form()
        .await?;
    let fetched = "const done = arguments[arguments.length - 1];
        fetch('/embed/linked-service.schema.json').then(async (answer) =>
            done([answer.headers.get('content-type'), await answer.text()]));";
    let fetched = stage.browser.run_to_end(fetched, vec![]).await?;
    ensure!(fetched[0] == "application/json", "{}", fetched[0]);
    let schema: Value = serde_json::from_str(fetched[1].as_str().unwrap_or_default())?;
    ensure!(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
    let text = schema.to_string();
    for kind in linked_service::catalogue() {
        ensure!(text.contains(kind.id), "nothing about {}", kind.id);
    }
    Ok(())
}

/// What whoever compares types, as `crates/envelope/src/page_hash.rs` says.
const HASH: &str = "find static -type f ! -name '*.br' ! -name '*.gz' | LC_ALL=C sort | xargs sha256sum | sha256sum";

#[tokio::test]
async fn the_page_and_the_receipt_say_which_page_it_is() -> Result<()> {
    let printed = Command::new("sh")
        .args(["-c", HASH])
        .current_dir(page_folder()?)
        .output()?;
    let printed = String::from_utf8(printed.stdout)?;
    let hash = printed.split_whitespace().next().context("no hash")?;

    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let listen = "document.addEventListener('cs-saved', ({ detail }) => { window.pageHash = detail.receipt.page; });";
    stage.browser.run(listen, vec![]).await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    page.fill(&CredentialToType::sample_of("OnPremisesSqlServer", "SQL"))
        .await?;
    let shown = stage.browser.find(".build code").await?.text().await?;
    ensure!(
        shown == hash,
        "the page shows {shown}, its files have {hash}"
    );
    page.save().await?;
    page.receipt().await?;
    wizard.stored().await?;
    let recorded = stage.browser.run("return window.pageHash", vec![]).await?;
    ensure!(recorded == hash, "the receipt has {recorded}");
    Ok(())
}
