//! The page, from source to `dist/`: compile, bind, optimise, prerender, minify, name by content, stamp, compress, put in place.
//!
//! ```text
//! dist/index.html, index.<language>.html        what is asked for again each time
//! dist/frame.html, frame.<language>.html        the same in a portal's frame
//! dist/static/words-<language>-<hash>.txt       what is said about what was pasted
//! dist/static/boot-<hash>.js, frame-<hash>.js, setter-<hash>.css,
//!             credential_setter-<hash>.wasm, icons
//! dist/static/paste_reader-<hash>.wasm,
//!             key_reader-<hash>.wasm            loaded when something is pasted
//! dist/embed/credential-setter.js, .d.ts        the portal's element
//! dist/embed/linked-service.schema.json         what the form of each kind holds
//! ```
//! Beside each file lie its `.br` and `.gz` where these are smaller.

pub mod loading;
pub mod module;
pub mod names;
pub mod prerendering;
pub mod schema;

pub mod assembly;
pub mod documents;
pub mod element;
pub mod marks;
pub mod minification;

pub mod compression;
pub mod weight;

pub mod freshness;
mod placing;

use std::path::{Path, PathBuf};

use anyhow::Result;
use language::LOCALES;
use tempfile::TempDir;

use crate::terminal;
use crate::workspace::Workspace;
use assembly::Parts;
use module::{CargoTarget, Toolchain};
use weight::Page;

/// The page's program in cargo's words.
pub const PAGE: CargoTarget = CargoTarget {
    package: "credential-setter",
    selection: &["--bin", "credential-setter"],
    file: "credential-setter.wasm",
    name: "credential_setter",
};

/// A module beside the page, and the marks of index.html for its address and hash.
pub struct Reader {
    target: CargoTarget,
    url: &'static str,
    integrity: &'static str,
}

/// What recognises connection strings, and what recognises key files.
pub const READERS: [Reader; 2] = [
    Reader {
        target: CargoTarget {
            package: "paste-reader",
            selection: &["--lib"],
            file: "paste_reader.wasm",
            name: "paste_reader",
        },
        url: "PASTE_READER_URL",
        integrity: "PASTE_READER_INTEGRITY",
    },
    Reader {
        target: CargoTarget {
            package: "key-reader",
            selection: &["--lib"],
            file: "key_reader.wasm",
            name: "key_reader",
        },
        url: "KEY_READER_URL",
        integrity: "KEY_READER_INTEGRITY",
    },
];

/// Builds the page into `dist/`, or finds that it is there already.
///
/// # Errors
/// When a tool is missing and cannot be installed, a step fails, or a template lacks a mark.
pub fn build(workspace: &Workspace) -> Result<Page> {
    let tools = Toolchain::ensure(workspace)?;
    let compiled = tools.compile(workspace, &PAGE)?;
    let compile = |reader: &Reader| tools.compile(workspace, &reader.target);
    let readers = READERS.iter().map(compile).collect::<Result<Vec<_>>>()?;
    let forms = prerendering::forms(workspace)?;
    let modules: Vec<&Path> = readers
        .iter()
        .chain([&compiled])
        .map(PathBuf::as_path)
        .collect();
    let words = LOCALES.iter().map(language::compile);
    let words = words.collect::<Result<Vec<_>, _>>()?.join("\n");
    let schema = schema::text(workspace)?;
    let inputs = freshness::of_inputs(workspace, &tools, &modules, &[&forms, &words, &schema])?;
    let dist = workspace.dist();
    if freshness::is_fresh(workspace, &inputs) {
        return Page::weigh(&dist);
    }
    terminal::step(
        "assembling dist/",
        "the page, its sources or its tools have changed",
    );
    let work = TempDir::new()?;
    let module = tools.bind_and_optimise(&compiled, &PAGE, work.path())?;
    let optimise = |(compiled, reader): (PathBuf, &Reader)| {
        tools.optimise(&compiled, &reader.target, work.path())
    };
    let readers = readers.into_iter().zip(&READERS).map(optimise);
    let readers = readers.collect::<Result<Vec<_>>>()?;
    let folder = placing::new_folder(workspace)?;
    let parts = Parts {
        module,
        readers,
        forms,
        schema,
    };
    assembly::assemble(workspace, parts, &tools.minifier, folder.path())?;
    compression::compress_folder(folder.path())?;
    placing::put(folder, &dist)?;
    freshness::remember(workspace, &inputs)?;
    Page::weigh(&dist)
}
