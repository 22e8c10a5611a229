//! index.html and frame.html in each language: the same documents with other words in them. The frame's is made from the window's.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use language::{Locale, Message, compile, message};

use super::READERS;
use super::assembly::Named;
use super::marks::{self, Marks};

/// Messages that stand in the document itself, by their marks: for whom the program does not run.
const IN_DOCUMENT: [(&str, Message); 7] = [
    ("PAGE_BUILD", message("page-build")),
    ("PAGE_TITLE", message("page-title")),
    ("LATE", message("late")),
    ("STOPPED", message("stopped")),
    ("TOO_OLD", message("too-old")),
    ("NOT_LOADED", message("not-loaded")),
    ("NO_SCRIPT", message("no-script")),
];

/// Messages that stand in the frame's document only.
const IN_FRAME: [(&str, Message); 2] = [
    ("UNFRAMED", message("unframed")),
    ("COVERED", message("covered")),
];

/// What every document must have: one that forgets an integrity is worse than none.
const REQUIRED: [&str; 15] = [
    "CSS_URL",
    "CSS_INTEGRITY",
    "DIR",
    "FORMS",
    "LANG",
    "LATE",
    "NOT_LOADED",
    "NO_SCRIPT",
    "PAGE_BUILD",
    "PAGE_HASH",
    "PAGE_TITLE",
    "READER_WORDS_INTEGRITY",
    "READER_WORDS_URL",
    "STOPPED",
    "WORDS",
];

/// A document of the page.
#[derive(Clone, Copy)]
pub struct Document<'t> {
    /// What the names of its files begin with.
    pub stem: &'static str,
    /// Its template.
    pub template: &'t str,
    /// The marks of its script's address and hash.
    pub script: [&'static str; 2],
}

/// The messages of a language, of which the last are in a file of their own.
pub struct Words {
    locale: &'static Locale,
    /// One line per message.
    lines: String,
    later: Named,
}

impl Words {
    /// Compiles a language, and writes the file with the messages that are served later.
    ///
    /// # Errors
    /// When the language's Fluent files are not what they should be, or the file cannot be written.
    pub fn write(locale: &'static Locale, folder: &Path) -> Result<Self> {
        let lines = compile(locale)?;
        let of_page = lines.lines().take(Message::OF_PAGE);
        let later: Vec<&str> = of_page.skip(Message::WITH_DOCUMENT).collect();
        let file = format!("words-{}.txt", locale.tag);
        let later = later.join("\n");
        let later = Named::write(&folder.join("static"), Path::new(&file), later.as_bytes())?;
        Ok(Self {
            locale,
            lines,
            later,
        })
    }
}

/// Writes the documents of a language, `index.html` in English and `index.<tag>.html` in any other, and so on.
///
/// # Errors
/// When a template lacks a mark, or a file cannot be written.
pub fn write(words: Words, documents: &[Document<'_>], marks: &Marks, folder: &Path) -> Result<()> {
    let mut marks = marks.clone();
    let Words {
        locale,
        lines,
        later,
    } = words;
    let lines: Vec<&str> = lines.lines().collect();
    let with_document = &lines[..Message::WITH_DOCUMENT];
    later.mark(&mut marks, "READER_WORDS_URL", "READER_WORDS_INTEGRITY");
    for (mark, message) in IN_DOCUMENT.into_iter().chain(IN_FRAME) {
        let line = lines.get(usize::from(message.place()));
        marks.insert(mark, escaped(line.context("a message is missing")?));
    }
    marks.insert("WORDS", escaped(&with_document.join("\n")));
    marks.insert("LANG", locale.tag.to_owned());
    marks.insert("DIR", locale.dir.to_owned());
    let readers = READERS.iter().flat_map(|each| [each.url, each.integrity]);
    let required: Vec<_> = REQUIRED.into_iter().chain(readers).collect();
    for Document {
        stem,
        template,
        script,
    } in documents
    {
        let name = name(stem, locale.tag);
        let required = [&required[..], script].concat();
        let document = marks::stamp(&name, template, &marks, &required)?;
        fs::write(folder.join(&name), document).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// What the document of a language is called.
fn name(stem: &str, tag: &str) -> String {
    match tag {
        "en" => format!("{stem}.html"),
        tag => format!("{stem}.{tag}.html"),
    }
}

/// The frame's template: the window's, in which frame.js comes before boot.js, and has its own sentences to show.
///
/// # Errors
/// When the window's is not what it is known to be.
pub fn framed(window: &str) -> Result<String> {
    let mut framed = window.to_owned();
    for (known, instead) in IN_THE_FRAME {
        let count = framed.matches(known).count();
        ensure!(
            count == 1,
            "index.html has `{known}` {count} times, not once"
        );
        framed = framed.replace(known, instead);
    }
    Ok(framed)
}

/// What is in the window's document, and what is in its place in the frame's.
const IN_THE_FRAME: [(&str, &str); 2] = [
    (
        r#"<script type="module" src="@BOOT_URL@" integrity="@BOOT_INTEGRITY@"></script>"#,
        r#"<script type="module" src="@FRAME_URL@" integrity="@FRAME_INTEGRITY@"></script>"#,
    ),
    (
        "<noscript>",
        r#"<p id="unframed" class="notice notice--bad" role="alert" data-code="unframed" hidden>@UNFRAMED@</p>
<p id="covered" class="notice notice--bad" role="alert" data-code="frame_covered" hidden>@COVERED@</p>
<noscript>"#,
    ),
];

/// As text between two tags of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: &str = r#"<script type="module" src="@BOOT_URL@" integrity="@BOOT_INTEGRITY@"></script>
<noscript></noscript>"#;

    #[test]
    fn the_frame_loads_its_own_script_with_its_hash() {
        let framed = framed(WINDOW).expect("made");
        let scripts: Vec<_> = framed
            .lines()
            .filter(|line| line.contains("<script"))
            .collect();
        assert_eq!(
            scripts,
            [r#"<script type="module" src="@FRAME_URL@" integrity="@FRAME_INTEGRITY@"></script>"#]
        );
    }

    #[test]
    fn another_document_than_is_known_is_refused() {
        for window in [
            WINDOW.replace("noscript", "p"),
            WINDOW.replace(" integrity=\"@BOOT_INTEGRITY@\"", ""),
            WINDOW.repeat(2),
        ] {
            assert!(framed(&window).is_err(), "{window}");
        }
    }
}
