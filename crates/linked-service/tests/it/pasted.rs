//! What becomes of connection strings as people paste them: examples and their outcome, in files that people have read.
//!
//! A file of `tests/pasted` is a list of examples: lines that begin with `> ` are the text, `wanted:` names the kind that it
//! has to be for, and the outcome follows. `UPDATE_GOLDEN=1 cargo test -p linked-service pasted` writes the outcomes
//! again; read the difference before committing it.

use std::fs;
use std::path::{Path, PathBuf};

use linked_service::connection_string::{pack, recognise, unpack};
use linked_service::kind;

#[test]
fn pasted_texts_become_what_the_files_say() {
    let mut count = 0;
    for path in files() {
        let golden = fs::read_to_string(&path).unwrap();
        let examples: Vec<&str> = golden.trim().split("\n\n").collect();
        count += examples.len();
        let written: Vec<String> = examples
            .iter()
            .map(|example| with_outcome(example))
            .collect();
        let written = written.join("\n\n") + "\n";
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &written).unwrap();
        } else if let Some((now, before)) = written
            .lines()
            .zip(golden.lines())
            .find(|(now, before)| now != before)
        {
            panic!("{}: {before:?} is {now:?} now", path.display());
        }
    }
    assert!(count >= 60, "only {count} examples");
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pasted");
    let files = fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.sort();
    files
}

/// The example's text and wish, and what comes of it now.
fn with_outcome(example: &str) -> String {
    let (mut text, mut wanted, mut out) = (Vec::new(), None, Vec::new());
    for line in example.lines() {
        if let Some(line) = line.strip_prefix('>') {
            text.push(line.strip_prefix(' ').unwrap_or(line));
            out.push(format!("> {}", text[text.len() - 1]).trim_end().to_owned());
        } else if let Some(id) = line.strip_prefix("wanted: ") {
            wanted = Some(kind(id).unwrap_or_else(|| panic!("no kind {id}")));
            out.push(line.to_owned());
        } else if line.starts_with('#') {
            out.push(line.to_owned());
        }
    }
    // By way of a parcel, as it comes to the page.
    let parcel = pack(&recognise(&text.join("\n"), wanted));
    match unpack(&parcel).unwrap_or_else(|| panic!("no parcel of {text:?}")) {
        Err(error) => out.push(format!("error: {error}")),
        Ok(read) => {
            out.push(format!(
                "{}: {}, {}",
                read.form.text(),
                read.kind.id,
                read.auth.id
            ));
            for (name, value) in &read.properties {
                out.push(format!("  {name} = {value}"));
            }
            // Examples have made-up secrets only.
            for (name, value) in &read.secrets {
                out.push(format!("  {name} * {}", value.escape_debug()));
            }
            if !read.ignored.is_empty() {
                out.push(format!("  ignored: {}", read.ignored.join(", ")));
            }
            for warning in &read.warnings {
                out.push(format!("  ! {}", warning.text()));
            }
        }
    }
    out.join("\n")
}

#[test]
fn part_of_a_parcel_is_none_and_neither_is_more_than_one() {
    for text in [
        "Server=sql01;Database=Sales;User ID=u;Password=p;Pooling=true;Ssl=x",
        "no",
    ] {
        let parcel = pack(&recognise(text, None));
        assert!(unpack(&parcel).is_some(), "{text}");
        for length in 0..parcel.len() {
            assert!(unpack(&parcel[..length]).is_none(), "{length} of {text}");
        }
        let more = [&parcel[..], &[0]].concat();
        assert!(unpack(&more).is_none(), "{text}");
    }
}

#[test]
fn a_parcel_is_never_moved_while_it_is_written() {
    let text = format!(
        "Server=sql01;Database=Sales;User ID=u;Password={};{}",
        "p".repeat(4000),
        "Nothing Known=1;".repeat(200)
    );
    let parcel = pack(&recognise(&text, None));
    let exact = parcel.len();
    assert!(
        parcel.capacity() < exact + 64,
        "{} for {exact}",
        parcel.capacity()
    );
}
