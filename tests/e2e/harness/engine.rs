//! The browser engines in which the pages are tested, and how each is started.

pub(super) mod chromium;
mod firefox;
mod webkit;

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use thirtyfour::WebDriver;

use super::process::Process;

/// A browser engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium; the one in which everything is tested in each run.
    Chromium,
    /// Firefox's long-term release.
    Firefox,
    /// WebKitGTK's small browser: the engine of Safari.
    WebKit,
}

/// A browser that has been started.
pub(super) struct Started {
    pub(super) session: WebDriver,
    /// The process that all of the browser's descend from.
    pub(super) eldest: u32,
    /// What drives it; killed when dropped.
    pub(super) programs: Vec<Process>,
}

/// The browser's process, by the capability in which its driver tells it.
fn process_id(session: &WebDriver, capability: &str) -> Result<u32> {
    let id = session
        .capabilities()
        .get(capability)
        .and_then(Value::as_u64);
    Ok(u32::try_from(id.context("no process id")?)?)
}

/// Names the engine of the tests that are not run in each: `cargo xtask test --engine` sets it.
const USUAL: &str = "E2E_ENGINE";

impl Engine {
    /// The engine of the tests that are not run in each.
    pub(super) fn usual() -> Self {
        match std::env::var(USUAL).as_deref() {
            Err(_) | Ok("chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok("webkit") => Self::WebKit,
            Ok(other) => panic!("{USUAL}: there is no {other}"),
        }
    }

    /// Starts a browser with an empty profile below `folder`. The gateway's certificate is accepted: Chromium is told the hash of
    /// its public key, `spki`; the others know no such choice and take any. `flags` are Chromium's as well.
    pub(super) async fn start(
        self,
        folder: &Path,
        spki: &str,
        flags: &[String],
    ) -> Result<Started> {
        match self {
            Self::Chromium => chromium::start(folder, spki, flags).await,
            Self::Firefox => firefox::start(folder).await,
            Self::WebKit => webkit::start(folder).await,
        }
    }
}

/// The same tests in each engine, as modules of its name. Each is an `async fn` that takes the [`Engine`].
macro_rules! in_each_engine {
    ($($test:ident),+ $(,)?) => {
        in_each_engine!(chromium Chromium $($test)+);
        in_each_engine!(firefox Firefox $($test)+);
        in_each_engine!(webkit WebKit $($test)+);
    };
    ($module:ident $engine:ident $($test:ident)+) => {
        mod $module {
            $(#[tokio::test]
            async fn $test() -> anyhow::Result<()> {
                super::$test(crate::harness::Engine::$engine).await
            })+
        }
    };
}
pub(crate) use in_each_engine;
