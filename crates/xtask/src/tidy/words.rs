//! Words that must not be in the sources.

use super::Complaint;
use super::tree::{SourceFile, Tree, is_comment};

/// The files that name what they forbid.
const OWN: &str = "crates/xtask/src/tidy/";

/// A forbidden text, the endings of files it is looked for in, and what to say.
struct Word {
    text: &'static str,
    endings: &'static [&'static str],
    rule: &'static str,
}

/// Forbidden in code that is not a test.
const IN_PRODUCT: [Word; 7] = [
    Word {
        text: ".unwrap()",
        endings: &["rs"],
        rule: "a panic has no reader: return an error",
    },
    Word {
        text: "console.log",
        endings: &["rs", "js", "html"],
        rule: "the page writes nothing to the console",
    },
    Word {
        text: "console::log",
        endings: &["rs"],
        rule: "the page writes nothing to the console",
    },
    Word {
        text: "localStorage",
        endings: SCRIPTS,
        rule: STORAGE,
    },
    Word {
        text: "sessionStorage",
        endings: SCRIPTS,
        rule: STORAGE,
    },
    Word {
        text: "indexedDB",
        endings: SCRIPTS,
        rule: STORAGE,
    },
    Word {
        text: "document.cookie",
        endings: SCRIPTS,
        rule: STORAGE,
    },
];
const SCRIPTS: &[&str] = &["rs", "js", "html"];
const STORAGE: &str = "nothing of a credential may reach the browser's storage";

pub(super) fn check(tree: &Tree, complaints: &mut Vec<Complaint>) {
    for file in tree.files.iter().filter(|file| !file.path.starts_with(OWN)) {
        for word in &IN_PRODUCT {
            if word.endings.iter().any(|ending| file.has_ending(ending)) {
                let lines = file
                    .product_lines()
                    .filter(|(_, line)| !is_comment(line) && line.contains(word.text));
                complaints.extend(lines.map(|(line, _)| complaint(file, line, word.rule)));
            }
        }
        if file.has_ending("rs") {
            ignored_tests(file, complaints);
            unexplained_exceptions(file, complaints);
        }
        beyond_the_project(file, complaints);
    }
}

fn ignored_tests(file: &SourceFile, complaints: &mut Vec<Complaint>) {
    let ignored = numbered(file).filter(|(_, line)| line.trim_start().starts_with("#[ignore"));
    complaints.extend(ignored.map(|(line, _)| {
        complaint(
            file,
            line,
            "a test that does not run proves nothing: mend it or remove it",
        )
    }));
}

/// `#[allow(…)]` without `reason = "…"`.
fn unexplained_exceptions(file: &SourceFile, complaints: &mut Vec<Complaint>) {
    let opens = |line: &str| {
        ["#[allow(", "#![allow("]
            .iter()
            .any(|open| line.trim_start().starts_with(open))
    };
    for (number, line) in numbered(file).filter(|(_, line)| opens(line)) {
        let attribute: Vec<&str> = file
            .text
            .lines()
            .skip(number - 1)
            .take_while(|line| !line.contains(")]"))
            .collect();
        let explained =
            line.contains("reason") || attribute.iter().any(|line| line.contains("reason"));
        if !explained {
            complaints.push(complaint(
                file,
                number,
                "an exception from a lint needs `reason = \"…\"`",
            ));
        }
    }
}

/// The project stands alone: nothing may point to a neighbouring folder of one machine.
fn beyond_the_project(file: &SourceFile, complaints: &mut Vec<Complaint>) {
    let needle = concat!("/", "shared/");
    let roots = ["..", "/work", "../.."];
    let points_out = |line: &str| {
        roots
            .iter()
            .any(|root| line.contains(&format!("{root}{needle}")))
    };
    let lines = numbered(file).filter(|(_, line)| points_out(line));
    complaints.extend(
        lines.map(|(line, _)| complaint(file, line, "points to a folder outside the project")),
    );
}

fn numbered(file: &SourceFile) -> impl Iterator<Item = (usize, &str)> {
    file.text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

fn complaint(file: &SourceFile, line: usize, rule: &str) -> Complaint {
    Complaint {
        path: file.path.clone(),
        line,
        rule: rule.to_owned(),
    }
}
