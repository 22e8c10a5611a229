//! The demo portal's whole job: four steps with two linked services that are really set, none skipped and none lost.

use anyhow::{Context, Result, ensure};
use linked_service::reference;
use serde_json::{Value, json};

use crate::harness::{CredentialToType, Stage, Wizard, eventually};

const SOURCE: &str = "SalesSqlServer";
const DESTINATION: &str = "PartnerSftp";
const VERIFIED: &str = "Verified by this portal's server with the gateway's identity key";

fn source() -> CredentialToType {
    CredentialToType::sample_of("OnPremisesSqlServer", "SQL")
}

fn destination() -> CredentialToType {
    CredentialToType::sample_of("Sftp", "Basic")
}

#[tokio::test]
async fn two_linked_services_are_set_and_reviewed_with_their_references() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.set(SOURCE, &source()).await?;
    assert_eq!(wizard.receipt("signature").await?, VERIFIED);
    wizard.next("destination").await?;
    wizard.set(DESTINATION, &destination()).await?;
    assert_eq!(wizard.receipt("ls").await?, DESTINATION);
    wizard.next("options").await?;
    stage
        .browser
        .find("#item")
        .await?
        .send_keys("dbo.Orders")
        .await?;
    stage.browser.click("label:has([value='Hour'])").await?;
    stage.browser.click("label:has([value='skip'])").await?;

    // Back loses nothing.
    wizard.back("destination").await?;
    assert_eq!(wizard.receipt("ls").await?, DESTINATION);
    wizard.back("source").await?;
    assert_eq!(wizard.receipt("ls").await?, SOURCE);
    wizard.next("destination").await?;
    wizard.next("options").await?;
    wizard.next("review").await?;

    let told = stage.gateway.fingerprint()?;
    for (role, name) in [("source", SOURCE), ("destination", DESTINATION)] {
        let words = review(&stage, role).await?;
        let stored = stage.gateway.show(name)?;
        let target = stored["target"].as_str().context("no target")?;
        for expected in [name, "Version\n1", target, &told.kid, VERIFIED] {
            ensure!(
                words.contains(expected),
                "{role} does not say {expected}: {words}"
            );
        }
    }
    let cgref = |name| reference(&told.gateway_id, "demo-factory", name, 1);
    let source = document(&stage, "source").await?;
    let properties = &source["properties"]["typeProperties"];
    assert_eq!(
        properties["connectionString"],
        format!("EncryptedCredential={}", cgref(SOURCE))
    );
    let destination = document(&stage, "destination").await?;
    let properties = &destination["properties"]["typeProperties"];
    assert_eq!(properties["encryptedCredential"], cgref(DESTINATION));
    let pipeline = document(&stage, "pipeline").await?;
    let copy = &pipeline["properties"]["activities"][0];
    assert_eq!(copy["source"]["linkedServiceName"]["referenceName"], SOURCE);
    assert_eq!(copy["source"]["item"], "dbo.Orders");
    assert_eq!(
        copy["sink"]["linkedServiceName"]["referenceName"],
        DESTINATION
    );
    assert_eq!(copy["enableSkipIncompatibleRow"], true);
    assert_eq!(
        pipeline["properties"]["recurrence"],
        json!({ "frequency": "Hour", "interval": 1 })
    );

    wizard.go("finish").await?;
    let finished = stage.browser.find("#finished:focus").await?.text().await?;
    ensure!(
        finished.contains("This is a demo: none was created"),
        "{finished}"
    );
    nothing_is_in_storage(&stage).await
}

#[tokio::test]
async fn no_step_is_skipped_and_nothing_is_copied_onto_itself() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    refused(&stage, &wizard, "source", "Choose a linked service first.").await?;
    wizard.choose(SOURCE).await?;
    refused(
        &stage,
        &wizard,
        "source",
        &format!("Set the credential of {SOURCE} first"),
    )
    .await?;
    wizard.set(SOURCE, &source()).await?;
    wizard.choose("RatesHttp").await?;
    refused(
        &stage,
        &wizard,
        "source",
        "Set the credential of RatesHttp first",
    )
    .await?;
    // The choice before still has its receipt.
    wizard.choose(SOURCE).await?;
    assert_eq!(wizard.receipt("ls").await?, SOURCE);

    wizard.next("destination").await?;
    refused(
        &stage,
        &wizard,
        "destination",
        "Choose a linked service first.",
    )
    .await?;
    let card = stage
        .browser
        .find(&format!(".card:has([value='{SOURCE}']:disabled)"))
        .await?;
    ensure!(card.text().await?.contains("Is the source"));
    wizard.set(DESTINATION, &destination()).await?;
    wizard.back("source").await?;
    let card = stage
        .browser
        .find(&format!(".card:has([value='{DESTINATION}']:disabled)"))
        .await?;
    ensure!(card.text().await?.contains("Is the destination"));

    wizard.next("destination").await?;
    wizard.next("options").await?;
    refused(&stage, &wizard, "options", "Say what to copy").await?;
    stage
        .browser
        .find("#item[aria-invalid=true]")
        .await?
        .send_keys("   ")
        .await?;
    refused(&stage, &wizard, "options", "Say what to copy").await
}

#[tokio::test]
async fn a_forged_receipt_is_not_shown_as_verified_and_leads_nowhere() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = stage.wizard().await?;
    wizard.choose(SOURCE).await?;
    let note = "const setter = document.querySelector('#setter'); const { getTicket } = setter; \
         setter.getTicket = async (asked) => (window.ticket = await getTicket(asked));";
    stage.browser.run(note, vec![]).await?;
    wizard.press_and_follow().await?.form().await?;
    wizard.switch_to().await?;
    let jti = "return JSON.parse(atob(window.ticket.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).jti";
    let jti = stage.browser.run(jti, vec![]).await?;
    // The element has no key to tell it by: ticket and linked service are right.
    let receipt = json!({
        "v": 1, "gw": "g", "df": "demo-factory", "ls": SOURCE, "kind": "OnPremisesSqlServer", "auth": "SQL",
        "target": "evil", "account": null, "version": 9, "kid": "k", "jti": jti, "sub": "s", "at": 1,
    });
    wizard.switch_to_popup().await?;
    let post = "window.opener.postMessage({ type: 'cs-saved', receipt: arguments[0], jws: 'a.b.c' }, arguments[1])";
    stage
        .browser
        .run(post, vec![receipt, json!(stage.portal.origin())])
        .await?;
    assert_eq!(wizard.problem().await?, "receipt_signature");
    let words = stage.browser.find("main").await?.text().await?;
    ensure!(
        !words.contains("evil") && !words.contains("Verified"),
        "{words}"
    );
    refused(
        &stage,
        &wizard,
        "source",
        &format!("Set the credential of {SOURCE} first"),
    )
    .await
}

/// Next says these words, with the focus on them, and the step stays.
async fn refused(stage: &Stage, wizard: &Wizard<'_>, step: &str, words: &str) -> Result<()> {
    wizard.go("next").await?;
    eventually(&format!("the alert: {words}"), async || {
        let alert = stage.browser.find("#missing[role=alert]:focus").await?;
        Ok(alert.text().await?.contains(words).then_some(()))
    })
    .await?;
    stage
        .browser
        .find(&format!("#{step}:not([hidden])"))
        .await?;
    Ok(())
}

async fn review(stage: &Stage, part: &str) -> Result<String> {
    let part = stage
        .browser
        .find(&format!("[data-review='{part}']"))
        .await?;
    Ok(part.text().await?)
}

async fn document(stage: &Stage, part: &str) -> Result<Value> {
    let json = stage
        .browser
        .find(&format!("[data-review='{part}'] .json"))
        .await?;
    Ok(serde_json::from_str(&json.text().await?)?)
}

async fn nothing_is_in_storage(stage: &Stage) -> Result<()> {
    let script = "return [localStorage.length, sessionStorage.length, document.cookie]";
    assert_eq!(stage.browser.run(script, vec![]).await?, json!([0, 0, ""]));
    Ok(())
}
