//! index.html in each language: the same document with other words in it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use language::{Locale, Message, compile, message};

use super::READERS;
use super::assembly::Named;
use super::marks::{self, Marks};

/// Messages that stand in the document itself, by their marks: for whom the program does not run.
const IN_DOCUMENT: [(&str, Message); 6] = [
    ("PAGE_TITLE", message("page-title")),
    ("LATE", message("late")),
    ("STOPPED", message("stopped")),
    ("TOO_OLD", message("too-old")),
    ("NOT_LOADED", message("not-loaded")),
    ("NO_SCRIPT", message("no-script")),
];

/// What every document must have: one that forgets an integrity is worse than none.
const REQUIRED: [&str; 15] = [
    "BOOT_URL",
    "BOOT_INTEGRITY",
    "CSS_URL",
    "CSS_INTEGRITY",
    "DIR",
    "FORMS",
    "LANG",
    "LATE",
    "NOT_LOADED",
    "NO_SCRIPT",
    "PAGE_TITLE",
    "READER_WORDS_INTEGRITY",
    "READER_WORDS_URL",
    "STOPPED",
    "WORDS",
];

/// Writes the document of a language: `index.html` in English, `index.<tag>.html` in any other; and a file with the messages that are
/// served later.
///
/// # Errors
/// When the language's Fluent files are not what they should be, the template lacks a mark, or the file cannot be written.
pub fn write(locale: &Locale, template: &str, marks: &Marks, folder: &Path) -> Result<()> {
    let mut marks = marks.clone();
    let words = compile(locale)?;
    let lines: Vec<&str> = words.lines().collect();
    let (with_document, later) = lines.split_at(Message::WITH_DOCUMENT);
    let later = later.join("\n");
    let file = format!("words-{}.txt", locale.tag);
    let file = Named::write(&folder.join("static"), Path::new(&file), later.as_bytes())?;
    file.mark(&mut marks, "READER_WORDS_URL", "READER_WORDS_INTEGRITY");
    let words = escaped(&with_document.join("\n"));
    for (mark, message) in IN_DOCUMENT {
        let line = words.lines().nth(message.place().into());
        marks.insert(mark, line.context("a message is missing")?.to_owned());
    }
    marks.insert("WORDS", words);
    marks.insert("LANG", locale.tag.to_owned());
    marks.insert("DIR", locale.dir.to_owned());
    let name = name(locale.tag);
    let mut required = REQUIRED.to_vec();
    required.extend(READERS.iter().flat_map(|each| [each.url, each.integrity]));
    let document = marks::stamp("index.html", template, &marks, &required)?;
    fs::write(folder.join(&name), document).with_context(|| format!("cannot write {name}"))
}

/// What the document of a language is called.
pub fn name(tag: &str) -> String {
    match tag {
        "en" => "index.html".to_owned(),
        tag => format!("index.{tag}.html"),
    }
}

/// As text between two tags of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
