//! What the audit trail tells of the store, when somebody has written into both.

use std::fs;
use std::path::Path;

use envelope::Operation;
use gateway::audit::Keeping;
use gateway::audit::line::LineHash;
use gateway::clock;
use gateway::custody::entry::Damage;
use gateway::custody::verification::Whole;
use gateway::custody::{Custody, Settings};

use super::audit_chain::record;
use super::damage::{KEEP, damaged, execute, filled, report, with_newer};
use super::desk::{Closed, Desk, df, ls, replace, settings, sql_server};

pub(super) const BACK: &str = "INSERT OR REPLACE INTO credential SELECT * FROM kept_c; \
     INSERT OR REPLACE INTO last_version SELECT * FROM kept_v; \
     INSERT OR REPLACE INTO store_state SELECT * FROM kept_s";

#[tokio::test]
async fn files_that_were_put_aside_are_read_too() {
    let (desk, mut sql) = with_newer().await;
    let closed = desk.close().await;
    let small = Settings {
        audit: Keeping {
            max_bytes: 1,
            ..Keeping::default()
        },
        ..settings()
    };
    let custody = Custody::open(&closed.folder, small).await.unwrap();
    custody.sign_audit(clock::now()).await.unwrap();
    let desk = closed.with(custody);
    record(&desk, 1).await;
    let text = fs::read_to_string(desk.folder.audit()).unwrap();
    assert!(!text.contains("credential_set"), "not put aside");
    execute(&mut sql, BACK).await;
    let found = report(&desk).await;
    assert_eq!(damaged(&found), [("orders", Damage::RolledBack)]);
}

/// Changes the trail of a gateway that does not run, and looks at what is found.
async fn with_trail(change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Desk {
    let closed = filled().await.close().await;
    let trail = fs::read(closed.folder.audit()).unwrap();
    fs::write(closed.folder.audit(), change(trail)).unwrap();
    closed.open().await
}

fn after_first_line(mut trail: Vec<u8>, more: &[u8]) -> Vec<u8> {
    let at = trail.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    trail.splice(at..at, more.iter().copied());
    trail
}

#[tokio::test]
async fn what_cannot_be_read_is_not_taken_for_nothing() {
    let long = [&[b'x'; 100_000][..], b"\n"].concat();
    let twice = b"{\"seq\":2,\"prev\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"event\":\"credential_set\",\"result\":\"ok\",\"who\":\"a\",\"who\":\"b\"}\n";
    for more in [&b"\xff\n"[..], b"\n", b"{}\n", &long, twice] {
        let desk = with_trail(|trail| after_first_line(trail, more)).await;
        let found = report(&desk).await;
        assert!(found.unverified.is_some(), "{more:?}");
        assert!(!found.is_sound());
        // What comes after it is told all the same.
        assert_eq!(found.whole, Whole::AsWritten);
        let accepted = desk.custody.accept_store("tester", clock::now());
        accepted.await.unwrap();
        assert!(report(&desk).await.is_sound());
    }
    let desk = filled().await;
    fs::remove_file(desk.folder.audit()).unwrap();
    let told = report(&desk).await.unverified.unwrap();
    assert!(told.contains("ends with line 0"), "{told}");
}

#[tokio::test]
async fn a_pipe_with_a_file_s_name_keeps_nobody_waiting() {
    let desk = filled().await;
    let pipe = desk
        .folder
        .path()
        .join("audit-000000000000-000000000009.jsonl");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let told = report(&desk).await.unverified.unwrap();
    assert!(told.contains("is no regular file"), "{told}");
    desk.set("orders", sql_server(replace("newer")))
        .await
        .unwrap();
    fs::remove_file(pipe).unwrap();
    assert!(report(&desk).await.is_sound());
}

#[tokio::test]
async fn nobody_else_accepts_the_store_in_the_trail() {
    for prev in ["of the last line", "of none"] {
        let (desk, mut sql) = with_newer().await;
        let mut text = fs::read_to_string(desk.folder.audit()).unwrap();
        let head = gateway::audit::line::LineHash::of(text.lines().last().unwrap().as_bytes());
        let prev = match prev {
            "of none" => "A".repeat(43),
            _ => head.to_string(),
        };
        text.push_str(&format!(
            "{{\"seq\":9,\"prev\":\"{prev}\",\"at\":\"2026-11-23T21:13:00Z\",\"event\":\"store_accepted\",\"result\":\"ok\"}}\n"
        ));
        fs::write(desk.folder.audit(), text).unwrap();
        record(&desk, 1).await;
        execute(&mut sql, BACK).await;
        let found = report(&desk).await;
        assert_eq!(damaged(&found), [("orders", Damage::RolledBack)], "{prev}");
    }
}

#[tokio::test]
async fn the_trail_has_how_many_changes_there_were() {
    let (desk, mut sql) = with_newer().await;
    // Its line is in the file for certain, and the store has forgotten it.
    record(&desk, 1).await;
    record(&desk, 1).await;
    let closed = desk.close().await;
    execute(&mut sql, BACK).await;
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    let changed = text.replace("\"version\":4", "\"version\":3");
    assert_ne!(text, changed);
    fs::write(closed.folder.audit(), changed).unwrap();
    let found = report(&closed.open().await).await;
    assert_eq!((damaged(&found), found.whole), (vec![], Whole::OtherRows));
}

fn chain(lines: &mut Vec<String>, more: &str) {
    let last = lines.last().map(String::as_bytes).unwrap_or_default();
    let (seq, prev) = (lines.len() + 1, LineHash::of(last));
    let at = "2026-11-23T21:13:00Z";
    lines.push(format!(
        "{{\"seq\":{seq},\"prev\":\"{prev}\",\"at\":\"{at}\",\"result\":\"ok\",{more}}}"
    ));
}

fn lines_of(closed: &Closed) -> Vec<String> {
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn write_lines(path: &Path, lines: &[String]) {
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

#[tokio::test]
async fn a_trail_that_is_not_one_chain_does_not_tell_everything() {
    for change in ["two appended", "edited", "beginning removed", "file made"] {
        let (desk, mut sql) = with_newer().await;
        record(&desk, 1).await;
        record(&desk, 1).await;
        let closed = desk.close().await;
        execute(&mut sql, BACK).await;
        let mut lines = lines_of(&closed);
        let audit = closed.folder.audit();
        match change {
            "two appended" => {
                chain(&mut lines, "\"event\":\"store_accepted\",\"changes\":0");
                chain(&mut lines, "\"event\":\"stopped\"");
            }
            "edited" => {
                let at = lines.iter().position(|line| line.contains("\"version\":4"));
                let line = &mut lines[at.unwrap()];
                *line = line.replace("\"version\":4,\"changes\":7", "\"version\":3,\"changes\":6");
                assert!(line.contains("\"changes\":6"), "{line}");
            }
            _ => {
                lines.drain(..lines.len() - 1);
            }
        }
        write_lines(&audit, &lines);
        if change == "file made" {
            let mut made = vec![format!(
                "{{\"seq\":1,\"prev\":\"{}\",\"event\":\"started\",\"result\":\"ok\"}}",
                LineHash::NONE
            )];
            chain(&mut made, "\"event\":\"checkpoint\"");
            let name = "audit-000000000001-000000000008.jsonl";
            write_lines(&audit.with_file_name(name), &made);
        }
        let desk = closed.open().await;
        let found = report(&desk).await;
        assert!(found.unverified.is_some(), "{change}: {found:?}");
        let accepted = desk.custody.accept_store("tester", clock::now());
        accepted.await.unwrap();
        assert!(report(&desk).await.is_sound(), "{change}");
    }
}

#[tokio::test]
async fn a_version_that_nothing_can_have_come_to_is_not_believed() {
    let closed = filled().await.close().await;
    let mut lines = lines_of(&closed);
    chain(
        &mut lines,
        "\"event\":\"credential_set\",\"df\":\"factory\",\"ls\":\"orders\",\"version\":9007199254740992",
    );
    chain(&mut lines, "\"event\":\"stopped\"");
    write_lines(&closed.folder.audit(), &lines);
    let desk = closed.open().await;
    assert!(!report(&desk).await.is_sound());
    for _ in 0..2 {
        let set = desk.set("orders", sql_server(replace("x"))).await;
        let version = set.unwrap().signed.receipt.version;
        assert!(version < 2000, "{version}");
        let claims = desk.claims("orders", Operation::Delete);
        desk.delete(&claims).await.unwrap();
    }
    let accepted = desk.custody.accept_store("tester", clock::now());
    accepted.await.unwrap();
    assert!(report(&desk).await.is_sound());
}

#[tokio::test]
async fn a_former_term_that_is_put_back_with_everything_under_it_is_found() {
    for moment in ["before", "begun"] {
        let desk = filled().await;
        let mut sql = desk.sql().await;
        let now = clock::now();
        if moment == "begun" {
            desk.custody.rotate_terms(None, now).await.unwrap();
        }
        execute(&mut sql, KEEP).await;
        execute(&mut sql, "CREATE TEMP TABLE kept_t AS SELECT * FROM term").await;
        if moment == "before" {
            desk.custody.rotate_terms(None, now).await.unwrap();
        }
        let keyring = fs::read(desk.folder.keyring()).unwrap();
        if moment == "begun" {
            assert!(desk.custody.renew(now).await.unwrap().is_done());
        }
        assert!(report(&desk).await.is_sound());
        let closed = desk.close().await;
        execute(&mut sql, BACK).await;
        execute(
            &mut sql,
            "DELETE FROM term; INSERT INTO term SELECT * FROM kept_t",
        )
        .await;
        fs::write(closed.folder.keyring(), keyring).unwrap();
        let desk = closed.open().await;
        let found = report(&desk).await;
        assert_ne!(found.whole, Whole::AsWritten, "{moment}");
        if moment == "begun" {
            assert_eq!(found.whole, Whole::OtherTerms);
            let (df, ls) = (df(), ls("orders"));
            let revealed = desk.custody.reveal(&df, &ls, "owner", now);
            assert!(revealed.await.is_err(), "under a term that is gone");
        }
    }
}
