//! Everything that is looked for in one state of a page, so that a state is reached once.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::harness::{Browser, axe_script};

/// What axe-core looks for.
const TAGS: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

/// Rule, place and advice of each finding; no value of any field.
const RUN_AXE: &str = "const done = arguments[arguments.length - 1]; const [only] = arguments; \
     axe.run(document, { runOnly: only, resultTypes: ['violations'] }).then(({ violations }) => \
       done(violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(' ')}: ${help}`))), \
       (error) => done([`axe-core does not run: ${error.message}`]));";

/// A window of 1280×1024 at 400 %, without the browser's scroll bar: WCAG 2.2, 1.4.10.
const ZOOMED: (u32, u32) = (316, 256);

/// Each is at least so wide and high in CSS pixels: WCAG 2.2, 2.5.8.
const TARGET: u32 = 24;

/// What people may set in any page without losing anything of it: WCAG 2.2, 1.4.12.
const SPACING: &str = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } \
     p { margin-block-end: 2em !important; }";

const LAYOUT: &str = include_str!("layout.js");
const EDGES: &str = include_str!("edges.js");
const COLOURS: &str = include_str!("colours.js");
const MOTION: &str = include_str!("motion.js");
const DIRECTION: &str = include_str!("direction.js");

/// What was found in the states that were looked at.
pub(super) struct Inspection<'b> {
    browser: &'b Browser,
    axe: String,
    findings: Vec<String>,
    looks: usize,
}

impl<'b> Inspection<'b> {
    pub(super) fn begin(browser: &'b Browser) -> Result<Self> {
        let axe = std::fs::read_to_string(axe_script()?).context("axe-core")?;
        Ok(Self {
            browser,
            axe,
            findings: Vec::new(),
            looks: 0,
        })
    }

    /// Looks at the page in the browser's current window in every way. Leaves it as it was.
    pub(super) async fn look(&mut self, state: &str) -> Result<()> {
        self.looks += 1;
        self.media(&[]).await?;
        self.axe(state, "light", json!(TAGS)).await?;
        self.script(state, "light", EDGES).await?;
        self.media(&[("prefers-color-scheme", "dark")]).await?;
        self.script(state, "dark", EDGES).await?;
        self.axe(
            state,
            "dark",
            json!({ "type": "rule", "values": ["color-contrast"] }),
        )
        .await?;
        self.media(&[("forced-colors", "active")]).await?;
        self.script(state, "in forced colours", COLOURS).await?;
        self.media(&[("prefers-reduced-motion", "reduce")]).await?;
        self.script(state, "with reduced motion", MOTION).await?;
        self.media(&[]).await?;
        self.reflow(state).await
    }

    /// Sizes and distances at 400 %.
    pub(super) async fn look_zoomed(&mut self, state: &str) -> Result<()> {
        self.zoom().await?;
        self.script(state, "at 400 %", LAYOUT).await?;
        self.zoom_out().await
    }

    /// Sizes, distances and directions.
    async fn reflow(&mut self, state: &str) -> Result<()> {
        self.script(state, "as it is", LAYOUT).await?;
        self.zoom().await?;
        self.script(state, "at 400 %", LAYOUT).await?;
        let own = self.direction(json!("rtl")).await?;
        self.script(state, "at 400 %, from right to left", LAYOUT)
            .await?;
        self.script(state, "at 400 %, from right to left", DIRECTION)
            .await?;
        self.direction(own.clone()).await?;
        self.spacing(SPACING).await?;
        self.script(state, "at 400 % with more spacing", LAYOUT)
            .await?;
        self.zoom_out().await?;
        self.script(state, "with more spacing", LAYOUT).await?;
        self.spacing("").await?;
        self.direction(json!("rtl")).await?;
        self.script(state, "from right to left", LAYOUT).await?;
        self.script(state, "from right to left", DIRECTION).await?;
        self.direction(own).await?;
        Ok(())
    }

    /// Fails if anything was found, with all of it.
    pub(super) fn end(self) -> Result<()> {
        ensure!(self.looks > 0, "nothing was looked at");
        ensure!(
            self.findings.is_empty(),
            "{} findings in {} states:\n{}",
            self.findings.len(),
            self.looks,
            self.findings.join("\n")
        );
        Ok(())
    }

    async fn axe(&mut self, state: &str, how: &str, rules: Value) -> Result<()> {
        // From outside, where the page's own policy does not reach; it stays as it is for the page.
        let there = json!({ "expression": "typeof axe" });
        let there = self.browser.cdp("Runtime.evaluate", there).await?;
        if there["result"]["value"] == "undefined" {
            let script = json!({ "expression": self.axe });
            let run = self.browser.cdp("Runtime.evaluate", script).await?;
            ensure!(
                run["exceptionDetails"].is_null(),
                "axe-core cannot be put into the page"
            );
        }
        let driver = self.browser.driver();
        driver.set_script_timeout(Duration::from_secs(60)).await?;
        let found = self.browser.run_to_end(RUN_AXE, vec![rules]).await?;
        self.add(state, how, &found)
    }

    async fn script(&mut self, state: &str, how: &str, script: &str) -> Result<()> {
        let found = self.browser.run(script, vec![json!(TARGET)]).await?;
        self.add(state, how, &found)
    }

    fn add(&mut self, state: &str, how: &str, found: &Value) -> Result<()> {
        let found = found
            .as_array()
            .with_context(|| format!("{state}: no list"))?;
        let found = found.iter().filter_map(Value::as_str);
        self.findings
            .extend(found.map(|finding| format!("{state}, {how}: {finding}")));
        Ok(())
    }

    async fn zoom(&self) -> Result<()> {
        let (width, height) = ZOOMED;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        let hidden = json!({ "hidden": true });
        let browser = self.browser;
        browser.cdp("Emulation.setScrollbarsHidden", hidden).await?;
        browser
            .cdp("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    async fn zoom_out(&self) -> Result<()> {
        let hidden = json!({ "hidden": false });
        let browser = self.browser;
        browser.cdp("Emulation.setScrollbarsHidden", hidden).await?;
        browser
            .cdp("Emulation.clearDeviceMetricsOverride", json!({}))
            .await?;
        Ok(())
    }

    async fn media(&self, features: &[(&str, &str)]) -> Result<()> {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        self.browser
            .cdp(
                "Emulation.setEmulatedMedia",
                json!({ "features": features }),
            )
            .await?;
        Ok(())
    }

    /// Sets the document's direction and gives the one that it had.
    async fn direction(&self, direction: Value) -> Result<Value> {
        let script = "const { dir } = document.documentElement; document.documentElement.dir = arguments[0]; return dir;";
        self.browser.run(script, vec![direction]).await
    }

    async fn spacing(&self, style: &str) -> Result<()> {
        let script = "const sheet = new CSSStyleSheet(); sheet.replaceSync(arguments[0]); document.adoptedStyleSheets = [sheet];";
        self.browser.run(script, vec![json!(style)]).await?;
        Ok(())
    }
}
