use std::fs;
use std::io::Write;

use envelope::{Operation, UnixSeconds};
use gateway::audit::{AuditEvent, Event, Outcome};
use gateway::clock;
use gateway::custody::RefusalBudget;
use gateway::custody::reveal::RevealProblem;
use gateway::custody::set::SetProblem;

use super::desk::{Closed, Desk, assert_complete, audit_lines, df, ls, replace, sql_server};

/// A folder with three lines in its audit file.
async fn three_lines() -> Closed {
    let desk = Desk::new().await;
    for _ in 0..3 {
        desk.set("orders", sql_server(replace("x"))).await.unwrap();
    }
    desk.close().await
}

#[tokio::test]
async fn an_event_is_in_the_file_before_the_answer() {
    let desk = Desk::new().await;
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    desk.send(&claims, &envelope).await.unwrap();
    let lines = desk.audit_lines();
    assert_eq!(lines.len(), 1);
    let line = &lines[0];
    for (member, value) in [
        ("event", "credential_set"),
        ("result", "ok"),
        ("who", "tester"),
        ("iss", "gateway"),
        ("df", "factory"),
        ("ls", "orders"),
        ("kind", "OnPremisesSqlServer"),
        ("kid", desk.custody.active_kid().as_str()),
        ("jti", claims.jti.as_str()),
        ("remote", "127.0.0.1"),
    ] {
        assert_eq!(line[member], value, "{member}");
    }
    assert_eq!(
        (line["seq"].as_u64(), line["version"].as_u64()),
        (Some(1), Some(1))
    );
    assert!(line["at"].as_str().unwrap().ends_with('Z'));

    desk.send(&claims, &envelope).await.unwrap();
    desk.reveal("orders").await;
    assert!(
        desk.custody
            .reveal(&df(), &ls("none"), "owner", clock::now())
            .await
            .is_err()
    );
    desk.custody
        .record(AuditEvent::new(Event::Started, Outcome::Ok, clock::now()))
        .await
        .unwrap();
    let lines = desk.audit_lines();
    let seen: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["event"].as_str().unwrap(),
                line["result"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen[1..],
        [
            ("credential_set", "repeated"),
            ("credential_revealed", "ok"),
            ("credential_revealed", "failed"),
            ("started", "ok"),
        ]
    );
    assert_complete(&lines);
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_said_so() {
    let whole = fs::read(three_lines().await.folder.audit()).unwrap();
    let last_line = whole[..whole.len() - 1]
        .iter()
        .rposition(|&byte| byte == b'\n')
        .unwrap()
        + 1;
    // What a crash in the middle of an append leaves: the first bytes of a line that is still in the outbox.
    for torn in [
        1,
        2,
        (whole.len() - last_line) / 2,
        whole.len() - last_line - 1,
    ] {
        let closed = three_lines().await;
        let mut file = fs::OpenOptions::new()
            .append(true)
            .open(closed.folder.audit())
            .unwrap();
        file.write_all(&whole[last_line..last_line + torn]).unwrap();
        let desk = closed.open().await;
        let lines = desk.audit_lines();
        assert_complete(&lines);
        assert_eq!(lines.len(), 4, "{torn}");
        assert_eq!(lines[3]["event"], "audit_repaired");
        assert_eq!(
            lines[3]["reason"],
            format!("cut off {torn} bytes of an unfinished last line")
        );
    }
}

#[tokio::test]
async fn a_long_end_without_a_line_feed_is_cut_off_at_once() {
    let closed = three_lines().await;
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(closed.folder.audit())
        .unwrap();
    file.write_all(&vec![0; 1_000_000]).unwrap();
    let desk = closed.open().await;
    let lines = desk.audit_lines();
    assert_complete(&lines);
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[3]["reason"],
        "cut off 1000000 bytes of an unfinished last line"
    );
}

#[tokio::test]
async fn a_line_torn_while_the_gateway_runs_is_repaired_by_the_next_append() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    // Another process is killed in the middle of its append.
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(desk.folder.audit())
        .unwrap();
    file.write_all(b"{\"seq\":2,\"at\":\"2026-").unwrap();
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let lines = desk.audit_lines();
    assert_complete(&lines);
    let events: Vec<_> = lines
        .iter()
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(
        events,
        ["credential_set", "credential_set", "audit_repaired"]
    );
}

/// Kill in the middle of an append, at every third byte of it: the rows are committed, the file has any beginning of their lines.
#[tokio::test]
async fn lines_that_a_crash_left_over_are_appended_exactly_once() {
    let closed = three_lines().await;
    let whole = fs::read(closed.folder.audit()).unwrap();
    let store = fs::read(closed.folder.store()).unwrap();
    assert!(
        !closed.folder.path().join("store.sqlite-wal").exists(),
        "the store was closed whole"
    );
    // The third line is in the outbox still: rows are removed by a later transaction.
    let starts: Vec<usize> = std::iter::once(0)
        .chain(
            whole
                .iter()
                .enumerate()
                .filter(|(_, byte)| **byte == b'\n')
                .map(|(at, _)| at + 1),
        )
        .collect();
    let lengths = (starts[2]..whole.len()).step_by(3);
    for length in lengths.chain([whole.len()]) {
        fs::write(closed.folder.audit(), &whole[..length]).unwrap();
        fs::write(closed.folder.store(), &store).unwrap();
        let custody = closed.try_open().await.unwrap();
        custody.shutdown().await;
        let lines = audit_lines(&closed.folder);
        assert_complete(&lines);
        let torn = length != starts[2] && length != whole.len();
        assert_eq!(
            lines.len(),
            if torn { 4 } else { 3 },
            "cut to {length} bytes"
        );
        assert_eq!(lines[2]["version"], 3);
    }
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_sudden_end() {
    let mut desk = Desk::new().await;
    for round in 1..=5_u64 {
        let password = format!("password {round}");
        let stored = desk
            .set("orders", sql_server(replace(&password)))
            .await
            .unwrap();
        desk = desk.drop_dead().open().await;
        assert_eq!(stored.signed.receipt.version, round);
        assert!(
            desk.holds("orders", "password", &password).await,
            "round {round}"
        );
    }
    assert_complete(&desk.audit_lines());
}

/// The file is a folder for a while: nothing can be appended, root or not.
struct Blocked {
    audit: std::path::PathBuf,
    aside: std::path::PathBuf,
}

impl Blocked {
    fn new(desk: &Desk) -> Self {
        let (audit, aside) = (desk.folder.audit(), desk.folder.path().join("aside"));
        fs::rename(&audit, &aside).unwrap();
        fs::create_dir(&audit).unwrap();
        Self { audit, aside }
    }

    fn lift(self) {
        fs::remove_dir(&self.audit).unwrap();
        fs::rename(&self.aside, &self.audit).unwrap();
    }
}

#[tokio::test]
async fn nothing_is_done_that_cannot_be_recorded() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("first")))
        .await
        .unwrap();
    let blocked = Blocked::new(&desk);
    let claims = desk.claims("orders", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("second")));
    assert_eq!(
        desk.send(&claims, &envelope).await.unwrap_err(),
        SetProblem::Unavailable
    );
    // From here on nothing more is committed, so that the backlog cannot grow.
    let late = desk.claims("customers", Operation::Set);
    let late_envelope = desk.seal(&late, sql_server(replace("x")));
    assert_eq!(
        desk.send(&late, &late_envelope).await.unwrap_err(),
        SetProblem::Unavailable
    );
    assert!(
        desk.custody
            .show(&df(), &ls("customers"))
            .await
            .unwrap()
            .is_none()
    );
    let revealed = desk
        .custody
        .reveal(&df(), &ls("orders"), "owner", clock::now())
        .await;
    assert!(
        matches!(revealed.err(), Some(RevealProblem::Audit(_))),
        "revealed without a record"
    );
    let bad = desk.send(&late, "bad").await.unwrap_err();
    assert_eq!(
        bad,
        SetProblem::Unavailable,
        "good and bad envelopes cannot be told apart now"
    );

    blocked.lift();
    let again = desk.send(&claims, &envelope).await.unwrap();
    assert!(
        again.repeated,
        "it was stored whole, and only the answer was missing"
    );
    assert!(desk.holds("orders", "password", "second").await);
    assert!(desk.send(&late, &late_envelope).await.is_ok());
    let lines = desk.audit_lines();
    assert_complete(&lines);
    let stored = lines.iter().filter(|line| {
        line["version"] == 2 && line["result"] == "ok" && line["event"] == "credential_set"
    });
    assert_eq!(stored.count(), 1);
}

#[tokio::test]
async fn a_gateway_that_cannot_record_does_not_start() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let blocked = Blocked::new(&desk);
    let closed = desk.close().await;
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(error.contains("audit.jsonl"), "{error}");
    blocked.lift();
    assert!(closed.try_open().await.is_ok());
}

#[tokio::test]
async fn a_file_moved_away_is_continued_in_a_new_one() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let archive = desk.folder.path().join("audit-1.jsonl");
    fs::rename(desk.folder.audit(), &archive).unwrap();
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let mut all = fs::read_to_string(&archive).unwrap();
    all.push_str(&fs::read_to_string(desk.folder.audit()).unwrap());
    let lines: Vec<serde_json::Value> = all
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_complete(&lines);
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn lines_cut_from_the_end_leave_a_gap_that_is_told() {
    let closed = three_lines().await;
    // One more transaction removes the rows of the first three from the outbox.
    let desk = closed.open().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let closed = desk.close().await;
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    let first_line = text.find('\n').unwrap() + 1;
    fs::write(closed.folder.audit(), &text[..first_line]).unwrap();
    let closed = closed.open().await.close().await;
    let lines = audit_lines(&closed.folder);
    let seen: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["seq"].as_u64().unwrap(),
                line["event"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, "credential_set"),
            (4, "credential_set"),
            (5, "audit_gap")
        ]
    );
    let closed = closed.open().await.close().await;
    assert_eq!(audit_lines(&closed.folder).len(), 3, "told once");
}

#[tokio::test]
async fn an_older_store_put_back_does_not_swallow_new_lines() {
    let closed = three_lines().await;
    let older = fs::read(closed.folder.store()).unwrap();
    let desk = closed.open().await;
    for _ in 0..4 {
        desk.set("orders", sql_server(replace("x"))).await.unwrap();
    }
    // As a gateway does that stops.
    desk.custody.sign_audit(clock::now()).await.unwrap();
    let closed = desk.close().await;
    fs::write(closed.folder.store(), older).unwrap();
    let desk = closed.open().await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    let lines = desk.audit_lines();
    assert_complete(&lines);
    let events: Vec<_> = lines
        .iter()
        .skip(8)
        .map(|line| line["event"].as_str().unwrap())
        .collect();
    assert_eq!(events, ["audit_gap", "credential_set"]);
}

#[tokio::test]
async fn a_strange_last_line_is_evidence_and_stays() {
    let long = "x".repeat(200_000) + "\n";
    let many = "x\n".repeat(100_000);
    for strange in [
        "not json\n",
        "{\"seq\":-1}\n",
        "{\"seq\":9223372036854775807}\n",
        " \n",
        &long,
        &many,
    ] {
        for stops in [true, false] {
            let mut desk = three_lines().await.open().await;
            if stops {
                let closed = desk.close().await;
                put(&closed.folder, strange);
                desk = closed.open().await;
            } else {
                put(&desk.folder, strange);
            }
            desk.set("orders", sql_server(replace("x"))).await.unwrap();
            let text = fs::read_to_string(desk.folder.audit()).unwrap();
            let (before, after) = text.split_once(strange).unwrap();
            assert_eq!(before.lines().count(), 3);
            let told = after.lines().filter(|line| line.contains("audit_gap"));
            assert_eq!(told.count(), 1);
            assert!(!text.contains("moved away"), "nothing is missing");
        }
    }
}

/// Puts something at the end of the audit file.
fn put(folder: &gateway::data_folder::DataFolder, strange: &str) {
    let before = fs::read_to_string(folder.audit()).unwrap();
    fs::write(folder.audit(), format!("{before}{strange}")).unwrap();
}

#[tokio::test]
async fn refusals_to_reveal_are_counted_where_there_are_too_many_to_write() {
    let desk = Desk::new().await;
    let (df, ls) = (df(), ls("orders"));
    let (budget, other) = (RefusalBudget::default(), RefusalBudget::default());
    for _ in 0..130 {
        desk.custody
            .reveal_refused(Some((&df, &ls)), ("uid 7", &budget), UnixSeconds(600))
            .await;
    }
    desk.custody
        .reveal_refused(None, ("uid 7", &budget), UnixSeconds(660))
        .await;
    let lines = desk.audit_lines();
    let refused: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "credential_revealed")
        .collect();
    assert_eq!(refused.len(), 121);
    assert_eq!(
        (&refused[0]["result"], &refused[0]["ls"], &refused[0]["who"]),
        (&"refused".into(), &"orders".into(), &"uid 7".into())
    );
    let last = refused[120];
    assert_eq!(
        (last["unwritten"].as_u64(), last.get("ls")),
        (Some(10), None)
    );

    // What another user asks for is written all the same, and what is not there is counted as well.
    for _ in 0..130 {
        let who = ("uid 8", &other);
        let given = desk
            .custody
            .reveal_version(&df, &ls, None, who, UnixSeconds(600));
        assert!(given.await.is_err());
    }
    let lines = desk.audit_lines();
    let of_other = lines.iter().filter(|line| line["who"] == "uid 8");
    assert_eq!(of_other.count(), 120);
}
