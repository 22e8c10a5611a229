//! How long a window and what was typed into it last. Tests move the browser's clock instead of waiting.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::harness::{Browser, CredentialToType, GatewayPage, Stage, TestTicket, eventually};

const KIND: &str = "OnPremisesSqlServer";
const COUNTDOWN: &str = "#closing-in";

/// Lets the page's clock jump ahead.
async fn pass(browser: &Browser, seconds: u32) -> Result<()> {
    let script = "const now = Date.now.bind(Date); const ahead = arguments[0] * 1000; \
         window.looks = 0; Date.now = () => { window.looks += 1; return now() + ahead; };";
    browser.run(script, vec![json!(seconds)]).await?;
    Ok(())
}

/// A form with a password in it and no ticket that could run out meanwhile.
async fn filled(stage: &Stage) -> Result<GatewayPage<'_>> {
    let link = TestTicket::new(&stage.gateway, "waiting", Some(KIND))?
        .link(&stage.gateway, &stage.portal)?;
    let page = GatewayPage::follow(&stage.browser, &link).await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    Ok(page)
}

async fn says(page: &GatewayPage<'_>, words: &str) -> Result<()> {
    eventually(words, async || {
        Ok(page.words().await?.contains(words).then_some(()))
    })
    .await
}

/// The secret is gone, the rest is not.
async fn only_the_secret_is_gone(page: &GatewayPage<'_>) -> Result<()> {
    ensure!(page.shown("password").await?.is_empty(), "the bullets stay");
    ensure!(
        page.readable("password").await?.is_empty(),
        "the secret stays"
    );
    ensure!(
        page.shown("Data Source").await? == "sql01.corp.example",
        "more than the secret is gone"
    );
    Ok(())
}

#[tokio::test]
async fn five_minutes_without_input_wipe_secrets_and_are_announced_a_minute_before() -> Result<()> {
    let stage = Stage::set().await?;
    let page = filled(&stage).await?;
    pass(&stage.browser, 245).await?;
    says(&page, "will be wiped in a minute").await?;
    ensure!(!page.shown("password").await?.is_empty(), "wiped too early");
    let role = stage
        .browser
        .run(
            "return document.querySelector('form > .notice').getAttribute('role')",
            vec![],
        )
        .await?;
    ensure!(role == "alert", "not announced: {role}");
    stage.browser.click("form > .notice button").await?;
    eventually("the warning goes", async || {
        Ok((!page.words().await?.contains("will be wiped")).then_some(()))
    })
    .await?;
    // Four minutes from the button on, and then a fifth.
    pass(&stage.browser, 245).await?;
    says(&page, "will be wiped in a minute").await?;
    ensure!(
        !page.shown("password").await?.is_empty(),
        "the button has not helped"
    );
    pass(&stage.browser, 60).await?;
    says(&page, "were wiped, because").await?;
    only_the_secret_is_gone(&page).await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    // The ticket's clock is the gateway's; it knows nothing of the jumps.
    page.receipt().await?;
    Ok(())
}

#[tokio::test]
async fn a_page_that_comes_back_from_the_back_button_has_no_secret() -> Result<()> {
    let stage = Stage::set().await?;
    let page = filled(&stage).await?;
    stage
        .browser
        .run("window.same = true; addEventListener('pagehide', (event) => { window.kept = event.persisted; \
              window.left = document.querySelector('[name=password]').value; });", vec![])
        .await?;
    stage
        .browser
        .goto(&format!(
            "{}/.well-known/credential-gateway",
            stage.gateway.origin()
        ))
        .await?;
    stage.browser.driver().back().await?;
    let same = stage
        .browser
        .run("return [window.same, window.kept, window.left]", vec![])
        .await?;
    ensure!(
        same == json!([true, true, ""]),
        "not the same page again: {same}"
    );
    only_the_secret_is_gone(&page).await?;
    says(&page, "were wiped when you left").await
}

#[tokio::test]
async fn leaving_the_page_and_coming_back_to_it_each_wipe() -> Result<()> {
    let stage = Stage::set().await?;
    let page = filled(&stage).await?;
    for event in ["pagehide", "pageshow"] {
        page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
        stage
            .browser
            .run(
                "dispatchEvent(new PageTransitionEvent(arguments[0], { persisted: true }))",
                vec![json!(event)],
            )
            .await?;
        says(&page, "were wiped when you left").await?;
        only_the_secret_is_gone(&page).await?;
    }
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    stage
        .browser
        .run("dispatchEvent(new PageTransitionEvent('pageshow'))", vec![])
        .await?;
    ensure!(
        !page.readable("password").await?.is_empty(),
        "wiped as it was shown first"
    );
    Ok(())
}

/// Saves in the portal's window without stopping the countdown, and gives the seconds that it begins with.
async fn save_in_popup(stage: &Stage) -> Result<u64> {
    let wizard = stage.wizard().await?;
    let page = wizard.set_credential("SalesSqlServer").await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    seconds_left(&stage.browser).await
}

async fn seconds_left(browser: &Browser) -> Result<u64> {
    let words = browser.find(COUNTDOWN).await?.text().await?;
    let number = words.split(' ').find_map(|word| word.parse().ok());
    number.with_context(|| format!("no number in {words:?}"))
}

#[tokio::test]
async fn after_a_save_the_window_counts_down_and_closes_when_the_portal_has_the_receipt()
-> Result<()> {
    let stage = Stage::set().await?;
    let driver = stage.browser.driver();
    let began = save_in_popup(&stage).await?;
    ensure!((15..=20).contains(&began), "it begins with {began} seconds");
    eventually("the countdown goes on", async || {
        Ok((seconds_left(&stage.browser).await? < began).then_some(()))
    })
    .await?;
    let popup = driver.window().await?;
    for window in driver.windows().await? {
        driver.switch_to_window(window).await?;
        if driver
            .current_url()
            .await?
            .as_str()
            .starts_with(stage.portal.origin())
        {
            break;
        }
    }
    // The portal has the receipt while the window is still there.
    eventually("the portal's outcome", async || {
        let state = stage
            .browser
            .find("#outcome")
            .await?
            .attr("data-state")
            .await?;
        Ok((state.as_deref() == Some("stored")).then_some(()))
    })
    .await?;
    ensure!(driver.windows().await?.contains(&popup), "closed too early");
    let portal = driver.window().await?;
    driver.switch_to_window(popup.clone()).await?;
    pass(&stage.browser, 20).await?;
    driver.switch_to_window(portal).await?;
    eventually("the window closes", async || {
        Ok((!driver.windows().await?.contains(&popup)).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_countdown_that_was_stopped_closes_nothing() -> Result<()> {
    let stage = Stage::set().await?;
    save_in_popup(&stage).await?;
    let role = stage.browser.find(COUNTDOWN).await?.attr("role").await?;
    ensure!(role.as_deref() == Some("timer"), "read out each second");
    stage
        .browser
        .click(".action-bar [aria-describedby='closing-in']")
        .await?;
    let page = GatewayPage::in_current_window(&stage.browser);
    says(&page, "You can close this window").await?;
    pass(&stage.browser, 60).await?;
    eventually("another look at the clock", async || {
        let looks = stage.browser.run("return window.looks", vec![]).await?;
        Ok(looks.as_u64().filter(|looks| *looks > 2))
    })
    .await?;
    says(&page, "You can close this window").await
}

#[tokio::test]
async fn a_window_that_no_page_has_opened_says_that_it_may_be_closed() -> Result<()> {
    let stage = Stage::set().await?;
    let page = filled(&stage).await?;
    page.save().await?;
    page.receipt().await?;
    says(&page, "You can close this window").await?;
    let countdown = stage
        .browser
        .run(
            "return document.querySelector('#closing-in') === null",
            vec![],
        )
        .await?;
    ensure!(countdown == true, "it promises to close");
    Ok(())
}
