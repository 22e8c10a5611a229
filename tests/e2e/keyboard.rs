//! The whole way by keyboard alone, from the portal's button to the receipt (WCAG 2.2, 2.1.1): the focus goes in the order of
//! reading (2.4.3), can always be seen (2.4.7), is never under the bar with Save (2.4.11) and is kept by nothing (2.1.2).

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{Browser, CredentialToType, GatewayPage, Keys, Stage, TestTicket, eventually};

const KIND: &str = "Sftp";
const LINKED_SERVICE: &str = "PartnerSftp";

/// Name of what has the focus, and what is wrong with that.
const FOCUS: &str = include_str!("harness/focus.js");

/// More steps than a form with a few small controls beside each field can take.
const MOST_STEPS: usize = 60;

const TAB: (&str, u32) = ("Tab", 9);
const ENTER: (&str, u32) = ("Enter", 13);
const SPACE: (&str, u32) = (" ", 32);
const UP: (&str, u32) = ("ArrowUp", 38);
const DOWN: (&str, u32) = ("ArrowDown", 40);
const SHIFT: u32 = 8;

/// Which way Tab goes.
#[derive(Clone, Copy)]
enum Way {
    On,
    Back,
}

#[tokio::test]
async fn the_whole_job_is_done_without_a_pointer() -> Result<()> {
    let stage = Stage::set().await?;
    let browser = &stage.browser;
    let wizard = stage.wizard().await?;
    tab_to(browser, "linked-service").await?;
    let chosen = "return document.querySelector('[name=linked-service]:checked')?.value";
    for _ in 0..MOST_STEPS {
        browser.press_key(DOWN, 0).await?;
        let chosen = browser.run(chosen, vec![]).await?;
        if chosen == LINKED_SERVICE {
            break;
        }
    }
    tab_to(browser, "Set credential").await?;
    browser.press_key(ENTER, 0).await?;
    let page = wizard.switch_to_popup().await?;
    page.form().await?;
    page.knows_what_is_stored().await?;

    there_and_back_again(browser).await?;
    lists_and_switches(&stage).await?;
    from_a_fault_to_its_field(&stage, &page).await?;

    let credential = CredentialToType::sample_of(KIND, "Basic");
    let mut missing: Vec<&str> = credential
        .auth
        .fields
        .iter()
        .map(|field| field.name)
        .collect();
    start(browser).await?;
    for _ in 0..MOST_STEPS {
        let name = tab(browser, Way::On).await?;
        let value = credential
            .properties
            .get(name.as_str())
            .or_else(|| credential.secrets.get(name.as_str()));
        if let Some(value) = value.filter(|_| missing.contains(&name.as_str())) {
            // Tab has selected what was there.
            browser.type_key_by_key(value, Keys::Keyboard).await?;
        }
        missing.retain(|field| *field != name);
        if missing.is_empty() {
            break;
        }
    }
    ensure!(missing.is_empty(), "Tab does not reach {missing:?}");
    browser.press_key(ENTER, 0).await?;
    eventually("the receipt with the focus", async || {
        Ok((focus(browser, 0).await? == "receipt").then_some(()))
    })
    .await?;

    tab_to(browser, "Copy").await?;
    browser.press_key(ENTER, 0).await?;
    browser.find(".snippet .field__note:not(:empty)").await?;
    tab_to(browser, "Close window").await?;
    let there = wizard.windows().await?;
    // The window may be gone before the key is up.
    let _ = browser.press_key(ENTER, 0).await;
    wizard.switch_to().await?;
    eventually("the window's end", async || {
        Ok((wizard.windows().await? < there).then_some(()))
    })
    .await?;
    wizard.stored().await?;
    // On to the next step, with the focus at its heading, and back to a receipt that is still there.
    tab_to(browser, "next").await?;
    browser.press_key(ENTER, 0).await?;
    wizard.at("destination").await?;
    focus(browser, 0).await?;
    tab_to(browser, "destination-linked-service").await?;
    tab_to(browser, "next").await?;
    browser.press_key(SPACE, 0).await?;
    browser.find("#missing:focus").await?;
    focus(browser, 0).await?;
    ensure!(tab(browser, Way::On).await? == "back");
    browser.press_key(ENTER, 0).await?;
    wizard.at("source").await?;
    ensure!(wizard.receipt("ls").await? == LINKED_SERVICE);
    let password = credential
        .secrets
        .get(credential.password_field())
        .context("no password")?;
    ensure!(
        stage
            .gateway
            .reveal_secret(LINKED_SERVICE, credential.password_field())?
            == password.as_bytes(),
        "another password"
    );
    Ok(())
}

/// Tab comes to an end, and Shift+Tab back to the beginning by the same way: nothing keeps the focus.
async fn there_and_back_again(browser: &Browser) -> Result<()> {
    start(browser).await?;
    let mut way = Vec::new();
    while way.last().is_none_or(|last| last != "save") {
        way.push(tab(browser, Way::On).await?);
        ensure!(way.len() < MOST_STEPS, "Tab does not reach Save: {way:?}");
    }
    browser.press_key(TAB, 0).await?;
    let name = focus(browser, 0).await?;
    ensure!(name != "save", "Save keeps the focus");
    browser
        .run("document.getElementById('save').focus()", vec![])
        .await?;
    focus(browser, 0).await?;
    for expected in way.iter().rev().skip(1) {
        let name = tab(browser, Way::Back).await?;
        ensure!(
            name == *expected,
            "back from there is {name}, not {expected}"
        );
    }
    Ok(())
}

/// Arrows choose in a list, Space switches and presses.
async fn lists_and_switches(stage: &Stage) -> Result<()> {
    let browser = &stage.browser;
    start(browser).await?;
    tab_to(browser, "field-auth").await?;
    let chosen = "return document.activeElement.value";
    let first = browser.run(chosen, vec![]).await?;
    browser.press_key(DOWN, 0).await?;
    let second = browser.run(chosen, vec![]).await?;
    ensure!(first != second, "the arrow chooses nothing");
    browser.press_key(UP, 0).await?;
    ensure!(browser.run(chosen, vec![]).await? == first, "nor back");
    tab_to(browser, "skipHostKeyValidation").await?;
    let on = "return document.activeElement.checked";
    let before = browser.run(on, vec![]).await?;
    browser.press_key(SPACE, 0).await?;
    ensure!(
        browser.run(on, vec![]).await? != before,
        "it does not switch"
    );
    browser.press_key(SPACE, 0).await?;
    tab_to(browser, "Show Password").await?;
    let pressed = "return document.activeElement.getAttribute('aria-pressed')";
    for expected in ["true", "false"] {
        browser.press_key(SPACE, 0).await?;
        let pressed = browser.run(pressed, vec![]).await?;
        ensure!(pressed == expected, "Show is pressed: {pressed}");
    }
    Ok(())
}

/// After a Save that finds faults the focus is at their list, and each of them leads to its field.
async fn from_a_fault_to_its_field(stage: &Stage, page: &GatewayPage<'_>) -> Result<()> {
    let browser = &stage.browser;
    tab_to(browser, "save").await?;
    browser.press_key(SPACE, 0).await?;
    ensure!(page.notice().await?.code == "fields");
    let name = focus(browser, 0).await?;
    ensure!(name == "notice", "the focus is at {name}");
    let links =
        "return Array.from(document.querySelectorAll('.notice a'), (link) => link.hash.slice(1))";
    let links = browser.run(links, vec![]).await?;
    let links = links.as_array().context("no list")?;
    ensure!(links.len() > 1, "there are {} faults", links.len());
    for (position, id) in links.iter().enumerate() {
        browser
            .run("document.getElementById('notice').focus()", vec![])
            .await?;
        focus(browser, 0).await?;
        for _ in 0..=position {
            tab(browser, Way::On).await?;
        }
        browser.press_key(ENTER, 0).await?;
        let there = browser
            .run("return document.activeElement.id", vec![])
            .await?;
        ensure!(there == *id, "the fault of {id} leads to {there}");
        focus(browser, 0).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_focus_is_never_covered_however_high_the_window_is() -> Result<()> {
    let stage = Stage::set().await?;
    open_form(&stage).await?;
    for height in (300..900).step_by(60) {
        let metrics =
            json!({ "width": 560, "height": height, "deviceScaleFactor": 1, "mobile": false });
        stage
            .browser
            .cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        start(&stage.browser).await?;
        for _ in 0..12 {
            tab(&stage.browser, Way::On)
                .await
                .with_context(|| format!("in a window {height} px high"))?;
        }
    }
    Ok(())
}

async fn open_form(stage: &Stage) -> Result<GatewayPage<'_>> {
    let ticket = TestTicket::new(&stage.gateway, "partner", Some(KIND))?;
    let page =
        GatewayPage::follow(&stage.browser, &ticket.link(&stage.gateway, &stage.portal)?).await?;
    page.form().await?;
    Ok(page)
}

/// Tab begins at the top.
async fn start(browser: &Browser) -> Result<()> {
    let script = "window.focusBefore = null; const top = document.querySelector('header'); top.tabIndex = -1; top.focus();";
    browser.run(script, vec![]).await?;
    Ok(())
}

/// Presses Tab until what has this name has the focus.
async fn tab_to(browser: &Browser, wanted: &str) -> Result<()> {
    for _ in 0..MOST_STEPS {
        if tab(browser, Way::On).await? == wanted {
            return Ok(());
        }
    }
    anyhow::bail!("Tab does not reach {wanted}")
}

/// Presses Tab and gives the name of the element that has the focus then; fails if that cannot be seen.
async fn tab(browser: &Browser, way: Way) -> Result<String> {
    let (modifiers, step) = match way {
        Way::On => (0, 1),
        Way::Back => (SHIFT, -1),
    };
    browser.press_key(TAB, modifiers).await?;
    focus(browser, step).await
}

/// The name of the element that has the focus, `step` after the one that had it before; fails if that cannot be seen.
async fn focus(browser: &Browser, step: i32) -> Result<String> {
    let focus = browser.run(FOCUS, vec![json!(step)]).await?;
    let name = focus[0].as_str().unwrap_or_default().to_owned();
    let faults = focus[1].as_array().map_or(&[][..], Vec::as_slice);
    ensure!(faults.is_empty(), "`{name}` {}", Value::from(faults));
    Ok(name)
}
