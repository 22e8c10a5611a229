//! A Rust program as a WebAssembly module that a browser can load.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::loading;
use super::minification::minified;
use super::names::{self, ShortNames};
use crate::process;
use crate::setup::esbuild::{self, Esbuild};
use crate::setup::wasm_bindgen::{self, WasmBindgen};
use crate::setup::wasm_opt::{self, WasmOpt};
use crate::setup::wasm_std::{self, TARGET, WasmStd};
use crate::workspace::Workspace;

/// The programs that make a module.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Compiler and standard library.
    pub wasm_std: WasmStd,
    /// Writes the glue.
    pub bindgen: WasmBindgen,
    /// Makes the module smaller.
    pub optimiser: WasmOpt,
    /// Makes the glue smaller, and the files beside it.
    pub minifier: Esbuild,
}

/// What is compiled.
#[derive(Clone, Copy, Debug)]
pub struct CargoTarget {
    /// The package.
    pub package: &'static str,
    /// Further arguments of `cargo build` that choose the program.
    pub selection: &'static [&'static str],
    /// What cargo writes, by its path below the profile's folder.
    pub file: &'static str,
    /// What the module's files are called.
    pub name: &'static str,
}

/// A module that is ready to be served.
#[derive(Clone, Debug)]
pub struct Module {
    /// The JavaScript that instantiates it (an ES module whose default export wants `{module_or_path}`).
    pub glue: PathBuf,
    /// The WebAssembly.
    pub wasm: PathBuf,
}

impl Toolchain {
    /// Finds or installs all of it.
    ///
    /// # Errors
    /// When something is missing and cannot be installed.
    pub fn ensure(workspace: &Workspace) -> Result<Self> {
        Ok(Self {
            wasm_std: wasm_std::ensure(workspace)?,
            bindgen: wasm_bindgen::ensure(workspace)?,
            optimiser: wasm_opt::ensure(workspace)?,
            minifier: esbuild::ensure(workspace)?,
        })
    }

    /// Compiles with the page's profile; cargo decides what is fresh.
    ///
    /// # Errors
    /// When cargo fails.
    pub fn compile(&self, workspace: &Workspace, target: &CargoTarget) -> Result<PathBuf> {
        process::run(
            self.wasm_std
                .cargo_without_panic_messages(workspace)
                .current_dir(workspace.root())
                .args([
                    "build",
                    "--profile",
                    "page",
                    "--target",
                    TARGET,
                    "--package",
                    target.package,
                ])
                .args(target.selection),
        )?;
        let folder = self
            .wasm_std
            .folder_without_panic_messages(workspace)
            .join(TARGET)
            .join("page");
        Ok(folder.join(target.file))
    }

    /// Writes the glue and makes both it and the module small; both files go to `folder`.
    ///
    /// # Errors
    /// When a tool fails, glue and module do not have the same names for each other, or the program wants JavaScript snippets,
    /// which are not named by content and would be refused.
    pub fn bind_and_optimise(
        &self,
        compiled: &Path,
        target: &CargoTarget,
        folder: &Path,
    ) -> Result<Module> {
        process::run(
            Command::new(&self.bindgen.bindgen)
                .args([
                    "--target",
                    "web",
                    "--no-typescript",
                    "--omit-default-module-path",
                ])
                .args(["--remove-name-section", "--remove-producers-section"])
                .args(["--out-name", target.name, "--out-dir"])
                .arg(folder)
                .arg(compiled),
        )?;
        if folder.join("snippets").exists() {
            bail!(
                "{} contains inline JavaScript (wasm-bindgen snippets), which the page does not serve",
                target.package
            );
        }
        let bound = folder.join(format!("{}_bg.wasm", target.name));
        let wasm = folder.join(format!("{}.wasm", target.name));
        let short = process::read_output(self.make_small(&bound, &wasm).arg(names::OPTION))?;
        fs::remove_file(&bound).with_context(|| format!("cannot remove {}", bound.display()))?;
        let glue = folder.join(format!("{}.js", target.name));
        let long = fs::read_to_string(&glue).context("wasm-bindgen wrote no glue")?;
        let long = loading::as_a_stream(&long)?;
        fs::write(&glue, ShortNames::parse(&short)?.in_glue(&long)?)?;
        fs::write(&glue, minified(&self.minifier, &glue)?)?;
        Ok(Module { glue, wasm })
    }

    /// Makes a module small that needs no glue, because it imports nothing; it goes to `folder`.
    ///
    /// # Errors
    /// When wasm-opt fails.
    pub fn optimise(
        &self,
        compiled: &Path,
        target: &CargoTarget,
        folder: &Path,
    ) -> Result<PathBuf> {
        let wasm = folder.join(format!("{}.wasm", target.name));
        process::run(&mut self.make_small(compiled, &wasm))?;
        Ok(wasm)
    }

    fn make_small(&self, from: &Path, to: &Path) -> Command {
        let mut command = self.optimiser.command();
        command
            .args(PASSES)
            .args(FEATURES)
            .arg(from)
            .arg("-o")
            .arg(to);
        command
    }
}

/// What gave the smallest module after brotli, of some fifty orders that were tried; none of it assumes more of the program than
/// `-Oz` does, so that every check of a bound stays.
const PASSES: [&str; 8] = [
    // The code of a function that is called from one place only goes there, unless it is so long that nothing is won.
    "--one-caller-inline-max-function-size=30",
    // The control flow is written anew: fewer blocks than the compiler made.
    "--flatten",
    "--rereloop",
    // The second round finds what the first made possible.
    "-Oz",
    "-Oz",
    // What comes of writing the module and reading it again is a little shorter.
    "--roundtrip",
    // Brotli shortens what comes twice better than another local variable does.
    "--skip-pass=local-cse",
    // For tools; a browser does not read it.
    "--strip-target-features",
];

/// What Rust's target and wasm-bindgen use of WebAssembly; every browser of the last four years has it.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
