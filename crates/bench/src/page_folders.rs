//! The folders of the pages to compare with, precompressed as ours is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use linked_service::{Field, Input, Kind, catalogue};
use serde_json::{Value, json};

use crate::compression::write_precompressed;

/// The page in plain JavaScript with msrcrypto: `index.html`, the library, the page, our own style sheet and icon.
pub(crate) fn comparison(folder: &Path, msrcrypto: &Path, our_page: &Path) -> Result<PathBuf> {
    let folder = empty(folder)?;
    let kinds: Vec<Value> = catalogue().iter().map(kind_json).collect();
    let script = format!(
        "{}const KINDS = {};\n{}",
        include_str!("../pages/jwe.js"),
        serde_json::to_string(&kinds)?,
        include_str!("../pages/comparison/comparison.js")
    );
    let our_document = fs::read_to_string(our_page.join("index.html"))
        .with_context(|| format!("no page in {}", our_page.display()))?;
    let mut links = String::new();
    for link in style_and_icon(&our_document) {
        let name = attribute(link, "href").context("a link without address")?;
        let name = name.trim_start_matches('/');
        write_precompressed(&folder, name, &fs::read(our_page.join(name))?)?;
        links += link;
    }
    let document =
        include_str!("../pages/comparison/index.html").replace("@STYLESHEET_AND_ICON@", &links);
    write_precompressed(&folder, "index.html", document.as_bytes())?;
    write_precompressed(&folder, "msrcrypto.js", &library(msrcrypto)?)?;
    write_precompressed(&folder, "comparison.js", script.as_bytes())?;
    Ok(folder)
}

/// The page that times sealing: one document, one contender for each load.
pub(crate) fn seal(folder: &Path, msrcrypto: &Path, forge: &Path, ours: &Path) -> Result<PathBuf> {
    let folder = empty(folder)?;
    write_precompressed(
        &folder,
        "index.html",
        include_bytes!("../pages/seal/index.html"),
    )?;
    write_precompressed(&folder, "seal.js", include_bytes!("../pages/seal/seal.js"))?;
    write_precompressed(&folder, "jwe.js", include_bytes!("../pages/jwe.js"))?;
    write_precompressed(&folder, "msrcrypto.js", &library(msrcrypto)?)?;
    write_precompressed(&folder, "forge.js", &library(forge)?)?;
    for name in ["ours.js", "ours.wasm"] {
        let content = fs::read(ours.join(name)).with_context(|| {
            format!(
                "{} (made by `cargo xtask bench`)",
                ours.join(name).display()
            )
        })?;
        write_precompressed(&folder, name, &content)?;
    }
    Ok(folder)
}

fn library(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The tags with which our document loads its style sheet and icon: the comparison page is to look the same and to fetch
/// the same.
fn style_and_icon(document: &str) -> impl Iterator<Item = &str> {
    document
        .split_inclusive('>')
        .filter_map(|piece| piece.find("<link").map(|start| &piece[start..]))
        .filter(|tag| matches!(attribute(tag, "rel"), Some("stylesheet" | "icon")))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let value = tag.split_once(&format!(" {name}=\""))?.1;
    value.split('"').next()
}

fn empty(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    Ok(folder.to_owned())
}

fn kind_json(kind: &Kind) -> Value {
    let auths: Vec<Value> = kind
        .auth_types
        .iter()
        .map(|auth| json!({"id": auth.id, "name": auth.name.text(), "fields": auth.fields.iter().map(field_json).collect::<Vec<_>>()}))
        .collect();
    json!({"id": kind.id, "name": kind.name, "auths": auths})
}

fn field_json(field: &Field) -> Value {
    let (input, choices) = match field.input {
        Input::Text | Input::Host | Input::Port | Input::Url => ("text", Vec::new()),
        Input::Choice(choices) => (
            "choice",
            choices
                .iter()
                .map(|choice| json!({"value": choice.value, "label": choice.label.text()}))
                .collect(),
        ),
        Input::Switch => ("switch", Vec::new()),
        Input::Secret => ("secret", Vec::new()),
        Input::KeyFile(_) => ("lines", Vec::new()),
    };
    json!({
        "name": field.name,
        "label": field.label.text(),
        "hint": field.hint.text(),
        "input": input,
        "choices": choices,
        "preset": field.default,
        "required": field.required,
        "secret": field.is_secret(),
        "limit": field.max_chars,
    })
}

#[cfg(test)]
mod tests {
    use super::style_and_icon;

    #[test]
    fn style_sheet_and_icon_are_found_and_nothing_else() {
        let document = "<head><link rel=\"preload\" href=\"/a.wasm\">\n<link rel=\"stylesheet\" href=\"/b.css\">\
                        <script src=\"/c.js\"></script><link rel=\"icon\" href=\"/d.svg\"></head>";
        let tags: Vec<_> = style_and_icon(document).collect();
        assert_eq!(
            tags,
            [
                "<link rel=\"stylesheet\" href=\"/b.css\">",
                "<link rel=\"icon\" href=\"/d.svg\">"
            ]
        );
    }
}
