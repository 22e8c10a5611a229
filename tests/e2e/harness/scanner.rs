//! Looks for a secret in files, in every form in which it could have got there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64ct::{Base64, Encoding};
use serde_json::Value;

use super::needles::Needles;
use super::spelling::{Spelling, spellings};

/// A value and all the forms of it that are looked for.
pub(crate) struct Canary {
    forms: Vec<Spelling>,
    needles: Needles,
}

/// Where a form was found. Says nothing of the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) place: String,
    pub(crate) form: String,
}

impl Canary {
    /// `value` should be long and random: short ones turn up by chance.
    pub(crate) fn new(value: &str) -> Self {
        let mut forms: Vec<Spelling> = Vec::new();
        for spelling in spellings(value) {
            if !forms.iter().any(|known| known.bytes == spelling.bytes) {
                forms.push(spelling);
            }
        }
        let needles = Needles::new(forms.iter().map(|form| &form.bytes));
        Self { forms, needles }
    }

    /// The names and bytes of all forms, to plant them.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.forms
            .iter()
            .map(|form| (form.form.as_str(), form.bytes.as_slice()))
    }

    /// Every form that is in `bytes`.
    pub(crate) fn in_bytes(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let found: BTreeSet<usize> = self.needles.each_in(bytes).map(|(form, _)| form).collect();
        let finding = |form: usize| Finding {
            place: place.to_owned(),
            form: self.forms[form].form.clone(),
        };
        found.into_iter().map(finding).collect()
    }

    /// Every form that is in a file.
    pub(crate) fn in_file(&self, path: &Path) -> Result<Vec<Finding>> {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        Ok(self.in_bytes(&path.display().to_string(), &bytes))
    }

    /// Every form that is in any file of a folder, or in a file's name.
    pub(crate) fn in_folder(&self, folder: &Path) -> Result<Vec<Finding>> {
        let mut findings = Vec::new();
        for file in files(folder)? {
            findings.extend(self.in_bytes("a file's name", file.to_string_lossy().as_bytes()));
            findings.extend(self.in_file(&file)?);
        }
        Ok(findings)
    }

    /// Every form that went through a socket of the browser: in the network log's text, and in the decoded bytes of each
    /// connection, before encryption.
    pub(crate) fn in_network_log(&self, path: &Path) -> Result<Vec<Finding>> {
        let mut findings = self.in_file(path)?;
        for (connection, bytes) in network_bytes(path)? {
            findings.extend(self.in_bytes(&format!("network log, {connection}"), &bytes));
        }
        Ok(findings)
    }
}

/// All files in a folder and its sub-folders. Links, sockets and pipes are left out.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            files.extend(self::files(&entry.path())?);
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    Ok(files)
}

/// The bytes of each connection and direction in a Chromium network log, joined in their order. Those of a TLS connection
/// are there twice: plain and encrypted.
pub(crate) fn network_bytes(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let text = std::fs::read(path)?;
    let log: Value = serde_json::from_slice(&text).context("the network log is not complete")?;
    let names = log["constants"]["logEventTypes"]
        .as_object()
        .context("no event names")?;
    let names: BTreeMap<i64, &str> = names
        .iter()
        .filter_map(|(name, id)| Some((id.as_i64()?, name.as_str())))
        .collect();
    let mut streams: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for event in log["events"].as_array().context("no events")? {
        if let Some(bytes) = event["params"]["bytes"].as_str() {
            let event_name = event["type"]
                .as_i64()
                .and_then(|id| names.get(&id))
                .unwrap_or(&"?");
            let stream = format!("{event_name} of {}", event["source"]["id"]);
            streams
                .entry(stream)
                .or_default()
                .extend(Base64::decode_vec(bytes).context("bytes in the network log")?);
        }
    }
    Ok(streams)
}

#[test]
fn it_finds_each_form_in_the_middle_of_anything() -> Result<()> {
    let value = "Qa7%;Lp \"x\" 3vT9ßz{Wm}0dRk";
    let canary = Canary::new(value);
    let folder = tempfile::tempdir()?;
    for (index, (form, bytes)) in canary.forms().enumerate() {
        let path = folder.path().join(format!("planted-{index}"));
        std::fs::write(
            &path,
            [b"before \x00\xff".as_slice(), bytes, b"after"].concat(),
        )?;
        assert!(
            canary
                .in_file(&path)?
                .iter()
                .any(|finding| finding.form == form),
            "{form} is not found"
        );
    }
    let found = canary.in_folder(folder.path())?;
    assert!(found.len() >= canary.forms().count());
    Ok(())
}

#[test]
fn it_finds_base64_at_each_alignment_of_an_encoder_s_output() {
    let value = "5tZq-long-enough-canary-Zu8";
    let canary = Canary::new(value);
    for before in 0..7 {
        for after in 0..4 {
            let around = format!("{}{value}{}", "a".repeat(before), "z".repeat(after));
            let text = Base64::encode_string(around.as_bytes());
            assert!(
                !canary.in_bytes("here", text.as_bytes()).is_empty(),
                "{before} before, {after} after"
            );
        }
    }
}

#[test]
fn it_finds_nothing_where_nothing_is() {
    let canary = Canary::new("5tZq-long-enough-canary-Zu8");
    assert_eq!(
        canary.in_bytes("here", "5tZq-long-enough-canary-Zu9 and others".as_bytes()),
        []
    );
}
