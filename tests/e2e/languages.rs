//! The page in each of its languages: the whole job, nothing in another one, and nothing of another one fetched.

use anyhow::{Context, Result, ensure};
use language::{LOCALES, Locale, Message, compile, message};
use serde_json::json;

use crate::harness::{CredentialToType, GatewayPage, Stage};

const FACTORY: &str = "demo-factory";

/// Messages that are said in the course of the job.
const SAID: [Message; 4] = [
    message("set-credential"),
    message("sign-in"),
    message("label-password"),
    message("save"),
];
const FAULTS: Message = message("faults-title");
const UNRECOGNISED: Message = message("unrecognised");
const SAVED: Message = message("saved-title");

#[tokio::test]
async fn the_whole_job_is_done_in_each_language() -> Result<()> {
    let stage = Stage::set().await?;
    for locale in &LOCALES {
        job_in(&stage, locale)
            .await
            .with_context(|| locale.tag.to_owned())?;
    }
    Ok(())
}

async fn job_in(stage: &Stage, locale: &Locale) -> Result<()> {
    let words = compile(locale)?;
    let lines: Vec<&str> = words.lines().collect();
    let line = |message: Message| lines[usize::from(message.place())];

    let link = stage
        .gateway
        .ticket_link(&format!("telemetry-{}", locale.tag), FACTORY)?;
    let link = link.replacen("#ticket", &format!("?lang={}#ticket", locale.tag), 1);
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.form().await?;
    let document =
        "return [document.documentElement.lang, document.documentElement.dir, document.title];";
    let document = stage.browser.run(document, vec![]).await?;
    let title = line(message("page-title"));
    assert_eq!(document, json!([locale.tag, locale.dir, title]));

    page.choose("#field-kind", "OnPremisesPostgreSql").await?;
    page.save().await?;
    stage.browser.find("[data-code='fields']").await?;
    let shown = page.words().await?;
    for said in SAID.into_iter().chain([FAULTS]) {
        ensure!(shown.contains(line(said)), "not said: {}", line(said));
    }
    no_other_language(locale, &lines, &shown)?;
    for field in ["server", "username", "password"] {
        let direction = format!(
            "return getComputedStyle(document.querySelector(\"[name='{field}']\")).direction;"
        );
        assert_eq!(
            stage.browser.run(&direction, vec![]).await?,
            "ltr",
            "{field}"
        );
    }

    ensure!(
        fetched(stage).await?.is_empty(),
        "words before they are needed"
    );
    let report = page.paste_connection_string("nothing of the kind").await?;
    assert_eq!(report.words.trim(), line(UNRECOGNISED));
    let own = format!("/static/words-{}-", locale.tag);
    let fetched = fetched(stage).await?;
    ensure!(
        fetched.len() == 1 && fetched[0].contains(&own),
        "of another language: {fetched:?}"
    );

    page.fill(&CredentialToType::sample_of(
        "OnPremisesPostgreSql",
        "Basic",
    ))
    .await?;
    page.save().await?;
    page.receipt().await?;
    let shown = page.words().await?;
    ensure!(shown.contains(line(SAVED)), "no receipt: {shown}");
    no_other_language(locale, &lines, &shown)
}

/// No message of English in a page that is not.
fn no_other_language(locale: &Locale, lines: &[&str], shown: &str) -> Result<()> {
    let english = compile(&LOCALES[0])?;
    let shown = shown.replace("Credential Setter", "");
    for (place, message) in english.lines().enumerate() {
        // A short word may be another language's as well, or a part of a name.
        let is_told_apart = message.len() > 9 && lines[place] != message;
        ensure!(
            locale.tag == "en" || !is_told_apart || !shown.contains(message),
            "in English: {message}"
        );
    }
    Ok(())
}

/// The addresses of the words that were fetched for this document.
async fn fetched(stage: &Stage) -> Result<Vec<String>> {
    let names = "return performance.getEntriesByType('resource').map((entry) => entry.name)
        .filter((name) => name.includes('/static/words-'));";
    Ok(serde_json::from_value(
        stage.browser.run(names, vec![]).await?,
    )?)
}

#[tokio::test]
async fn the_portal_s_language_comes_first_and_then_the_browser_s() -> Result<()> {
    let stage = Stage::set().await?;
    let language = "return document.documentElement.lang;";
    let preferred = json!({ "userAgent": "", "acceptLanguage": "ja-JP,en" });
    stage
        .browser
        .cdp("Network.setUserAgentOverride", preferred)
        .await?;
    let link = stage.gateway.ticket_link("TelemetryPostgreSql", FACTORY)?;
    GatewayPage::follow(&stage.browser, &link)
        .await?
        .form()
        .await?;
    assert_eq!(stage.browser.run(language, vec![]).await?, "ja");

    let wizard = stage.wizard().await?;
    let portal_speaks = "document.documentElement.lang = arguments[0];";
    for (portal, expected) in [("de-CH", "de"), ("ar", "ar"), ("en", "en")] {
        wizard.switch_to().await?;
        stage
            .browser
            .run(portal_speaks, vec![json!(portal)])
            .await?;
        let page = wizard.set_credential("SalesSqlServer").await?;
        page.form().await?;
        assert_eq!(stage.browser.run(language, vec![]).await?, expected);
        page.cancel().await?;
    }
    Ok(())
}
