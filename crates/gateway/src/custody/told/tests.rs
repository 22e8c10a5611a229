use std::fs;

use super::history::Read;
use super::*;
use crate::audit::line::{End, LineHash};

const REMEMBERED: Remembered = Remembered {
    mark: Some(Marked {
        end: End::NONE,
        given: 2,
    }),
    highest_version: 9,
};

/// Two lines of one chain, each in a file.
fn two_files(folder: &Path) -> [Source; 2] {
    let mut prev = LineHash::NONE;
    [1, 2].map(|seq| {
        let line = format!(
            "{{\"seq\":{seq},\"prev\":\"{prev}\",\"event\":\"credential_set\",\"result\":\"ok\",\"df\":\"f\",\"ls\":\"l\",\"version\":{seq}}}"
        );
        prev = LineHash::of(line.as_bytes());
        let path = folder.join(format!("{seq}.jsonl"));
        fs::write(&path, line + "\n").unwrap();
        Source::File(path)
    })
}

#[test]
fn a_file_that_is_removed_while_the_others_are_read_is_listed_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut removed = vec![Source::File(folder.path().join("removed.jsonl"))];
    let list = || {
        let mut sources = std::mem::take(&mut removed);
        sources.extend(two_files(folder.path()));
        Ok(sources)
    };
    let (told, _) = Told::through(list, &History::default(), REMEMBERED);
    assert_eq!((told.fault, told.last), (None, 2));
    let list = || Ok(vec![Source::File(folder.path().join("removed.jsonl"))]);
    assert!(
        Told::through(list, &History::default(), REMEMBERED)
            .0
            .fault
            .is_some()
    );
}

#[test]
fn files_that_are_as_they_were_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = two_files(folder.path());
    let second = second.path().to_owned();
    let history = History::default();
    let read = |paths: &[&Path]| {
        let sources = paths.iter().map(|path| Source::File((*path).to_owned()));
        let whole = history.read(|| Ok(sources.collect()), REMEMBERED);
        let whole = whole.unwrap();
        (whole.told, whole.read)
    };
    let first = first.path();
    let (told, how) = read(&[first]);
    assert_eq!((told.last, how), (1, Read::Everything));
    for last in [2, 2] {
        let (told, how) = read(&[first, &second]);
        assert_eq!((told.fault, told.last), (None, last));
        assert_eq!(how, Read::Continued);
        let version = told.newest.values().next().unwrap().version;
        assert_eq!(version, 2);
    }
    // Another one of the same length.
    let text = fs::read_to_string(first).unwrap();
    let other = first.with_extension("other");
    fs::write(&other, text.replace("\"seq\":1", "\"seq\":7")).unwrap();
    fs::rename(&other, first).unwrap();
    let (told, how) = read(&[first, &second]);
    assert_eq!(how, Read::Everything);
    assert!(told.fault.is_some());
    assert_eq!(read(&[&second]).1, Read::Everything, "one is gone");
}

#[test]
fn a_line_at_the_end_that_was_given_no_number_does_not_accept_the_store() {
    for number in [3, 2] {
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = two_files(folder.path());
        let text = fs::read(second.path()).unwrap();
        let prev = LineHash::of(text.trim_ascii_end());
        let forged = folder.path().join("forged.jsonl");
        let line = format!(
            "{{\"seq\":{number},\"prev\":\"{prev}\",\"event\":\"store_accepted\",\"result\":\"ok\"}}\n"
        );
        fs::write(&forged, line).unwrap();
        let sources = vec![first, second, Source::File(forged)];
        let history = History::default();
        let told = history.read(|| Ok(sources), REMEMBERED).unwrap().told;
        assert_eq!(told.newest.len(), 1, "{number}");
        assert_eq!(told.fault.is_some(), number == 2);
    }
}
