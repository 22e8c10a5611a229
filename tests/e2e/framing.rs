//! The page inside of a portal's own page: the whole job, and everything that a parent may try instead.

mod looks;
mod parent;
mod plain_sight;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::harness::{CredentialToType, Site, Stage, eventually};
use parent::{Framing, KIND, NONCE};

#[tokio::test]
async fn the_whole_job_is_done_in_a_frame() -> Result<()> {
    let framing = Framing::set().await?;
    let address = "return location.href;";
    let at = |path: &str| json!(format!("{}{path}", framing.stage.gateway.origin()));
    framing.frame().await?;
    framing.greeted().await?;
    framing.enter().await?;
    let now = framing.browser().run(address, vec![]).await?;
    assert_eq!(
        now,
        at("/embed/frame?lang=en"),
        "the nonce stays in the address"
    );
    let connection = framing.connection(&framing.ticket("rates")?)?;
    framing.post(&connection, &["good"]).await?;
    let page = framing.enter().await?;
    page.form().await?;
    framing.told("good", "cs-ready").await?;

    let page_in_frame = framing.enter().await?;
    let now = framing.browser().run(address, vec![]).await?;
    assert_eq!(now, at("/embed/frame"), "the ticket stays in the address");
    page_in_frame
        .fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    page_in_frame.save().await?;
    page_in_frame.receipt().await?;

    let saved = framing.told("good", "cs-saved").await?;
    assert_eq!(saved["receipt"]["ls"], "rates");
    ensure!(saved["jws"].is_string(), "no signature: {saved}");
    let stored = framing.stage.gateway.show("rates")?;
    assert_eq!(stored["version"], 1);
    // Nothing but the greeting went where others could have listened.
    assert_eq!(framing.messages().await?.as_array().map(Vec::len), Some(1));
    let console = framing.browser().console().await?;
    ensure!(console.is_empty(), "on the console: {console:#?}");
    Ok(())
}

#[tokio::test]
async fn the_frame_says_how_tall_the_page_is_and_when_that_changes() -> Result<()> {
    let framing = Framing::set().await?;
    framing.connect("rates").await?;
    framing.enter().await?.form().await?;
    framing.told("good", "cs-ready").await?;
    let tallest = async || -> Result<u64> {
        let heard = framing.heard("good").await?;
        let heights = heard
            .iter()
            .filter(|message| message["type"] == "cs-resize");
        Ok(heights
            .filter_map(|message| message["height"].as_u64())
            .next_back()
            .unwrap_or(0))
    };
    let before = tallest().await?;
    ensure!(
        (200..=4000).contains(&before),
        "the form is {before} px tall"
    );
    framing.enter().await?;
    let measure = "return Math.ceil(document.body.getBoundingClientRect().height);";
    assert_eq!(framing.browser().run(measure, vec![]).await?, json!(before));
    // Faults are listed above the form.
    plain_sight::press_save(&framing).await?;
    framing.browser().find("[data-code='fields']").await?;
    eventually("another height", async || {
        Ok((tallest().await? > before).then_some(()))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_page_of_an_origin_that_is_not_registered_cannot_frame_it() -> Result<()> {
    let framing = Framing::set().await?;
    let stranger = Site::start().await?;
    framing.browser().goto(stranger.origin()).await?;
    framing.browser().console().await?;
    framing.frame().await?;
    let console = framing.browser().console().await?;
    ensure!(
        console
            .iter()
            .any(|entry| entry.message.contains("frame-ancestors")),
        "the browser refused nothing: {console:#?}"
    );
    assert_eq!(framing.messages().await?, json!([]));

    // Nor inside of a page that is.
    framing.browser().goto(stranger.origin()).await?;
    let nested = json!(framing.site.origin());
    let script = "const [address, done] = arguments; const frame = document.createElement('iframe'); \
        frame.addEventListener('load', () => done(true), { once: true }); frame.src = address; document.body.append(frame);";
    framing.browser().run_to_end(script, vec![nested]).await?;
    let inner = thirtyfour::By::Tag("iframe");
    framing
        .browser()
        .driver()
        .find(inner)
        .await?
        .enter_frame()
        .await?;
    let address = format!(
        "{}/embed/frame#nonce={NONCE}",
        framing.stage.gateway.origin()
    );
    framing
        .browser()
        .run_to_end(script, vec![json!(address)])
        .await?;
    let console = framing.browser().console().await?;
    ensure!(
        console
            .iter()
            .any(|entry| entry.message.contains("frame-ancestors")),
        "the browser refused nothing: {console:#?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_portal_may_take_its_time_to_answer() -> Result<()> {
    let framing = Framing::set().await?;
    // What the frame waits half a minute for is over at once.
    let source = "const later = setTimeout; window.setTimeout = (act, time) => later(act, time === 30000 ? 0 : time);";
    let hurry = json!({ "source": source });
    let method = "Page.addScriptToEvaluateOnNewDocument";
    framing.browser().cdp(method, hurry).await?;
    framing.frame().await?;
    framing.greeted().await?;
    framing.enter().await?;
    framing.browser().find("#unframed").await?;
    let late = "return document.querySelectorAll('.late').length";
    assert_eq!(framing.browser().run(late, vec![]).await?, json!(0));
    let connection = framing.connection(&framing.ticket("rates")?)?;
    framing.post(&connection, &["good"]).await?;
    framing.enter().await?.form().await?;
    Ok(())
}

/// Whoever frames the page can change its fragment at any time.
#[tokio::test]
async fn a_frame_takes_one_ticket() -> Result<()> {
    let framing = Framing::set().await?;
    framing.connect("rates").await?;
    framing.enter().await?.form().await?;
    let other = framing.ticket("other")?.sign(&framing.stage.portal)?;
    let address = format!(
        "{}/embed/frame#ticket={other}",
        framing.stage.gateway.origin()
    );
    framing
        .in_parent("frame.src = arguments[0];", vec![json!(address)])
        .await?;
    let page = framing.enter().await?;
    eventually("the other address", async || {
        let now = framing
            .browser()
            .run("return location.hash", vec![])
            .await?;
        Ok(now
            .as_str()
            .is_some_and(|hash| hash.contains("ticket="))
            .then_some(()))
    })
    .await?;
    page.fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    plain_sight::press_save(&framing).await?;
    let saved = framing.told("good", "cs-saved").await?;
    assert_eq!(saved["receipt"]["ls"], "rates");
    Ok(())
}

#[tokio::test]
async fn messages_that_are_no_connection_change_nothing() -> Result<()> {
    let framing = Framing::set().await?;
    framing.frame().await?;
    framing.greeted().await?;
    let good = framing.connection(&framing.ticket("rates")?)?;
    let with = |member: &str, value: serde_json::Value| {
        let mut message = good.clone();
        message[member] = value;
        message
    };
    framing
        .post(&with("nonce", json!("BBBBBBBBBBBBBBBBBBBBBB")), &["nonce"])
        .await?;
    framing
        .post(&with("nonce", json!(null)), &["no-nonce"])
        .await?;
    framing
        .post(&with("type", json!("cs-hello")), &["type"])
        .await?;
    framing.post(&json!(null), &["null"]).await?;
    framing.post(&good, &[]).await?;
    framing.post(&good, &["first", "second"]).await?;
    // Everything right, but not from the frame's parent: from another frame on the same origin.
    let sibling = "const [message, target] = arguments; \
        const other = document.createElement('iframe'); document.body.append(other); \
        const { port1, port2 } = new MessageChannel(); const heard = []; \
        port1.onmessage = ({ data }) => heard.push(data); ports.sibling = { heard, port: port1 }; \
        const script = other.contentDocument.createElement('script'); \
        script.textContent = 'window.go = (to, message, target, port) => to.postMessage(message, target, [port])'; \
        other.contentDocument.head.append(script); \
        other.contentWindow.go(frame.contentWindow, message, target, port2);";
    let target = json!(framing.stage.gateway.origin());
    framing
        .in_parent(sibling, vec![good.clone(), target])
        .await?;

    // The right one is the last, so that what came before it has been handled when it is.
    framing.post(&good, &["good"]).await?;
    framing.told("good", "cs-ready").await?;
    for name in [
        "nonce", "no-nonce", "type", "null", "first", "second", "sibling",
    ] {
        assert!(framing.heard(name).await?.is_empty(), "{name} was taken");
    }

    // And there is one only.
    let second = framing.connection(&framing.ticket("other")?)?;
    framing.post(&second, &["late"]).await?;
    let page = framing.enter().await?;
    page.fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    page.save().await?;
    page.receipt().await?;
    let saved = framing.told("good", "cs-saved").await?;
    assert_eq!(saved["receipt"]["ls"], "rates");
    assert!(framing.heard("late").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_ticket_for_another_portal_s_page_begins_nothing() -> Result<()> {
    let framing = Framing::set().await?;
    let ticket = framing.ticket("rates")?;
    let good = framing.connection(&ticket)?;
    let foreign = ticket
        .clone()
        .with("iss", "demo-portal")
        .with("org", framing.stage.portal.origin());
    let none = ticket.clone().with("org", json!(null));
    let mut nonsense = good.clone();
    nonsense["ticket"] = json!(format!(
        "{}&ticket=x",
        good["ticket"].as_str().unwrap_or_default()
    ));
    for wrong in [
        framing.connection(&foreign)?,
        framing.connection(&none)?,
        nonsense,
    ] {
        framing.browser().goto(framing.site.origin()).await?;
        framing.frame().await?;
        framing.greeted().await?;
        framing.post(&wrong, &["wrong"]).await?;
        framing.enter().await?;
        framing.browser().find("#unframed").await?;
        // That was the one chance.
        framing.post(&good, &["good"]).await?;
        framing.enter().await?;
        nothing_runs(&framing.stage).await?;
        assert!(framing.heard("wrong").await?.is_empty());
        assert!(framing.heard("good").await?.is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn without_a_portal_around_it_nothing_runs() -> Result<()> {
    let framing = Framing::set().await?;
    let ticket = framing.ticket("rates")?.sign(&framing.stage.portal)?;
    for fragment in ["", &format!("#nonce={NONCE}"), &format!("#ticket={ticket}")] {
        let address = format!("{}/embed/frame{fragment}", framing.stage.gateway.origin());
        framing.browser().goto("about:blank").await?;
        framing.browser().goto(&address).await?;
        // At once, not only when patience has come to its end.
        let said = "return document.getElementById('unframed').checkVisibility();";
        assert_eq!(framing.browser().run(said, vec![]).await?, json!(true));
        nothing_runs(&framing.stage).await?;
    }
    // In a frame, but greeted by nobody.
    framing.browser().goto(framing.site.origin()).await?;
    framing
        .frame_address(&format!("/embed/frame#ticket={ticket}"))
        .await?;
    framing.enter().await?;
    framing.browser().find("#unframed").await?;
    nothing_runs(&framing.stage).await?;
    assert_eq!(framing.messages().await?, json!([]));
    Ok(())
}

/// No field, and no question to the gateway.
async fn nothing_runs(stage: &Stage) -> Result<()> {
    let script = "return [document.querySelectorAll('form').length, \
        performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/v1/')).length, \
        performance.getEntriesByName('cs-usable').length];";
    assert_eq!(stage.browser.run(script, vec![]).await?, json!([0, 0, 0]));
    Ok(())
}

#[tokio::test]
async fn only_the_set_of_messages_goes_to_the_portal() -> Result<()> {
    let framing = Framing::set().await?;
    framing.connect("rates").await?;
    framing.enter().await?.form().await?;
    framing.told("good", "cs-ready").await?;
    framing.enter().await?;
    let post = "window.opener.postMessage(arguments[0], arguments[1]);";
    let portal = json!(framing.site.origin());
    for (message, target) in [
        (
            json!({ "type": "cs-secret", "secret": "x" }),
            portal.clone(),
        ),
        (json!("cs-saved"), portal.clone()),
        (json!(null), portal.clone()),
        (json!({ "type": "cs-resize", "height": 1 }), portal.clone()),
        (
            json!({ "type": "cs-tested", "code": "elsewhere" }),
            json!("https://elsewhere.example"),
        ),
        (
            json!({ "type": "cs-tested", "code": "anybody" }),
            json!("*"),
        ),
        (json!({ "type": "cs-tested", "code": "right" }), portal),
    ] {
        framing.browser().run(post, vec![message, target]).await?;
    }
    assert_eq!(framing.told("good", "cs-tested").await?["code"], "right");
    for message in framing.heard("good").await? {
        let kind = message["type"].as_str().unwrap_or_default();
        ensure!(
            ["cs-ready", "cs-resize", "cs-tested"].contains(&kind) && message["height"] != 1,
            "it was told {message}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_portal_may_end_it() -> Result<()> {
    let framing = Framing::set().await?;
    framing.connect("rates").await?;
    framing.enter().await?.form().await?;
    framing.told("good", "cs-ready").await?;
    let close = "ports.good.port.postMessage(arguments[0]);";
    framing
        .in_parent(close, vec![json!({ "type": "cs-else" })])
        .await?;
    framing
        .in_parent(close, vec![json!({ "type": "cs-close" })])
        .await?;
    eventually("an empty frame", async || {
        framing.enter().await?;
        let here = framing.browser().run("return location.href;", vec![]).await;
        Ok(here.is_ok_and(|here| here == "about:blank").then_some(()))
    })
    .await
}

#[tokio::test]
async fn cancel_is_told_and_harmless() -> Result<()> {
    let framing = Framing::set().await?;
    framing.connect("rates").await?;
    let page = framing.enter().await?;
    page.form().await?;
    eventually("a cancelled form", async || {
        framing.enter().await?;
        // Refused until it has been in plain sight for long enough.
        if let Ok(button) = framing
            .browser()
            .driver()
            .find(thirtyfour::By::Css(
                "form .action-bar button[type='button']",
            ))
            .await
        {
            let _ = button.click().await;
        }
        let heard = framing.heard("good").await?;
        Ok(heard
            .iter()
            .any(|message| message["type"] == "cs-cancel")
            .then_some(()))
    })
    .await?;
    ensure!(
        framing.stage.gateway.list()?.is_empty(),
        "something was stored"
    );
    Ok(())
}
