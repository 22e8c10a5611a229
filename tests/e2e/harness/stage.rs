//! Everything that a test needs, started together and gone together.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;

use super::binaries;
use super::browser::Browser;
use super::gateway::Gateway;
use super::portal::{FACTORY, Portal, Wizard};

/// A gateway, a portal that is registered with it, and a browser.
///
/// The fields are dropped in this order: the folder goes last.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) portal: Portal,
    pub(crate) gateway: Gateway,
    pub(crate) home: Home,
}

impl Stage {
    pub(crate) async fn set() -> Result<Self> {
        Self::with(StageOptions::default()).await
    }

    pub(crate) async fn with(options: StageOptions) -> Result<Self> {
        let page = options.page.map_or_else(binaries::page, Ok)?;
        // The browser first: its permit bounds how much runs at once.
        let permit = Browser::permit().await?;
        let home = Home(tempfile::tempdir()?.keep());
        let mut gateway = Gateway::start(home.path(), &page, options.gateway_log).await?;
        let told = gateway.fingerprint()?;
        let portal = Portal::start(home.path(), gateway.origin(), &told).await?;
        gateway.register_issuer("demo-portal", portal.origin(), portal.public_key(), FACTORY)?;
        // Issuers are read at start.
        gateway.stop().await?;
        gateway.serve().await?;
        let browser = Browser::start(permit, home.path(), &told.spki).await?;
        Ok(Self {
            browser,
            portal,
            gateway,
            home,
        })
    }

    /// The copy wizard in the browser's first window.
    pub(crate) async fn wizard(&self) -> Result<Wizard<'_>> {
        Wizard::open(&self.browser, &self.portal).await
    }

    /// Where logs, folders and the browser's profile are.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }
}

/// A temporary folder.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // A killed browser's children end on their own and may write into their profile until then.
        for _ in 0..200 {
            if std::fs::remove_dir_all(&self.0).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// What differs between the tests' stages.
pub(crate) struct StageOptions {
    /// Another page than the built one.
    pub(crate) page: Option<PathBuf>,
    /// How much the gateway logs (`RUST_LOG`).
    pub(crate) gateway_log: &'static str,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            page: None,
            gateway_log: "info",
        }
    }
}
