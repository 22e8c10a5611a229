//! WebKitGTK's MiniBrowser, through WebKitWebDriver, on a screen that nobody sees.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::json;
use thirtyfour::prelude::*;

use super::Started;
use crate::harness::binaries;
use crate::harness::process::Process;
use crate::harness::waiting::eventually;

/// Starts all three.
pub(super) async fn start(folder: &Path) -> Result<Started> {
    let mut screen = Process::start(
        "Xvfb",
        Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x1024x24",
            "-nolisten",
            "tcp",
        ]),
        folder,
    )?;
    let display = screen.number().await?;
    // It takes no port of the system's choice and says nothing.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port();
    let driver = Process::start(
        "WebKitWebDriver",
        Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", format!(":{display}"))
            .env("FONTCONFIG_FILE", binaries::fonts())
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("GSETTINGS_BACKEND", "memory")
            .env("NO_AT_BRIDGE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            // Nothing reaches an address outside loopback: everything else goes to a proxy that is not there.
            .env("http_proxy", "http://127.0.0.1:9")
            .env("https_proxy", "http://127.0.0.1:9")
            .env("no_proxy", "localhost,127.0.0.1"),
        folder,
    )?;
    eventually("WebKitWebDriver", async || {
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .ok()
            .map(drop))
    })
    .await?;
    let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities()?).await?;
    Ok(Started {
        session,
        eldest: driver.id(),
        programs: vec![driver, screen],
    })
}

fn capabilities() -> Result<Capabilities> {
    let mut capabilities = Capabilities::new();
    capabilities.set("browserName", "MiniBrowser")?;
    capabilities.set("acceptInsecureCerts", true)?;
    let options = json!({ "binary": binaries::mini_browser()?, "args": ["--automation"] });
    capabilities.set("webkitgtk:browserOptions", options)?;
    Ok(capabilities)
}
