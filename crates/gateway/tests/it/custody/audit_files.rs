//! Full files: put aside, continued, removed when there are enough, whatever happens meanwhile.

use std::fs;
use std::path::PathBuf;

use gateway::audit::rotation::Rotated;
use gateway::audit::verify::{Against, Kind, Source, verify};
use gateway::audit::{AuditEvent, Event, Keeping, Outcome};
use gateway::clock;
use gateway::custody::{Custody, Settings};
use serde_json::Value;

use super::audit_chain::{against, record, whole_trail};
use super::desk::{Closed, Desk, assert_complete, settings};

fn small(keep_files: Option<usize>) -> Settings {
    Settings {
        audit: Keeping {
            max_bytes: 4096,
            keep_files,
            ..Keeping::default()
        },
        ..settings()
    }
}

async fn small_files(closed: &Closed, keep_files: Option<usize>) -> Custody {
    Custody::open(&closed.folder, small(keep_files))
        .await
        .unwrap()
}

async fn write(custody: &Custody, lines: usize) {
    for _ in 0..lines {
        let event = AuditEvent::new(Event::TicketIssued, Outcome::Ok, clock::now());
        custody.record(event).await.unwrap();
    }
}

fn rotated(closed: &Closed) -> Vec<Rotated> {
    Rotated::list(closed.folder.path()).unwrap()
}

fn lines_of(path: &PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn all_lines(closed: &Closed) -> Vec<Value> {
    let mut paths: Vec<_> = rotated(closed).into_iter().map(|file| file.path).collect();
    paths.push(closed.folder.audit());
    paths
        .iter()
        .filter(|path| path.exists())
        .flat_map(lines_of)
        .collect()
}

#[tokio::test]
async fn a_full_file_is_put_aside_and_the_next_carries_the_chain_on() {
    let closed = Closed::new().await;
    let custody = small_files(&closed, None).await;
    write(&custody, 100).await;
    custody.shutdown().await;
    let files = rotated(&closed);
    assert!(files.len() >= 3, "{files:?}");
    assert_complete(&all_lines(&closed));
    for pair in files.windows(2) {
        let (before, file) = (lines_of(&pair[0].path), lines_of(&pair[1].path));
        let last = before.last().unwrap();
        assert_eq!(last["event"], "checkpoint");
        assert_eq!(last["seq"], pair[0].last);
        assert_eq!(file[0]["seq"], pair[1].first);
        assert_eq!(file[0]["follows"], pair[0].name());
        assert_eq!(file[0]["gateway"], "gw-test");
    }
    let against = against(&closed).await;
    let report = whole_trail(&closed, &against);
    assert!(report.whole, "{report}");
    assert_eq!(report.files.len(), files.len() + 1);

    let sources = |paths: Vec<PathBuf>| paths.into_iter().map(Source::File).collect();
    let mut paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    paths.push(closed.folder.audit());
    let mut swapped = paths.clone();
    swapped.swap(0, 1);
    assert!(!verify(sources(swapped), against.clone()).unwrap().whole);
    let lost = paths.remove(1);
    let report = verify(sources(paths.clone()), against.clone()).unwrap();
    assert_eq!(report.findings[0].kind, Kind::Missing, "{report}");
    paths.remove(0);
    let report = verify(sources(paths), against.clone()).unwrap();
    assert_eq!(report.findings[0].kind, Kind::BeginningMissing, "{report}");

    // Whoever has checked the first files keeps their last checkpoint's line in mind, and goes on from there.
    let seen = lines_of(&lost).last().unwrap()["jws"]
        .as_str()
        .unwrap()
        .to_owned();
    let later = Against {
        store: None,
        checkpoints: vec![seen],
        ..against
    };
    let first = sources(vec![files[0].path.clone()]);
    let report = verify(first, later).unwrap();
    assert_eq!(report.findings[0].kind, Kind::EndMissing, "{report}");
}

#[tokio::test]
async fn a_process_that_died_between_two_files_leaves_nothing_undone() {
    // The full file has its name already; the next one is empty, or not there.
    for next in ["empty", "missing"] {
        let closed = Closed::new().await;
        let custody = small_files(&closed, None).await;
        while rotated(&closed).is_empty() {
            write(&custody, 1).await;
        }
        custody.shutdown().await;
        assert!(fs::read(closed.folder.audit()).unwrap().is_empty());
        if next == "missing" {
            fs::remove_file(closed.folder.audit()).unwrap();
        }
        let custody = small_files(&closed, None).await;
        write(&custody, 1).await;
        custody.shutdown().await;
        let lines = all_lines(&closed);
        assert_complete(&lines);
        assert!(
            lines.iter().all(|line| line["event"] != "audit_gap"),
            "{next}"
        );
        let report = whole_trail(&closed, &against(&closed).await);
        assert!(report.whole, "{next}: {report}");
    }
}

#[tokio::test]
async fn a_full_file_that_a_crash_left_in_its_place_is_put_aside_at_the_start() {
    let closed = Closed::new().await;
    // Full by its checkpoint, for a gateway that allows larger files.
    let desk = closed.open().await;
    record(&desk, 40).await;
    desk.custody.sign_audit(clock::now()).await.unwrap();
    let closed = desk.close().await;
    assert!(rotated(&closed).is_empty());
    let custody = small_files(&closed, None).await;
    assert_eq!(rotated(&closed).len(), 1);
    write(&custody, 1).await;
    custody.shutdown().await;
    assert_complete(&all_lines(&closed));
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_put_files_aside_and_lose_no_line() {
    let closed = Closed::new().await;
    let (one, other) = (
        small_files(&closed, None).await,
        small_files(&closed, None).await,
    );
    let writing = [&one, &other].map(|custody| {
        let custody = custody.clone();
        tokio::spawn(async move { write(&custody, 60).await })
    });
    for one in writing {
        one.await.unwrap();
    }
    one.shutdown().await;
    other.shutdown().await;
    let lines = all_lines(&closed);
    assert_complete(&lines);
    assert_eq!(
        lines
            .iter()
            .filter(|line| line["event"] == "ticket_issued")
            .count(),
        120
    );
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
    assert!(report.files.len() >= 3, "{report}");
}

#[tokio::test]
async fn the_oldest_files_go_and_the_trail_says_so() {
    let closed = Closed::new().await;
    let custody = small_files(&closed, Some(2)).await;
    write(&custody, 100).await;
    custody.shutdown().await;
    let files = rotated(&closed);
    assert_eq!(files.len(), 2);
    assert!(files[0].first > 1);
    let against = against(&closed).await;
    let report = whole_trail(&closed, &against);
    assert!(report.whole, "{report}");
    assert_eq!(report.first, files[0].first);
    // One more is gone, which nobody said.
    fs::remove_file(&files[0].path).unwrap();
    let report = whole_trail(&closed, &against);
    assert_eq!(report.findings[0].kind, Kind::BeginningMissing, "{report}");
}

#[tokio::test]
async fn a_file_that_cannot_be_put_aside_grows_on() {
    let closed = Closed::new().await;
    let custody = small_files(&closed, None).await;
    while rotated(&closed).is_empty() {
        write(&custody, 1).await;
    }
    custody.shutdown().await;
    // A name that is taken already is nobody's to replace.
    let Rotated { first, last, path } = rotated(&closed).remove(0);
    let full = fs::read(&path).unwrap();
    fs::remove_file(closed.folder.audit()).unwrap();
    fs::rename(&path, closed.folder.audit()).unwrap();
    fs::write(&path, "somebody's").unwrap();
    let custody = small_files(&closed, None).await;
    write(&custody, 5).await;
    custody.shutdown().await;
    assert_eq!(fs::read(&path).unwrap(), b"somebody's");
    let grown = fs::read(closed.folder.audit()).unwrap();
    assert!(grown.starts_with(&full));
    let lines = lines_of(&closed.folder.audit());
    assert_eq!(lines[0]["seq"], first);
    assert_complete(&lines);
    assert_eq!(
        lines.len() as i64,
        last + 5,
        "not one checkpoint for each line"
    );
}

#[tokio::test]
async fn nothing_is_done_while_the_disk_is_full() {
    let desk = Desk::new().await;
    record(&desk, 2).await;
    let aside = desk.folder.path().join("aside");
    fs::rename(desk.folder.audit(), &aside).unwrap();
    // Every write is answered ENOSPC.
    std::os::unix::fs::symlink("/dev/full", desk.folder.audit()).unwrap();
    let event = || AuditEvent::new(Event::TicketIssued, Outcome::Ok, clock::now());
    let error = desk.custody.record(event()).await.unwrap_err().to_string();
    assert!(error.contains("No space left"), "{error}");
    for _ in 0..3 {
        assert!(desk.custody.record(event()).await.is_err());
    }
    fs::remove_file(desk.folder.audit()).unwrap();
    fs::rename(&aside, desk.folder.audit()).unwrap();
    record(&desk, 1).await;
    // The first was committed and comes late; those after it were not even committed.
    let lines = desk.audit_lines();
    assert_complete(&lines);
    assert_eq!(lines.len(), 4);
    let closed = desk.close().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
}

#[tokio::test]
async fn files_that_do_not_belong_to_the_chain_cost_none_that_do() {
    let closed = Closed::new().await;
    let custody = small_files(&closed, None).await;
    while rotated(&closed).len() < 3 {
        write(&custody, 1).await;
    }
    custody.shutdown().await;
    let files = rotated(&closed);
    let planted = [
        "audit-900000000001-900000000002.jsonl",
        "audit-900000000003-900000000004.jsonl",
    ];
    for name in planted {
        fs::copy(&files[0].path, closed.folder.path().join(name)).unwrap();
    }
    let custody = small_files(&closed, Some(2)).await;
    write(&custody, 1).await;
    assert!(files.iter().all(|file| file.path.exists()));
    for name in planted {
        fs::remove_file(closed.folder.path().join(name)).unwrap();
    }
    // Also one in between that was changed: the next begins with another hash.
    let second = fs::read_to_string(&files[1].path).unwrap();
    let changed = second.trim_end().to_owned() + " \n";
    fs::write(&files[1].path, changed).unwrap();
    custody.shutdown().await;
    let custody = small_files(&closed, Some(2)).await;
    assert_eq!(rotated(&closed).len(), 3);
    fs::write(&files[1].path, second).unwrap();
    custody.shutdown().await;
    let custody = small_files(&closed, Some(2)).await;
    assert_eq!(rotated(&closed).len(), 2, "they fit again");
    write(&custody, 1).await;
    custody.shutdown().await;
    let report = whole_trail(&closed, &against(&closed).await);
    assert!(report.whole, "{report}");
}
