//! The gateway's key document, as the browser gets it, and another one in its place.

use anyhow::Result;
use serde_json::{Value, json};

use super::browser::Browser;

/// Answers requests for the key document with another one; everything else goes its way.
const SUBSTITUTE: &str = "const genuine = window.fetch; \
     window.fetch = async (resource, options) => { \
       const answer = await genuine(resource, options); \
       return resource === '/v1/keys' ? new Response(DOCUMENT, { headers: answer.headers }) : answer; };";

/// Every page that is loaded gets this key document instead of the gateway's, until the end.
pub(crate) struct Substitution<'b> {
    browser: &'b Browser,
    script: Value,
}

impl<'b> Substitution<'b> {
    pub(crate) async fn begin(browser: &'b Browser, document: &str) -> Result<Self> {
        let source = SUBSTITUTE.replace("DOCUMENT", &json!(document).to_string());
        let method = "Page.addScriptToEvaluateOnNewDocument";
        let script = browser.cdp(method, json!({ "source": source })).await?;
        Ok(Self { browser, script })
    }

    pub(crate) async fn end(self) -> Result<()> {
        let method = "Page.removeScriptToEvaluateOnNewDocument";
        self.browser.cdp(method, self.script).await.map(drop)
    }
}

impl Browser {
    /// What the gateway at this origin serves now, read by its own page.
    pub(crate) async fn key_document(&self, origin: &str) -> Result<Value> {
        self.goto(origin).await?;
        let script = "const done = arguments[arguments.length - 1]; fetch('/v1/keys').then((answer) => answer.json()).then(done);";
        let document = self.driver().execute_async(script, vec![]).await?;
        Ok(document.json().clone())
    }
}
