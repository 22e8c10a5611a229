//! What all parts of a run share.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use crate::node_packages::NodePackages;
use load::Issuer;

/// How much to measure, and with what.
#[derive(Args)]
pub(crate) struct Options {
    /// Page loads of each page, at least 15 for BENCHMARKS.md
    #[arg(long, default_value_t = 25, value_name = "N")]
    pub(crate) loads: usize,
    /// Credentials to set in the load test, at most
    #[arg(long, default_value_t = 4000, value_name = "N")]
    pub(crate) sets: usize,
    /// Another file to use as msrcrypto, in place of the npm package's
    #[arg(long, value_name = "FILE")]
    pub(crate) msrcrypto: Option<PathBuf>,
}

/// The programs, the pages and the libraries of this run.
pub(crate) struct Run {
    pub(crate) options: Options,
    /// The gateway's executable.
    pub(crate) gateway: PathBuf,
    /// The command line's executable.
    pub(crate) credset: PathBuf,
    /// The built page.
    pub(crate) page: PathBuf,
    /// The page's program as the compiler made it, with its names.
    pub(crate) program: PathBuf,
    /// The folder with the page's sealing code as a module of its own.
    pub(crate) seal_module: PathBuf,
    /// Scratch space below the target folder.
    pub(crate) scratch: PathBuf,
    /// The JavaScript libraries.
    pub(crate) packages: NodePackages,
    /// Who signs the tickets.
    pub(crate) issuer: Issuer,
}

impl Run {
    /// Finds everything; installs the JavaScript libraries.
    pub(crate) fn new(options: Options) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()
            .context("the workspace")?;
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        let given =
            |variable: &str, usual: PathBuf| env::var_os(variable).map_or(usual, PathBuf::from);
        let mut packages = NodePackages::install(&target)?;
        if let Some(file) = &options.msrcrypto {
            packages.msrcrypto.clone_from(file);
        }
        Ok(Self {
            options,
            gateway: given(
                "CREDENTIAL_GATEWAY_BIN",
                target.join("release/credential-gateway"),
            ),
            credset: given("CREDSET_BIN", target.join("command-line/credset")),
            page: given("PAGE_DIR", root.join("dist")),
            program: given(
                "PAGE_PROGRAM",
                target.join("page/wasm32-unknown-unknown/page/credential-setter.wasm"),
            ),
            seal_module: given("SEAL_MODULE_DIR", target.join("bench/seal")),
            scratch: target.join("bench"),
            packages,
            issuer: Issuer::new()?,
        })
    }

    /// What the library calls itself, `msrcrypto 1.5.6` for example.
    pub(crate) fn msrcrypto_name(&self) -> String {
        let text = std::fs::read_to_string(&self.packages.msrcrypto).unwrap_or_default();
        let version = text
            .split_once("msrCryptoVersion=\"")
            .and_then(|(_, rest)| rest.split('"').next());
        format!("msrcrypto {}", version.unwrap_or("of unknown version"))
    }
    /// What the reader must know about that library, as a Markdown paragraph.
    pub(crate) fn about_msrcrypto(&self) -> String {
        match &self.options.msrcrypto {
            Some(file) => format!("msrcrypto is the file `{}`, given on the command line.", file.display()),
            None => "**msrcrypto here is a stand-in.** The goals name `@microsoft/msrcrypto`, which the npm registry does not have (404 in November \
                     2026). Measured is the npm package `msrcrypto` 1.5.8, a third party's republication of the same library from Microsoft's \
                     download (its minified file calls itself 1.5.6, Copyright 2018 Microsoft); Microsoft's own sources have gone on to 1.7. How \
                     much faster or slower those are is not known here: `cargo xtask bench --msrcrypto FILE` measures with another file."
                .into(),
        }
    }
}
