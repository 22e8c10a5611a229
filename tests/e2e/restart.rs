//! Killed between saves: what was acknowledged is there, what was not is not there by half.

use anyhow::Result;
use serde_json::Value;

use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket};

const KIND: &str = "OnPremisesPostgreSql";

#[tokio::test]
async fn acknowledged_credentials_survive_kill_9() -> Result<()> {
    let mut stage = Stage::set().await?;
    for round in 0..4 {
        let (linked_service, password) = (
            format!("round-{round}"),
            format!("password of round {round}"),
        );
        let link = TestTicket::new(&stage.gateway, &linked_service, Some(KIND))?
            .link(&stage.gateway, &stage.portal)?;
        let page = GatewayPage::follow(&stage.browser, &link).await?;
        page.fill(&CredentialToType::sample_of(KIND, "Basic").with_password(&password))
            .await?;
        page.save().await?;
        page.receipt().await?;
        // At once: whatever the gateway wanted to do after its answer, it cannot.
        stage.gateway.kill();
        assert!(
            stage.gateway.reveal_secret(&linked_service, "password")? == password.as_bytes(),
            "{linked_service}"
        );
        stage.gateway.serve().await?;
    }
    let listed = stage.gateway.list()?;
    assert_eq!(listed.len(), 4);
    assert!(listed.iter().all(|entry| entry["version"] == 1));
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    let lines = audit
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<Vec<Value>, _>>()?;
    for round in 0..4 {
        let name = format!("round-{round}");
        let stored = lines
            .iter()
            .filter(|line| line["event"] == "credential_set" && line["ls"] == name.as_str());
        assert_eq!(stored.count(), 1, "{name} in the audit");
    }
    Ok(())
}

#[tokio::test]
async fn killed_while_saving_leaves_all_or_nothing() -> Result<()> {
    let mut stage = Stage::set().await?;
    let mut acknowledged = 0;
    for round in 0..4 {
        let (linked_service, password) = (
            format!("round-{round}"),
            format!("password of round {round}"),
        );
        let link = TestTicket::new(&stage.gateway, &linked_service, Some(KIND))?
            .link(&stage.gateway, &stage.portal)?;
        {
            let page = GatewayPage::follow(&stage.browser, &link).await?;
            page.fill(&CredentialToType::sample_of(KIND, "Basic").with_password(&password))
                .await?;
            page.save().await?;
        }
        stage.gateway.kill();
        let page = GatewayPage::in_current_window(&stage.browser);
        let was_there = stage.gateway.show(&linked_service).is_ok();
        if was_there {
            assert!(
                stage.gateway.reveal_secret(&linked_service, "password")? == password.as_bytes()
            );
        }
        stage.gateway.serve().await?;
        // The page tries again by itself, or the person does; the same envelope cannot be stored twice.
        if page.answer().await?.is_err() {
            page.save().await?;
        }
        page.receipt().await?;
        let shown = stage.gateway.show(&linked_service)?;
        assert_eq!(shown["version"], 1, "{linked_service} was stored twice");
        assert!(stage.gateway.reveal_secret(&linked_service, "password")? == password.as_bytes());
        acknowledged += 1;
    }
    assert_eq!(stage.gateway.list()?.len(), acknowledged);
    Ok(())
}
