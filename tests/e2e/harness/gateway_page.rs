//! The gateway's page as a person uses it.

use std::path::Path;

use anyhow::{Result, bail, ensure};
use linked_service::Field;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

use super::browser::{Browser, Keys};
use super::credential::CredentialToType;
use super::waiting::eventually;

/// The form once the program has it: until then Save cannot be pressed.
const FORM: &str = "form.card:has([type='submit']:enabled)";
const SAVE: &str = "form.card button[type='submit']";
const NOTICE: &str = "[role='alert'][data-code]";
const KEEP_OPEN: &str =
    "document.querySelector('.action-bar [aria-describedby=closing-in]')?.click()";
const RECEIPT: &str = "dl.facts--receipt";

/// The page in one window of the browser.
pub(crate) struct GatewayPage<'b> {
    browser: &'b Browser,
}

/// How a value gets into a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Typed,
    Pasted,
}

/// What the page says went wrong.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) code: String,
    pub(crate) words: String,
}

/// What the page says of a pasted connection string.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PasteReport {
    pub(crate) outcome: String,
    pub(crate) words: String,
}

impl<'b> GatewayPage<'b> {
    /// The page that is in the browser's current window.
    pub(crate) fn in_current_window(browser: &'b Browser) -> Self {
        Self { browser }
    }

    /// Follows a link in the current window.
    pub(crate) async fn follow(browser: &'b Browser, link: &str) -> Result<Self> {
        // From a blank page, as a link in a mail: the same page with another fragment would not be loaded again.
        browser.goto("about:blank").await?;
        browser.goto(link).await?;
        Ok(Self { browser })
    }

    /// Waits for the form.
    pub(crate) async fn form(&self) -> Result<()> {
        self.browser.find(FORM).await?;
        Ok(())
    }

    /// Waits for the form or for a notice without one; true if there is a form to fill.
    pub(crate) async fn opens_a_form(&self) -> Result<bool> {
        eventually("a form or a notice", async || {
            if self.text_of(FORM).await?.is_some() {
                return Ok(Some(true));
            }
            Ok(self.notice_now().await?.map(|_| false))
        })
        .await
    }

    /// Chooses kind and authentication type where the page leaves a choice, and fills every field.
    pub(crate) async fn fill(&self, credential: &CredentialToType) -> Result<()> {
        self.form().await?;
        self.knows_what_is_stored().await?;
        self.choose("#field-kind", credential.kind.id).await?;
        self.choose("#field-auth", credential.auth.id).await?;
        for field in credential.auth.fields {
            if let Some(value) = credential.properties.get(field.name) {
                self.enter(field, value, Entry::Typed).await?;
            }
            if let Some(value) = credential.secrets.get(field.name) {
                if self.stored(field.name).await?.is_some() {
                    self.press(&format!("[data-field='{}']", field.name), "Replace")
                        .await?;
                }
                self.enter(field, value, entry_for(value)).await?;
            }
        }
        Ok(())
    }

    /// Waits until the gateway has said whether a credential is stored: that may fill the form and take fields for secrets away.
    pub(crate) async fn knows_what_is_stored(&self) -> Result<()> {
        // The last of the facts, in any language.
        let script = "const stored = document.querySelector('.context .fact:last-of-type dd'); \
             return Boolean(stored && stored.innerText !== '…');";
        eventually("what is stored", async || {
            let known = self.browser.run(script, vec![]).await?;
            Ok(known.as_bool().filter(|known| *known))
        })
        .await?;
        Ok(())
    }

    /// Chooses an option of a list; a choice that the page has made already is left.
    pub(crate) async fn choose(&self, list: &str, value: &str) -> Result<()> {
        let list = self.browser.find(list).await?;
        if list.tag_name().await? == "select" {
            list.find(By::Css(format!("option[value='{value}']")))
                .await?
                .click()
                .await?;
        }
        Ok(())
    }

    /// Types or pastes into a field, in the place of what is in it.
    pub(crate) async fn enter(&self, field: &Field, value: &str, entry: Entry) -> Result<()> {
        let element = self.browser.find(&control(field.name)).await?;
        element.scroll_into_view().await?;
        element.click().await?;
        if !element.prop("value").await?.unwrap_or_default().is_empty() {
            element.send_keys(Key::Control + "a").await?;
            element.send_keys(Key::Delete + "").await?;
        }
        match entry {
            Entry::Typed => element.send_keys(value).await?,
            Entry::Pasted => self.browser.paste(value).await?,
        }
        Ok(())
    }

    /// Types into a field that is not secret, in the place of what is in it.
    pub(crate) async fn replace(&self, field: &str, value: &str) -> Result<()> {
        let element = self.browser.find(&control(field)).await?;
        element.scroll_into_view().await?;
        element.send_keys(Key::Control + "a").await?;
        Ok(element.send_keys(value).await?)
    }

    /// What the page says becomes of a secret that is stored; nothing where there is a field to type it into.
    pub(crate) async fn stored(&self, field: &str) -> Result<Option<String>> {
        self.text_of(&format!("[data-field='{field}'] .stored__state"))
            .await
    }

    /// Presses the button that begins with these words.
    pub(crate) async fn press(&self, around: &str, words: &str) -> Result<()> {
        let script = "const [around, words] = arguments; \
             return Array.from(document.querySelectorAll(`${around} button`)).find((each) => each.innerText.startsWith(words));";
        let found = self
            .browser
            .driver()
            .execute(script, vec![json!(around), json!(words)])
            .await?
            .element()?;
        found.scroll_into_view().await?;
        Ok(found.click().await?)
    }

    /// Pastes a connection string where one can be pasted, and gives what the page says of it.
    pub(crate) async fn paste_connection_string(&self, text: &str) -> Result<PasteReport> {
        let before = self.paste_report().await?;
        self.browser.click(&control("connection-string")).await?;
        self.browser.paste(text).await?;
        eventually("another report of what was pasted", async || {
            let now = self.paste_report().await?;
            Ok(now.filter(|now| before.as_ref() != Some(now)))
        })
        .await
    }

    async fn paste_report(&self) -> Result<Option<PasteReport>> {
        let script = "const report = document.querySelector('.paste__report[data-outcome]'); \
             return report && [report.dataset.outcome, report.innerText];";
        let found = self.browser.run(script, vec![]).await?;
        let text = |index: usize| found[index].as_str().map(str::to_owned);
        Ok(text(0)
            .zip(text(1))
            .map(|(outcome, words)| PasteReport { outcome, words }))
    }

    /// Waits until the line under a field that announces changes says this, and gives all of it.
    pub(crate) async fn told(&self, field: &str, words: &str) -> Result<String> {
        let line = format!("[data-field='{field}'] [role='status']");
        eventually(&format!("under {field}: {words}"), async || {
            Ok(self
                .text_of(&line)
                .await?
                .filter(|told| told.contains(words)))
        })
        .await
    }

    /// What is said to be wrong with a field.
    pub(crate) async fn fault(&self, field: &str) -> Result<Option<String>> {
        self.text_of(&format!("[data-field='{field}'] .field__error"))
            .await
    }

    /// Whether a field is there.
    pub(crate) async fn has(&self, field: &str) -> Result<bool> {
        Ok(self.text_of(&control(field)).await?.is_some())
    }

    /// Drops a file on a field, as it comes from the desktop.
    pub(crate) async fn drop_file(&self, field: &str, file: &Path) -> Result<()> {
        let element = self.browser.find(&control(field)).await?;
        element.scroll_into_view().await?;
        let script = "const box = arguments[0].getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2];";
        let driver = self.browser.driver();
        let place = driver.execute(script, vec![element.to_json()?]).await?;
        for step in ["dragEnter", "dragOver", "drop"] {
            let event = json!({
                "type": step, "x": place.json()[0], "y": place.json()[1],
                "data": { "items": [], "files": [file], "dragOperationsMask": 1 },
            });
            self.browser.cdp("Input.dispatchDragEvent", event).await?;
        }
        Ok(())
    }

    /// Chooses a file for a field, as the file dialogue does.
    pub(crate) async fn choose_file(&self, field: &str, file: &Path) -> Result<()> {
        let chooser = By::Css(format!("[data-field='{field}'] input[type='file']"));
        let chooser = self.browser.driver().find(chooser).await?;
        Ok(chooser.send_keys(file.display().to_string()).await?)
    }

    /// Presses a key for each character of a secret, in an empty field.
    pub(crate) async fn type_secret(&self, field: &str, value: &str, keys: Keys) -> Result<()> {
        let element = self.browser.find(&control(field)).await?;
        element.scroll_into_view().await?;
        element.click().await?;
        self.browser.type_key_by_key(value, keys).await
    }

    /// Makes a secret field the browser's own.
    pub(crate) async fn make_plain(&self, field: &str) -> Result<()> {
        let switch = format!("[data-field='{field}'] button.link-button");
        self.browser.click(&switch).await?;
        self.browser
            .find(&format!("{switch}[aria-pressed='true']"))
            .await?;
        Ok(())
    }

    /// Closes the window by the button on the receipt.
    pub(crate) async fn close(&self) -> Result<()> {
        self.browser
            .click(".action-bar .button--primary:not([type='submit'])")
            .await
    }

    /// What a secret field stands for, as Show makes it readable.
    pub(crate) async fn readable(&self, field: &str) -> Result<String> {
        let reveal = format!("[data-field='{field}'] .secret__reveal");
        self.browser.click(&reveal).await?;
        self.browser
            .find(&format!("{reveal}[aria-pressed='true']"))
            .await?;
        let readable = self.shown(field).await?;
        self.browser.click(&reveal).await?;
        Ok(readable)
    }

    /// What a field shows: bullets, where a secret is captured.
    pub(crate) async fn shown(&self, field: &str) -> Result<String> {
        let element = self.browser.find(&control(field)).await?;
        Ok(element.prop("value").await?.unwrap_or_default())
    }

    /// Presses Save.
    pub(crate) async fn save(&self) -> Result<()> {
        Ok(self.browser.find(SAVE).await?.click().await?)
    }

    /// Presses Cancel.
    pub(crate) async fn cancel(&self) -> Result<()> {
        Ok(self
            .browser
            .find("form.card .action-bar button[type='button']")
            .await?
            .click()
            .await?)
    }

    /// Waits for the receipt and gives all that it says.
    pub(crate) async fn receipt(&self) -> Result<String> {
        match self.answer().await? {
            Ok(words) => Ok(words),
            Err(notice) => bail!("instead of a receipt: {notice:?}"),
        }
    }

    /// Waits for a receipt or a notice. A window that would close by itself is told to stay.
    pub(crate) async fn answer(&self) -> Result<Result<String, Notice>> {
        eventually("a receipt or a notice", async || {
            if let Some(receipt) = self.text_of(RECEIPT).await? {
                self.browser.run(KEEP_OPEN, vec![]).await?;
                return Ok(Some(Ok(receipt)));
            }
            Ok(self.notice_now().await?.map(Err))
        })
        .await
    }

    /// Waits until the page says that something is wrong, in a sentence that a screen reader is given.
    pub(crate) async fn notice(&self) -> Result<Notice> {
        let notice = eventually("a notice", async || self.notice_now().await).await?;
        ensure!(
            notice.words.len() > 60 && notice.words.contains('.'),
            "no sentence: {notice:?}"
        );
        Ok(notice)
    }

    async fn notice_now(&self) -> Result<Option<Notice>> {
        let script = "const notice = document.querySelector(arguments[0]); \
             return notice && notice.checkVisibility() ? [notice.dataset.code, notice.innerText] : null;";
        let found = self.browser.run(script, vec![json!(NOTICE)]).await?;
        let text = |index: usize| found[index].as_str().map(str::to_owned);
        Ok(text(0)
            .zip(text(1))
            .map(|(code, words)| Notice { code, words }))
    }

    async fn text_of(&self, css: &str) -> Result<Option<String>> {
        let script =
            "const found = document.querySelector(arguments[0]); return found && found.innerText;";
        Ok(self
            .browser
            .run(script, vec![json!(css)])
            .await?
            .as_str()
            .map(str::to_owned))
    }

    /// Gives the page a new link in the field that a notice offers.
    pub(crate) async fn take_new_link(&self, link: &str) -> Result<()> {
        self.browser.find("#link").await?.send_keys(link).await?;
        self.browser
            .find(".ticket-request button")
            .await?
            .click()
            .await?;
        Ok(())
    }

    /// The linked service's JSON that the receipt offers.
    pub(crate) async fn linked_service_json(&self) -> Result<Value> {
        let text = self
            .browser
            .find("#linked-service-json")
            .await?
            .prop("value")
            .await?
            .unwrap_or_default();
        Ok(serde_json::from_str(&text)?)
    }

    /// Everything that can be read in the window.
    pub(crate) async fn words(&self) -> Result<String> {
        Ok(self.text_of("body").await?.unwrap_or_default())
    }
}

fn control(field: &str) -> String {
    format!("input[name='{field}'], textarea[name='{field}']")
}

/// What nobody types: what is longer comes from a file or a vault.
const LONG: usize = 256;

/// Characters that no keyboard has are pasted, and what is long or has several lines.
fn entry_for(value: &str) -> Entry {
    let typed = value.len() <= LONG
        && value
            .chars()
            .all(|each| !each.is_control() && u32::from(each) <= 0xffff);
    if typed { Entry::Typed } else { Entry::Pasted }
}
