//! Everything that a test needs, started together and gone together.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use super::binaries;
use super::browser::Browser;
use super::engine::Engine;
use super::gateway::{Gateway, Trials};
use super::portal::{FACTORY, Portal, Wizard};

/// The hash of no public key.
const NOBODY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

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
        let mut gateway =
            Gateway::start(home.path(), &page, options.gateway_log, options.trials).await?;
        let told = gateway.fingerprint()?;
        let portal =
            Portal::start(home.path(), gateway.origin(), &told, options.opener_policy).await?;
        gateway.register_issuer("demo-portal", portal.origin(), portal.public_key(), FACTORY)?;
        // Issuers are read at start.
        gateway.stop().await?;
        gateway.serve().await?;
        let flags = options.network.flags(portal.origin(), gateway.origin());
        let spki = match options.certificate {
            Certificate::Trusted => &told.spki,
            Certificate::Unknown => NOBODY,
        };
        let browser = Browser::start(permit, options.engine, home.path(), spki, &flags).await?;
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
    /// Whether credentials are tried.
    pub(crate) trials: Trials,
    /// The portal's Cross-Origin-Opener-Policy.
    pub(crate) opener_policy: &'static str,
    /// Where the browser believes the two to be.
    pub(crate) network: Network,
    /// Whose certificate the browser accepts.
    pub(crate) certificate: Certificate,
}

/// Where portal and gateway are, for Chromium's Local Network Access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// Both on this machine.
    One,
    /// The portal on the Internet, the gateway in the local network.
    PortalOutside,
    /// As [`One`](Self::One), and this machine has a name that a browser knows nothing of: what is served there without TLS is not
    /// trusted with anything.
    Named,
}

/// The name of this machine in [`Network::Named`].
pub(crate) const MACHINE: &str = "portal.test";

impl Network {
    fn flags(self, portal: &str, gateway: &str) -> Vec<String> {
        let address = |origin: &str| {
            origin
                .rsplit(':')
                .next()
                .map(|port| format!("127.0.0.1:{port}"))
        };
        match (self, address(portal), address(gateway)) {
            (Self::PortalOutside, Some(portal), Some(gateway)) => vec![format!(
                "--ip-address-space-overrides={portal}=public,{gateway}=local"
            )],
            // In the place of the engine's own rules.
            (Self::Named, ..) => vec![format!(
                "--host-resolver-rules=MAP {MACHINE} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
            )],
            _ => Vec::new(),
        }
    }
}

/// What the browser thinks of the gateway's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certificate {
    Trusted,
    Unknown,
}

impl Default for StageOptions {
    fn default() -> Self {
        Self {
            engine: Engine::usual(),
            page: None,
            gateway_log: "info",
            trials: Trials::Off,
            opener_policy: "same-origin-allow-popups",
            network: Network::One,
            certificate: Certificate::Trusted,
        }
    }
}
