//! Requests of the page that get no answer, so that what it shows meanwhile can be looked at.

use anyhow::Result;
use serde_json::{Value, json};

use super::browser::Browser;

/// A fetch that never comes to an end, for one end of a path.
const HOLD: &str = "const genuine = window.fetch; \
     window.fetch = (resource, options) => \
       String(resource).split('?')[0].endsWith(PATH) ? new Promise(() => {}) : genuine(resource, options);";

/// Every page that is loaded waits in vain for this, until the end.
pub(crate) struct Held<'b> {
    browser: &'b Browser,
    script: Value,
}

impl<'b> Held<'b> {
    /// Holds requests for paths that end so.
    pub(crate) async fn begin(browser: &'b Browser, path: &str) -> Result<Self> {
        let source = HOLD.replace("PATH", &json!(path).to_string());
        let method = "Page.addScriptToEvaluateOnNewDocument";
        let script = browser.cdp(method, json!({ "source": source })).await?;
        Ok(Self { browser, script })
    }

    pub(crate) async fn end(self) -> Result<()> {
        let method = "Page.removeScriptToEvaluateOnNewDocument";
        self.browser.cdp(method, self.script).await.map(drop)
    }
}
