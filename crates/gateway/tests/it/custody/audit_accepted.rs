//! What a person has accepted in the audit trail, and what comes after it.

use std::fs;

use gateway::audit::Keeping;
use gateway::audit::verify::{Accepted, Finding, Kind, Report};
use gateway::clock;
use gateway::custody::{Custody, Settings};

use super::audit_chain::{against, record, whole_trail};
use super::desk::{Closed, Desk, settings};

fn text(closed: &Closed) -> String {
    fs::read_to_string(closed.folder.audit()).unwrap()
}

pub(super) async fn report(closed: &Closed) -> Report {
    whole_trail(closed, &against(closed).await)
}

/// As `audit accept` does it.
pub(super) async fn accept(closed: Closed) -> Closed {
    let desk = closed.open().await;
    let closed = desk.close().await;
    let found = report(&closed).await.findings;
    let found: Vec<Accepted> = found.iter().map(Finding::accepted).collect();
    let desk = closed.open().await;
    let accepted = desk.custody.accept_audit(found, "tester", clock::now());
    accepted.await.unwrap();
    desk.close().await
}

/// Five lines, and some of them.
async fn changed(change: impl FnOnce(&[&str]) -> String) -> Closed {
    let desk = Desk::new().await;
    for _ in 0..5 {
        record(&desk, 1).await;
    }
    let closed = desk.close().await;
    let text = text(&closed);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    fs::write(closed.folder.audit(), change(&lines)).unwrap();
    closed
}

/// The last ones were cut off.
async fn with_gap() -> Closed {
    changed(|lines| lines[..2].concat()).await
}

/// Somebody has put something in.
async fn with_nonsense() -> Closed {
    changed(|lines| {
        [&lines[..2], &["nonsense\n"], &lines[2..]]
            .concat()
            .concat()
    })
    .await
}

#[tokio::test]
async fn a_gap_that_was_accepted_is_a_note_and_a_new_fault_is_none() {
    let closed = with_gap().await;
    let desk = closed.open().await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    assert!(lines.iter().any(|line| line["event"] == "audit_gap"));
    let closed = desk.close().await;
    let found = report(&closed).await;
    assert!(!found.whole);
    assert_eq!(found.findings[0].kind, Kind::Missing);

    let closed = accept(closed).await;
    let desk = closed.open().await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    let told = lines.iter().find(|line| line["event"] == "audit_accepted");
    let told = told.unwrap();
    assert_eq!(told["who"], "tester");
    let accepted = &told["accepted"][0];
    assert_eq!(accepted["file"], "audit.jsonl");
    assert_eq!(
        (&accepted["from"], &accepted["line"]),
        (&3.into(), &3.into())
    );
    let closed = desk.close().await;
    let whole = report(&closed).await;
    assert!(whole.whole, "{whole}");
    assert_eq!(whole.accepted, found.findings);
    assert!(whole.to_string().contains("note: accepted before"));

    // Another fault, in another place and in the same.
    let sound = text(&closed);
    let changed = sound.replacen("author 0", "author 1", 1);
    fs::write(closed.folder.audit(), changed).unwrap();
    let other = report(&closed).await;
    assert!(!other.whole);
    assert_eq!(other.accepted.len(), 1);
    let more_cut: Vec<&str> = sound.split_inclusive('\n').collect();
    let more_cut = [&more_cut[..1], &more_cut[2..]].concat().concat();
    fs::write(closed.folder.audit(), more_cut).unwrap();
    let other = report(&closed).await;
    assert!(!other.whole);
    assert_eq!(other.accepted, []);
}

#[tokio::test]
async fn what_somebody_has_put_in_is_accepted_as_it_is_and_not_what_takes_its_place() {
    let closed = accept(with_nonsense().await).await;
    let whole = report(&closed).await;
    assert!(whole.whole, "{whole}");
    assert!(
        whole
            .accepted
            .iter()
            .any(|one| one.kind == Kind::Unreadable)
    );
    let changed = text(&closed).replace("nonsense", "nonsensf");
    fs::write(closed.folder.audit(), changed).unwrap();
    let other = report(&closed).await;
    assert_eq!(other.findings.len(), 1);
    assert_eq!(other.findings[0].kind, Kind::Unreadable);
}

#[tokio::test]
async fn nobody_else_accepts_anything_in_the_trail() {
    let closed = accept(with_gap().await).await;
    let sound = text(&closed);
    // As somebody who only has the files.
    let mut against = against(&closed).await;
    against.store = None;
    assert!(whole_trail(&closed, &against).whole);
    // The line that accepts is changed, is not signed any more, or is in another place.
    let kind = sound.replace("\"kind\":\"missing\"", "\"kind\":\"changed\"");
    let lines: Vec<&str> = sound.split_inclusive('\n').collect();
    let at = lines
        .iter()
        .position(|line| line.contains("audit_accepted"))
        .unwrap();
    let unsigned = lines[..=at].concat();
    let who = sound.replace("\"who\":\"tester\"", "\"who\":\"nobody\"");
    for changed in [kind, unsigned, who] {
        assert_ne!(changed, sound);
        fs::write(closed.folder.audit(), changed).unwrap();
        let found = whole_trail(&closed, &against);
        assert!(!found.whole, "{found}");
        assert_eq!(found.accepted, [], "{found}");
    }
}

#[tokio::test]
async fn what_was_accepted_stays_so_when_the_file_is_put_aside() {
    let closed = accept(with_nonsense().await).await;
    let small = Settings {
        audit: Keeping {
            max_bytes: 1,
            ..Keeping::default()
        },
        ..settings()
    };
    let custody = Custody::open(&closed.folder, small).await.unwrap();
    let desk = closed.with(custody);
    record(&desk, 1).await;
    desk.custody.sign_audit(clock::now()).await.unwrap();
    record(&desk, 1).await;
    let closed = desk.close().await;
    assert!(!text(&closed).contains("audit_accepted"));
    let whole = report(&closed).await;
    assert!(whole.whole && whole.files.len() > 1, "{whole}");
}
