//! The project's files, read once.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Every text file that belongs to the project: what `.gitignore` names at the top level is left out.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Names in the root folder, folders with a slash behind.
    pub top_level: Vec<String>,
    /// All files, in order of path.
    pub files: Vec<SourceFile>,
}

/// A text file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the root, with slashes.
    pub path: String,
    /// Its content; empty when it is not UTF-8.
    pub text: String,
}

impl Tree {
    /// Reads the project at `root`.
    ///
    /// # Errors
    /// When a folder or file cannot be read.
    pub fn read(root: &Path) -> Result<Self> {
        let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
        let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
        let mut tree = Self::default();
        for (name, is_folder) in entries(root)? {
            // A page that is being assembled lies in a folder of this name for a moment.
            if name == ".git" || name.starts_with(".dist-") || ignored.contains(&name.as_str()) {
                continue;
            }
            tree.top_level.push(if is_folder {
                format!("{name}/")
            } else {
                name.clone()
            });
            tree.add(root, &name, is_folder)?;
        }
        Ok(tree)
    }

    /// The file at exactly this path.
    pub fn file(&self, path: &str) -> Option<&SourceFile> {
        self.files.iter().find(|file| file.path == path)
    }

    fn add(&mut self, root: &Path, path: &str, is_folder: bool) -> Result<()> {
        if !is_folder {
            let bytes = fs::read(root.join(path)).with_context(|| format!("cannot read {path}"))?;
            let text = String::from_utf8(bytes).unwrap_or_default();
            self.files.push(SourceFile {
                path: path.to_owned(),
                text,
            });
            return Ok(());
        }
        for (name, is_folder) in entries(&root.join(path))? {
            if name != "node_modules" {
                self.add(root, &format!("{path}/{name}"), is_folder)?;
            }
        }
        Ok(())
    }
}

impl SourceFile {
    /// Whether the name ends in `.ending`.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| found == ending)
    }

    /// The lines that are not tests, numbered from 1: none of a file of tests, those above the test module of any other.
    pub fn product_lines(&self) -> impl DoubleEndedIterator<Item = (usize, &str)> {
        let product = if self.is_test() {
            ""
        } else {
            before_test_module(&self.text)
        };
        product
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn is_test(&self) -> bool {
        self.path
            .split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    }
}

/// Whether the line is a comment as a whole.
pub fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn before_test_module(text: &str) -> &str {
    let mut from = 0;
    while let Some(found) = text[from..].find("#[cfg(test)]\n") {
        let start = from + found;
        let after = &text[start..];
        let module = after.lines().find(|line| !line.starts_with("#["));
        let at_line_start = start == 0 || text[..start].ends_with('\n');
        if at_line_start
            && module.is_some_and(|line| line.starts_with("mod ") && line.ends_with('{'))
        {
            return &text[..start];
        }
        from = start + 1;
    }
    text
}

/// Names in a folder and whether each is a folder itself, in order. Links count as files.
fn entries(folder: &Path) -> Result<Vec<(String, bool)>> {
    let mut names = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let entry = entry?;
        names.push((
            entry.file_name().to_string_lossy().into_owned(),
            entry.file_type()?.is_dir(),
        ));
    }
    names.sort();
    Ok(names)
}
