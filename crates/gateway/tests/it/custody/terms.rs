use std::fs;

use envelope::{Operation, SecretChange};
use gateway::clock;
use gateway::custody::entry::Damage;
use gateway::custody::reveal::RevealProblem;
use gateway::custody::rotation::Former;
use gateway::custody::terms::TermsProblem;
use gateway::custody::verification::Whole;
use gateway::data_folder;
use gateway::keyring::Term;
use gateway::store::terms::TermState;

use serde_json::Value;

use super::damage::execute;
use super::desk::{Closed, Desk, assert_complete, df, ls, replace, sql_server};
use super::rotation::small_key;

/// More than are renewed in one transaction.
const NAMES: usize = 70;

async fn filled() -> Desk {
    let desk = Desk::new().await;
    for number in 0..NAMES {
        let name = format!("ls-{number}");
        let stored = desk.set(&name, sql_server(replace(&name))).await;
        stored.unwrap();
    }
    let claims = desk.claims("ls-0", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    desk
}

async fn all_there(desk: &Desk) -> bool {
    for number in 1..NAMES {
        let name = format!("ls-{number}");
        if !desk.holds(&name, "password", &name).await {
            return false;
        }
    }
    desk.custody
        .show(&df(), &ls("ls-0"))
        .await
        .unwrap()
        .is_none()
}

fn keyring_has(desk: &Desk, term: u32) -> bool {
    let text = fs::read_to_string(desk.folder.keyring()).unwrap();
    text.contains(&format!("\"term\": {term},"))
}

async fn begin(desk: &Desk) {
    let begun = desk.custody.rotate_terms(Some("tester"), clock::now());
    let begun = begun.await.unwrap();
    assert_eq!((begun.active, begun.former), (Term(2), Term(1)));
}

async fn rows_under(desk: &Desk, term: i64) -> i64 {
    sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM credential WHERE term = ?1) + (SELECT count(*) FROM last_version WHERE term = ?1)",
    )
    .bind(term)
    .fetch_one(&mut desk.sql().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn everything_is_renewed_and_the_former_term_destroyed() {
    let desk = filled().await;
    let identity = fs::read(desk.folder.identity()).unwrap();
    begin(&desk).await;
    assert!(keyring_has(&desk, 1) && keyring_has(&desk, 2));
    // Nothing is renewed yet, and everything opens.
    assert!(all_there(&desk).await);
    assert!(matches!(
        desk.custody.rotate_terms(None, clock::now()).await,
        Err(TermsProblem::Unfinished(Term(1)))
    ));
    let before = desk.custody.term_progress().await.unwrap();
    assert_eq!(
        (before.rows_left, before.files_left),
        (2 * NAMES as u64 - 1, 2)
    );

    let progress = desk.custody.renew(clock::now()).await.unwrap();
    assert!(progress.is_done(), "{progress:?}");
    assert_eq!(progress.terms[1].state, TermState::Gone);
    assert_eq!(rows_under(&desk, 1).await, 0);
    assert!(
        !keyring_has(&desk, 1),
        "the former key can still be unwrapped"
    );
    assert!(fs::read(desk.folder.identity()).unwrap() != identity);
    assert!(desk.custody.verify_store().await.unwrap().is_sound());
    assert!(all_there(&desk).await);

    let desk = desk.reopen().await;
    assert!(all_there(&desk).await);
    assert!(desk.custody.verify_store().await.unwrap().is_sound());
    let lines = desk.audit_lines();
    assert_complete(&lines);
    let terms = |event: &str| {
        let told = lines.iter().filter(|line| line["event"] == event);
        told.map(|line| line["term"].as_u64()).collect::<Vec<_>>()
    };
    assert_eq!(terms("keyring_rotated"), [Some(2)]);
    assert_eq!(terms("keyring_term_gone"), [Some(1)]);
    desk.custody.rotate_terms(None, clock::now()).await.unwrap();
    assert!(desk.custody.renew(clock::now()).await.unwrap().is_done());
    assert!(keyring_has(&desk, 3) && all_there(&desk).await);
}

#[tokio::test]
async fn another_process_notices_a_new_term_at_once() {
    let desk = filled().await;
    // A second custody on the folder, as the command line is beside a running gateway.
    let closed = Closed::over(&desk.folder);
    let other = closed.try_open().await.unwrap();
    begin(&desk).await;
    let claims = desk.claims("new", Operation::Set);
    let envelope = desk.seal(&claims, sql_server(replace("x")));
    let access = super::desk::access(&claims, gateway::custody::access::Action::Set);
    let compact = desk.sign(&claims);
    let ticket = other.authorise(&compact, &access, clock::now());
    other
        .set(ticket.await.unwrap(), envelope.as_bytes(), clock::now())
        .await
        .unwrap();
    let term: i64 = sqlx::query_scalar("SELECT term FROM credential WHERE ls = 'new'")
        .fetch_one(&mut desk.sql().await)
        .await
        .unwrap();
    assert_eq!(term, 2);
    assert!(desk.custody.renew(clock::now()).await.unwrap().is_done());
    let revealed = other
        .reveal(&df(), &ls("ls-1"), "owner", clock::now())
        .await;
    assert!(revealed.is_ok(), "under a term that was begun elsewhere");
    // An envelope key that is made by it goes under the new term too.
    other.add_key(small_key(), clock::now()).await.unwrap();
    other
        .rotate(Former::Ends, None, clock::now())
        .await
        .unwrap();
    other.shutdown().await;
    assert_eq!(desk.custody.term_progress().await.unwrap().files_left, 0);
    assert!(all_there(&desk.reopen().await).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_meanwhile_is_not_lost() {
    let desk = filled().await;
    begin(&desk).await;
    let renewing = tokio::spawn({
        let custody = desk.custody.clone();
        async move { custody.renew(clock::now()).await.unwrap() }
    });
    for number in (1..NAMES).rev().step_by(3) {
        let name = format!("ls-{number}");
        let kept = desk
            .set(&name, sql_server(SecretChange::Keep))
            .await
            .unwrap();
        assert_eq!(kept.signed.receipt.version, 2);
    }
    renewing.await.unwrap();
    assert!(desk.custody.renew(clock::now()).await.unwrap().is_done());
    assert!(all_there(&desk).await);
    assert!(desk.custody.verify_store().await.unwrap().is_sound());
    assert_eq!(rows_under(&desk, 1).await, 0);
}

#[tokio::test]
async fn a_damaged_row_keeps_its_term_until_it_is_set_again() {
    let desk = filled().await;
    sqlx::query("UPDATE credential SET target = 'evil.example' WHERE ls = 'ls-7'")
        .execute(&mut desk.sql().await)
        .await
        .unwrap();
    begin(&desk).await;
    let progress = desk.custody.renew(clock::now()).await.unwrap();
    assert!(!progress.is_done());
    assert_eq!((progress.rows_left, progress.stuck), (2, 1));
    assert!(keyring_has(&desk, 1));
    let report = desk.custody.verify_store().await.unwrap();
    assert_eq!(
        report.damaged.len(),
        1,
        "renewing made a changed row look right"
    );
    desk.set("ls-7", sql_server(replace("ls-7"))).await.unwrap();
    assert!(desk.custody.renew(clock::now()).await.unwrap().is_done());
    assert!(all_there(&desk).await && !keyring_has(&desk, 1));
}

#[tokio::test]
async fn an_older_keyring_is_refused_and_a_key_is_destroyed_for_good() {
    let desk = filled().await;
    let first = fs::read(desk.folder.keyring()).unwrap();
    begin(&desk).await;
    let both = fs::read(desk.folder.keyring()).unwrap();
    desk.custody.renew(clock::now()).await.unwrap();
    let closed = desk.close().await;
    data_folder::replace(&closed.folder.keyring(), &first).unwrap();
    let store = fs::read(closed.folder.store()).unwrap();
    let error = closed.try_open().await.err().unwrap().to_string();
    assert!(
        error.contains("term 2") && error.contains("put the right keyring.json back"),
        "{error}"
    );
    assert!(fs::read(closed.folder.keyring()).unwrap() == first);
    assert!(fs::read(closed.folder.store()).unwrap() == store);
    // A copy that still has the former key is good, and loses it again.
    data_folder::replace(&closed.folder.keyring(), &both).unwrap();
    let desk = closed.open().await;
    assert!(desk.custody.has_terms_to_end().await.unwrap());
    desk.custody.renew(clock::now()).await.unwrap();
    assert!(!desk.custody.has_terms_to_end().await.unwrap());
    assert!(!keyring_has(&desk, 1) && all_there(&desk).await);
}

#[tokio::test]
async fn a_term_that_something_is_under_is_not_destroyed_whatever_the_store_says() {
    let desk = filled().await;
    begin(&desk).await;
    sqlx::query("UPDATE term SET state = 'gone' WHERE term = 1")
        .execute(&mut desk.sql().await)
        .await
        .unwrap();
    desk.custody.renew(clock::now()).await.unwrap();
    assert!(keyring_has(&desk, 1));
    assert!(all_there(&desk).await);
}

#[tokio::test]
async fn no_number_of_a_term_is_given_twice() {
    let desk = Desk::new().await;
    sqlx::raw_sql("INSERT INTO term VALUES (4294967295, 'x', 'gone', 1)")
        .execute(&mut desk.sql().await)
        .await
        .unwrap();
    let before = std::fs::read(desk.folder.keyring()).unwrap();
    assert!(desk.custody.rotate_terms(None, clock::now()).await.is_err());
    assert_eq!(before, std::fs::read(desk.folder.keyring()).unwrap());
    let closed = desk.close().await;
    let refused = closed.try_open().await.err().unwrap().to_string();
    assert!(refused.contains("the table term"), "{refused}");
}

#[tokio::test]
async fn an_entry_of_an_older_keyring_is_not_taken_among_the_others() {
    let desk = Desk::new().await;
    let first: Value = serde_json::from_slice(&fs::read(desk.folder.keyring()).unwrap()).unwrap();
    begin(&desk).await;
    desk.custody.renew(clock::now()).await.unwrap();
    let closed = desk.close().await;
    let sound = fs::read(closed.folder.keyring()).unwrap();
    let mut keyring: Value = serde_json::from_slice(&sound).unwrap();
    let terms = keyring["terms"].as_array_mut().unwrap();
    terms.insert(0, first["terms"][0].clone());
    data_folder::replace(&closed.folder.keyring(), keyring.to_string().as_bytes()).unwrap();
    let refused = closed.try_open().await.err().unwrap().to_string();
    assert!(refused.contains("keyring.json is damaged"), "{refused}");
    data_folder::replace(&closed.folder.keyring(), &sound).unwrap();
    closed.try_open().await.unwrap();
}

#[tokio::test]
async fn a_term_that_is_gone_is_not_used_again_when_its_key_is_put_back() {
    let desk = Desk::new().await;
    desk.set("orders", sql_server(replace("older")))
        .await
        .unwrap();
    let mut sql = desk.sql().await;
    begin(&desk).await;
    let both = fs::read(desk.folder.keyring()).unwrap();
    execute(&mut sql, super::damage::KEEP).await;
    desk.custody.renew(clock::now()).await.unwrap();
    data_folder::replace(&desk.folder.keyring(), &both).unwrap();
    execute(&mut sql, BACK).await;
    // The process that ended the term, and one that comes later.
    assert_eq!(damage(&desk).await, Damage::UnknownTerm);
    let closed = desk.close().await;
    let desk = closed.open().await;
    assert_eq!(damage(&desk).await, Damage::UnknownTerm);
    // Nor when the store says that it counts.
    execute(&mut sql, "UPDATE term SET state = 'former' WHERE term = 1").await;
    let report = desk.custody.verify_store().await.unwrap();
    assert_eq!(report.whole, Whole::OtherTerms);
    let now = clock::now();
    assert!(desk.custody.renew(now).await.unwrap().stuck > 0);
    let closed = desk.close().await;
    let refused = closed.try_open().await.err().unwrap().to_string();
    assert!(refused.contains("the table term"), "{refused}");
}

const BACK: &str = "INSERT OR REPLACE INTO credential SELECT * FROM kept_c; INSERT OR REPLACE INTO last_version SELECT * FROM kept_v";

async fn damage(desk: &Desk) -> Damage {
    let (df, ls) = (df(), ls("orders"));
    let revealed = desk.custody.reveal(&df, &ls, "owner", clock::now());
    match revealed.await {
        Err(RevealProblem::Damaged(damage)) => damage,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("revealed"),
    }
}

/// Has SQLite forget the index of the active term, or know it again with what it had in it then.
async fn alter_schema(desk: &Desk, change: String) {
    let mut sql = desk.sql().await;
    let schema = sqlx::query_scalar("PRAGMA schema_version");
    let schema: i64 = schema.fetch_one(&mut sql).await.unwrap();
    let next = schema + 1;
    let statements =
        format!("PRAGMA writable_schema = ON; {change}; PRAGMA schema_version = {next}");
    let altered = sqlx::raw_sql(sqlx::AssertSqlSafe(statements));
    altered.execute(&mut sql).await.unwrap();
}

#[tokio::test]
async fn the_active_term_is_what_the_table_says_and_not_an_index_of_it() {
    let desk = Desk::new().await;
    begin(&desk).await;
    let find = "SELECT rootpage, sql FROM sqlite_schema WHERE name = 'one_active_term'";
    let found = sqlx::query_as(find).fetch_one(&mut desk.sql().await).await;
    let (page, made): (i64, String) = found.unwrap();
    execute(
        &mut desk.sql().await,
        "UPDATE term SET state = 'former' WHERE term = 2; UPDATE term SET state = 'active' WHERE term = 1",
    )
    .await;
    let forget = "DELETE FROM sqlite_schema WHERE name = 'one_active_term'";
    alter_schema(&desk, forget.to_owned()).await;
    execute(
        &mut desk.sql().await,
        "UPDATE term SET state = 'former' WHERE term = 1; UPDATE term SET state = 'active' WHERE term = 2",
    )
    .await;
    let again = format!(
        "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('index', 'one_active_term', 'term', {page}, '{}')",
        made.replace('\'', "''")
    );
    alter_schema(&desk, again).await;
    desk.set("new", sql_server(replace("x"))).await.unwrap();
    assert_eq!(
        rows_under(&desk, 2).await,
        2,
        "protected under a former term"
    );
}
