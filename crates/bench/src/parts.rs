//! What the page's program is made of: its code by the crate that it comes from.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::sample::grouped;

/// Crates that are one thing to a reader. What is in none of these is told by its own name, or with the rest.
const PARTS: [(&str, &[&str]); 9] = [
    ("the page itself (`src/`)", &["credential_setter"]),
    ("Yew", &["yew", "implicit_clone", "indexmap", "gloo_utils"]),
    (
        "kinds of data store: checks and JSON (`linked-service`)",
        &["linked_service"],
    ),
    (
        "envelope, keys, tickets (`envelope`)",
        &["envelope", "reader_exchange"],
    ),
    (
        "RSA (`rsa`, `crypto-bigint`)",
        &["rsa", "crypto_bigint", "ctutils"],
    ),
    (
        "AES-GCM and SHA-256",
        &[
            "aes",
            "aes_gcm",
            "cipher",
            "ctr",
            "digest",
            "ghash",
            "hybrid_array",
            "polyval",
            "sha2",
        ],
    ),
    ("JSON", &["serde_json", "serde_core", "serde"]),
    ("languages (`language`)", &["language", "itoa"]),
    (
        "the browser's interfaces",
        &["wasm_bindgen", "wasm_bindgen_futures", "js_sys", "web_sys"],
    ),
];
const REST: &str = "standard library, allocator and the rest";

/// A table of the parts: bytes of code in `program`, as the compiler made it, and what of `brotli` bytes that share stands for.
///
/// # Errors
/// When the program cannot be read or has no names.
pub(crate) fn table(program: &Path, brotli: u64) -> Result<String> {
    let module = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let mut by_part: BTreeMap<&str, usize> = BTreeMap::new();
    for (symbol, size) in functions(&module)? {
        // They describe types to wasm-bindgen, which takes them out again.
        if symbol.contains("wasm_bindgen8describe") || symbol.starts_with("__wbindgen_describe") {
            continue;
        }
        *by_part.entry(part_of(&symbol)).or_default() += size;
    }
    let all: usize = by_part.values().sum();
    let mut parts: Vec<_> = by_part.into_iter().collect();
    parts.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut text = String::from(
        "What the program is made of: code by the crate that it comes from, before the last optimiser, and the same share of the \
         program as it travels. Code of a generic function counts for the crate that it was written in.\n\n\
         | part | code, bytes | share | brotli, about |\n|---|--:|--:|--:|\n",
    );
    for (part, size) in parts {
        let share = size as f64 / all as f64;
        text += &format!(
            "| {part} | {} | {:.1} % | {} |\n",
            grouped(size as f64),
            share * 100.0,
            grouped(share * brotli as f64)
        );
    }
    Ok(text)
}

/// Each function's symbol and how long its code is.
fn functions(module: &[u8]) -> Result<Vec<(String, usize)>> {
    let (mut imported, mut sizes, mut names) = (0_u32, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                sizes.push(usize::try_from(range.end - range.start)?);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(sections) = section.as_known() {
                    for name in sections {
                        let Name::Function(functions) = name? else {
                            continue;
                        };
                        for naming in functions {
                            let naming = naming?;
                            names.insert(naming.index, naming.name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    anyhow::ensure!(!names.is_empty(), "the program has no names");
    let named = |(index, size): (u32, usize)| {
        let name = names.get(&(imported + index)).cloned();
        (name.unwrap_or_default(), size)
    };
    Ok((0..).zip(sizes).map(named).collect())
}

/// The part that a symbol's first crate belongs to.
fn part_of(symbol: &str) -> &'static str {
    let name = format!("{:#}", demangle(symbol));
    let begin = name.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '_');
    let name = begin.split("::").next().unwrap_or_default();
    let name = name.rsplit([' ', '<', '&', '(']).next().unwrap_or_default();
    PARTS
        .iter()
        .find(|(_, crates)| crates.contains(&name))
        .map_or(REST, |(part, _)| part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_belongs_to_the_crate_that_it_begins_with() {
        for (symbol, part) in [
            ("_RNvNtCs1234_3yew9scheduler5start", "Yew"),
            (
                "_RNvMNtCs1234_17credential_setter3appNtB2_7Arrival3new",
                "the page itself (`src/`)",
            ),
            ("_RNvNtCs1234_4core3fmt5write", REST),
            ("memcpy", REST),
        ] {
            assert_eq!(part_of(symbol), part, "{symbol}");
        }
    }
}
