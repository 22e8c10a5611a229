//! Chromium without a driver in between: the DevTools protocol over a pipe. Every page is opened with nothing cached.

mod connection;

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use connection::Connection;

/// As root and without a display; nothing of the browser's own goes to the network.
const SWITCHES: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];

/// Chromium reads commands from descriptor 3 and answers on 4; they are given as standard input and output.
const WITH_PIPE: &str = r#"exec chromium "$@" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null"#;

/// How long a page may take for anything.
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes marks and clicks of the page, and whether the form was there at the very moment of the mark.
const WATCH: &str = include_str!("../pages/watch.js");

/// A running browser.
pub(crate) struct Chromium {
    connection: Connection,
    process: Child,
    // Removed when the process has ended.
    _profile: TempDir,
}

/// A page in a browser context of its own: no cache, no cookie, no open connection shared with any other.
pub(crate) struct Page<'a> {
    browser: &'a Chromium,
    context: String,
    session: String,
}

impl Chromium {
    /// Starts it with a new profile. The certificates with these SPKI hashes (base64 of the SHA-256) are taken for valid.
    pub(crate) async fn start(trusted_spki: &[String]) -> Result<Self> {
        let profile = tempfile::tempdir()?;
        let mut process = Command::new("sh")
            .args(["-c", WITH_PIPE, "chromium"])
            .args(SWITCHES)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!(
                "--ignore-certificate-errors-spki-list={}",
                trusted_spki.join(",")
            ))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("Chromium cannot be started (Debian: chromium)")?;
        let commands = process.stdin.take().context("no pipe to Chromium")?;
        let answers = process.stdout.take().context("no pipe from Chromium")?;
        let browser = Self {
            connection: Connection::new(commands, answers),
            process,
            _profile: profile,
        };
        browser
            .connection
            .send("Browser.getVersion", json!({}), None)
            .await?;
        Ok(browser)
    }

    /// An empty page in a new browser context.
    pub(crate) async fn page(&self) -> Result<Page<'_>> {
        let browser = |method, parameters| self.connection.send(method, parameters, None);
        let context = browser("Target.createBrowserContext", json!({})).await?;
        let context = text(&context, "browserContextId")?;
        let target = json!({"url": "about:blank", "browserContextId": context, "newWindow": true, "width": 1280, "height": 900});
        let target = text(&browser("Target.createTarget", target).await?, "targetId")?;
        let attached = browser(
            "Target.attachToTarget",
            json!({"targetId": target, "flatten": true}),
        )
        .await?;
        let page = Page {
            browser: self,
            context,
            session: text(&attached, "sessionId")?,
        };
        page.cdp("Page.enable", json!({})).await?;
        page.cdp("Network.enable", json!({})).await?;
        page.cdp(
            "Emulation.setFocusEmulationEnabled",
            json!({"enabled": true}),
        )
        .await?;
        page.cdp(
            "Page.addScriptToEvaluateOnNewDocument",
            json!({"source": WATCH}),
        )
        .await?;
        Ok(page)
    }

    /// Ends the browser.
    pub(crate) async fn quit(mut self) -> Result<()> {
        self.connection
            .send("Browser.close", json!({}), None)
            .await?;
        if tokio::time::timeout(PATIENCE, self.process.wait())
            .await
            .is_err()
        {
            self.process.kill().await?;
        }
        Ok(())
    }
}

impl Page<'_> {
    /// Goes to an address and waits for the document's load event.
    pub(crate) async fn open(&self, url: &str) -> Result<()> {
        let answer = self.cdp("Page.navigate", json!({"url": url})).await?;
        if let Some(error) = answer["errorText"].as_str() {
            bail!("{error}");
        }
        let loaded = self
            .browser
            .connection
            .event(&self.session, "Page.loadEventFired");
        tokio::time::timeout(PATIENCE, loaded)
            .await
            .context("the page did not load")?
    }

    /// Runs the body of an async function whose arguments are `given`, and takes what it returns, as JSON.
    pub(crate) async fn run<T: DeserializeOwned>(&self, body: &str, given: &[Value]) -> Result<T> {
        let expression = format!(
            "(async (...given) => {{ {body} }})(...{})",
            Value::from(given)
        );
        let command =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = tokio::time::timeout(PATIENCE, self.cdp("Runtime.evaluate", command))
            .await
            .context("the page did not answer")??;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let error = thrown["exception"]["description"]
                .as_str()
                .or(thrown["text"].as_str());
            bail!(
                "the page says: {}",
                error.unwrap_or("an error without words")
            );
        }
        serde_json::from_value(answer["result"]["value"].clone())
            .context("the page's answer has another form")
    }

    /// Clicks into the middle of an element.
    pub(crate) async fn click(&self, selector: &str) -> Result<()> {
        let [x, y]: [f64; 2] = self.run(MIDDLE, &[json!(selector)]).await?;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.cdp("Input.dispatchMouseEvent", event).await?;
        }
        Ok(())
    }

    /// Types into the element that has the focus, key by key.
    pub(crate) async fn type_text(&self, text: &str) -> Result<()> {
        for key in text.chars().map(String::from) {
            self.cdp(
                "Input.dispatchKeyEvent",
                json!({"type": "keyDown", "key": key, "text": key}),
            )
            .await?;
            self.cdp(
                "Input.dispatchKeyEvent",
                json!({"type": "keyUp", "key": key}),
            )
            .await?;
        }
        Ok(())
    }

    /// The protocol's events of this page that nobody has waited for.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.browser.connection.take_events(&self.session)
    }

    /// Closes the page and its context.
    pub(crate) async fn close(self) -> Result<()> {
        let context = json!({"browserContextId": self.context});
        self.browser
            .connection
            .send("Target.disposeBrowserContext", context, None)
            .await?;
        self.browser.connection.take_events(&self.session);
        Ok(())
    }

    async fn cdp(&self, method: &str, parameters: Value) -> Result<Value> {
        self.browser
            .connection
            .send(method, parameters, Some(&self.session))
            .await
    }
}

const MIDDLE: &str = r#"
    const element = document.querySelector(given[0]);
    if (!element) throw new Error(`nothing matches ${given[0]}`);
    element.scrollIntoView({ block: "center", behavior: "instant" });
    // Two frames: what is on the screen, and so what a click meets, is what was just measured.
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
"#;

fn text(answer: &Value, member: &str) -> Result<String> {
    let text = answer[member].as_str();
    Ok(text
        .with_context(|| format!("Chromium's answer has no {member}"))?
        .to_owned())
}
