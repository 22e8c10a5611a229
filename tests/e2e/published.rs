//! What is published beside the page, for programs.

use anyhow::{Result, ensure};
use serde_json::Value;

use crate::harness::{GatewayPage, Stage};

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
