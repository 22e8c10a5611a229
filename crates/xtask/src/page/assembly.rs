//! Puts the page's files together: names that carry the hash of the content, addresses and integrity stamped where they are used.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64ct::{Base64, Encoding as _};
use envelope::page_hash::{HASHED_FOLDER, hex, page_hash};
use language::LOCALES;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::READERS;
use super::compression;
use super::documents::{self, Document, Words};
use super::element;
use super::marks::{self, Marks};
use super::minification::{bundled, minified};
use super::module::Module;
use super::schema;
use crate::setup::esbuild::Esbuild;
use crate::workspace::Workspace;

/// What was made by programs.
pub struct Parts {
    /// The page's program.
    pub module: Module,
    /// The modules beside it, in the order of [`READERS`].
    pub readers: Vec<PathBuf>,
    /// The form of each kind.
    pub forms: String,
    /// The JSON Schema of the kinds.
    pub schema: String,
}

/// What is put together to the page's scripts, beside the program's JavaScript half.
const SCRIPTS: [&str; 3] = ["base64url.js", "boot.js", "frame.js"];

/// Writes index.html and frame.html in each language, `static/` and `embed/` into `folder`. The portal's element is one module of several.
///
/// # Errors
/// When a file cannot be read, minified or written, or a template is not what it should be.
pub fn assemble(
    workspace: &Workspace,
    parts: Parts,
    minifier: &Esbuild,
    folder: &Path,
) -> Result<()> {
    let named = folder.join("static");
    let embed = folder.join("embed");
    fs::create_dir(&named)?;
    fs::create_dir(&embed)?;
    let sources = workspace.path("static");

    let Parts {
        module,
        readers,
        forms,
        schema,
    } = parts;
    fs::write(folder.join(schema::FILE), schema)?;
    let mut marks = Marks::new();
    let wasm = Named::write(&named, &module.wasm, &read(&module.wasm)?)?;
    wasm.mark(&mut marks, "WASM_URL", "WASM_INTEGRITY");
    for (file, reader) in readers.iter().zip(&READERS) {
        let written = Named::write(&named, file, &read(file)?)?;
        written.mark(&mut marks, reader.url, reader.integrity);
    }

    for file in files(&sources)? {
        let name = file.strip_prefix(&sources).unwrap_or(&file);
        match name.to_str() {
            // Stamped below, when its own marks are known.
            Some(script) if SCRIPTS.contains(&script) => {}
            Some("setter.css") => {
                let css = Named::write(&named, &file, minified(minifier, &file)?.as_bytes())?;
                css.mark(&mut marks, "CSS_URL", "CSS_INTEGRITY");
            }
            // Bundled below.
            _ if name.starts_with("element") => {}
            _ => {
                let copy = named.join(name);
                copy.parent().map_or(Ok(()), fs::create_dir_all)?;
                fs::write(copy, read(&file)?)?;
            }
        }
    }

    let bundle = element::bundled(workspace, minifier)?;
    fs::write(embed.join("credential-setter.js"), bundle)?;
    let types = workspace.path(element::TYPES);
    fs::write(embed.join("credential-setter.d.ts"), read(&types)?)?;

    // Put together and minified before they are stamped: the marks are inside of strings, which stay as they are.
    let scripts = TempDir::new()?;
    for script in SCRIPTS {
        fs::copy(sources.join(script), scripts.path().join(script))?;
    }
    fs::copy(&module.glue, scripts.path().join("credential_setter.js"))?;
    for (script, url, integrity) in [
        ("boot.js", "BOOT_URL", "BOOT_INTEGRITY"),
        ("frame.js", "FRAME_URL", "FRAME_INTEGRITY"),
    ] {
        let text = bundled(minifier, &scripts.path().join(script))?;
        let text = marks::stamp(script, &text, &marks, &["WASM_URL", "WASM_INTEGRITY"])?;
        let written = Named::write(&named, Path::new(script), text.as_bytes())?;
        written.mark(&mut marks, url, integrity);
    }

    let index = marks::as_served(&text(&workspace.path("index.html"))?);
    let frame = documents::framed(&index)?;
    marks.insert("FORMS", forms);
    let documents = [
        Document {
            stem: "index",
            template: &index,
            script: ["BOOT_URL", "BOOT_INTEGRITY"],
        },
        Document {
            stem: "frame",
            template: &frame,
            script: ["FRAME_URL", "FRAME_INTEGRITY"],
        },
    ];
    let words = LOCALES
        .iter()
        .map(|locale| Words::write(locale, folder))
        .collect::<Result<Vec<_>>>()?;
    // Everything that it is the hash of is there now; the documents show it.
    marks.insert("PAGE_HASH", hash(folder)?);
    for words in words {
        documents::write(words, &documents, &marks, folder)?;
    }
    Ok(())
}

/// Which page is in a folder.
///
/// # Errors
/// When a file cannot be read, or there is none.
pub fn hash(folder: &Path) -> Result<String> {
    let mut contents = Vec::new();
    for file in files(&folder.join(HASHED_FOLDER))? {
        let path = file.strip_prefix(folder)?.to_string_lossy().into_owned();
        if !compression::is_compressed(&file) {
            contents.push((path, read(&file)?));
        }
    }
    let contents = contents.iter();
    page_hash(contents.map(|(path, content)| (path.as_str(), content.as_slice())))
        .context("the page has no files")
}

/// Every file below `folder`, in a stable order.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// A file under its final name.
pub(super) struct Named {
    url: String,
    integrity: String,
}

impl Named {
    /// Writes `content` as `<stem>-<hash>.<ending>` of `original`.
    pub(super) fn write(folder: &Path, original: &Path, content: &[u8]) -> Result<Self> {
        let part = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let name = hashed_name(
            &part(original.file_stem()),
            &part(original.extension()),
            content,
        );
        fs::write(folder.join(&name), content).with_context(|| format!("cannot write {name}"))?;
        Ok(Self {
            url: format!("/static/{name}"),
            integrity: integrity(content),
        })
    }

    pub(super) fn mark(self, marks: &mut Marks, url: &'static str, integrity: &'static str) {
        marks.insert(url, self.url);
        marks.insert(integrity, self.integrity);
    }
}

/// 64 bits of SHA-256 are enough to tell versions of one file apart; whoever serves it may let browsers keep it for good.
fn hashed_name(stem: &str, ending: &str, content: &[u8]) -> String {
    format!("{stem}-{}.{ending}", &hex(&Sha256::digest(content))[..16])
}

/// The value of an `integrity` attribute (Subresource Integrity §3.1). SHA-256: a longer hash cannot be compressed and would be a good
/// part of what the document weighs.
fn integrity(content: &[u8]) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(content)))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_the_hash_of_the_content() {
        assert_eq!(
            hashed_name("boot", "js", b"abc"),
            "boot-ba7816bf8f01cfea.js"
        );
        assert_ne!(
            hashed_name("boot", "js", b"abd"),
            "boot-ba7816bf8f01cfea.js"
        );
    }

    #[test]
    fn integrity_is_sha256_in_base64() {
        // `printf abc | openssl dgst -sha256 -binary | base64`
        let expected = "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        assert_eq!(integrity(b"abc"), expected);
    }
}
