//! Looks for a secret in files, in every form in which it could have got there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64ct::{Base64, Base64Unpadded, Base64UrlUnpadded, Encoding};
use serde_json::Value;

/// A value and all the forms of it that are looked for.
pub(crate) struct Canary {
    needles: Vec<Needle>,
}

struct Needle {
    form: String,
    bytes: Vec<u8>,
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
        let mut needles = Vec::new();
        let mut add = |form: &str, bytes: Vec<u8>| {
            if !needles.iter().any(|known: &Needle| known.bytes == bytes) {
                needles.push(Needle {
                    form: form.to_owned(),
                    bytes,
                });
            }
        };
        let utf16le: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16be: Vec<u8> = value.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for (name, bytes) in [
            ("UTF-8", value.as_bytes()),
            ("UTF-16LE", &utf16le),
            ("UTF-16BE", &utf16be),
        ] {
            add(name, bytes.to_vec());
            add(&format!("hex of {name}"), hex(bytes, "0123456789abcdef"));
            add(&format!("HEX of {name}"), hex(bytes, "0123456789ABCDEF"));
            for offset in 0..3 {
                add(
                    &format!("base64 of {name} at {offset}"),
                    base64_inside(bytes, offset, Base64Unpadded::encode_string),
                );
                add(
                    &format!("base64url of {name} at {offset}"),
                    base64_inside(bytes, offset, Base64UrlUnpadded::encode_string),
                );
            }
        }
        add(
            "percent encoding, needed characters",
            percent(value, "0123456789ABCDEF", is_unreserved),
        );
        add(
            "percent encoding, needed characters, lower case",
            percent(value, "0123456789abcdef", is_unreserved),
        );
        add(
            "percent encoding, all characters",
            percent(value, "0123456789ABCDEF", |_| false),
        );
        add(
            "percent encoding, all characters, lower case",
            percent(value, "0123456789abcdef", |_| false),
        );
        add(
            "form encoding",
            percent(value, "0123456789ABCDEF", is_unreserved_or_space)
                .iter()
                .map(|&b| if b == b' ' { b'+' } else { b })
                .collect(),
        );
        add("JSON string", json_inside(value));
        Self { needles }
    }

    /// The names and bytes of all forms, to plant them.
    pub(crate) fn forms(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.needles
            .iter()
            .map(|needle| (needle.form.as_str(), needle.bytes.as_slice()))
    }

    /// Every form that is in `bytes`.
    pub(crate) fn in_bytes(&self, place: &str, bytes: &[u8]) -> Vec<Finding> {
        let mut begins = [false; 256];
        for needle in &self.needles {
            begins[usize::from(needle.bytes[0])] = true;
        }
        let mut found = vec![false; self.needles.len()];
        for (position, &byte) in bytes.iter().enumerate() {
            if begins[usize::from(byte)] {
                for (index, needle) in self.needles.iter().enumerate() {
                    found[index] |= bytes[position..].starts_with(&needle.bytes);
                }
            }
        }
        let found = self.needles.iter().zip(found).filter(|(_, found)| *found);
        found
            .map(|(needle, _)| Finding {
                place: place.to_owned(),
                form: needle.form.clone(),
            })
            .collect()
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

fn hex(bytes: &[u8], digits: &str) -> Vec<u8> {
    let digits = digits.as_bytes();
    bytes
        .iter()
        .flat_map(|&byte| {
            [
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]
        })
        .collect()
}

/// The characters of a base64 text that depend on `bytes` alone, when they begin at `offset` in a group of three.
fn base64_inside(bytes: &[u8], offset: usize, encode: fn(&[u8]) -> String) -> Vec<u8> {
    let mut padded = vec![0; offset];
    padded.extend_from_slice(bytes);
    let text = encode(&padded);
    // Characters that also hold bits of the bytes before or after differ from place to place.
    let first = (offset * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    text.as_bytes()[first..last].to_vec()
}

fn percent(value: &str, digits: &str, plain: fn(u8) -> bool) -> Vec<u8> {
    let escape = |byte: u8| [vec![b'%'], hex(&[byte], digits)].concat();
    value
        .bytes()
        .flat_map(|byte| {
            if plain(byte) {
                vec![byte]
            } else {
                escape(byte)
            }
        })
        .collect()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

fn is_unreserved_or_space(byte: u8) -> bool {
    is_unreserved(byte) || byte == b' '
}

fn json_inside(value: &str) -> Vec<u8> {
    let quoted = Value::from(value).to_string();
    quoted.as_bytes()[1..quoted.len() - 1].to_vec()
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
