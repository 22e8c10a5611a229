//! Chromium, through chromedriver.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};

use super::{Started, process_id};
use crate::harness::binaries;
use crate::harness::process::Process;

/// Starts both.
pub(super) async fn start(folder: &Path, spki: &str, flags: &[String]) -> Result<Started> {
    let (chromedriver, address) = chromedriver(folder).await?;
    let session = WebDriver::new(address, capabilities(folder, spki, flags)?).await?;
    let eldest = process_id(&session, "goog:processID")?;
    Ok(Started {
        session,
        // It outlives a killed chromedriver.
        eldest,
        programs: vec![chromedriver],
    })
}

/// Where Chromium writes down what it did on the network.
pub(in crate::harness) fn network_log(folder: &Path) -> PathBuf {
    folder.join("network-log.json")
}

/// Starts chromedriver on a free port and gives its address. It takes its port for IPv6 first and ends if another process has
/// the same one for IPv4: then another is tried.
async fn chromedriver(folder: &Path) -> Result<(Process, String)> {
    let mut tries = 0;
    loop {
        let mut process = Process::start(
            "chromedriver",
            Command::new("chromedriver")
                .arg("--port=0")
                .env("FONTCONFIG_FILE", binaries::fonts()),
            folder,
        )?;
        tries += 1;
        match process.line_after("started successfully on port ", 0).await {
            Ok(port) => {
                let address = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                return Ok((process, address));
            }
            Err(_) if tries < 4 => {}
            Err(error) => return Err(error),
        }
    }
}

fn capabilities(folder: &Path, spki: &str, flags: &[String]) -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    capabilities.set_binary("/usr/bin/chromium")?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    for flag in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-breakpad",
        "--window-size=1280,900",
        "--net-log-capture-mode=Everything",
        // Nothing reaches an address outside loopback.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ] {
        capabilities.add_arg(flag)?;
    }
    for flag in flags {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!(
        "--user-data-dir={}",
        folder.join("profile").display()
    ))?;
    capabilities.add_arg(&format!("--log-net-log={}", network_log(folder).display()))?;
    capabilities.add_arg(&format!("--ignore-certificate-errors-spki-list={spki}"))?;
    // chromedriver switches the blocker off; people have it on.
    capabilities.add_exclude_switch("disable-popup-blocking")?;
    Ok(capabilities.into())
}
