//! Keys that come and go while several gateways have them.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use gateway::clock;
use gateway::config::Config;
use gateway::custody::{Custody, Settings};
use gateway::data_folder::DataFolder;
use gateway::store::postgresql::NodeName;

use super::{Installed, PATIENCE, Serving, Site, Sql, command, json};
use crate::custody::rotation::small_key;

/// What [`gateway::store::Store::lock_keys`] takes.
const KEYS_LOCK: i64 = 0x6372_6564_6b65_7973;

/// The same as a command has, for what no command does alone.
async fn custody_of(node: &Installed) -> Custody {
    let folder = DataFolder::open(node.folder()).unwrap();
    let config = Config::load(&folder.configuration()).unwrap();
    let mut settings = Settings::new(config.id);
    settings.kek = config.kek;
    settings.store = config.store;
    Custody::open(&folder, settings).await.unwrap()
}

fn begun(node: &Installed, arguments: &[&str]) -> Serving {
    let mut command = command(&node.folder(), arguments);
    let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    Serving {
        process: process.unwrap(),
        port: 0,
    }
}

async fn wait_for_waiting(sql: &Sql, expected: i64) {
    let began = Instant::now();
    let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    while sql.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) < expected {
        assert!(began.elapsed() < PATIENCE, "nobody waits for the keys");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_for_the_keys_takes_the_term_that_begins_meanwhile() {
    let site = Site::of(2).await;
    let (_outer, asked) = site.ask("c");
    let sql = site.sql().await;
    sql.query("SELECT pg_advisory_lock($1)", &[&KEYS_LOCK])
        .await
        .unwrap();
    // They come to their turn in this order: the other one has no share of the new term when it does.
    let mut first = begun(&site.nodes[0], &["key", "rotate", "--store"]);
    wait_for_waiting(&sql, 1).await;
    let approve = ["node", "approve", "c", asked["key"].as_str().unwrap()];
    let mut second = begun(&site.nodes[1], &approve);
    wait_for_waiting(&sql, 2).await;
    sql.query("SELECT pg_advisory_unlock($1)", &[&KEYS_LOCK])
        .await
        .unwrap();
    assert!(second.end().await.success());
    assert!(first.end().await.success());
    let keyring = fs::read_to_string(site.nodes[1].folder().join("keyring.json")).unwrap();
    assert!(keyring.contains("\"term\": 2"));
}

/// The names of the key files in the store.
async fn shared_files(sql: &Sql) -> Vec<String> {
    let rows = sql.query("SELECT name FROM credential_gateway.shared_file", &[]);
    let rows = rows.await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_key_that_has_ended_does_not_come_back() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let name = format!("envelope-keys/{}.key", a.kid);
    let content = fs::read(b.folder().join(&name)).unwrap();
    let sql = site.sql().await;
    assert!(shared_files(&sql).await.contains(&name));
    a.run(&["key", "rotate", "--now"]);
    assert!(!a.folder().join(&name).exists());
    assert!(!shared_files(&sql).await.contains(&name));

    // The other gateway has its file still, and gives what it has when it protects it anew.
    assert!(b.folder().join(&name).exists());
    b.run(&["key", "rotate", "--store"]);
    assert!(!shared_files(&sql).await.contains(&name));

    // Nor does whoever kept it bring it back into a folder.
    b.run(&["key", "rotate"]);
    assert!(!b.folder().join(&name).exists());
    let insert = "INSERT INTO credential_gateway.shared_file VALUES ($1, $2)";
    sql.execute(insert, &[&name, &content]).await.unwrap();
    for node in [a, b] {
        node.run(&["list"]);
        assert!(!node.folder().join(&name).exists());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_ends_the_key_that_waits_for_the_next_rotation() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let custody = custody_of(a).await;
    let pending = custody.add_key(small_key(), clock::now()).await.unwrap();
    let file = format!("envelope-keys/{pending}.key");
    b.run(&["list"]);
    assert!(b.folder().join(&file).exists());
    // As if what `node remove` does after this had failed.
    let name = NodeName::try_from("b".to_owned()).unwrap();
    let removed = custody.remove_member(&name, "tester", clock::now()).await;
    removed.unwrap();
    custody.shutdown().await;
    let rotated = json(&a.run(&["key", "rotate", "--now", "--json"]));
    assert_ne!(rotated["active"], pending.as_str());
    assert!(!a.folder().join(&file).exists());
    assert!(!shared_files(&site.sql().await).await.contains(&file));
    a.run(&["audit", "verify"]);
}
