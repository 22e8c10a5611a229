//! What waits in the store for the audit file: nothing of it is written that this gateway has not put there.

use std::fs;

use serde_json::Value;

use super::audit_chain::{against, record, whole_trail};
use super::desk::{Closed, Desk, assert_complete, sql};

async fn execute(closed: &Closed, statement: &'static str) {
    let mut sql = sql(&closed.folder).await;
    sqlx::raw_sql(statement).execute(&mut sql).await.unwrap();
}

fn events(lines: &[Value]) -> Vec<&str> {
    let events = lines.iter().map(|line| line["event"].as_str().unwrap());
    events.collect()
}

#[tokio::test]
async fn a_line_that_somebody_put_into_the_store_is_not_chained_and_not_signed() {
    for planted in [
        "INSERT INTO audit_outbox (line) VALUES ('{\"at\":\"2020-01-01T00:00:00Z\",\"event\":\"checkpoint\",\"result\":\"ok\"}')",
        "INSERT INTO audit_outbox (seq, line) VALUES (4000000000000000000, '{\"event\":\"stopped\"}')",
        "INSERT INTO audit_outbox (seq, line, term, seal) SELECT max(seq) + 1, line, term, seal FROM audit_outbox",
        "INSERT INTO audit_outbox (line) VALUES ('{\n'), (CAST(x'ff' AS TEXT))",
        "UPDATE sqlite_sequence SET seq = 1000000",
    ] {
        let desk = Desk::new().await;
        record(&desk, 1).await;
        let mut sql = desk.sql().await;
        sqlx::raw_sql(planted).execute(&mut sql).await.unwrap();
        record(&desk, 1).await;
        let lines = desk.audit_lines();
        assert_complete(&lines);
        let expected = ["ticket_issued", "audit_gap", "ticket_issued"];
        assert_eq!(events(&lines), expected, "{planted}");
        let closed = desk.close().await;
        let report = whole_trail(&closed, &against(&closed).await);
        assert!(report.whole, "{report}");
        // Also where no gateway runs meanwhile.
        sqlx::raw_sql(planted).execute(&mut sql).await.unwrap();
        let lines = closed.open().await.audit_lines();
        assert_complete(&lines);
        assert_eq!(events(&lines).last(), Some(&"audit_gap"), "{planted}");
    }
}

#[tokio::test]
async fn a_line_that_was_changed_while_it_waited_has_one_in_its_place_that_says_so() {
    let desk = Desk::new().await;
    record(&desk, 1).await;
    record(&desk, 1).await;
    let closed = desk.close().await;
    let text = fs::read_to_string(closed.folder.audit()).unwrap();
    let first = text.split_inclusive('\n').next().unwrap();
    fs::write(closed.folder.audit(), first).unwrap();
    execute(
        &closed,
        "UPDATE audit_outbox SET line = replace(line, 'author 0', 'somebody else')",
    )
    .await;
    let desk = closed.open().await;
    record(&desk, 1).await;
    let lines = desk.audit_lines();
    assert_complete(&lines);
    assert_eq!(events(&lines)[..2], ["ticket_issued", "audit_gap"]);
    assert_eq!(
        lines[1]["reason"],
        "the line that waited here was changed in the store"
    );
    let text = fs::read_to_string(desk.folder.audit()).unwrap();
    assert!(!text.contains("somebody else"));
    let closed = desk.close().await;
    assert!(whole_trail(&closed, &against(&closed).await).whole);
}

#[tokio::test]
async fn what_the_store_remembers_of_the_trail_is_not_believed_from_somebody_else() {
    for changed in [
        "UPDATE audit_mark SET seq = 1000, given = 1000",
        "UPDATE audit_mark SET head = 'nonsense'",
        "UPDATE audit_mark SET checkpoint_seq = 4000000000000000000",
        "UPDATE audit_mark SET given = 3000000000; UPDATE sqlite_sequence SET seq = 3000000000",
        "UPDATE audit_mark SET seq = 0, head = '', checkpoint_seq = 0, unsigned_since = NULL, given = 0, term = 0, seal = x''",
        "UPDATE audit_mark SET seq = 1000; DELETE FROM audit_outbox",
    ] {
        let desk = Desk::new().await;
        for _ in 0..3 {
            record(&desk, 1).await;
        }
        // As a gateway does that stops: up to there it knows what it has written.
        desk.custody
            .sign_audit(gateway::clock::now())
            .await
            .unwrap();
        let closed = desk.close().await;
        execute(&closed, changed).await;
        let desk = closed.open().await;
        record(&desk, 1).await;
        let lines = desk.audit_lines();
        assert_complete(&lines);
        let reason = "what the store remembers of the trail was changed";
        let told = lines.iter().filter(|line| line["reason"] == reason);
        assert_eq!(told.count(), 1, "{changed}");
        let closed = desk.close().await;
        let report = whole_trail(&closed, &against(&closed).await);
        assert!(report.whole, "{changed}: {report}");
        // It is told once.
        let before = lines.len();
        assert!(closed.open().await.audit_lines().len() <= before + 1);
    }
}

#[tokio::test]
async fn lines_that_wait_outlive_the_term_that_they_were_sealed_under() {
    let desk = Desk::new().await;
    record(&desk, 1).await;
    let now = gateway::clock::now();
    desk.custody.rotate_terms(None, now).await.unwrap();
    assert!(desk.custody.renew(now).await.unwrap().is_done());
    let desk = desk.reopen().await;
    record(&desk, 1).await;
    assert!(!events(&desk.audit_lines()).contains(&"audit_gap"));
    let mut sql = desk.sql().await;
    let under: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM audit_outbox WHERE term <> 2) + (SELECT count(*) FROM audit_mark WHERE term <> 2)",
    )
    .fetch_one(&mut sql)
    .await
    .unwrap();
    assert_eq!(under, 0);
}
