//! A key document that is not the gateway's: whatever is wrong with it, the page says what, and posts nothing.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{CredentialToType, GatewayPage, Stage, TestTicket};
use documents::Substitute;

mod documents;

/// Answers requests for the key document with another one; everything else goes its way.
const SUBSTITUTE: &str = "const genuine = window.fetch; \
     window.fetch = async (resource, options) => { \
       const answer = await genuine(resource, options); \
       return resource === '/v1/keys' ? new Response(DOCUMENT, { headers: answer.headers }) : answer; };";

/// From now on every page that is loaded gets this key document.
async fn substitute(stage: &Stage, document: &str) -> Result<Value> {
    let source = SUBSTITUTE.replace("DOCUMENT", &json!(document).to_string());
    let method = "Page.addScriptToEvaluateOnNewDocument";
    stage.browser.cdp(method, json!({ "source": source })).await
}

/// Fills the form with this key document in the gateway's place, and presses Save.
async fn save_with<'s>(
    stage: &'s Stage,
    linked_service: &str,
    substitute_key: &Substitute,
) -> Result<GatewayPage<'s>> {
    let script = substitute(stage, &substitute_key.document).await?;
    let ticket = TestTicket::new(&stage.gateway, linked_service, Some("Http"))?;
    let ticket = ticket.with("thp", substitute_key.thumbprint.as_str());
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    let method = "Page.removeScriptToEvaluateOnNewDocument";
    stage.browser.cdp(method, script).await?;
    Ok(page)
}

#[tokio::test]
async fn no_substituted_key_is_sealed_for() -> Result<()> {
    let stage = Stage::set().await?;
    let genuine = genuine_document(&stage).await?;
    let kid = stage.gateway.fingerprint()?.kid;

    let substitutes = documents::all(&genuine, &kid)?;
    ensure!(substitutes.len() >= 20, "too few");
    for (index, substitute) in substitutes.iter().enumerate() {
        let what = substitute.what;
        let page = save_with(&stage, &format!("Refused{index}"), substitute)
            .await
            .context(what)?;
        let notice = page.notice().await.context(what)?;
        ensure!(notice.code == substitute.code, "{what}: {notice:?}");
        ensure!(
            notice.words.contains(substitute.words),
            "{what}: {notice:?} does not say {:?}",
            substitute.words
        );
        let shown = page.shown("password").await?;
        ensure!(!shown.is_empty(), "{what}: the password is gone");
    }

    // The same with the genuine document in its own place: the way to the gateway is open, and what is sent is seen.
    let genuine = Substitute {
        what: "the genuine document",
        document: genuine.to_string(),
        thumbprint: kid,
        code: "",
        words: "",
    };
    let page = save_with(&stage, "Accepted", &genuine).await?;
    page.receipt().await?;
    let audit = std::fs::read_to_string(stage.gateway.folder().join("audit.jsonl"))?;
    ensure!(audit.contains("Accepted"), "the audit is empty");
    ensure!(!audit.contains("Refused"), "something was posted");

    let Stage {
        browser,
        gateway,
        home: _home,
        ..
    } = stage;
    let put = put_requests(&browser.close().await?)?;
    let accepted = format!(
        "{}/v1/factories/demo-factory/linked-services/Accepted/credential",
        gateway.origin()
    );
    ensure!(put == BTreeSet::from([accepted]), "the browser put {put:?}");
    Ok(())
}

/// What the gateway serves, read by its own page.
async fn genuine_document(stage: &Stage) -> Result<Value> {
    stage.browser.goto(stage.gateway.origin()).await?;
    let script = "const done = arguments[arguments.length - 1]; fetch('/v1/keys').then((answer) => answer.json()).then(done);";
    let document = stage.browser.driver().execute_async(script, vec![]).await?;
    Ok(document.json().clone())
}

/// The addresses of all PUT requests that left the browser.
fn put_requests(log: &Path) -> Result<BTreeSet<String>> {
    let log: Value = serde_json::from_slice(&std::fs::read(log)?)?;
    let start = &log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"];
    ensure!(start.is_i64(), "the network log names no requests");
    let events = log["events"].as_array().context("no events")?;
    let requests = events.iter().filter(|event| event["type"] == *start);
    Ok(requests
        .map(|event| &event["params"])
        .filter(|request| request["method"] == "PUT")
        .filter_map(|request| request["url"].as_str())
        .map(str::to_owned)
        .collect())
}
