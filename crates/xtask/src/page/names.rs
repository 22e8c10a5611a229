//! Short names for what the module and its glue call each other by. wasm-opt gives them to the module and prints which name
//! became which; here the glue takes them over. Both spellings are read strictly: a name that is not where wasm-bindgen's
//! glue is known to have it stops the build, because a page with the wrong name in it does not start.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail, ensure};
use serde::Deserialize;

/// The option of wasm-opt that shortens the names and prints the map.
pub const OPTION: &str = "--minify-imports-and-exports-and-modules";

/// What that option calls the one module from which everything is imported; the map does not say it.
const MODULE: &str = "a";

/// Exported, and no business of the glue: the module's own start function calls the first, the others are for panics that unwind.
const NOT_FOR_THE_GLUE: [&str; 3] = ["main", "__abort_handler", "__instance_terminated"];

/// Which name became which.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortNames {
    /// Module, name, short name.
    imports: Vec<(String, String, String)>,
    /// Name, short name.
    exports: Vec<(String, String)>,
}

impl ShortNames {
    /// Reads what wasm-opt printed.
    ///
    /// # Errors
    /// When it is not a map of names.
    pub fn parse(printed: &str) -> Result<Self> {
        serde_json::from_str(printed).context("wasm-opt printed no map of names")
    }

    /// The glue with the short names.
    ///
    /// # Errors
    /// When the glue and the map do not have the same names.
    pub fn in_glue(&self, glue: &str) -> Result<String> {
        self.imports_in(&self.exports_in(&self.module_in(glue)?)?)
    }

    /// The key under which all imports are: one module, named once.
    fn module_in(&self, glue: &str) -> Result<String> {
        let Some((module, ..)) = self.imports.first() else {
            bail!("the module imports nothing, which no page can work with");
        };
        if let Some((other, name, _)) = self.imports.iter().find(|(other, ..)| other != module) {
            bail!("{name} is imported from {other}, everything before it from {module}");
        }
        let key = format!("\"{module}\": import0,");
        let count = glue.matches(&key).count();
        ensure!(count == 1, "the glue has `{key}` {count} times, not once");
        Ok(glue.replace(&key, &format!("\"{MODULE}\": import0,")))
    }

    /// The keys of the imports, each at the start of its own line: `        <name>: function(`.
    fn imports_in(&self, glue: &str) -> Result<String> {
        let mut missing: BTreeMap<&str, &str> = self
            .imports
            .iter()
            .map(|(_, name, short)| (name.as_str(), short.as_str()))
            .collect();
        let mut renamed = String::with_capacity(glue.len());
        for line in glue.split_inclusive('\n') {
            let Some((name, function)) = import(line) else {
                renamed.push_str(line);
                continue;
            };
            let Some(short) = missing.remove(name) else {
                bail!("the glue has the import {name} twice, or the module has none of this name");
            };
            renamed.extend([INDENT, short, function]);
        }
        if let Some(name) = missing.keys().next() {
            bail!("the glue lacks the import {name}");
        }
        Ok(renamed)
    }

    /// The uses of the exports: `wasm.<name>`, wherever it stands.
    fn exports_in(&self, glue: &str) -> Result<String> {
        // With whether it was seen.
        let mut exports: BTreeMap<&str, (&str, bool)> = self
            .exports
            .iter()
            .map(|(name, short)| (name.as_str(), (short.as_str(), false)))
            .collect();
        let mut renamed = String::with_capacity(glue.len());
        let mut rest = glue;
        while let Some((before, after)) = rest.split_once(EXPORTS) {
            renamed.push_str(before);
            let is_other_name = renamed.ends_with(is_of_a_name);
            ensure!(
                !renamed.ends_with('.'),
                "the glue has a property that is called like the module's exports"
            );
            renamed.push_str(EXPORTS);
            rest = after;
            if is_other_name {
                continue;
            }
            let length = after.find(|c| !is_of_a_name(c)).unwrap_or(after.len());
            let (name, behind) = after.split_at(length);
            let Some((short, seen)) = exports.get_mut(name) else {
                bail!("the glue uses {EXPORTS}{name}, which the module does not export");
            };
            *seen = true;
            renamed.push_str(short);
            rest = behind;
        }
        renamed.push_str(rest);
        for (name, (_, seen)) in exports {
            ensure!(
                seen || NOT_FOR_THE_GLUE.contains(&name),
                "the glue does not use the export {name}"
            );
        }
        Ok(renamed)
    }
}

/// What stands before each import.
const INDENT: &str = "        ";

/// What stands before each export.
const EXPORTS: &str = "wasm.";

/// The name of the import that this line of the glue begins, and the rest of the line.
fn import(line: &str) -> Option<(&str, &str)> {
    let (name, _) = line.strip_prefix(INDENT)?.split_once(": function(")?;
    let is_name = !name.is_empty() && name.chars().all(is_of_a_name);
    is_name.then(|| (name, &line[INDENT.len() + name.len()..]))
}

/// Whether the character can be part of a name in JavaScript, or of a path to it.
fn is_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

#[cfg(test)]
mod tests;
