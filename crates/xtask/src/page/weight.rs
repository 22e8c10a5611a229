//! What the page weighs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{READERS, Reader, assembly};
use crate::terminal;

/// The built page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The folder to serve.
    pub folder: PathBuf,
    /// Its files, the compressed ones counted with the file that they stand for.
    pub files: Vec<Weight>,
}

/// One file's sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Path from the folder.
    pub name: String,
    /// As it is.
    pub plain: u64,
    /// With gzip, or as it is where that is smaller.
    pub gzip: u64,
    /// With brotli, or as it is where that is smaller.
    pub brotli: u64,
}

impl Page {
    /// Measures a built page.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn weigh(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for file in assembly::files(folder)? {
            if file
                .extension()
                .is_some_and(|ending| ending == "br" || ending == "gz")
            {
                continue;
            }
            let plain = fs::metadata(&file)?.len();
            let path = file.display();
            let encoded = |ending: &str| {
                fs::metadata(format!("{path}.{ending}")).map_or(plain, |metadata| metadata.len())
            };
            let name = file
                .strip_prefix(folder)
                .unwrap_or(&file)
                .display()
                .to_string();
            files.push(Weight {
                name,
                plain,
                gzip: encoded("gz"),
                brotli: encoded("br"),
            });
        }
        Ok(Self {
            folder: folder.to_owned(),
            files,
        })
    }

    /// Everything that the page loads to become usable in English, added up: all but other languages, what is for frames, the portal's element, icons, and what is loaded when
    /// somebody wants it.
    pub fn to_usable(&self) -> Weight {
        let is_reader = |file: &Weight| {
            let name = file.name.strip_prefix("static/");
            let begins =
                |reader: &Reader| name.is_some_and(|name| name.starts_with(reader.target.name));
            READERS.iter().any(begins)
        };
        let needed = |file: &&Weight| {
            let ending = file.name.rsplit('.').next().unwrap_or_default();
            let is_of_frames = ["frame.", "static/frame-"]
                .iter()
                .any(|begin| file.name.starts_with(begin));
            !file.name.starts_with("embed/")
                && !is_of_frames
                && !file.name.starts_with("index.") | (file.name == "index.html")
                && !is_reader(file)
                && ["html", "js", "css", "wasm"].contains(&ending)
        };
        let sum = |size: fn(&Weight) -> u64| self.files.iter().filter(needed).map(size).sum();
        Weight {
            name: "until usable".to_owned(),
            plain: sum(|file| file.plain),
            gzip: sum(|file| file.gzip),
            brotli: sum(|file| file.brotli),
        }
    }

    /// A table on the terminal.
    pub fn print(&self) {
        terminal::say(format!(
            "{:<52} {:>9} {:>9} {:>9}",
            "file, bytes", "plain", "gzip", "brotli"
        ));
        for Weight {
            name,
            plain,
            gzip,
            brotli,
        } in self.files.iter().chain([&self.to_usable()])
        {
            terminal::say(format!("{name:<52} {plain:>9} {gzip:>9} {brotli:>9}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_files_count_with_their_original() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, size: usize| {
            fs::write(folder.path().join(name), vec![0; size]).expect("written");
        };
        fs::create_dir(folder.path().join("embed")).expect("made");
        write("index.html", 100);
        write("index.html.br", 40);
        write("index.de.html", 300);
        write("embed/element.js", 500);
        write("frame.html", 400);
        write("icon.svg", 50);
        fs::create_dir(folder.path().join("static")).expect("made");
        write("static/paste_reader-0.wasm", 700);
        write("static/key_reader-0.wasm", 700);
        write("static/frame-0.js", 60);
        let page = Page::weigh(folder.path()).expect("weighs");
        assert_eq!(page.files.len(), 8);
        let usable = page.to_usable();
        assert_eq!((usable.plain, usable.gzip, usable.brotli), (100, 100, 40));
    }
}
