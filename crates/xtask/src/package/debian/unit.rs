//! The service's unit, as far as the checks look into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::process;

/// A unit file.
pub(super) struct Unit {
    path: PathBuf,
    text: String,
}

impl Unit {
    pub(super) fn read(path: PathBuf) -> Result<Self> {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(Self { path, text })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The words of each line with this key.
    pub(super) fn lines<'a>(&'a self, key: &'a str) -> impl Iterator<Item = Vec<&'a str>> {
        self.text.lines().filter_map(move |line| {
            let value = line.strip_prefix(key)?.strip_prefix('=')?;
            Some(value.split_whitespace().collect())
        })
    }

    /// The words of the only line with this key.
    pub(super) fn words<'a>(&'a self, key: &'a str) -> Result<Vec<&'a str>> {
        let mut lines = self.lines(key);
        let words = lines.next().filter(|words| !words.is_empty());
        let words = words.with_context(|| format!("the unit has no {key}="))?;
        ensure!(lines.next().is_none(), "the unit has {key}= more than once");
        Ok(words)
    }

    /// What systemd thinks that the service leaves exposed, in tenths: 0 is the least, 100 the most.
    pub(super) fn exposure(&self) -> Result<u32> {
        let said = process::capture(
            Command::new("systemd-analyze")
                .args(["security", "--offline=true", "--no-pager"])
                .arg(&self.path),
        )?;
        exposure_in(&said).context("systemd-analyze names no exposure")
    }
}

/// In a text that ends with a line such as `→ Overall exposure level for a.service: 1.3 OK`.
fn exposure_in(said: &str) -> Option<u32> {
    let line = said
        .lines()
        .find(|line| line.contains("Overall exposure"))?;
    let level = line.rsplit_once(": ")?.1.split_whitespace().next()?;
    let (whole, tenths) = level.split_once('.')?;
    format!("{whole}{tenths}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exposure_is_read_in_tenths() {
        let said =
            "✗ PrivateNetwork= …  0.5\n\n→ Overall exposure level for a.service: 1.3 OK 🙂\n";
        assert_eq!(exposure_in(said), Some(13));
        assert_eq!(
            exposure_in("→ Overall exposure level for a.service: 10.0 UNSAFE"),
            Some(100)
        );
        assert_eq!(exposure_in("Failed to load a.service"), None);
    }

    #[test]
    fn keys_are_whole_words_and_comments_are_none() {
        let unit = Unit {
            path: PathBuf::new(),
            text: "#User=root\nUser=one\nSystemCallFilter=@a b\nSystemCallFilter=~@c\nUserX=two\n"
                .to_owned(),
        };
        assert_eq!(unit.words("User").ok(), Some(vec!["one"]));
        let filters: Vec<_> = unit.lines("SystemCallFilter").collect();
        assert_eq!(filters, [vec!["@a", "b"], vec!["~@c"]]);
        assert!(unit.words("SystemCallFilter").is_err() && unit.words("Group").is_err());
    }
}
