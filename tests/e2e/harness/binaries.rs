//! Where the programs and the page under test are.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

/// The gateway's program.
pub(super) fn gateway() -> Result<PathBuf> {
    found("CREDENTIAL_GATEWAY_BIN", "target/debug/credential-gateway")
}

/// The demo portal's program.
pub(super) fn portal() -> Result<PathBuf> {
    found("DEMO_PORTAL_BIN", "target/debug/demo-portal")
}

/// The folder with the built page.
pub(crate) fn page() -> Result<PathBuf> {
    found("PAGE_DIR", "dist")
}

/// The folder with the package's examples, each bundled into one script.
pub(crate) fn examples() -> Result<PathBuf> {
    found("EXAMPLES_DIR", "target/package/checks/bundles")
}

/// The script of axe-core.
pub(crate) fn axe() -> Result<PathBuf> {
    found(
        "AXE_JS",
        "target/tools/axe/node_modules/axe-core/axe.min.js",
    )
}

/// Firefox's WebDriver server.
pub(super) fn geckodriver() -> Result<PathBuf> {
    found("GECKODRIVER", "target/tools/bin/geckodriver")
}

/// WebKitGTK's browser.
pub(super) fn mini_browser() -> Result<PathBuf> {
    found(
        "MINI_BROWSER",
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    )
}

/// The folder for screenshots.
pub(crate) fn screenshots() -> PathBuf {
    target().join("screenshots")
}

/// The folder with what screenshots are compared with.
pub(crate) fn references() -> PathBuf {
    workspace().join("tests/screenshots")
}

/// Which fonts the browser sees.
pub(super) fn fonts() -> PathBuf {
    workspace().join("tests/e2e/harness/fonts.conf")
}

/// The folder for the figures of what is left of a secret.
pub(crate) fn residue() -> PathBuf {
    target().join("residue")
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

fn found(variable: &str, otherwise: &str) -> Result<PathBuf> {
    let path =
        std::env::var_os(variable).map_or_else(|| workspace().join(otherwise), PathBuf::from);
    ensure!(
        path.exists(),
        "{} is not there: run `cargo xtask test`, or set {variable}",
        path.display()
    );
    Ok(path)
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
