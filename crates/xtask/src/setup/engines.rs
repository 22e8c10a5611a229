//! The other browser engines and their WebDrivers: Firefox and WebKit. Only the tests need them.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{cargo_install, debian, program};
use crate::workspace::Workspace;

const GECKODRIVER: &str = "0.37.1";

/// Where Debian has WebKitGTK's browser, which is no command.
const MINI_BROWSER: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";

/// Programs that are found by their names, and the packages that they are in.
const COMMANDS: [(&str, &str); 3] = [
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
];

/// What the tests must be told: everything else is where everybody looks for it.
#[derive(Clone, Debug)]
pub struct Engines {
    /// Firefox's WebDriver server.
    pub geckodriver: PathBuf,
    /// WebKitGTK's browser.
    pub mini_browser: PathBuf,
}

/// Finds or installs them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<Engines> {
    let missing: Vec<&str> = COMMANDS
        .iter()
        .filter(|(command, _)| program::find(command).is_none())
        .map(|(_, package)| *package)
        .collect();
    if !missing.is_empty() {
        debian::install(&missing, "the page is tested in every browser engine")?;
    }
    let find = || program::find_version(&workspace.tools(), "geckodriver", GECKODRIVER);
    if find().is_none() {
        cargo_install::install(
            workspace,
            &["geckodriver", "--version", GECKODRIVER],
            cargo_install::Work::Little,
            "drives Firefox",
        )?;
    }
    let mini_browser = PathBuf::from(MINI_BROWSER);
    mini_browser
        .exists()
        .then_some(())
        .with_context(|| format!("WebKitGTK was installed but has no {MINI_BROWSER}"))?;
    Ok(Engines {
        geckodriver: find().context("geckodriver was installed but cannot be found")?,
        mini_browser,
    })
}

impl fmt::Display for Engines {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "Firefox driven by {}, WebKit in {}",
            self.geckodriver.display(),
            self.mini_browser.display()
        )
    }
}
