//! A shared store in a backup, and what becomes of it.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use http::StatusCode;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::task::JoinSet;

use super::super::backups::recovery_key;
use super::{Installed, PATIENCE, Serving, Site, json, output, run, version};
use crate::scratch::seal;

async fn save(node: &Installed, serving: &Serving, ls: &str, password: &str) -> u64 {
    let mut client = node.connect(serving.port).await;
    let (status, body) = node.store(&mut client, ls, password).await;
    assert!(status.is_success(), "{body}");
    version(&body["receipt"])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_a_shared_store_is_a_gateway_of_its_own() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let serving = site.serve();
    for (node, serving) in site.nodes.iter().zip(&serving) {
        save(node, serving, "both", "of both").await;
    }
    save(b, &serving[1], "only-b", "of b").await;
    b.run(&["key", "rotate"]);
    b.run(&["key", "rotate", "--store"]);
    let (key, identity) = recovery_key(site.secrets.path());
    let identity = identity.to_str().unwrap();
    // While others write: a used ticket for each save lies between the rows and what is said of all of them.
    let (is_done, saves) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let mut writing = JoinSet::new();
    for number in 0..4 {
        let (until, saves) = (is_done.clone(), saves.clone());
        let (writer, port) = (b.clone(), serving[1].port);
        writing.spawn(async move {
            let mut client = writer.connect(port).await;
            while !until.load(Ordering::SeqCst) {
                let ls = format!("busy-{number}");
                let (status, body) = writer.store(&mut client, &ls, "busy").await;
                assert!(status.is_success(), "{body}");
                saves.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let began = Instant::now();
    while saves.load(Ordering::SeqCst) < 100 {
        // A hundred saves on a busy machine.
        assert!(began.elapsed() < 4 * PATIENCE, "too little is saved");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let path_of = |number: usize| site.secrets.path().join(format!("{number}.backup"));
    for number in 0..3 {
        let out = path_of(number);
        let out = [
            "backup",
            "--out",
            out.to_str().unwrap(),
            "--recipient",
            &key,
            "--json",
        ];
        let made = json(&a.run(&out));
        let told = (made["store"].as_str(), made["damaged"].as_u64());
        assert_eq!(told, (Some("as_written"), Some(0)), "{made}");
    }
    is_done.store(true, Ordering::SeqCst);
    while let Some(written) = writing.join_next().await {
        written.unwrap();
    }
    let file = path_of(2);
    let file = file.to_str().unwrap();
    let after = save(b, &serving[1], "only-b", "after the backup").await;
    assert_eq!(after, 2);
    let sealed = fs::read(file).unwrap();
    for secret in ["of both", "of b"] {
        assert!(
            !sealed
                .windows(secret.len())
                .any(|part| part == secret.as_bytes())
        );
    }
    drop(serving);

    // Nothing of the database is needed.
    let outer = tempfile::tempdir().unwrap();
    let into = outer.path().join("gateway");
    let restore = ["restore", file, "--identity", identity];
    let checked = run(outer.path(), &[&restore[..], &["--check"]].concat());
    assert!(String::from_utf8(checked).unwrap().contains("whole"));
    let with_store = fs::read_to_string(a.folder().join("gateway.toml")).unwrap();
    assert!(with_store.contains("\n[store]\n"));
    let other = outer.path().join("other.toml");
    fs::write(&other, with_store).unwrap();
    let into_text = into.to_str().unwrap();
    let refused = [
        &restore[..],
        &[
            "--into",
            into_text,
            "--configuration",
            other.to_str().unwrap(),
        ],
    ];
    let refused = output(outer.path(), &refused.concat());
    assert_eq!(refused.status.code(), Some(9));
    let restored = [&restore[..], &["--into", into_text, "--json"]].concat();
    let report = json(&run(outer.path(), &restored));
    assert!(report["remarks"].to_string().contains("shared its store"));
    assert!(
        !fs::read_to_string(into.join("gateway.toml"))
            .unwrap()
            .contains("\n[store]\n")
    );
    assert!(!into.join("node.key").exists());
    let file = SqliteConnectOptions::new().filename(into.join("store.sqlite"));
    let mut store = file.connect().await.unwrap();
    let tickets: i64 = sqlx::query_scalar("SELECT count(*) FROM ticket")
        .fetch_one(&mut store)
        .await
        .unwrap();
    assert!(tickets > 100, "{tickets} used tickets");
    store.close().await.unwrap();

    let (id, kid) = (a.id.clone(), a.kid.clone());
    let alone = Installed {
        outer,
        id,
        kid,
        portal_key: site.portal(),
    };
    assert_eq!(alone.revealed("both"), "of both");
    assert_eq!(alone.revealed("only-b"), "of b");
    let serving = alone.serve();
    assert_eq!(save(&alone, &serving, "both", "alone").await, 3);
    assert_eq!(save(&alone, &serving, "only-b", "alone").await, 2);
    drop(serving);
    let verified = json(&alone.run(&["key", "verify", "--json"]));
    assert_eq!(verified["whole"], "as_written", "{verified}");
    alone.run(&["audit", "verify"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_moved_from_its_folder_to_a_database() {
    let site = Site::of(0).await;
    let alone = Installed::with(site.portal(), &["--id", "gw-shared"]);
    let serving = alone.serve();
    for password in ["first", "second"] {
        save(&alone, &serving, "orders", password).await;
    }
    save(&alone, &serving, "gone", "secret").await;
    let mut client = alone.connect(serving.port).await;
    let claims = alone.claims("once");
    let keys = client.keys().await;
    let (ticket, envelope) = (alone.ticket(&claims), seal(&keys, &claims, "once"));
    let set = client.set(&ticket, &claims, envelope.clone()).await;
    let receipt = set.unwrap().1;
    alone.run(&["delete", "gone"]);
    alone.run(&["key", "rotate"]);
    let store = site.where_it_is();
    let to: Vec<&str> = store.iter().map(String::as_str).collect();
    let to = [&["store", "move", "--node", "a"][..], &to].concat();
    let busy = output(&alone.folder(), &to);
    assert!(!busy.status.success() && alone.folder().join("store.sqlite").exists());
    drop((serving, client));
    // A way that is not there changes nothing.
    let mut elsewhere = to.clone();
    let database = elsewhere.iter().position(|word| *word == "gateways");
    elsewhere[database.unwrap()] = "nowhere";
    assert!(!output(&alone.folder(), &elsewhere).status.success());
    assert!(!alone.folder().join("node.key").exists());
    assert_eq!(alone.revealed("orders"), "second");

    alone.run(&to);
    for left in ["store.sqlite", "store.sqlite-wal", "store.sqlite-shm"] {
        assert!(!alone.folder().join(left).exists(), "{left}");
    }
    let again = output(&alone.folder(), &to);
    assert_eq!(again.status.code(), Some(6));
    // Another one finds that there is one.
    let other = Installed::with(site.portal(), &["--id", "gw-other"]);
    let taken = output(&other.folder(), &to);
    let said = String::from_utf8(taken.stderr).unwrap();
    assert_eq!(taken.status.code(), Some(6), "{said}");
    assert!(said.contains("has a store in it"), "{said}");
    other.run(&["list"]);

    // Everything is there: credentials, versions, used tickets, keys, and the trail goes on.
    let serving = alone.serve();
    assert_eq!(alone.revealed("orders"), "second");
    assert_eq!(save(&alone, &serving, "orders", "third").await, 3);
    assert_eq!(save(&alone, &serving, "gone", "again").await, 2);
    let mut client = alone.connect(serving.port).await;
    let again = client.set(&ticket, &claims, envelope).await.unwrap();
    assert_eq!((again.0, &again.1), (StatusCode::CREATED, &receipt));
    let verified = json(&alone.run(&["key", "verify", "--json"]));
    assert_eq!(verified["whole"], "as_written", "{verified}");
    alone.run(&["audit", "verify"]);
    let audit = fs::read_to_string(alone.folder().join("audit.jsonl")).unwrap();
    assert!(audit.contains(r#""event":"store_moved""#));

    // And others can join.
    let mut site = site;
    site.nodes.push(Arc::new(alone));
    let joined = site.join("b");
    let serving = (serving, joined.serve());
    assert_eq!(joined.revealed("orders"), "third");
    assert_eq!(save(&joined, &serving.1, "orders", "fourth").await, 4);
    site.nodes[0].run(&["key", "rotate", "--store"]);
    joined.run(&["audit", "verify"]);
}
