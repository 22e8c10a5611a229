//! Chromium and its WebDriver. Only the tests need them.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{debian, program};

/// The font of every browser under test (`tests/e2e/harness/fonts.conf`): pictures are compared, and fonts differ between machines.
const FONT: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";
const FONT_PACKAGE: &str = "fonts-dejavu-core";

/// Both programs.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

/// Finds or installs them.
///
/// # Errors
/// When they cannot be installed.
pub fn ensure() -> Result<Browser> {
    if let Some(found) = find() {
        if !Path::new(FONT).exists() {
            debian::install(&[FONT_PACKAGE], "pictures of the pages are compared")?;
        }
        return Ok(found);
    }
    debian::install(
        &["chromium", "chromium-driver", FONT_PACKAGE],
        "the page is tested in a real browser",
    )?;
    find().context("Chromium was installed but cannot be found")
}

impl fmt::Display for Browser {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} driven by {}",
            self.chromium.display(),
            self.driver.display()
        )
    }
}

fn find() -> Option<Browser> {
    Some(Browser {
        chromium: program::find("chromium")?,
        driver: program::find("chromedriver")?,
    })
}
