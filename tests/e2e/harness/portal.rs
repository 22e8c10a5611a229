//! The demo portal: its process, and its copy wizard as a person uses it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use thirtyfour::prelude::*;

use super::binaries;
use super::browser::Browser;
use super::credential::CredentialToType;
use super::gateway::Fingerprint;
use super::gateway_page::GatewayPage;
use super::process::{Process, log_length, run};
use super::waiting::eventually;

/// The data factory of the demo.
pub(crate) const FACTORY: &str = "demo-factory";

/// A portal process with an issuer key of its own.
pub(crate) struct Portal {
    folder: PathBuf,
    public_key: PathBuf,
    origin: String,
    _process: Process,
}

impl Portal {
    /// Makes a folder in `home` and starts the portal for a gateway, on a free port.
    pub(crate) async fn start(
        home: &Path,
        gateway: &str,
        told: &Fingerprint,
        opener_policy: &str,
    ) -> Result<Self> {
        let program = binaries::portal()?;
        let folder = home.join("portal");
        let printed = run(Command::new(&program)
            .args(["init", "--folder"])
            .arg(&folder))?;
        let public_key = PathBuf::from(String::from_utf8(printed)?.trim());
        let mut command = Command::new(&program);
        command.args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--gateway",
            gateway,
            "--factory",
            FACTORY,
        ]);
        command
            .args([
                "--gateway-id",
                &told.gateway_id,
                "--thumbprint",
                &told.identity,
                "--identity-key",
                &told.identity_key,
                "--folder",
            ])
            .arg(&folder)
            .args(["--opener-policy", opener_policy, "--element"])
            .arg(binaries::page()?.join("embed/credential-setter.js"));
        let from = log_length("portal", home);
        let mut process = Process::start("portal", &mut command, home)?;
        let origin = process.line_after("listening ", from).await?;
        Ok(Self {
            folder,
            public_key,
            origin: origin.trim_end_matches('/').to_owned(),
            _process: process,
        })
    }

    /// `http://localhost:<port>`
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// The public half of its issuer key.
    pub(crate) fn public_key(&self) -> &Path {
        &self.public_key
    }

    /// The private half of its issuer key.
    pub(crate) fn private_key(&self) -> PathBuf {
        self.folder.join("issuer.key")
    }
}

/// The copy wizard in the browser's first window.
pub(crate) struct Wizard<'b> {
    browser: &'b Browser,
    window: WindowHandle,
}

/// What the wizard says after the gateway's window has answered.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// `stored`, `waiting` or `problem`.
    pub(crate) state: String,
    /// The problem's code, if it is one.
    pub(crate) code: Option<String>,
    /// All that it says.
    pub(crate) words: String,
}

impl<'b> Wizard<'b> {
    /// Goes to the wizard in the window that is current.
    pub(crate) async fn open(browser: &'b Browser, portal: &Portal) -> Result<Self> {
        browser.goto(portal.origin()).await?;
        let wizard = Self::in_current_window(browser).await?;
        wizard.browser.find(".card").await?;
        Ok(wizard)
    }

    /// Another page with one of the portal's elements, in the current window.
    pub(crate) async fn in_current_window(browser: &'b Browser) -> Result<Self> {
        let window = browser.driver().window().await?;
        Ok(Self { browser, window })
    }

    /// Makes the wizard's window the current one.
    pub(crate) async fn switch_to(&self) -> Result<()> {
        Ok(self
            .browser
            .driver()
            .switch_to_window(self.window.clone())
            .await?)
    }

    /// Chooses a linked service's card.
    pub(crate) async fn choose(&self, linked_service: &str) -> Result<()> {
        self.browser
            .find(&format!(".card:has(input[value='{linked_service}'])"))
            .await?
            .click()
            .await?;
        self.browser
            .find("credential-setter:not([disabled])")
            .await?;
        Ok(())
    }

    /// Presses the element's button.
    pub(crate) async fn press(&self) -> Result<()> {
        Ok(self
            .browser
            .find("credential-setter")
            .await?
            .click()
            .await?)
    }

    /// Chooses, presses, and goes to the gateway's window.
    pub(crate) async fn set_credential(&self, linked_service: &str) -> Result<GatewayPage<'b>> {
        self.choose(linked_service).await?;
        self.press_and_follow().await
    }

    /// Presses, and goes to the window that opens. One that was left open before is closed by the element meanwhile.
    pub(crate) async fn press_and_follow(&self) -> Result<GatewayPage<'b>> {
        let before = self.browser.driver().windows().await?;
        self.press().await?;
        self.switch_to_popup_beside(&before).await
    }

    /// Goes to the gateway's window, which is open already.
    pub(crate) async fn switch_to_popup(&self) -> Result<GatewayPage<'b>> {
        self.switch_to_popup_beside(std::slice::from_ref(&self.window))
            .await
    }

    async fn switch_to_popup_beside(&self, others: &[WindowHandle]) -> Result<GatewayPage<'b>> {
        let popup = eventually("the gateway's window", async || {
            let windows = self.browser.driver().windows().await?;
            Ok(windows.into_iter().find(|window| !others.contains(window)))
        })
        .await?;
        self.browser.driver().switch_to_window(popup).await?;
        // It begins blank; the gateway's page comes when the ticket is there.
        eventually("the gateway's page in its window", async || {
            Ok((self.browser.driver().current_url().await?.scheme() == "https").then_some(()))
        })
        .await?;
        Ok(GatewayPage::in_current_window(self.browser))
    }

    /// Presses a button of the wizard itself: `next`, `back` or `finish`.
    pub(crate) async fn go(&self, button: &str) -> Result<()> {
        self.browser.click(&format!("#{button}")).await
    }

    /// Goes on to this step.
    pub(crate) async fn next(&self, step: &str) -> Result<()> {
        self.go("next").await?;
        self.at(step).await
    }

    /// Goes back to this step.
    pub(crate) async fn back(&self, step: &str) -> Result<()> {
        self.go("back").await?;
        self.at(step).await
    }

    /// Waits until this step is there with the focus at its heading.
    pub(crate) async fn at(&self, step: &str) -> Result<()> {
        let script = "return [document.activeElement.id, document.querySelector('.steps [aria-current=step]').innerText, \
             Array.from(document.querySelectorAll('.step:not([hidden])'), ({ id }) => id)]";
        eventually(&format!("the step {step}"), async || {
            let [heading, current, shown] = [0, 1, 2];
            let there = self.browser.run(script, vec![]).await?;
            let is_there = there[heading] == format!("{step}-title")
                && there[current]
                    .as_str()
                    .is_some_and(|name| name.to_lowercase().contains(step))
                && there[shown] == serde_json::json!([step]);
            Ok(is_there.then_some(()))
        })
        .await
    }

    /// Sets a linked service's credential and waits for its receipt.
    pub(crate) async fn set(
        &self,
        linked_service: &str,
        credential: &CredentialToType,
    ) -> Result<()> {
        let page = self.set_credential(linked_service).await?;
        page.fill(credential).await?;
        page.save().await?;
        page.receipt().await?;
        self.stored().await.map(drop)
    }

    /// How many windows the browser has.
    pub(crate) async fn windows(&self) -> Result<usize> {
        Ok(self.browser.driver().windows().await?.len())
    }

    /// Waits for an outcome in one of these states, in the wizard's window.
    pub(crate) async fn outcome(&self, states: &[&str]) -> Result<Outcome> {
        self.switch_to().await?;
        eventually(
            &format!("an outcome in the wizard: {states:?}"),
            async || {
                let element = self.browser.find(".outcome").await?;
                let state = element.attr("data-state").await?.unwrap_or_default();
                let words = element.text().await?;
                if words.is_empty() || !states.contains(&state.as_str()) {
                    return Ok(None);
                }
                Ok(Some(Outcome {
                    state,
                    code: element.attr("data-code").await?,
                    words,
                }))
            },
        )
        .await
    }

    /// One line of the receipt that the wizard shows, e.g. `version`.
    pub(crate) async fn receipt(&self, name: &str) -> Result<String> {
        Ok(self
            .browser
            .find(&format!("[data-receipt='{name}']"))
            .await?
            .text()
            .await?)
    }

    /// Waits for the receipt.
    pub(crate) async fn stored(&self) -> Result<Outcome> {
        let outcome = self.outcome(&["stored", "problem"]).await?;
        if outcome.state != "stored" {
            bail!("the wizard says: {}", outcome.words);
        }
        Ok(outcome)
    }

    /// Waits for a problem and gives its code.
    pub(crate) async fn problem(&self) -> Result<String> {
        let outcome = self.outcome(&["stored", "problem"]).await?;
        outcome
            .code
            .with_context(|| format!("no problem but: {}", outcome.words))
    }
}
