//! Whoever can write the store, and what the gateway says of it.

use envelope::{Operation, SecretChange};
use gateway::clock;
use gateway::custody::entry::Damage;
use gateway::custody::reveal::RevealProblem;
use gateway::custody::set::SetProblem;
use gateway::custody::verification::{StoreReport, Whole};
use gateway::keyring::file::Owner;
use gateway::keyring::provider::KekSettings;
use gateway::keyring::{Term, TermKey};
use gateway::vault::Vault;
use sqlx::SqliteConnection;

use super::desk::{Desk, df, gateway_id, ls, replace, sql_server};

/// Three linked services: `orders` in its third version, `customers` in its first, `gone` deleted.
pub(super) async fn filled() -> Desk {
    let desk = Desk::new().await;
    for name in ["orders", "orders", "orders", "customers", "gone"] {
        desk.set(name, sql_server(replace(name))).await.unwrap();
    }
    let claims = desk.claims("gone", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    assert!(report(&desk).await.is_sound());
    desk
}

pub(super) async fn report(desk: &Desk) -> StoreReport {
    desk.custody.verify_store().await.unwrap()
}

pub(super) async fn execute(sql: &mut SqliteConnection, statements: &'static str) {
    sqlx::raw_sql(statements).execute(sql).await.unwrap();
}

pub(super) fn damaged(report: &StoreReport) -> Vec<(&str, Damage)> {
    let entries = report.damaged.iter();
    entries
        .map(|entry| (entry.ls.as_str(), entry.damage))
        .collect()
}

/// Changes the store, and looks at what is found.
async fn after(statements: &'static str) -> (Desk, StoreReport) {
    let desk = filled().await;
    execute(&mut desk.sql().await, statements).await;
    let report = report(&desk).await;
    (desk, report)
}

#[tokio::test]
async fn each_changed_column_is_found_and_only_its_row_is_refused() {
    let desk = filled().await;
    let mut sql = desk.sql().await;
    for (change, back) in [
        ("kind = 'Sftp'", "kind = 'OnPremisesSqlServer'"),
        ("auth = 'Windows'", "auth = 'SQL'"),
        (
            "target = target || 'x'",
            "target = substr(target, 1, length(target) - 1)",
        ),
        ("account = NULL", "account = 'etl'"),
        (
            "properties = properties || ' '",
            "properties = trim(properties)",
        ),
        ("secret_names = '[]'", "secret_names = '[\"password\"]'"),
        ("set_by = 'nobody'", "set_by = 'tester'"),
        ("set_at = set_at + 1", "set_at = set_at - 1"),
        ("version = version + 1", "version = version - 1"),
        ("term = 2", "term = 1"),
    ] {
        let update = |set: &str| format!("UPDATE credential SET {set} WHERE ls = 'orders'");
        let run = sqlx::query(sqlx::AssertSqlSafe(update(change)));
        run.execute(&mut sql).await.unwrap();
        let found = report(&desk).await;
        assert_eq!(damaged(&found), [("orders", Damage::Changed)], "{change}");
        assert_eq!(
            (found.sound, found.whole),
            (1, Whole::AsWritten),
            "{change}"
        );
        let refused = desk
            .custody
            .reveal(&df(), &ls("orders"), "owner", clock::now())
            .await;
        assert!(
            matches!(refused, Err(RevealProblem::Damaged(_))),
            "{change}"
        );
        assert!(desk.holds("customers", "password", "customers").await);
        let run = sqlx::query(sqlx::AssertSqlSafe(update(back)));
        run.execute(&mut sql).await.unwrap();
        assert!(report(&desk).await.is_sound(), "{back}");
    }
}

#[tokio::test]
async fn each_kind_of_damage_is_told_with_its_row() {
    for (statements, expected, whole) in [
        (
            "UPDATE credential SET ciphertext = substr(ciphertext, 1, 20) WHERE ls = 'orders'",
            Damage::Changed,
            Whole::AsWritten,
        ),
        (
            "UPDATE credential SET version = 2 WHERE ls = 'orders'",
            Damage::RolledBack,
            Whole::AsWritten,
        ),
        (
            "DELETE FROM credential WHERE ls = 'orders'",
            Damage::Removed,
            Whole::AsWritten,
        ),
        (
            "DELETE FROM last_version WHERE ls = 'orders'",
            Damage::Unsealed,
            Whole::OtherRows,
        ),
        (
            "DELETE FROM last_version WHERE ls = 'orders'; DELETE FROM credential WHERE ls = 'orders'",
            Damage::Removed,
            Whole::OtherRows,
        ),
        (
            "UPDATE last_version SET term = 9 WHERE ls = 'orders'",
            Damage::UnknownTerm,
            Whole::OtherRows,
        ),
        (
            "UPDATE last_version SET seal = (SELECT seal FROM last_version WHERE ls = 'customers') WHERE ls = 'orders'",
            Damage::Changed,
            Whole::OtherRows,
        ),
    ] {
        let (desk, report) = after(statements).await;
        assert_eq!(damaged(&report), [("orders", expected)], "{statements}");
        assert_eq!(report.whole, whole, "{statements}");
        assert!(desk.holds("customers", "password", "customers").await);
    }
    for statements in [
        "DELETE FROM store_state",
        "UPDATE store_state SET ciphertext = zeroblob(length(ciphertext))",
        "UPDATE store_state SET term = 2",
    ] {
        let (desk, report) = after(statements).await;
        assert_eq!(
            (damaged(&report).len(), report.whole),
            (0, Whole::StateDamaged),
            "{statements}"
        );
        desk.set("new", sql_server(replace("x"))).await.unwrap();
        let report = desk.custody.verify_store().await.unwrap();
        assert_eq!(report.whole, Whole::StateDamaged, "a set has hidden it");
    }
}

#[tokio::test]
async fn two_rows_that_changed_places_are_both_found() {
    let (_desk, report) = after(
        "UPDATE credential SET ls = 'x' WHERE ls = 'orders'; UPDATE credential SET ls = 'orders' WHERE ls = 'customers'; \
         UPDATE credential SET ls = 'customers' WHERE ls = 'x'",
    )
    .await;
    let found = damaged(&report);
    assert_eq!(found.len(), 2, "{found:?}");
}

pub(super) const KEEP: &str = "CREATE TEMP TABLE kept_c AS SELECT * FROM credential; CREATE TEMP TABLE kept_v AS SELECT * FROM last_version; \
     CREATE TEMP TABLE kept_s AS SELECT * FROM store_state";

/// As [`filled`], and `orders` once more; the connection has kept how it was before ([`KEEP`]).
pub(super) async fn with_newer() -> (Desk, SqliteConnection) {
    let desk = filled().await;
    let mut sql = desk.sql().await;
    execute(&mut sql, KEEP).await;
    let newer = desk.set("orders", sql_server(replace("newer")));
    newer.await.unwrap();
    (desk, sql)
}

#[tokio::test]
async fn rows_put_back_together_with_their_seals_are_found_and_named() {
    let (desk, mut sql) = with_newer().await;
    let claims = desk.claims("customers", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    desk.set("later", sql_server(replace("x"))).await.unwrap();
    assert!(report(&desk).await.is_sound());
    for (back, expected) in [
        (
            "INSERT OR REPLACE INTO credential SELECT * FROM kept_c WHERE ls = 'orders'",
            &[("orders", Damage::RolledBack)][..],
        ),
        (
            "INSERT OR REPLACE INTO last_version SELECT * FROM kept_v WHERE ls = 'orders'",
            &[("orders", Damage::RolledBack)],
        ),
        (
            "INSERT OR REPLACE INTO credential SELECT * FROM kept_c WHERE ls = 'customers'; \
             INSERT OR REPLACE INTO last_version SELECT * FROM kept_v WHERE ls = 'customers'",
            &[
                ("customers", Damage::Restored),
                ("orders", Damage::RolledBack),
            ],
        ),
        (
            "DELETE FROM credential WHERE ls = 'later'; DELETE FROM last_version WHERE ls = 'later'",
            &[
                ("customers", Damage::Restored),
                ("orders", Damage::RolledBack),
                ("later", Damage::Removed),
            ],
        ),
    ] {
        execute(&mut sql, back).await;
        let found = report(&desk).await;
        assert_eq!(damaged(&found), expected, "{back}");
        let whole = if back.contains("last_version") {
            Whole::OtherRows
        } else {
            Whole::AsWritten
        };
        assert_eq!(found.whole, whole, "{back}");
    }
    // With the state of that time the store is sound by itself; the audit trail is not of that time, and has more changes.
    execute(
        &mut sql,
        "INSERT OR REPLACE INTO store_state SELECT * FROM kept_s",
    )
    .await;
    let found = report(&desk).await;
    assert_eq!((damaged(&found).len(), found.whole), (3, Whole::OtherRows));
    execute(&mut sql, "DELETE FROM last_version WHERE ls = 'gone'").await;
    assert_eq!(report(&desk).await.whole, Whole::OtherRows);

    // A person looks, sets again what is old, and accepts.
    for name in ["orders", "customers", "later"] {
        desk.set(name, sql_server(replace(name))).await.unwrap();
    }
    assert_eq!(report(&desk).await.whole, Whole::OtherRows);
    desk.custody
        .accept_store("tester", clock::now())
        .await
        .unwrap();
    assert!(report(&desk).await.is_sound());
    assert!(report(&desk.reopen().await).await.is_sound());
}

#[tokio::test]
async fn damage_is_in_the_audit_and_ends_when_the_credential_is_set_or_deleted() {
    let (desk, found) = after(
        "UPDATE credential SET target = 'evil.example' WHERE ls = 'orders'; \
         UPDATE credential SET kid = 'x' WHERE ls = 'customers'",
    )
    .await;
    desk.custody
        .record_damage(&found, clock::now())
        .await
        .unwrap();
    let told = |desk: &Desk| {
        let mut lines = desk.audit_lines();
        lines.retain(|line| line["event"] == "store_damaged");
        let names = lines
            .iter()
            .map(|line| (line["ls"].to_string(), line["reason"].to_string()));
        names.collect::<Vec<_>>()
    };
    let expected =
        ["customers", "orders"].map(|name| (format!("\"{name}\""), "\"row_changed\"".to_owned()));
    assert_eq!(told(&desk), expected);
    assert!(desk.custody.show(&df(), &ls("orders")).await.is_err());
    assert_eq!(told(&desk).len(), 3, "showing it is told of");
    let listed = desk.custody.list(None).await.unwrap();
    assert!(listed.is_empty(), "a damaged row is listed");

    let kept = desk.set("orders", sql_server(SecretChange::Keep)).await;
    assert!(matches!(kept, Err(SetProblem::SecretRequired(_))));
    assert_eq!(told(&desk).len(), 4, "keeping of it is told of");
    let set = desk
        .set("orders", sql_server(replace("new")))
        .await
        .unwrap();
    assert_eq!(set.signed.receipt.version, 4);
    let claims = desk.claims("customers", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    assert!(report(&desk).await.is_sound());
    assert!(desk.holds("orders", "password", "new").await);
}

#[tokio::test]
async fn a_hostile_version_stops_nobody_else() {
    let (desk, _) = after(
        "UPDATE credential SET version = 9223372036854775807 WHERE ls = 'orders'; \
         UPDATE last_version SET version = 9223372036854775807 WHERE ls = 'orders'",
    )
    .await;
    desk.set("customers", sql_server(replace("x")))
        .await
        .unwrap();
    // Who knows nothing believes no more than there were changes, and a thousand.
    let desk = desk.reopen().await;
    let set = desk.set("orders", sql_server(replace("x"))).await.unwrap();
    assert!(set.signed.receipt.version < 2000);
    let claims = desk.claims("orders", Operation::Delete);
    desk.delete(&claims).await.unwrap();
}

#[tokio::test]
async fn who_has_read_the_trail_does_not_believe_a_hostile_version() {
    let (desk, _) = after(
        "UPDATE credential SET version = 9223372036854775807 WHERE ls = 'orders'; \
         UPDATE last_version SET version = 9223372036854775807 WHERE ls = 'orders'",
    )
    .await;
    let desk = desk.reopen().await;
    report(&desk).await;
    let set = desk.set("orders", sql_server(replace("x"))).await.unwrap();
    assert_eq!(set.signed.receipt.version, 4);
}

#[tokio::test]
async fn the_owner_deletes_a_row_of_a_hostile_version_with_the_version_that_the_trail_knows() {
    let (desk, _) = after(
        "UPDATE credential SET version = 9223372036854775807 WHERE ls = 'orders'; \
         UPDATE last_version SET version = 9223372036854775807 WHERE ls = 'orders'",
    )
    .await;
    let desk = desk.reopen().await;
    let (df, ls) = (df(), ls("orders"));
    let deleted = desk
        .custody
        .delete_as_owner(&df, &ls, "owner", clock::now());
    assert_eq!(deleted.await.unwrap().version, 3);
}

#[tokio::test]
async fn a_row_put_back_together_with_its_seal_is_not_used_by_whoever_knows_a_newer_one() {
    let (desk, mut sql) = with_newer().await;
    let claims = desk.claims("customers", Operation::Delete);
    desk.delete(&claims).await.unwrap();
    execute(
        &mut sql,
        "INSERT OR REPLACE INTO credential SELECT * FROM kept_c; INSERT OR REPLACE INTO last_version SELECT * FROM kept_v",
    )
    .await;
    assert_refused(&desk).await;
    // Another process has it from the audit trail.
    let desk = desk.reopen().await;
    report(&desk).await;
    assert_refused(&desk).await;
    let set = desk
        .set("orders", sql_server(replace("newest")))
        .await
        .unwrap();
    assert_eq!(
        set.signed.receipt.version, 5,
        "a version is given out twice"
    );
    assert!(desk.holds("orders", "password", "newest").await);
}

async fn assert_refused(desk: &Desk) {
    for (name, damage) in [
        ("orders", Damage::RolledBack),
        ("customers", Damage::Restored),
    ] {
        let revealed = desk
            .custody
            .reveal(&df(), &ls(name), "owner", clock::now())
            .await;
        let Err(RevealProblem::Damaged(found)) = revealed else {
            panic!("{name} is revealed");
        };
        assert_eq!(found, damage);
        let kept = desk.set(name, sql_server(SecretChange::Keep)).await;
        assert!(matches!(kept, Err(SetProblem::SecretRequired(_))), "{name}");
    }
    assert!(desk.custody.list(None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_backup_of_the_keys_opens_the_store_under_another_kek() {
    let desk = filled().await;
    desk.custody.rotate_terms(None, clock::now()).await.unwrap();
    let keys = desk.custody.term_keys();
    assert_eq!(keys.len(), 2);
    let closed = desk.close().await;
    std::fs::remove_file(closed.folder.kek()).unwrap();
    std::fs::remove_file(closed.folder.keyring()).unwrap();
    // Out of the process and in again, as a backup does it.
    let keys = keys
        .iter()
        .map(|key| {
            TermKey::new(key.term(), key.made(), key.key())
                .unwrap()
                .into()
        })
        .collect();
    let settings = KekSettings::default();
    let owner = Owner {
        gateway: gateway_id(),
        kek: settings.make(&closed.folder).unwrap(),
        settings,
    };
    Vault::with_terms(&closed.folder, owner, keys).unwrap();
    let desk = closed.open().await;
    assert!(report(&desk).await.is_sound());
    assert!(desk.holds("orders", "password", "orders").await);
}

#[tokio::test]
async fn a_store_with_anything_in_it_that_no_gateway_made_is_refused() {
    for (planted, removed) in [
        (
            "CREATE TRIGGER planted AFTER INSERT ON credential BEGIN DELETE FROM ticket; END",
            "DROP TRIGGER planted",
        ),
        ("CREATE VIEW planted AS SELECT 1", "DROP VIEW planted"),
        ("CREATE TABLE planted (x)", "DROP TABLE planted"),
        (
            "DROP INDEX one_active_term",
            "CREATE UNIQUE INDEX one_active_term ON term (state) WHERE state = 'active'",
        ),
    ] {
        let closed = Desk::new().await.close().await;
        let mut sql = super::desk::sql(&closed.folder).await;
        execute(&mut sql, planted).await;
        let Err(refused) = closed.try_open().await else {
            panic!("opened: {planted}");
        };
        assert!(refused.to_string().contains("not made as"), "{refused}");
        execute(&mut sql, removed).await;
        closed.try_open().await.unwrap();
    }
}

#[tokio::test]
async fn a_trigger_that_comes_while_a_gateway_runs_is_not_carried_out() {
    let desk = filled().await;
    let mut sql = desk.sql().await;
    execute(
        &mut sql,
        "CREATE TRIGGER planted AFTER INSERT ON audit_outbox BEGIN UPDATE audit_outbox SET line = '{}'; END",
    )
    .await;
    let refused = desk.set("orders", sql_server(replace("x"))).await;
    assert!(matches!(refused, Err(SetProblem::Unavailable)));
    execute(&mut sql, "DROP TRIGGER planted").await;
    desk.set("orders", sql_server(replace("x"))).await.unwrap();
    assert!(report(&desk).await.is_sound());
}

#[tokio::test]
async fn two_changes_of_damaged_rows_do_not_make_up_for_each_other() {
    let desk = filled().await;
    let mut sql = desk.sql().await;
    execute(&mut sql, KEEP).await;
    let delete = async || {
        let claims = desk.claims("orders", Operation::Delete);
        desk.delete(&claims).await.unwrap();
    };
    delete().await;
    assert!(report(&desk).await.is_sound());
    for _ in 0..4 {
        execute(
            &mut sql,
            "INSERT OR REPLACE INTO credential SELECT * FROM kept_c WHERE ls = 'orders'; \
             INSERT OR REPLACE INTO last_version SELECT * FROM kept_v WHERE ls = 'orders'",
        )
        .await;
        delete().await;
        // What is there is right; that somebody has written into the store is not forgotten by it.
        assert_eq!(report(&desk).await.whole, Whole::OtherRows);
    }
    desk.custody
        .accept_store("tester", clock::now())
        .await
        .unwrap();
    assert!(report(&desk).await.is_sound());
}

#[tokio::test]
async fn a_name_that_is_none_stops_nobody_and_can_be_removed() {
    let desk = filled().await;
    let mut sql = desk.sql().await;
    execute(
        &mut sql,
        "INSERT INTO credential SELECT df, CAST(x'6fff' AS TEXT), version, kind, auth, target, account, properties, secret_names, kid, \
         set_by, set_at, salt, nonce, ciphertext, term FROM credential WHERE ls = 'orders'; \
         INSERT INTO credential SELECT CAST(x'ff' AS TEXT), ls, version, kind, auth, target, account, properties, secret_names, CAST(x'ff' AS TEXT), \
         set_by, set_at, salt, nonce, ciphertext, term FROM credential WHERE ls = 'orders'; \
         INSERT INTO last_version SELECT df, 'no' || char(10) || 'name', version, term, seal FROM last_version WHERE ls = 'orders'",
    )
    .await;
    let listed = desk.custody.list(None).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(desk.holds("orders", "password", "orders").await);
    let found = report(&desk).await;
    assert_eq!((found.sound, found.damaged.len()), (2, 3));
    let kinds: Vec<_> = found.damaged.iter().map(|entry| entry.damage).collect();
    assert_eq!(kinds, [Damage::Unreadable; 3]);
    desk.custody
        .record_damage(&found, clock::now())
        .await
        .unwrap();
    // A new term is not refused for them either.
    let now = clock::now();
    for term in [2, 3] {
        let begun = desk.custody.rotate_terms(None, now).await.unwrap();
        assert_eq!(begun.active, Term(term));
        assert_eq!(desk.custody.renew(now).await.unwrap().stuck, 3);
    }
    desk.custody.accept_store("tester", now).await.unwrap();
    assert!(report(&desk).await.is_sound());
    assert!(desk.custody.renew(now).await.unwrap().is_done());
    assert!(desk.holds("orders", "password", "orders").await);
}
