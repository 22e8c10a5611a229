use std::fs;

use super::*;

const REMEMBERED: Remembered = Remembered {
    mark: Some(End::NONE),
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
    let told = Told::through(list, REMEMBERED);
    assert_eq!((told.fault, told.last), (None, 2));
    let list = || Ok(vec![Source::File(folder.path().join("removed.jsonl"))]);
    assert!(Told::through(list, REMEMBERED).fault.is_some());
}
