//! A person presses Save: what they see must be the form, all of it, and at rest.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::By;

use super::parent::{Framing, KIND};
use crate::harness::{CredentialToType, Stage, StageOptions, Trials, eventually};

const COVERED: &str = "const covered = document.getElementById('covered'); return !covered.hidden;";

/// A filled form in a frame.
async fn filled(linked_service: &str) -> Result<Framing> {
    let framing = Framing::set().await?;
    framing.connect(linked_service).await?;
    let page = framing.enter().await?;
    page.fill(&CredentialToType::sample_of(KIND, "Basic"))
        .await?;
    Ok(framing)
}

/// Waits until the browser has said whether the frame is in plain sight, and it is what it should be.
async fn is_visible(framing: &Framing, wanted: bool) -> Result<()> {
    framing.enter().await?;
    eventually("what the browser says of the frame", async || {
        let said = "return document.getElementById('pane')?.dataset.isVisible;";
        let said = framing.browser().run(said, vec![]).await?;
        Ok((said == json!(wanted.to_string())).then_some(()))
    })
    .await
}

/// Presses Save in the frame until it is taken.
pub(super) async fn press_save(framing: &Framing) -> Result<()> {
    is_visible(framing, true).await?;
    eventually("a press of Save that is taken", async || {
        framing.browser().click("#save").await?;
        let covered = framing.browser().run(COVERED, vec![]).await?;
        Ok((covered == json!(false)).then_some(()))
    })
    .await
}

/// Presses Save in every way: nothing may come of it.
async fn cannot_save(framing: &Framing) -> Result<()> {
    is_visible(framing, false).await?;
    let browser = framing.browser();
    let save = browser.driver().find(By::Id("save")).await?;
    for way in ["click", "submit", "Enter"] {
        browser
            .run("document.getElementById('covered').hidden = true;", vec![])
            .await?;
        match way {
            // A press of the person's, which whatever lies over the frame lets through.
            "click" => {
                // Where the driver does not find its way through what is bent, the page's own press.
                if save.click().await.is_err() {
                    let press = "document.getElementById('save').click();";
                    browser.run(press, vec![]).await?;
                }
            }
            "submit" => drop(
                browser
                    .run("document.forms[0].requestSubmit();", vec![])
                    .await?,
            ),
            _ => {
                browser
                    .run(
                        "document.querySelector(\"[name='userName']\").focus();",
                        vec![],
                    )
                    .await?;
                browser
                    .driver()
                    .active_element()
                    .await?
                    .send_keys(thirtyfour::Key::Enter + "")
                    .await?;
            }
        }
        let covered = browser.run(COVERED, vec![]).await?;
        ensure!(covered == json!(true), "{way} was not held back");
    }
    let told = framing.told("good", "cs-error").await?;
    assert_eq!(told["code"], "frame_covered");
    ensure!(
        framing.stage.gateway.list()?.is_empty(),
        "something was stored"
    );
    Ok(())
}

/// Trust sends the password to whoever has the certificate.
#[tokio::test]
async fn under_something_nobody_trusts_a_certificate() -> Result<()> {
    let options = StageOptions {
        trials: Trials::Chosen,
        ..StageOptions::default()
    };
    let framing = Framing::on(Stage::with(options).await?).await?;
    framing.connect("rates").await?;
    let page = framing.enter().await?;
    let mut http = CredentialToType::sample_of(KIND, "Basic");
    // The gateway's own certificate is one that nobody has signed.
    let itself = framing.stage.gateway.origin().to_owned();
    http.properties.insert("url", itself);
    page.fill(&http).await?;
    press_save(&framing).await?;
    framing.browser().find("#trust-certificate").await?;
    framing
        .in_parent("frame.style.opacity = '0.02';", vec![])
        .await?;
    is_visible(&framing, false).await?;
    framing.browser().click("#trust-certificate").await?;
    let held = framing.browser().run(COVERED, vec![]).await?;
    assert_eq!(held, json!(true));
    let trusted = "return document.querySelectorAll('.field--trusted').length;";
    assert_eq!(framing.browser().run(trusted, vec![]).await?, json!(0));

    framing
        .in_parent("frame.style.opacity = '';", vec![])
        .await?;
    is_visible(&framing, true).await?;
    eventually("a certificate that is trusted", async || {
        if let Ok(trust) = framing
            .browser()
            .driver()
            .find(By::Id("trust-certificate"))
            .await
        {
            // It is gone once it is pressed.
            let _ = trust.click().await;
        }
        Ok((framing.browser().run(trusted, vec![]).await? == json!(1)).then_some(()))
    })
    .await
}

/// Does something to the frame under which nobody can save, takes it back, and saves.
async fn blinds(change: &str, back: &str) -> Result<()> {
    let framing = filled("rates").await?;
    framing.in_parent(change, vec![]).await?;
    cannot_save(&framing).await?;
    framing.in_parent(back, vec![]).await?;
    press_save(&framing).await?;
    framing.told("good", "cs-saved").await?;
    Ok(())
}

#[tokio::test]
async fn under_something_nobody_can_save() -> Result<()> {
    let cover = "window.cover = document.createElement('div'); \
        cover.style.cssText = 'position: absolute; left: 30px; top: 40px; width: 300px; height: 60px; background: white; pointer-events: none'; \
        document.body.append(cover);";
    blinds(cover, "cover.remove();").await
}

#[tokio::test]
async fn what_cannot_be_seen_cannot_be_saved() -> Result<()> {
    blinds("frame.style.opacity = '0.02';", "frame.style.opacity = '';").await
}

#[tokio::test]
async fn what_is_bent_cannot_be_saved() -> Result<()> {
    blinds(
        "frame.style.transform = 'rotate(2deg) scale(0.9)';",
        "frame.style.transform = '';",
    )
    .await
}

/// Its last line alone, with Save in it.
#[tokio::test]
async fn what_is_cropped_cannot_be_saved() -> Result<()> {
    let crop = "document.documentElement.style.overflow = 'hidden'; frame.style.top = '-520px'; \
        document.body.style.cssText = 'position: relative; overflow: hidden; height: 80px; margin: 0';";
    let back = "document.documentElement.style.overflow = document.body.style.cssText = ''; frame.style.top = '20px';";
    blinds(crop, back).await
}

#[tokio::test]
async fn a_form_that_moves_under_the_pointer_is_not_saved_by_the_press() -> Result<()> {
    let framing = filled("rates").await?;
    press_nothing_until_settled(&framing).await?;
    let place = "const box = document.getElementById('save').getBoundingClientRect(); \
        return [box.x + box.width / 2, box.y + box.height / 2];";
    framing.enter().await?;
    let save = framing.browser().run(place, vec![]).await?;
    let [x, y] = [0, 1].map(|axis| save[axis].as_f64().unwrap_or_default());
    // The pointer rests on a harmless place of the form, 40 px above Save.
    let rest = (20.0 + x, 20.0 + y - 60.0);
    let mouse = async |kind: &str| {
        let event =
            json!({ "type": kind, "x": rest.0, "y": rest.1, "button": "left", "clickCount": 1 });
        framing
            .browser()
            .cdp("Input.dispatchMouseEvent", event)
            .await
    };
    mouse("mouseMoved").await?;
    press_nothing_until_settled(&framing).await?;
    // Just before the person presses there, Save is there: two frames later it is drawn.
    let jump = "const done = arguments[0]; frame.style.top = '-40px'; \
        requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
    framing.browser().driver().enter_default_frame().await?;
    framing.browser().run_to_end(jump, vec![]).await?;
    mouse("mousePressed").await?;
    mouse("mouseReleased").await?;
    framing.enter().await?;
    eventually("a press that is held back", async || {
        let covered = framing.browser().run(COVERED, vec![]).await?;
        Ok((covered == json!(true)).then_some(()))
    })
    .await?;
    ensure!(
        framing.stage.gateway.list()?.is_empty(),
        "something was stored"
    );
    // A person who looks and presses again is not hindered.
    press_save(&framing).await?;
    framing.told("good", "cs-saved").await?;
    Ok(())
}

/// Waits until a press would be taken, by the page's own clock, without pressing.
async fn press_nothing_until_settled(framing: &Framing) -> Result<()> {
    is_visible(framing, true).await?;
    let wait = "const done = arguments[0]; const begin = performance.now(); \
        const look = () => (performance.now() - begin > 700 ? done(true) : requestAnimationFrame(look)); look();";
    framing.browser().run_to_end(wait, vec![]).await?;
    Ok(())
}

#[tokio::test]
async fn a_form_that_is_taller_than_the_window_can_be_saved() -> Result<()> {
    let framing = filled("rates").await?;
    framing
        .in_parent("frame.style.height = '2400px';", vec![])
        .await?;
    press_save(&framing).await?;
    framing.told("good", "cs-saved").await?;
    Ok(())
}
