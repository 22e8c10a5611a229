//! Microsoft's mock of SQL Server. Only the tests need it; its TLS is OpenSSL's, so that it is a program and no dependency.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{cargo_install, debian, program};
use crate::workspace::Workspace;

const NAME: &str = "mssql-mock-tds";
const VERSION: &str = "0.3.0";

/// Finds or installs it.
///
/// # Errors
/// When it cannot be installed.
pub fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    let installed = workspace.tools().join("bin").join(NAME);
    if installed.is_file() {
        return Ok(installed);
    }
    if program::find("pkg-config").is_none()
        || !PathBuf::from("/usr/include/openssl/ssl.h").exists()
    {
        debian::install(
            &["libssl-dev", "pkg-config"],
            "Microsoft's mock of SQL Server links OpenSSL",
        )?;
    }
    cargo_install::install(
        workspace,
        &[NAME, "--version", VERSION, "--locked"],
        cargo_install::Work::Little,
        "credentials are tried at Microsoft's mock of SQL Server",
    )?;
    let found = installed.is_file().then_some(installed);
    found.context("mssql-mock-tds was installed but cannot be found")
}
