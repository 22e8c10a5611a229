//! Rust's standard library for the browser, and the cargo that builds with it.
//!
//! Rustup has it: ready made for the tests, as sources for the page, which is compiled together with them. Where the Rust
//! release server is out of reach, Debian's `rustc-web` compiles `rust-web-src` (one compiler is then used for the page,
//! another for everything else; `Cargo.lock` serves both). `XTASK_WASM_STD=rustup` or `XTASK_WASM_STD=debian` forces one
//! of the two.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::debian;
use crate::process;
use crate::terminal;
use crate::workspace::Workspace;

/// The target triple of the page.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where the standard library comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmStd {
    /// The toolchain's own, with its sources.
    Rustup,
    /// Built from Debian's sources.
    Debian {
        /// The program that links: rustup's `rust-lld` or Debian's `wasm-ld`.
        linker: PathBuf,
    },
}

/// Finds or installs it.
///
/// # Errors
/// When neither way works.
pub fn ensure(workspace: &Workspace) -> Result<WasmStd> {
    match env::var("XTASK_WASM_STD").as_deref() {
        Ok("rustup") => rustup().context("XTASK_WASM_STD=rustup"),
        Ok("debian") => debian().context("XTASK_WASM_STD=debian"),
        Ok(other) if !other.is_empty() => {
            bail!("XTASK_WASM_STD is `rustup` or `debian`, not `{other}`")
        }
        _ => either(workspace),
    }
}

impl WasmStd {
    /// A cargo that builds for [`TARGET`] when told to with `--target`.
    pub fn cargo(&self, workspace: &Workspace) -> Command {
        match self {
            Self::Rustup => process::cargo("cargo"),
            Self::Debian { linker } => {
                let mut cargo = process::cargo(DEBIAN_CARGO);
                // Nothing of rustup's compiler may be loaded into Debian's.
                for variable in ["RUSTUP_TOOLCHAIN", "LD_LIBRARY_PATH"] {
                    cargo.env_remove(variable);
                }
                cargo
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    .env("CARGO_TARGET_DIR", self.target_folder(workspace));
                cargo
            }
        }
    }

    /// The same for what is downloaded by people who wait: a program that stops at a panic without a word, which leaves out
    /// every message and all that formats them. That takes a standard library compiled the same way, from its sources, and
    /// so far a compiler that is told to allow it.
    pub fn cargo_without_panic_messages(&self, workspace: &Workspace) -> Command {
        let mut cargo = self.cargo(workspace);
        cargo
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
            .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size")
            // In place of the flags in .cargo/config.toml, which cargo does not add to these.
            .env("RUSTFLAGS", PAGE_FLAGS.join(" "))
            .env(
                "CARGO_TARGET_DIR",
                self.folder_without_panic_messages(workspace),
            );
        cargo
    }

    /// Cargo's target folder for [`Self::cargo_without_panic_messages`].
    pub fn folder_without_panic_messages(&self, workspace: &Workspace) -> PathBuf {
        self.target_folder(workspace).join("page")
    }

    /// Cargo's target folder for these builds: each compiler has its own.
    pub fn target_folder(&self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Rustup => workspace.target().to_owned(),
            Self::Debian { .. } => workspace.target().join("debian"),
        }
    }

    /// What the compiler says of itself: part of what decides whether a page is still fresh.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn compiler(&self) -> Result<String> {
        let rustc = match self {
            Self::Rustup => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        process::capture(Command::new(rustc).arg("-vV"))
    }
}

impl fmt::Display for WasmStd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rustup => write!(formatter, "{TARGET} of rustup"),
            Self::Debian { linker } => write!(
                formatter,
                "built from Debian's rust-web-src, linked by {}",
                linker.display()
            ),
        }
    }
}

/// The page's randomness comes from the browser; hash and cipher are written as loops, which are slower and smaller: a page
/// seals some kilobytes, once.
const PAGE_FLAGS: [&str; 4] = [
    "--cfg getrandom_backend=\"wasm_js\"",
    "--cfg sha2_backend_soft=\"compact\"",
    "--cfg aes_backend_soft=\"compact\"",
    "-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none",
];

const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCES: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";
const DEBIAN_LINKER: &str = "/usr/bin/wasm-ld-22";

/// Debian's at once when it was needed before, so that an unreachable server costs its time limit only once.
fn either(workspace: &Workspace) -> Result<WasmStd> {
    if rustup_has_it() {
        return Ok(WasmStd::Rustup);
    }
    let remembered = workspace.target().join("setup/wasm-std-from-debian");
    if remembered.exists() {
        return debian();
    }
    rustup().or_else(|error| {
        terminal::note(format!("{error:#}; taking Debian's sources instead"));
        let debian = debian()?;
        fs::create_dir_all(workspace.target().join("setup"))?;
        fs::write(remembered, "")?;
        Ok(debian)
    })
}

fn rustup() -> Result<WasmStd> {
    if !rustup_has_it() {
        let add = |words: [&str; 3], why: &str| {
            terminal::step(format!("rustup {}", words.join(" ")), why);
            process::run_within(Command::new("rustup").args(words), Duration::from_secs(180))
        };
        add(
            ["target", "add", TARGET],
            "the page is Rust compiled to WebAssembly",
        )?;
        add(
            ["component", "add", "rust-src"],
            "the page's standard library is compiled with it, which makes it smaller",
        )?;
    }
    Ok(WasmStd::Rustup)
}

fn rustup_has_it() -> bool {
    sysroot().is_some_and(|sysroot| {
        let rustlib = sysroot.join("lib/rustlib");
        rustlib.join(TARGET).join("lib").is_dir() && rustlib.join("src/rust/library/std").is_dir()
    })
}

fn debian() -> Result<WasmStd> {
    let there = |file: &&str| Path::new(file).is_file();
    if ![DEBIAN_RUSTC, DEBIAN_CARGO, DEBIAN_SOURCES]
        .iter()
        .all(&there)
    {
        debian::install(
            &["rustc-web", "cargo-web", "rust-web-src"],
            "a compiler and the sources of the standard library for WebAssembly",
        )?;
    }
    if let Some(linker) = linker_of_rustup() {
        return Ok(WasmStd::Debian { linker });
    }
    if !there(&DEBIAN_LINKER) {
        debian::install(
            &["lld-22"],
            "rustup's toolchain has no linker for WebAssembly",
        )?;
    }
    Ok(WasmStd::Debian {
        linker: DEBIAN_LINKER.into(),
    })
}

fn linker_of_rustup() -> Option<PathBuf> {
    let hosts = fs::read_dir(sysroot()?.join("lib/rustlib")).ok()?;
    hosts
        .filter_map(|host| Some(host.ok()?.path().join("bin/rust-lld")))
        .find(|linker| linker.is_file())
}

/// The folder of the toolchain that compiled us and compiles everything that is not the page.
pub(super) fn sysroot() -> Option<PathBuf> {
    let printed = process::capture(Command::new("rustc").args(["--print", "sysroot"])).ok()?;
    Some(PathBuf::from(printed.trim()))
}
