//! The gateway's page in a frame of the element's.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{KIND, SETTER, chosen};
use crate::harness::element_events::{first, listen, problem, told};
use crate::harness::{CredentialToType, GatewayPage, Stage, Wizard, eventually};

/// The wizard's element in frame mode, and its frame opened.
pub(super) async fn open<'s>(stage: &'s Stage) -> Result<Wizard<'s>> {
    let wizard = chosen(stage).await?;
    let frame = format!("{SETTER} setter.mode = 'frame';");
    stage.browser.run(&frame, vec![]).await?;
    wizard.press().await?;
    Ok(wizard)
}

/// Goes into the frame.
async fn enter(stage: &Stage) -> Result<GatewayPage<'_>> {
    let frame = format!("{SETTER} return setter.shadowRoot.querySelector('iframe')");
    let frame = stage
        .browser
        .driver()
        .execute(&frame, vec![])
        .await?
        .element()?;
    frame.enter_frame().await?;
    Ok(GatewayPage::in_current_window(&stage.browser))
}

async fn inside(stage: &Stage, script: &str) -> Result<Value> {
    let script = format!("{SETTER} const root = setter.shadowRoot; {script}");
    stage.browser.run(&script, vec![]).await
}

#[tokio::test]
async fn the_whole_job_is_done_in_a_frame() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = open(&stage).await?;
    first(&stage.browser, "ready").await?;
    assert_eq!(wizard.windows().await?, 1);
    // As tall as the page in it, and allowed what it needs.
    eventually("a height", async || {
        let height = inside(&stage, "return root.querySelector('iframe').style.height").await?;
        Ok(height
            .as_str()
            .is_some_and(|height| height.ends_with("px"))
            .then_some(()))
    })
    .await?;
    let allow = inside(&stage, "return root.querySelector('iframe').allow").await?;
    assert_eq!(
        allow,
        "local-network-access; local-network; loopback-network; clipboard-write"
    );

    // A second press opens no second frame and asks for no second ticket.
    wizard.press().await?;
    assert_eq!(
        inside(&stage, "return root.querySelectorAll('iframe').length").await?,
        1
    );

    let page = enter(&stage).await?;
    page.fill(&CredentialToType::sample_of(KIND, "SQL")).await?;
    // The browser says after a while that nothing lies over the frame.
    eventually("a press of Save that is taken", async || {
        if stage
            .browser
            .driver()
            .find_all(thirtyfour::By::Id("save"))
            .await
            .is_ok_and(|found| !found.is_empty())
        {
            // The frame is gone as soon as the credential is stored.
            let _ = stage.browser.click("#save").await;
        }
        Ok((!stage.gateway.list()?.is_empty()).then_some(()))
    })
    .await?;
    wizard.stored().await?;
    let saved = first(&stage.browser, "saved").await?;
    assert_eq!(saved.detail["receipt"]["kind"], KIND);
    let names: Vec<String> = told(&stage.browser)
        .await?
        .into_iter()
        .map(|each| each.name)
        .collect();
    ensure!(
        names.starts_with(&["open".to_owned(), "ready".to_owned()]),
        "{names:?}"
    );
    assert_eq!(first(&stage.browser, "open").await?.detail["mode"], "frame");
    assert_eq!(
        inside(&stage, "return root.querySelectorAll('iframe').length").await?,
        0
    );
    let log = std::fs::read_to_string(stage.home().join("portal.log"))?;
    assert_eq!(
        log.lines()
            .filter(|line| line.starts_with("ticket "))
            .count(),
        1
    );
    let console = stage.browser.console().await?;
    ensure!(console.is_empty(), "on the console: {console:#?}");
    Ok(())
}

#[tokio::test]
async fn a_frame_is_closed_by_its_button_by_the_portal_and_by_a_reset() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = open(&stage).await?;
    for (close, reason) in [
        (
            "root.querySelector('[part=close]').click()",
            json!("cancelled"),
        ),
        ("setter.close()", json!("closed")),
        (
            "const place = setter.parentElement; setter.remove(); place.append(setter); setter.reset()",
            json!(null),
        ),
    ] {
        first(&stage.browser, "ready").await?;
        listen(&stage.browser).await?;
        inside(&stage, close).await?;
        assert_eq!(
            inside(
                &stage,
                "return root.querySelectorAll('iframe, [part=close]').length"
            )
            .await?,
            0,
            "{close}"
        );
        let told = told(&stage.browser).await?;
        let told = told
            .first()
            .map_or(Value::Null, |each| each.detail["reason"].clone());
        assert_eq!(told, reason, "{close}");
        wizard.press().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_ticket_goes_to_the_frame_that_knows_the_nonce_and_to_nobody_else() -> Result<()> {
    let stage = Stage::set().await?;
    chosen(&stage).await?;
    // Greetings that come before the frame's own: each has all but one of what it takes.
    let greet = format!(
        "{SETTER} setter.mode = 'frame'; window.asked = 0; const getTicket = setter.getTicket; \
         setter.getTicket = (asked) => {{ window.asked += 1; return getTicket(asked); }}; \
         setter.open(); \
         const frame = setter.shadowRoot.querySelector('iframe'); const source = frame.contentWindow; \
         const nonce = new URL(frame.src).hash.slice(7); const origin = new URL(setter.gateway).origin; \
         const greet = (init) => dispatchEvent(new MessageEvent('message', init)); \
         greet({{ source, origin, data: {{ type: 'cs-hello', nonce: nonce.toLowerCase() + 'x' }} }}); \
         greet({{ source, origin, data: {{ type: 'cs-hello' }} }}); \
         greet({{ source, origin: location.origin, data: {{ type: 'cs-hello', nonce }} }}); \
         greet({{ source, origin: origin + '0', data: {{ type: 'cs-hello', nonce }} }}); \
         greet({{ source: window, origin, data: {{ type: 'cs-hello', nonce }} }}); \
         greet({{ source, origin, data: {{ type: 'cs-connect', nonce }} }}); \
         greet({{ source, origin, data: {{ type: 'cs-saved', nonce, receipt: {{}}, jws: '' }} }}); \
         return [window.asked, nonce.length];"
    );
    assert_eq!(stage.browser.run(&greet, vec![]).await?, json!([0, 22]));
    first(&stage.browser, "ready").await?;
    assert_eq!(stage.browser.run("return window.asked", vec![]).await?, 1);
    ensure!(
        told(&stage.browser)
            .await?
            .iter()
            .all(|each| ["open", "ready"].contains(&each.name.as_str()))
    );
    Ok(())
}

#[tokio::test]
async fn no_page_makes_its_frame_taller_than_four_thousand_pixels() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    // What the page in the frame says comes by the first port that the element makes.
    let keep = format!(
        "{SETTER} setter.mode = 'frame'; const Genuine = MessageChannel; \
         window.MessageChannel = class {{ constructor() {{ const channel = new Genuine(); window.port = channel.port1; return channel; }} }};"
    );
    stage.browser.run(&keep, vec![]).await?;
    wizard.press().await?;
    first(&stage.browser, "ready").await?;
    let heights = "const { style } = root.querySelector('iframe'); \
         return arguments[0].map((height) => { \
           style.height = '500px'; \
           window.port.onmessage({ data: { type: 'cs-resize', height } }); \
           return style.height; });";
    let script = format!("{SETTER} const root = setter.shadowRoot; {heights}");
    let said = json!([
        700,
        4_000,
        4_001,
        1e9,
        0,
        -1,
        700.5,
        "700",
        "1px; color: red",
        null,
        [700],
        {}
    ]);
    let shown = stage.browser.run(&script, vec![said]).await?;
    let mut expected = vec!["700px", "4000px", "4000px", "4000px"];
    expected.resize(12, "500px");
    assert_eq!(shown, json!(expected));
    Ok(())
}

#[tokio::test]
async fn looks_and_beginnings_reach_the_page_as_far_as_they_are_allowed() -> Result<()> {
    let stage = Stage::set().await?;
    let wizard = chosen(&stage).await?;
    let set = |appearance: Value| {
        format!(
            "{SETTER} setter.reset(); setter.mode = 'frame'; setter.appearance = {appearance}; \
             setter.defaults = {{ 'Initial Catalog': 'Sales-ä', password: 'not from here', Encrypt: 1 }};"
        )
    };
    let fine = json!({ "background": "#101418", "text": "white", "radius": "3px", "fontFamily": "Georgia, serif" });
    stage.browser.run(&set(fine), vec![]).await?;
    wizard.press().await?;
    first(&stage.browser, "ready").await?;
    let page = enter(&stage).await?;
    let style = "const style = document.documentElement.style; \
         return [style.getPropertyValue('--radius'), style.getPropertyValue('--text'), style.getPropertyValue('font-family')]";
    let style = stage.browser.run(style, vec![]).await?;
    assert_eq!(style, json!(["3px", "rgb(255 255 255)", "Georgia, serif"]));
    assert_eq!(page.shown("Initial Catalog").await?, "Sales-ä");
    ensure!(
        page.readable("password").await?.is_empty(),
        "a secret was filled in"
    );
    wizard.switch_to().await?;
    ensure!(
        told(&stage.browser)
            .await?
            .iter()
            .all(|each| each.name != "error")
    );

    for refused in [
        json!({ "background": "#777777", "text": "#888888" }),
        json!({ "accent": "white", "accentText": "#fffffe" }),
        json!({ "boxShadow": "none" }),
        json!({ "text": "url(https://elsewhere.example/)" }),
        json!({ "radius": "100px" }),
        json!({ "fontFamily": "x; color: red" }),
    ] {
        listen(&stage.browser).await?;
        stage.browser.run(&set(refused.clone()), vec![]).await?;
        wizard.press().await?;
        let told = problem(&stage.browser, "appearance_refused").await?;
        ensure!(told.detail["final"] == false, "{refused}");
    }
    Ok(())
}
