//! What the element tells, as a portal hears it.

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::browser::Browser;
use super::waiting::eventually;

/// Every event of every element in the current window from now on, in `window.told`: its name, its detail, its element's id.
const RECORD: &str = "
window.told = [];
for (const name of ['open', 'ready', 'saved', 'tested', 'error', 'cancel']) {
  document.addEventListener(`cs-${name}`, (event) => window.told.push({ name, detail: event.detail, id: event.target.id }));
}";

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Without `cs-`.
    pub(crate) name: String,
    pub(crate) detail: Value,
    /// The element's id.
    pub(crate) id: String,
}

/// Begins to listen in the current window.
pub(crate) async fn listen(browser: &Browser) -> Result<()> {
    browser.run(RECORD, vec![]).await.map(drop)
}

/// What was told since, in the current window.
pub(crate) async fn told(browser: &Browser) -> Result<Vec<Told>> {
    let told = browser.run("return window.told", vec![]).await?;
    let told = told.as_array().context("nobody listens")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok(told
        .iter()
        .map(|each| Told {
            name: text(&each["name"]),
            detail: each["detail"].clone(),
            id: text(&each["id"]),
        })
        .collect())
}

/// Waits for the first event of that name, in the current window.
pub(crate) async fn first(browser: &Browser, name: &str) -> Result<Told> {
    wait(browser, &format!("cs-{name}"), |each| each.name == name).await
}

/// Waits for a problem with that code, in the current window.
pub(crate) async fn problem(browser: &Browser, code: &str) -> Result<Told> {
    let is_it = |each: &Told| each.name == "error" && each.detail["code"] == code;
    wait(browser, &format!("cs-error with {code}"), is_it).await
}

async fn wait(browser: &Browser, what: &str, is_it: impl Fn(&Told) -> bool) -> Result<Told> {
    let found = eventually(what, async || {
        Ok(told(browser).await?.into_iter().find(&is_it))
    });
    match found.await {
        Ok(found) => Ok(found),
        Err(error) => {
            let told = told(browser).await?;
            Err(error.context(format!("told was {told:?}")))
        }
    }
}
