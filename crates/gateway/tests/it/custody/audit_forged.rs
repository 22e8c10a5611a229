//! What whoever may write the folder, without a key, puts into the trail, and what is said of it.

use std::fs;
use std::io::Write;

use gateway::audit::line::LineHash;
use gateway::audit::verify::{Against, Finding, Kind};
use gateway::audit::{AuditEvent, Event, Outcome};
use gateway::clock;

use super::audit_accepted::{accept, report};
use super::audit_chain::{against, record, remembered, whole_trail};
use super::desk::{Closed, Desk, assert_complete, sql};

/// Appends lines that fit the chain, and gives the last one's hash.
fn append(closed: &Closed, seq: i64, events: &[&str]) -> LineHash {
    let mut text = fs::read_to_string(closed.folder.audit()).unwrap();
    let mut head = LineHash::of(text.lines().last().unwrap().as_bytes());
    for (seq, event) in (seq..).zip(events) {
        let line = format!(
            "{{\"seq\":{seq},\"prev\":\"{head}\",\"at\":\"2026-11-27T01:00:00Z\",{event}}}"
        );
        head = LineHash::of(line.as_bytes());
        text.push_str(&line);
        text.push('\n');
    }
    fs::write(closed.folder.audit(), text).unwrap();
    head
}

const DELETED: &str =
    "\"event\":\"credential_deleted\",\"result\":\"ok\",\"df\":\"factory\",\"ls\":\"orders\"";

#[tokio::test]
async fn a_mark_or_a_line_without_a_seal_is_no_witness() {
    let statements: [fn(i64, LineHash) -> String; 4] = [
        |_, _| String::new(),
        |seq, head| {
            format!(
                "UPDATE audit_mark SET seq = {seq}, head = '{head}', given = {seq}; DELETE FROM audit_outbox"
            )
        },
        |seq, _| format!("INSERT INTO audit_outbox (seq, line) VALUES ({seq}, '{{{DELETED}}}')"),
        |_, _| {
            "UPDATE audit_mark SET seq = 0, head = '', given = 0; DELETE FROM audit_outbox; DELETE FROM sqlite_sequence".to_owned()
        },
    ];
    for (index, statement) in statements.into_iter().enumerate() {
        let desk = Desk::new().await;
        for _ in 0..3 {
            record(&desk, 1).await;
        }
        let closed = desk.close().await;
        let against = against(&closed).await;
        assert!(whole_trail(&closed, &against).whole);
        let head = append(&closed, 4, &[DELETED]);
        let mut sql = sql(&closed.folder).await;
        let statement = sqlx::AssertSqlSafe(statement(4, head));
        sqlx::raw_sql(statement).execute(&mut sql).await.unwrap();
        let store = Some(remembered(&closed).await);
        let report = whole_trail(&closed, &Against { store, ..against });
        let kinds: Vec<Kind> = report.findings.iter().map(|one| one.kind).collect();
        let expected: &[Kind] = match index {
            0 | 3 => &[Kind::NotGiven],
            1 => &[Kind::StoreChanged],
            _ => &[Kind::NotGiven, Kind::StoreChanged],
        };
        assert_eq!(kinds, expected, "{index}: {report}");
        let desk = closed.open().await;
        record(&desk, 1).await;
        let lines = desk.audit_lines();
        assert!(lines.iter().any(|line| line["event"] == "audit_gap"));
    }
}

/// The file's lines, and a way to write others.
fn lines(closed: &Closed) -> Vec<String> {
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    text.lines().map(ToOwned::to_owned).collect()
}

fn write(closed: &Closed, lines: &[String]) {
    fs::write(closed.folder.audit(), lines.join("\n") + "\n").unwrap();
}

fn stray(seq: i64, prev: LineHash) -> String {
    format!("{{\"seq\":{seq},\"prev\":\"{prev}\",\"event\":\"x\"}}")
}

#[tokio::test]
async fn a_line_that_leads_elsewhere_is_a_finding_of_its_own_and_can_be_accepted() {
    for (at, number) in [(0, 1), (2, 1), (2, 3), (4, 1), (7, 1)] {
        let desk = Desk::new().await;
        for _ in 0..5 {
            record(&desk, 1).await;
        }
        desk.custody.sign_audit(clock::now()).await.unwrap();
        record(&desk, 1).await;
        let closed = desk.close().await;
        let mut changed = lines(&closed);
        let mut head = LineHash::NONE;
        let strays: Vec<String> = (900..900 + number)
            .map(|seq| {
                let line = stray(seq, head);
                head = LineHash::of(line.as_bytes());
                line
            })
            .collect();
        changed.splice(at..at, strays);
        write(&closed, &changed);
        let closed = accept(closed).await;
        let report = report(&closed).await;
        assert!(report.whole, "{at}, {number}: {report}");
        let at = at as u64;
        let places: Vec<u64> = report.accepted.iter().map(|one| one.line).collect();
        let expected: Vec<u64> = (at + 1..=at + number as u64).collect();
        assert_eq!(places, expected, "{report}");
    }
}

#[tokio::test]
async fn what_a_line_that_leads_elsewhere_says_was_accepted_is_not() {
    let desk = Desk::new().await;
    for _ in 0..5 {
        record(&desk, 1).await;
    }
    let closed = desk.close().await;
    let mut changed = lines(&closed);
    changed[1] = changed[1].replace("author", "nobody");
    let hash = LineHash::of(changed[1].as_bytes());
    let accepted = format!(
        "{{\"seq\":900,\"prev\":\"{}\",\"event\":\"audit_accepted\",\"accepted\":[{{\"file\":\"audit.jsonl\",\"line\":2,\"seq\":2,\"kind\":\"changed\",\"hash\":\"{hash}\"}}]}}",
        LineHash::NONE
    );
    changed.insert(4, accepted);
    write(&closed, &changed);
    let desk = closed.open().await;
    desk.custody.sign_audit(clock::now()).await.unwrap();
    let closed = desk.close().await;
    let report = report(&closed).await;
    assert!(report.signed_through > 5, "{report}");
    assert!(!report.whole && report.accepted.is_empty(), "{report}");
}

#[tokio::test]
async fn a_trigger_that_came_before_the_lines_are_appended_writes_none() {
    let desk = Desk::new().await;
    record(&desk, 1).await;
    let mut sql = desk.sql().await;
    let file = fs::OpenOptions::new()
        .append(true)
        .open(desk.folder.audit())
        .unwrap();
    // The next change is committed, and waits for the file.
    rustix::fs::flock(&file, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let custody = desk.custody.clone();
    let changing = tokio::spawn(async move {
        let event = AuditEvent::new(Event::TicketIssued, Outcome::Ok, clock::now());
        custody.record(event).await
    });
    let waits = async |sql: &mut sqlx::SqliteConnection| {
        let last = sqlx::query_scalar::<_, i64>("SELECT coalesce(max(seq), 0) FROM audit_outbox");
        last.fetch_one(sql).await.unwrap() == 2
    };
    while !waits(&mut sql).await {
        tokio::task::yield_now().await;
    }
    let trigger = format!(
        "CREATE TRIGGER forging AFTER INSERT ON audit_outbox WHEN NEW.line LIKE '%audit_gap%' BEGIN INSERT INTO audit_outbox (line) VALUES ('{{{DELETED}}}'); END"
    );
    let trigger = sqlx::AssertSqlSafe(trigger);
    sqlx::raw_sql(trigger).execute(&mut sql).await.unwrap();
    (&file)
        .write_all((stray(900, LineHash::NONE) + "\n").as_bytes())
        .unwrap();
    drop(file);
    assert!(changing.await.unwrap().is_err());
    let drop_it = "DROP TRIGGER forging";
    sqlx::raw_sql(drop_it).execute(&mut sql).await.unwrap();
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    let events: Vec<_> = lines.iter().map(|line| &line["event"]).collect();
    let expected = [
        "ticket_issued",
        "x",
        "ticket_issued",
        "audit_gap",
        "ticket_issued",
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn numbers_that_were_given_before_are_not_given_again_to_a_gateway_that_runs() {
    for also in ["", "UPDATE sqlite_sequence SET seq = 15;"] {
        let desk = Desk::new().await;
        for _ in 0..3 {
            record(&desk, 1).await;
        }
        let mut sql = desk.sql().await;
        let copy = "CREATE TEMP TABLE mark AS SELECT * FROM audit_mark; CREATE TEMP TABLE numbers AS SELECT * FROM sqlite_sequence";
        sqlx::raw_sql(copy).execute(&mut sql).await.unwrap();
        for _ in 0..12 {
            record(&desk, 1).await;
        }
        let back = format!(
            "DELETE FROM audit_mark; INSERT INTO audit_mark SELECT * FROM mark; DELETE FROM audit_outbox; DELETE FROM sqlite_sequence; INSERT INTO sqlite_sequence SELECT * FROM numbers; {also}"
        );
        let back = sqlx::AssertSqlSafe(back);
        sqlx::raw_sql(back).execute(&mut sql).await.unwrap();
        let mut event = AuditEvent::new(Event::TicketIssued, Outcome::Ok, clock::now());
        event.who = Some("the one after".to_owned());
        desk.custody.record(event).await.unwrap();
        let lines = desk.audit_lines();
        assert_complete(&lines);
        let events: Vec<_> = lines[15..].iter().map(|line| &line["event"]).collect();
        assert_eq!(events, ["audit_gap", "ticket_issued"]);
        assert_eq!(lines[16]["who"], "the one after");
        record(&desk, 1).await;
        assert_eq!(desk.audit_lines().len(), 18, "told once");
        let closed = desk.close().await;
        let report = report(&closed).await;
        assert!(report.whole, "{report}");
    }
}

#[tokio::test]
async fn what_was_signed_stays_so_where_the_store_does_not_remember_its_end() {
    for end in ["", "{\"seq\":"] {
        let desk = Desk::new().await;
        for _ in 0..4 {
            record(&desk, 1).await;
        }
        desk.custody.sign_audit(clock::now()).await.unwrap();
        record(&desk, 1).await;
        let closed = desk.close().await;
        let mut changed = lines(&closed);
        changed[1] = changed[1].replace("author", "nobody");
        let hash = LineHash::of(changed[1].as_bytes());
        write(&closed, &changed);
        let accepted = format!(
            "\"event\":\"audit_accepted\",\"result\":\"ok\",\"who\":\"uid 0\",\"accepted\":[{{\"file\":\"audit.jsonl\",\"line\":2,\"seq\":2,\"kind\":\"changed\",\"hash\":\"{hash}\"}}]"
        );
        append(
            &closed,
            7,
            &[&accepted, "\"event\":\"stopped\",\"result\":\"ok\""],
        );
        let text = fs::read_to_string(closed.folder.audit()).unwrap();
        fs::write(closed.folder.audit(), text + end).unwrap();
        let mut sql = sql(&closed.folder).await;
        let forgotten = "UPDATE audit_mark SET seal = x''; DELETE FROM audit_outbox";
        sqlx::raw_sql(forgotten).execute(&mut sql).await.unwrap();
        let desk = closed.open().await;
        record(&desk, 1).await;
        desk.custody.sign_audit(clock::now()).await.unwrap();
        let told = desk.audit_lines();
        let gap = told.iter().position(|line| line["event"] == "audit_gap");
        let gap = &told[gap.unwrap()];
        // After the line that was signed last, with a number that no line has.
        assert_eq!(gap["prev"], LineHash::of(changed[4].as_bytes()).to_string());
        assert_eq!(gap["seq"], 9);
        let closed = desk.close().await;
        let report = report(&closed).await;
        assert!(!report.whole && report.accepted.is_empty(), "{report}");
        let line_2 = |one: &Finding| (one.kind, one.seq) == (Kind::Changed, Some(2));
        assert!(report.findings.iter().any(line_2), "{report}");
        // A person may accept it.
        assert!(self::report(&accept(closed).await).await.whole);
    }
}
