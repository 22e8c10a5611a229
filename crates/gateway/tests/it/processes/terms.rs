//! Everything protected anew by a running gateway, whatever ends it.

use std::sync::Arc;

use gateway::clock;
use gateway::custody::{Custody, Settings};
use gateway::data_folder::DataFolder;
use rustix::process::{Signal, kill_process};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::{Burst, Installed, json, output, wait_until};

async fn sql(installed: &Installed) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(installed.folder().join("store.sqlite"));
    options.read_only(true).connect().await.unwrap()
}

async fn rows_under(sql: &mut SqliteConnection, term: i64) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM credential WHERE term = ?")
        .bind(term)
        .fetch_one(sql)
        .await
        .unwrap()
}

/// A gateway with a few hundred credentials.
async fn filled() -> (Arc<Installed>, Burst) {
    let installed = Arc::new(Installed::new());
    let mut serving = installed.serve();
    let keys = installed.connect(serving.port).await.keys().await;
    let burst = installed.burst(serving.port, &keys);
    burst.wait_for_acknowledged(250).await;
    kill_process(serving.pid(), Signal::TERM).unwrap();
    serving.end().await;
    burst.wait_for_end().await;
    (installed, burst)
}

fn keyring(installed: &Installed) -> String {
    std::fs::read_to_string(installed.folder().join("keyring.json")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_protected_anew_through_kills_and_saves() {
    let (installed, burst) = filled().await;
    let mut sql = sql(&installed).await;
    let all = rows_under(&mut sql, 1).await;
    let mut serving = installed.serve();
    let said = String::from_utf8(installed.run(&["key", "rotate", "--store"])).unwrap();
    assert!(
        said.contains("term 2") && said.contains("running gateway"),
        "{said}"
    );

    let mut stops = Vec::new();
    for least in [1, all / 3, all / 2] {
        while rows_under(&mut sql, 2).await < least {
            tokio::task::yield_now().await;
        }
        kill_process(serving.pid(), Signal::KILL).unwrap();
        serving.end().await;
        stops.push(rows_under(&mut sql, 2).await);
        serving = installed.serve();
    }
    assert!(
        stops[0] < all,
        "nothing was left to be resumed: {stops:?} of {all}"
    );

    // Saves go on meanwhile.
    let keys = installed.connect(serving.port).await.keys().await;
    let later = installed.burst_of("later", serving.port, &keys);
    wait_until("the former term stays", || {
        !keyring(&installed).contains("\"term\": 1,")
    })
    .await;
    later.wait_for_acknowledged(20).await;
    assert!(keyring(&installed).contains("\"term\": 2,"));
    installed.run(&["key", "rotate", "--store", "--wait"]);
    assert!(!keyring(&installed).contains("\"term\": 2,"));
    kill_process(serving.pid(), Signal::TERM).unwrap();
    serving.end().await;
    later.wait_for_end().await;

    assert_eq!(
        rows_under(&mut sql, 1).await + rows_under(&mut sql, 2).await,
        0
    );
    let verified = json(&installed.run(&["key", "verify", "--json"]));
    assert_eq!(verified["whole"], "as_written");
    assert_eq!(verified["damaged"].as_array().map(Vec::len), Some(0));
    let folder = DataFolder::open(installed.folder()).unwrap();
    let custody = Custody::open(&folder, Settings::new(installed.id.clone()))
        .await
        .unwrap();
    for burst in [&burst, &later] {
        let names = burst.acknowledged.lock().unwrap().clone();
        for name in names {
            let (df, ls) = (installed.claims(&name).df, installed.claims(&name).ls);
            let revealed = custody
                .reveal(&df, &ls, "tester", clock::now())
                .await
                .unwrap();
            // EXPOSE: compared with what was sent.
            let secret = revealed.secrets["password"].expose();
            assert!(
                secret == burst.sent.lock().unwrap()[&name],
                "{name} is not what was sent"
            );
        }
    }
    custody.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_the_command_does_it_and_damage_is_told_at_the_start() {
    let installed = Installed::new();
    let mut serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    for name in ["orders", "customers"] {
        let claims = installed.claims(name);
        let envelope = crate::scratch::seal(&keys, &claims, name);
        let set = client
            .set(&installed.ticket(&claims), &claims, envelope)
            .await;
        assert_eq!(set.unwrap().0, 201);
    }
    kill_process(serving.pid(), Signal::TERM).unwrap();
    serving.end().await;
    let said = String::from_utf8(installed.run(&["key", "rotate", "--store"])).unwrap();
    assert!(said.contains("everything that is stored"), "{said}");
    assert!(!keyring(&installed).contains("\"term\": 1,"));
    let listed = String::from_utf8(installed.run(&["key", "list"])).unwrap();
    let state = |term: &str| {
        listed
            .lines()
            .find(|line| line.starts_with(term))
            .unwrap()
            .to_owned()
    };
    assert!(
        state("term 2").contains("active") && state("term 1").contains("gone"),
        "{listed}"
    );

    let options = SqliteConnectOptions::new().filename(installed.folder().join("store.sqlite"));
    let mut sql = options.connect().await.unwrap();
    sqlx::query("UPDATE credential SET target = 'evil.example' WHERE ls = 'orders'")
        .execute(&mut sql)
        .await
        .unwrap();
    drop(sql);
    let verified = output(&installed.folder(), &["key", "verify"]);
    let said = String::from_utf8(verified.stdout).unwrap();
    assert!(
        !verified.status.success() && said.contains("\"orders\": row_changed"),
        "{said}"
    );
    // It serves all the same, and says so.
    let mut serving = installed.serve();
    let audit = installed.folder().join("audit.jsonl");
    wait_until("the damage is not in the audit", || {
        std::fs::read_to_string(&audit)
            .unwrap()
            .contains("store_damaged")
    })
    .await;
    installed.run(&["reveal", "customers"]);
    let refused = output(&installed.folder(), &["reveal", "orders"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && said.contains("row_changed"),
        "{said}"
    );
    kill_process(serving.pid(), Signal::TERM).unwrap();
    assert!(serving.end().await.success());
    let log = std::fs::read_to_string(installed.outer.path().join("log")).unwrap();
    assert!(
        log.contains("row_changed") && log.contains("orders"),
        "{log}"
    );
}
