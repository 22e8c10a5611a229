//! What the machine must have: found if it is there, installed if it is not, without a question.
//!
//! Each module answers one need with `ensure`, which looks first (files and versions only, so that a machine that has
//! everything loses no time) and says what it installs and why. What only the tests need is never installed by `run`.

pub mod wasm_std;

pub mod wasm_bindgen;

pub mod wasm_opt;

pub mod esbuild;

pub mod browser;

pub mod engines;

pub mod axe;

pub mod package_checks;

pub mod debian_package;

pub mod cxx;

pub mod gdb;

pub mod cargo_deny;

pub mod interop;

pub mod schemathesis;

pub mod lints;

pub mod foreign_std;

pub mod kek_providers;

pub mod age;

pub mod file_servers;

pub mod torture;

pub mod postgresql;

pub mod mariadb;

pub mod mssql_mock_tds;

pub mod object_stores;

pub mod secantusdb;

pub mod odbc;

pub mod wine;

mod cargo_install;
pub mod debian;
mod npm;
mod program;
mod python;

use std::fmt::Display;

use anyhow::Result;

use crate::terminal;
use crate::workspace::Workspace;

/// Everything that any task needs, with a line for each.
///
/// # Errors
/// When something is missing and cannot be installed; the error says what to do.
pub fn everything(workspace: &Workspace) -> Result<()> {
    let there = |what: &str, found: &dyn Display| terminal::say(format!("✓ {what}: {found}"));
    let wasm_std = wasm_std::ensure(workspace)?;
    there("standard library for WebAssembly", &wasm_std);
    let bindgen = wasm_bindgen::ensure(workspace)?;
    there("wasm-bindgen", &bindgen);
    let wasm_opt = wasm_opt::ensure(workspace)?;
    there("wasm-opt", &wasm_opt);
    let esbuild = esbuild::ensure(workspace)?;
    there("esbuild", &esbuild);
    lints::ensure()?;
    there("rustfmt and clippy", &"rustup");
    let foreign = foreign_std::ensure();
    there("standard library for other systems", &foreign.join(", "));
    let browser = browser::ensure()?;
    there("browser", &browser);
    let engines = engines::ensure(workspace)?;
    there("other browser engines", &engines);
    let axe = axe::ensure(workspace)?;
    there("axe-core", &axe);
    let checks = package_checks::ensure(workspace)?;
    there("what looks at the npm package", &checks);
    let packing = debian_package::ensure()?;
    there("what makes and tries the Debian package", &packing);
    let gdb = gdb::ensure()?;
    there("gdb", &gdb.display());
    let deny = cargo_deny::ensure(workspace)?;
    there("cargo-deny", &deny.display());
    let providers = kek_providers::ensure()?;
    there("who keeps a key-encryption key", &providers);
    let age = age::ensure()?;
    there("what opens backups, too", &age);
    let postgresql = postgresql::ensure()?;
    there("data stores to try credentials at", &postgresql);
    let mariadb = mariadb::ensure()?;
    there("another", &mariadb);
    let mock = mssql_mock_tds::ensure(workspace)?;
    there("a mock of SQL Server", &mock.display());
    let stores = object_stores::ensure(workspace)?;
    there("servers of object stores", &stores);
    let secantusdb = secantusdb::ensure(workspace)?;
    there(
        "a server that speaks as MongoDB does",
        &secantusdb.display(),
    );
    let drivers = odbc::ensure()?;
    there("ODBC drivers", &drivers);
    let servers = file_servers::ensure()?;
    there("servers for files and the web", &servers);
    let torture = torture::ensure()?;
    there("what does the gateway harm", &torture);
    let wine = wine::ensure()?;
    there("Wine, and a linker for Windows", &wine.wine.display());
    let interop = interop::ensure(workspace)?;
    there("JOSE libraries to compare with", &interop);
    let schemathesis = schemathesis::ensure(workspace)?;
    there("what asks the gateway by its document", &schemathesis);
    Ok(())
}
