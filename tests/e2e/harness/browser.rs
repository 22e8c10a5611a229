//! One browser, driven through its own WebDriver server.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::BrowserLogEntry;
use thirtyfour::prelude::*;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::engine::{Engine, Started, chromium};
use super::family::Family;
use super::process::Process;
use super::waiting::eventually;

/// How many browsers run at the same time, however many tests do.
const MOST_BROWSERS: usize = 2;
static BROWSERS: Semaphore = Semaphore::const_new(MOST_BROWSERS);

/// The right to start one browser.
pub(crate) type Permit = SemaphorePermit<'static>;

/// A browser; it is gone when this is dropped, also when the test panics.
pub(crate) struct Browser {
    session: Option<WebDriver>,
    /// The process that all of the browser's descend from.
    process: u32,
    _programs: Vec<Process>,
    folder: PathBuf,
    engine: Engine,
    _permit: Permit,
}

/// Which events a key makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Those of a keyboard.
    Keyboard,
    /// The one that the page gets, without the one by which Chromium's browser process follows what is typed.
    PageOnly,
}

impl Browser {
    pub(crate) async fn permit() -> Result<Permit> {
        Ok(BROWSERS.acquire().await?)
    }

    /// Starts a browser of this engine, which accepts the certificate whose public key has the hash `spki`;
    /// Chromium gets these flags beside the usual ones.
    pub(crate) async fn start(
        permit: Permit,
        engine: Engine,
        home: &Path,
        spki: &str,
        flags: &[String],
    ) -> Result<Self> {
        let folder = home.join("browser");
        std::fs::create_dir_all(&folder)?;
        let Started {
            session,
            eldest,
            programs,
        } = engine.start(&folder, spki, flags).await?;
        Ok(Self {
            engine,
            session: Some(session),
            process: eldest,
            _programs: programs,
            folder,
            _permit: permit,
        })
    }

    /// The session itself.
    pub(crate) fn driver(&self) -> &WebDriver {
        self.session
            .as_ref()
            .unwrap_or_else(|| unreachable!("the session is taken by `close` and `drop` only"))
    }

    pub(crate) async fn goto(&self, address: &str) -> Result<()> {
        Ok(self.driver().goto(address).await?)
    }

    /// The first element that matches, as soon as it is there and visible.
    pub(crate) async fn find(&self, css: &str) -> Result<WebElement> {
        eventually(&format!("an element {css}"), async || {
            for element in self.driver().find_all(By::Css(css)).await? {
                // An element that was replaced meanwhile is looked for again.
                if element.is_displayed().await.unwrap_or(false) {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Clicks an element, from under the bar that stays in view.
    pub(crate) async fn click(&self, css: &str) -> Result<()> {
        let element = self.find(css).await?;
        element.scroll_into_view().await?;
        Ok(element.click().await?)
    }

    /// Runs a script in the current window.
    pub(crate) async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self
            .driver()
            .execute(script, arguments)
            .await?
            .json()
            .clone())
    }

    /// Runs a script that calls its last argument when it has come to an end, with what it gives.
    pub(crate) async fn run_to_end(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let run = self.driver().execute_async(script, arguments);
        Ok(run.await?.json().clone())
    }

    /// One command of the Chrome DevTools Protocol, for the current window.
    pub(crate) async fn cdp(&self, method: &str, parameters: Value) -> Result<Value> {
        self.driver()
            .cdp()
            .send_raw(method, parameters)
            .await
            .with_context(|| method.to_owned())
    }

    /// All its processes, as they are now.
    pub(crate) fn family(&self) -> Family {
        Family::of(self.process)
    }

    /// Presses a key for each character, in the element that has the focus. No process is ever given the whole text.
    pub(crate) async fn type_key_by_key(&self, text: &str, keys: Keys) -> Result<()> {
        for character in text.chars() {
            let text = character.to_string();
            let up = json!({ "type": "keyUp", "key": text });
            let events = match keys {
                Keys::Keyboard => vec![
                    json!({ "type": "rawKeyDown", "key": text }),
                    json!({ "type": "char", "key": text, "text": text }),
                    up,
                ],
                Keys::PageOnly => vec![json!({ "type": "keyDown", "key": text, "text": text }), up],
            };
            for event in events {
                self.cdp("Input.dispatchKeyEvent", event).await?;
            }
        }
        Ok(())
    }

    /// Presses one key, by its name and code in the DOM and in Windows, where the focus is; `shift` (8) or nothing (0) with it.
    pub(crate) async fn press_key(&self, (key, code): (&str, u32), modifiers: u32) -> Result<()> {
        let text = match key {
            "Enter" => "\r",
            " " => " ",
            _ => "",
        };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "modifiers": modifiers,
            });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.cdp("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// The network of the current window from now on; `bytes_per_second` downwards, or as fast as it goes.
    pub(crate) async fn network(&self, offline: bool, bytes_per_second: Option<u32>) -> Result<()> {
        self.cdp("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": offline, "latency": 0, "uploadThroughput": -1,
            "downloadThroughput": bytes_per_second.map_or(-1, i64::from),
        });
        self.cdp("Network.emulateNetworkConditions", conditions)
            .await?;
        Ok(())
    }

    /// Console messages, refused resources and policy violations of all windows since the last call. Only Chromium's driver tells of them.
    pub(crate) async fn console(&self) -> Result<Vec<BrowserLogEntry>> {
        match self.engine {
            Engine::Chromium => Ok(self.driver().browser_log().await?),
            Engine::Firefox | Engine::WebKit => Ok(Vec::new()),
        }
    }

    /// Presses Ctrl+V with `text` on the clipboard, in the element that has the focus.
    pub(crate) async fn paste(&self, text: &str) -> Result<()> {
        // A window of its own, with nobody's policy, fills the clipboard the way a copy does: by a copy event.
        let driver = self.driver();
        let here = driver.window().await?;
        let scratch = driver.new_window().await?;
        driver.switch_to_window(scratch).await?;
        let select = "const [text] = arguments; \
             document.addEventListener('copy', (event) => { \
               event.clipboardData.setData('text/plain', text); event.preventDefault(); window.copied = true; }); \
             const area = document.createElement('textarea'); \
             area.value = 'something to select'; document.body.append(area); area.select();";
        self.run(select, vec![json!(text)]).await?;
        driver
            .active_element()
            .await?
            .send_keys(Key::Control + "c")
            .await?;
        let copied = self.run("return window.copied", vec![]).await?;
        driver.close_window().await?;
        driver.switch_to_window(here).await?;
        ensure!(copied == json!(true), "the browser did not copy");
        driver
            .active_element()
            .await?
            .send_keys(Key::Control + "v")
            .await?;
        Ok(())
    }

    /// Ends the browser in good order, so that its network log is complete, and gives that log.
    pub(crate) async fn close(mut self) -> Result<PathBuf> {
        if let Some(session) = self.session.take() {
            let family = Family::of(self.process);
            session.quit().await?;
            family.wait();
        }
        Ok(chromium::network_log(&self.folder))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            Family::of(self.process).kill();
            // Otherwise dropping the session would wait for an answer.
            let _ = session.leak();
        }
    }
}
