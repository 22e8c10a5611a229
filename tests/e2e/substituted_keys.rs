//! A key document that is not the gateway's: whatever is wrong with it, the page says what, and posts nothing.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use crate::harness::{
    CredentialToType, GatewayPage, Stage, Substitution, TestTicket, put_requests,
};
use documents::Substitute;

mod documents;
mod statements;

/// Fills the form with this key document in the gateway's place, and presses Save.
async fn save_with<'s>(
    stage: &'s Stage,
    linked_service: &str,
    substitute_key: &Substitute,
) -> Result<GatewayPage<'s>> {
    let substitution = Substitution::begin(&stage.browser, &substitute_key.document).await?;
    let ticket = TestTicket::new(&stage.gateway, linked_service, Some("Http"))?;
    // Shorter than usual: a statement covers the tickets of ten minutes for one minute, and this for nine.
    let ticket = ticket.lasting(120);
    let ticket = ticket.with("thp", substitute_key.thumbprint.as_str());
    let link = ticket.link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of("Http", "Basic"))
        .await?;
    page.save().await?;
    substitution.end().await?;
    Ok(page)
}

/// Each of these documents is refused in its own words, and what was typed stays.
async fn all_refused(stage: &Stage, substitutes: &[Substitute], name: &str) -> Result<()> {
    for (index, substitute) in substitutes.iter().enumerate() {
        let what = substitute.what;
        let page = save_with(stage, &format!("{name}{index}"), substitute)
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
    Ok(())
}

#[tokio::test]
async fn no_substituted_key_is_sealed_for() -> Result<()> {
    let stage = Stage::set().await?;
    let genuine = stage.browser.key_document(stage.gateway.origin()).await?;
    let kid = stage.gateway.fingerprint()?.kid;

    let documents = documents::all(&genuine, &kid)?;
    all_refused(&stage, &documents, "Document").await?;
    // Anew: a statement covers tickets only for some minutes from when it was made.
    let genuine = stage.browser.key_document(stage.gateway.origin()).await?;
    let statements = statements::all(&genuine, &stage.gateway.fingerprint()?)?;
    all_refused(&stage, &statements, "Statement").await?;
    ensure!(documents.len() + statements.len() >= 40, "too few");

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
    let posted = audit.lines().filter(|line| line.contains("credential_set"));
    ensure!(posted.count() == 1, "something was posted");

    let Stage {
        browser,
        gateway,
        home: _home,
        ..
    } = stage;
    let put = BTreeSet::from_iter(put_requests(&browser.close().await?)?);
    let accepted = format!(
        "{}/v1/factories/demo-factory/linked-services/Accepted/credential",
        gateway.origin()
    );
    ensure!(put == BTreeSet::from([accepted]), "the browser put {put:?}");
    Ok(())
}
