//! The product's main job, for every kind and authentication type of the catalogue.

use anyhow::{Context, Result};
use linked_service::{AuthType, Kind, Placement};
use serde_json::Value;

use crate::harness::{CredentialToType, Engine, Stage, every_way_to_sign_in, in_each_engine};

/// The demo's linked service that leaves the kind open.
const FOR_ANY_KIND: &str = "AnyDataStore";

/// The demo's linked service for a kind.
fn linked_service_for(kind: &Kind) -> &'static str {
    match kind.id {
        "OnPremisesSqlServer" => "SalesSqlServer",
        "OnPremisesOracle" => "ErpOracle",
        "OnPremisesPostgreSql" => "TelemetryPostgreSql",
        "OnPremisesMySql" => "ShopMySql",
        "Sftp" => "PartnerSftp",
        "Http" => "RatesHttp",
        _ => FOR_ANY_KIND,
    }
}

in_each_engine!(the_kind_can_be_left_to_the_person);

#[tokio::test]
async fn every_kind_and_authentication_type_arrives_byte_for_byte() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    let mut versions = std::collections::BTreeMap::new();
    for credential in every_way_to_sign_in() {
        let (kind, auth) = (credential.kind, credential.auth);
        let linked_service = linked_service_for(kind);
        let version: u64 = *versions
            .entry(linked_service)
            .and_modify(|version| *version += 1)
            .or_insert(1);
        set_and_compare(&stage, &wizard, linked_service, &credential, version)
            .await
            .with_context(|| format!("{} with {}", kind.name, auth.name.text()))?;
    }
    let listed = stage.gateway.list()?;
    assert_eq!(listed.len(), versions.len());
    for (linked_service, version) in versions {
        let entry = listed
            .iter()
            .find(|entry| entry["ls"] == linked_service)
            .context(linked_service)?;
        assert_eq!(entry["version"], version, "{linked_service}");
        assert_eq!(*entry, stage.gateway.show(linked_service)?);
    }
    Ok(())
}

async fn the_kind_can_be_left_to_the_person(engine: Engine) -> Result<()> {
    let stage = Stage::set_in(engine).await?;
    let wizard = stage.wizard().await?;
    let first = CredentialToType::sample_of("OnPremisesOracle", "Basic");
    set_and_compare(&stage, &wizard, FOR_ANY_KIND, &first, 1).await?;
    let second = CredentialToType::sample_of("Sftp", "SshPublicKey");
    set_and_compare(&stage, &wizard, FOR_ANY_KIND, &second, 2).await
}

async fn set_and_compare(
    stage: &Stage,
    wizard: &crate::harness::Wizard<'_>,
    linked_service: &str,
    credential: &CredentialToType,
    version: u64,
) -> Result<()> {
    let page = wizard.set_credential(linked_service).await?;
    page.fill(credential).await?;
    page.save().await?;
    let words = page.receipt().await?;
    let kid = stage.gateway.fingerprint()?.kid;
    for expected in [
        linked_service,
        credential.kind.name,
        &version.to_string(),
        &kid,
    ] {
        assert!(
            words.contains(expected),
            "the receipt does not say {expected}: {words}"
        );
    }
    has_reference(
        credential.kind,
        credential.auth,
        linked_service,
        &page.linked_service_json().await?,
    );

    wizard.stored().await?;
    assert_eq!(wizard.receipt("ls").await?, linked_service);
    assert_eq!(wizard.receipt("kind").await?, credential.kind.name);
    assert_eq!(wizard.receipt("auth").await?, credential.auth.name.text());
    assert_eq!(wizard.receipt("version").await?, version.to_string());
    assert_eq!(wizard.receipt("kid").await?, kid);
    assert!(!wizard.receipt("at").await?.is_empty());
    let target = wizard.receipt("target").await?;
    assert!(
        words.contains(&target) && !target.is_empty(),
        "two targets: {target}, {words}"
    );

    for (name, typed) in &credential.secrets {
        let revealed = stage.gateway.reveal_secret(linked_service, name)?;
        // Not `assert_eq`: a failure must not print it.
        assert!(
            revealed == typed.as_bytes(),
            "what came out as {name} is not what was typed"
        );
        assert!(!words.contains(typed.as_str()), "the receipt shows {name}");
    }
    let shown = stage.gateway.show(linked_service)?;
    assert_eq!(shown["ls"], linked_service);
    assert_eq!(shown["kind"], credential.kind.id);
    assert_eq!(shown["auth"], credential.auth.id);
    assert_eq!(shown["target"], target.as_str());
    assert_eq!(shown["version"], version);
    assert_eq!(shown["kid"], kid.as_str());
    assert_eq!(shown["set_by"], "dana@harbour.example");
    for (name, value) in &credential.properties {
        assert_eq!(shown["properties"][name], value.as_str(), "{name}");
    }
    let mut names: Vec<&str> = shown["secrets"]
        .as_array()
        .context("no names of secrets")?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        credential.secrets.keys().copied().collect::<Vec<_>>()
    );
    Ok(())
}

/// The reference stands where the kind's connector looks for ciphertext.
fn has_reference(kind: &Kind, auth: &AuthType, linked_service: &str, json: &Value) {
    assert_eq!(json["name"], linked_service);
    assert_eq!(
        json["properties"]["type"],
        auth.json_type.unwrap_or(kind.id)
    );
    let properties = &json["properties"]["typeProperties"];
    let (text, mark) = match auth.placement {
        Placement::ConnectionString => (&properties["connectionString"], "EncryptedCredential="),
        Placement::EncryptedCredential => (&properties["encryptedCredential"], ""),
        Placement::Nowhere => {
            assert!(!json.to_string().contains("cgref:"), "{json}");
            return;
        }
    };
    let text = text.as_str().unwrap_or_default();
    let expected = format!("{mark}cgref:");
    assert!(
        text.contains(&expected) || text.contains(&format!("{mark}\"cgref:")),
        "no reference in {json}"
    );
}
