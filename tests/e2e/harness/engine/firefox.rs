//! Firefox, through geckodriver.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::json;
use thirtyfour::prelude::*;

use super::{Started, process_id};
use crate::harness::binaries;
use crate::harness::process::Process;

/// Starts both.
pub(super) async fn start(folder: &Path) -> Result<Started> {
    let mut geckodriver = Process::start(
        "geckodriver",
        Command::new(binaries::geckodriver()?)
            .args(["--port", "0", "--websocket-port", "0", "--profile-root"])
            .arg(folder)
            .env("FONTCONFIG_FILE", binaries::fonts())
            .env("HOME", folder),
        folder,
    )?;
    let address = geckodriver.line_after("Listening on ", 0).await?;
    let session = WebDriver::new(format!("http://{address}"), capabilities()?).await?;
    let eldest = process_id(&session, "moz:processID")?;
    Ok(Started {
        session,
        eldest,
        programs: vec![geckodriver],
    })
}

fn capabilities() -> Result<Capabilities> {
    let mut capabilities = DesiredCapabilities::firefox();
    capabilities.set_headless()?;
    capabilities.accept_insecure_certs(true)?;
    let preferences = json!({
        // The driver switches the blocker off; people have it on.
        "dom.disable_open_during_load": true,
        // Nothing reaches an address outside loopback: everything else goes to a proxy that is not there.
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": 9,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": 9,
        "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
        "intl.accept_languages": "en",
    });
    let options = json!({ "args": ["-headless"], "prefs": preferences });
    capabilities.set("moz:firefoxOptions", options)?;
    Ok(capabilities.into())
}
