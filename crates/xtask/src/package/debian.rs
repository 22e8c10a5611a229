//! The gateway's Debian package, of the program, the built page and `crates/gateway/packaging`.
//!
//! The same inputs give the same bytes: files belong to root, are sorted, and have the time of the changelog's last entry or of
//! SOURCE_DATE_EPOCH.

pub mod checks;
mod confinement;
mod data_store;
mod installation;
mod trying;
mod unit;
mod user;

mod control;
mod tree;

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use crate::process;
use crate::setup::debian_package;
use crate::workspace::Workspace;

/// The name of the package, of its program, of its service and of the user that this runs as.
pub const NAME: &str = "credential-gateway";

/// Where the program is after the installation.
const PROGRAM: &str = "/usr/bin/credential-gateway";

/// What a package is made from, below the workspace.
const SOURCES: &str = "crates/gateway/packaging";

/// What is packed and built elsewhere.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The program.
    pub gateway: PathBuf,
    /// The folder of the built page.
    pub page: PathBuf,
}

/// How it is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As it is shipped.
    Smallest,
    /// For the tests, which unpack it once.
    Quickest,
}

/// The package as it was made.
#[derive(Clone, Debug)]
pub struct Package {
    /// The file.
    pub file: PathBuf,
    contents: Contents,
    packing: Packing,
}

/// Makes the package in `target/package`.
///
/// # Errors
/// When a tool is missing and cannot be installed, a file cannot be read or written, or a tool fails.
pub fn build(workspace: &Workspace, contents: &Contents, packing: Packing) -> Result<Package> {
    debian_package::ensure()?;
    let root = workspace.target().join("package/debian");
    tree::plant(workspace, contents, &root)?;
    let architecture = process::capture(Command::new("dpkg").arg("--print-architecture"))?;
    let architecture = architecture.trim();
    control::write(workspace, &root, architecture)?;
    let epoch = epoch(workspace)?;
    tree::settle(&root, SystemTime::UNIX_EPOCH + Duration::from_secs(epoch))?;
    let name = format!("{NAME}_{}_{architecture}.deb", version());
    let file = workspace.target().join("package").join(name);
    process::capture(
        Command::new("dpkg-deb")
            // Several threads cut the file elsewhere.
            .env("DPKG_DEB_THREADS_MAX", "1")
            .env("SOURCE_DATE_EPOCH", epoch.to_string())
            .arg("--root-owner-group")
            .args(match packing {
                Packing::Smallest => ["-Zxz", "-z6"],
                Packing::Quickest => ["-Zgzip", "-z1"],
            })
            .arg("--build")
            .args([&root, &file]),
    )?;
    Ok(Package {
        file,
        contents: contents.clone(),
        packing,
    })
}

/// Ours, and Debian's revision.
fn version() -> String {
    format!("{}-1", env!("CARGO_PKG_VERSION"))
}

/// Seconds since 1970 that all files are of.
fn epoch(workspace: &Workspace) -> Result<u64> {
    let text = match env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text,
        Err(_) => process::capture(
            Command::new("dpkg-parsechangelog")
                .args(["--show-field", "Timestamp", "--file"])
                .arg(workspace.path(SOURCES).join("debian/changelog")),
        )?,
    };
    text.trim()
        .parse()
        .context("SOURCE_DATE_EPOCH is no number of seconds")
}
