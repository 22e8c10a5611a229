//! What is in the way, told apart as far as a browser does, and the way that works.

use anyhow::{Result, ensure};
use serde_json::json;

use super::{KIND, LINKED_SERVICE, SETTER, chosen, frame};
use crate::harness::element_events::{Told, first, listen, problem, told};
use crate::harness::{
    Certificate, CredentialToType, MACHINE, Network, Site, Stage, StageOptions, TestTicket, Wizard,
    eventually, page_folder,
};

/// Of the last resort: a window, by the element's own button.
async fn a_window_is_offered_and_works(stage: &Stage, problem: &Told) -> Result<()> {
    ensure!(
        problem.detail["offer"] == "popup" && problem.detail["final"] == true,
        "{problem:?}"
    );
    let gone = format!("{SETTER} return setter.shadowRoot.querySelectorAll('iframe').length");
    assert_eq!(stage.browser.run(&gone, vec![]).await?, 0);
    press_the_offer(stage).await?;
    first(&stage.browser, "ready").await?;
    Ok(())
}

async fn press_the_offer(stage: &Stage) -> Result<()> {
    listen(&stage.browser).await?;
    let offered = format!("{SETTER} return setter.shadowRoot.querySelector('[part=offer]')");
    let offered = stage
        .browser
        .driver()
        .execute(&offered, vec![])
        .await?
        .element()?;
    offered.click().await?;
    eventually("a window", async || {
        Ok((stage.browser.driver().windows().await?.len() == 2).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_portal_s_own_policy_refuses_the_gateway() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    // The same gateway by a name that the policy does not have.
    let elsewhere = stage.gateway.origin().replace("localhost", "127.0.0.1");
    let frame = format!("{SETTER} setter.mode = 'frame'; setter.gateway = '{elsewhere}';");
    stage.browser.run(&frame, vec![]).await?;
    wizard.press().await?;
    let told = problem(&stage.browser, "csp_missing").await?;
    ensure!(told.detail["offer"] == "popup" && told.detail["final"] == true);
    let advice = told.detail["advice"].as_str().unwrap_or_default();
    ensure!(
        advice.ends_with(&format!(": frame-src {elsewhere}")),
        "{advice}"
    );
    Ok(())
}

/// A browser lets nothing that such a page frames do cryptography.
#[tokio::test]
async fn the_portal_is_not_served_with_https() -> Result<()> {
    let options = StageOptions {
        network: Network::Named,
        ..StageOptions::default()
    };
    let mut stage = Stage::with(options).await?;
    let site = Site::start().await?;
    let origin = site.origin().replace("localhost", MACHINE);
    let key = stage.portal.public_key();
    stage
        .gateway
        .register_issuer("insecure", &origin, key, "demo-factory")?;
    stage.gateway.stop().await?;
    stage.gateway.serve().await?;
    stage.browser.goto(&origin).await?;
    let ticket = TestTicket::new(&stage.gateway, LINKED_SERVICE, Some(KIND))?
        .with("iss", "insecure")
        .with("org", origin.as_str())
        .sign(&stage.portal)?;
    let module = page_folder()?.join("embed/credential-setter.js");
    let set = "const [module, gateway, linkedService, ticket, done] = arguments; \
         import(URL.createObjectURL(new Blob([module], { type: 'text/javascript' }))).then(() => { \
           const setter = document.createElement('credential-setter'); \
           Object.assign(setter, { id: 'setter', mode: 'frame', gateway, linkedService, getTicket: async () => ticket }); \
           setter.style.display = 'inline-block'; document.body.append(setter); done(isSecureContext); });";
    let arguments = vec![
        json!(std::fs::read_to_string(module)?),
        json!(stage.gateway.origin()),
        json!(LINKED_SERVICE),
        json!(ticket),
    ];
    assert_eq!(
        stage.browser.run_to_end(set, arguments).await?,
        json!(false)
    );
    listen(&stage.browser).await?;
    let portal = Wizard::in_current_window(&stage.browser).await?;
    portal.press().await?;
    let told = problem(&stage.browser, "portal_insecure").await?;
    a_window_is_offered_and_works(&stage, &told).await?;
    let page = portal.switch_to_popup().await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    page.save().await?;
    page.receipt().await?;
    portal.switch_to().await?;
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["ls"], LINKED_SERVICE);
    Ok(())
}

#[tokio::test]
async fn the_outcome_is_asked_of_a_gateway_that_the_policy_does_not_name() -> Result<()> {
    let options = StageOptions {
        opener_policy: "same-origin",
        ..StageOptions::default()
    };
    let stage = Stage::with(options).await?;
    let wizard = chosen(&stage).await?;
    let elsewhere = stage.gateway.origin().replace("localhost", "127.0.0.1");
    let there = format!("{SETTER} setter.gateway = '{elsewhere}';");
    stage.browser.run(&there, vec![]).await?;
    wizard.press().await?;
    let told = problem(&stage.browser, "csp_missing").await?;
    ensure!(told.detail["final"] == false);
    let advice = told.detail["advice"].as_str().unwrap_or_default();
    ensure!(
        advice.ends_with(&format!(": connect-src {elsewhere}")),
        "{advice}"
    );
    Ok(())
}

#[tokio::test]
async fn the_gateway_does_not_show_its_page_in_this_portal() -> Result<()> {
    let mut stage = Stage::set().await?;
    let registration = stage.gateway.folder().join("issuers/demo-portal.toml");
    let text = std::fs::read_to_string(&registration)?;
    let popup_only: String = text
        .lines()
        .filter(|line| !line.starts_with("modes"))
        .map(|line| format!("{line}\n"))
        .collect();
    ensure!(popup_only != text, "no modes in the registration");
    std::fs::write(&registration, popup_only)?;
    stage.gateway.stop().await?;
    stage.gateway.serve().await?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "frame_refused").await?;
    a_window_is_offered_and_works(&stage, &told).await
}

#[tokio::test]
async fn the_gateway_s_certificate_is_not_trusted() -> Result<()> {
    let options = StageOptions {
        certificate: Certificate::Unknown,
        ..StageOptions::default()
    };
    let stage = Stage::with(options).await?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "gateway_unreachable").await?;
    ensure!(told.detail["offer"] == "popup" && told.detail["final"] == true);
    // The window shows the browser's warning, at which the person must decide; who waits at the portal is told so.
    press_the_offer(&stage).await?;
    let told = problem(&stage.browser, "gateway_silent").await?;
    ensure!(told.detail["final"] == false);
    ensure!(
        told.detail["advice"]
            .as_str()
            .is_some_and(|advice| advice.contains("certificate"))
    );
    Ok(())
}

#[tokio::test]
async fn the_gateway_is_not_there() -> Result<()> {
    let mut stage = Stage::set().await?;
    stage.gateway.stop().await?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "gateway_unreachable").await?;
    ensure!(told.detail["offer"] == "popup" && told.detail["final"] == true);
    Ok(())
}

#[tokio::test]
async fn the_gateway_does_not_answer() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    // The element says it itself here: the portal's handler is not there to prevent that.
    let alone = "const setter = document.querySelector('#setter'); const copy = setter.cloneNode(true); \
         copy.getTicket = setter.getTicket; setter.replaceWith(copy);";
    stage.browser.run(alone, vec![]).await?;
    let note =
        format!("{SETTER} return setter.shadowRoot.querySelector('[part=note]').textContent");
    signal(&stage, "-STOP")?;
    wizard.press().await?;
    let told = problem(&stage.browser, "gateway_slow").await?;
    ensure!(told.detail["final"] == false);
    let said = stage.browser.run(&note, vec![]).await?;
    ensure!(
        said.as_str().is_some_and(|said| said.contains("VPN")),
        "{said}"
    );
    signal(&stage, "-CONT")?;
    first(&stage.browser, "ready").await?;
    assert_eq!(stage.browser.run(&note, vec![]).await?, json!(""));
    Ok(())
}

async fn outside(state: &str) -> Result<Stage> {
    let options = StageOptions {
        network: Network::PortalOutside,
        ..StageOptions::default()
    };
    let stage = Stage::with(options).await?;
    for name in ["local-network-access", "local-network", "loopback-network"] {
        let permission = json!({ "permission": { "name": name }, "setting": state, "origin": stage.portal.origin() });
        // Not every one of them is known to every version.
        let _ = stage.browser.cdp("Browser.setPermission", permission).await;
    }
    Ok(stage)
}

#[tokio::test]
async fn the_local_network_is_denied() -> Result<()> {
    let stage = outside("denied").await?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "local_network_denied").await?;
    a_window_is_offered_and_works(&stage, &told).await
}

#[tokio::test]
async fn the_local_network_is_granted() -> Result<()> {
    let stage = outside("granted").await?;
    frame::open(&stage).await?;
    first(&stage.browser, "ready").await?;
    ensure!(
        told(&stage.browser)
            .await?
            .iter()
            .all(|each| each.name != "error")
    );
    Ok(())
}

#[tokio::test]
async fn the_question_about_the_local_network_is_waved_away() -> Result<()> {
    // Headless Chromium has nobody to ask.
    let stage = outside("prompt").await?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "gateway_unreachable").await?;
    a_window_is_offered_and_works(&stage, &told).await
}

#[tokio::test]
async fn the_browser_has_not_settled_about_the_local_network() -> Result<()> {
    let stage = outside("prompt").await?;
    // The frame stays empty, as it does behind an open question.
    signal(&stage, "-STOP")?;
    frame::open(&stage).await?;
    let told = problem(&stage.browser, "local_network_pending").await?;
    ensure!(told.detail["final"] == false && told.detail["offer"] == "popup");
    Ok(())
}

/// Holds the gateway (`-STOP`), or lets it go on (`-CONT`). Held it still takes connections: the system does that.
fn signal(stage: &Stage, signal: &str) -> Result<()> {
    let gateway = stage.gateway.process_id()?.to_string();
    let sent = std::process::Command::new("kill")
        .args([signal, &gateway])
        .status()?;
    ensure!(sent.success());
    Ok(())
}
