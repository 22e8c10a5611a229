//! Everything that a test needs, started together and gone together.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use super::binaries;
use super::browser::Browser;
use super::engine::Engine;
use super::gateway::Gateway;
use super::portal::{FACTORY, Portal, Wizard};

/// A gateway, a portal that is registered with it, and a browser.
///
/// The fields are dropped in this order: the folder goes last.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) portal: Portal,
    pub(crate) gateway: Gateway,
    pub(crate) home: TempDir,
}

impl Stage {
    pub(crate) async fn set() -> Result<Self> {
        Self::with(StageOptions::default()).await
    }

    /// With a browser of this engine.
    pub(crate) async fn set_in(engine: Engine) -> Result<Self> {
        Self::with(StageOptions {
            engine,
            ..StageOptions::default()
        })
        .await
    }

    pub(crate) async fn with(options: StageOptions) -> Result<Self> {
        let page = options.page.map_or_else(binaries::page, Ok)?;
        // The browser first: its permit bounds how much runs at once.
        let permit = Browser::permit().await?;
        let home = tempfile::tempdir()?;
        let mut gateway = Gateway::start(home.path(), &page, options.gateway_log).await?;
        let told = gateway.fingerprint()?;
        let portal = Portal::start(home.path(), gateway.origin(), &told).await?;
        gateway.register_issuer("demo-portal", portal.origin(), portal.public_key(), FACTORY)?;
        // Issuers are read at start.
        gateway.stop().await?;
        gateway.serve().await?;
        let browser = Browser::start(permit, options.engine, home.path(), &told.spki).await?;
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

    /// Ends browser, gateway and portal, the last two as an administrator does; what is left: the browser's network log, and the
    /// folder with everything.
    pub(crate) async fn end(self) -> Result<(PathBuf, TempDir)> {
        let Self {
            browser,
            mut gateway,
            portal,
            home,
        } = self;
        let network_log = browser.close().await?;
        gateway.stop().await?;
        drop(portal);
        Ok((network_log, home))
    }

    /// Where logs, folders and the browser's profile are.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }
}

/// What differs between the tests' stages.
pub(crate) struct StageOptions {
    /// Which browser.
    pub(crate) engine: Engine,
    /// Another page than the built one.
    pub(crate) page: Option<PathBuf>,
    /// How much the gateway logs (`RUST_LOG`).
    pub(crate) gateway_log: &'static str,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            engine: Engine::Chromium,
            page: None,
            gateway_log: "info",
        }
    }
}
