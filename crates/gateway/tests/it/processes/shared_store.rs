//! Several gateways, each a process with a folder of its own, on one store in a real PostgreSQL.

mod backup;
mod environment;
mod key_encryption;
mod keys;
mod silence;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use aws_lc_rs::signature::Ed25519KeyPair;
use axum::body::Body;
use envelope::{JwkSet, Kid, Operation, TicketClaims};
use gateway::backup::age::recovery_key::RecoveryKey;
use gateway::backup::age::{self, Lock};
use gateway::backup::terms;
use gateway::clock;
use gateway::keyring::{Term, TermKey};
use http::{Request, StatusCode, header};
use rustix::process::{Signal, kill_process};
use serde_json::Value;
use tokio_postgres::Client as Sql;

use super::{Client, Installed, PATIENCE, Serving, command, json, output, run, wait_until};
use crate::certificates::forge;
use crate::postgresql_server::Server;
use crate::scratch::seal;

const PASSWORD: &str = "password-of-the-store's-role";

/// A database, and gateways that share it.
struct Site {
    database: Server,
    /// The file with the role's password.
    secrets: tempfile::TempDir,
    portal_key: Vec<u8>,
    nodes: Vec<Arc<Installed>>,
}

impl Site {
    /// Gateways a, b, c, …; or a database alone.
    async fn of(number: usize) -> Self {
        let database = Server::start_with(
            "host gateways gateway 127.0.0.1/32 scram-sha-256\n",
            &["fsync=on"],
        );
        let role = format!(
            "CREATE ROLE gateway LOGIN PASSWORD '{}'",
            PASSWORD.replace('\'', "''")
        );
        database
            .run(&[&role, "CREATE DATABASE gateways OWNER gateway"])
            .await;
        let portal_key = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new());
        let mut site = Self {
            database,
            secrets: tempfile::tempdir().unwrap(),
            portal_key: portal_key.unwrap().as_ref().to_vec(),
            nodes: Vec::new(),
        };
        site.put_password(PASSWORD);
        if number > 0 {
            let first = site.begun_by(&["--id", "gw-shared", "--node", "a"]);
            site.nodes.push(Arc::new(first));
        }
        for name in ["b", "c", "d"].iter().take(number.saturating_sub(1)) {
            let joined = site.join(name);
            site.nodes.push(Arc::new(joined));
        }
        site
    }

    fn portal(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_pkcs8(&self.portal_key).unwrap()
    }

    fn where_it_is(&self) -> [String; 10] {
        let port = self.database.port.to_string();
        let file = self.password_file();
        [
            "--store-host",
            "127.0.0.1",
            "--store-port",
            &port,
            "--store-database",
            "gateways",
            "--store-user",
            "gateway",
            "--store-password-file",
            file.to_str().unwrap(),
        ]
        .map(str::to_owned)
    }

    fn password_file(&self) -> PathBuf {
        self.secrets.path().join("store-password")
    }

    fn put_password(&self, password: &str) {
        let file = self.password_file();
        fs::write(&file, format!("{password}\n")).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&file, private).unwrap();
    }

    fn begun_by(&self, more: &[&str]) -> Installed {
        let store = self.where_it_is();
        let store: Vec<&str> = store.iter().map(String::as_str).collect();
        Installed::with(self.portal(), &[&store, more].concat())
    }

    /// Asks to join: a folder, and what its owner is told.
    fn ask(&self, name: &str) -> (tempfile::TempDir, Value) {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("gateway");
        let store = self.where_it_is();
        let store: Vec<&str> = store.iter().map(String::as_str).collect();
        let init = [
            "init",
            "--join",
            "--listen",
            "127.0.0.1:0",
            "--node",
            name,
            "--json",
        ];
        let asked = json(&run(&folder, &[&init[..], &store].concat()));
        (outer, asked)
    }

    fn join(&self, name: &str) -> Installed {
        let (outer, asked) = self.ask(name);
        let first = &self.nodes[0];
        first.run(&["node", "approve", name, asked["key"].as_str().unwrap()]);
        let identified = json(&first.run(&["fingerprint", "--json"]));
        let folder = outer.path().join("gateway");
        let identity = identified["identity"].as_str().unwrap();
        run(&folder, &["node", "join", "--identity", identity]);
        Installed::of(outer, first.id.clone(), first.kid.clone(), self.portal())
    }

    fn serve(&self) -> Vec<Serving> {
        self.nodes.iter().map(|node| node.serve()).collect()
    }

    async fn sql(&self) -> Sql {
        self.database.admin_of("gateways").await
    }
}

impl Installed {
    async fn store(&self, client: &mut Client, ls: &str, password: &str) -> (StatusCode, Value) {
        let keys = client.keys().await;
        let claims = self.claims_for(&keys, ls);
        let envelope = seal(&keys, &claims, password);
        let answer = client.set(&self.ticket(&claims), &claims, envelope).await;
        let (status, body) = answer.unwrap();
        (status, json(&body))
    }

    /// As a portal's that names the envelope key which is in use.
    fn claims_for(&self, keys: &JwkSet, ls: &str) -> TicketClaims {
        let keys = json(keys.to_json().as_bytes());
        let mut claims = self.claims(ls);
        claims.thp = Kid::parse(keys["keys"][0]["kid"].as_str().unwrap()).unwrap();
        claims
    }

    fn revealed(&self, ls: &str) -> String {
        String::from_utf8(self.run(&["reveal", ls, "--secret", "password"])).unwrap()
    }

    fn terms(&self) -> Vec<(String, String)> {
        let listed = json(&self.run(&["key", "list", "--json"]));
        let terms = listed["keyring"]["terms"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        terms
            .map(|row| (text(&row["term"]), text(&row["state"])))
            .collect()
    }
}

/// The version in a receipt.
fn version(receipt: &Value) -> u64 {
    receipt["version"]
        .as_u64()
        .unwrap_or_else(|| panic!("{receipt}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_gateways_use_each_ticket_once_and_give_each_version_once() {
    let site = Site::of(3).await;
    let serving = site.serve();
    // The same ticket with another envelope at each, at the same time.
    for round in 0..10 {
        let claims = site.nodes[0].claims(&format!("once-{round}"));
        let ticket = site.nodes[0].ticket(&claims);
        let mut calls = Vec::new();
        for (node, serving) in site.nodes.iter().zip(&serving) {
            let mut client = node.connect(serving.port).await;
            let envelope = seal(
                &client.keys().await,
                &claims,
                &format!("from {}", serving.port),
            );
            let (ticket, claims) = (ticket.clone(), claims.clone());
            calls.push(tokio::spawn(async move {
                client.set(&ticket, &claims, envelope).await.unwrap()
            }));
        }
        let mut codes = Vec::new();
        for call in calls {
            let (status, body) = call.await.unwrap();
            codes.push((status.as_u16(), json(&body)["code"].clone()));
        }
        let stored = codes.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(stored, 1, "{codes:?}");
        let refused = codes.iter().filter(|(status, _)| *status != 201);
        for (status, code) in refused {
            assert_eq!(
                (*status, code.as_str()),
                (409, Some("ticket_used")),
                "{codes:?}"
            );
        }
    }
    // Everybody writes to one linked service; each sees at another gateway at least what was acknowledged.
    let mut writers = Vec::new();
    for (number, node) in site.nodes.iter().enumerate() {
        let other = (number + 1) % 3;
        let (node, ports) = (node.clone(), (serving[number].port, serving[other].port));
        let reader = site.nodes[other].clone();
        writers.push(tokio::spawn(async move {
            let mut client = node.connect(ports.0).await;
            let mut look = reader.connect(ports.1).await;
            let mut versions = Vec::new();
            for save in 0..20 {
                let password = format!("password {save} of {number}");
                let (status, receipt) = node.store(&mut client, "orders", &password).await;
                assert!(status.is_success(), "{status}: {receipt}");
                versions.push(version(&receipt["receipt"]));
                let seen = listed_version(&reader, &mut look, "orders").await;
                assert!(Some(&seen) >= versions.last(), "{seen} after {versions:?}");
            }
            assert!(versions.is_sorted());
            versions
        }));
    }
    let mut versions = BTreeSet::new();
    for writer in writers {
        versions.extend(writer.await.unwrap());
    }
    assert_eq!(versions, (1..=60).collect());
    let revealed: BTreeSet<String> = site
        .nodes
        .iter()
        .map(|node| node.revealed("orders"))
        .collect();
    assert_eq!(revealed.len(), 1, "{revealed:?}");
    for node in &site.nodes {
        let verified = json(&node.run(&["key", "verify", "--json"]));
        assert_eq!(verified["whole"], "as_written", "{verified}");
        node.run(&["audit", "verify"]);
    }
}

/// What the list at a gateway says, asked with a ticket for it.
async fn listed_version(node: &Installed, client: &mut Client, ls: &str) -> u64 {
    let mut claims = node.claims(ls);
    claims.op = Operation::Set;
    let request = Request::get(format!("/v1/factories/factory/linked-services?name={ls}")).header(
        header::AUTHORIZATION,
        format!("Bearer {}", node.ticket(&claims)),
    );
    let (status, body) = client.send(request, Body::empty()).await.unwrap();
    assert_eq!(status, 200);
    let listed = json(&body);
    listed[0]["version"]
        .as_u64()
        .unwrap_or_else(|| panic!("{listed}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_was_removed_learns_nothing_more() {
    let site = Site::of(3).await;
    let [a, b, c] = &site.nodes[..] else {
        panic!("three")
    };
    let mut serving = site.serve();
    let mut clients = Vec::new();
    for (node, serving) in site.nodes.iter().zip(&serving) {
        clients.push(node.connect(serving.port).await);
    }
    for (node, client) in site.nodes.iter().zip(&mut clients) {
        let (status, _) = node.store(client, "before", "old secret").await;
        assert!(status.is_success());
    }
    a.run(&["node", "remove", "c"]);
    // What is protected anew is believed at once by one that has nothing to write.
    assert_eq!(listed_version(b, &mut clients[1], "before").await, 3);
    let names = |node: &Installed| -> Vec<String> {
        let listed = json(&node.run(&["node", "list", "--json"]));
        let rows = listed.as_array().unwrap().iter();
        rows.map(|row| row["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(b), ["a", "b"]);
    // The others go on, with keys that it does not have.
    for (node, client) in [a, b].into_iter().zip(&mut clients) {
        let (status, receipt) = node.store(client, "after", "new secret").await;
        assert!(status.is_success(), "{receipt}");
    }
    assert_eq!(b.revealed("before"), "old secret");
    wait_for_terms(a, &[("term 2", "active"), ("term 1", "gone")]).await;
    let keyring = fs::read_to_string(c.folder().join("keyring.json")).unwrap();
    assert!(!keyring.contains("\"term\": 2"));
    // It publishes nothing, stores nothing, and reveals nothing: neither the running one nor a command.
    let (status, _) = clients[2]
        .send(Request::get("/v1/keys"), Body::empty())
        .await
        .unwrap();
    assert_eq!(status, 503);
    let refused = output(&c.folder(), &["reveal", "after", "--secret", "password"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(6), "{said}");
    assert!(
        said.contains("among the gateways that share the store"),
        "{said}"
    );
    assert!(refused.stdout.is_empty());
    for node in [a, b] {
        node.run(&["audit", "verify"]);
    }
    let audit = fs::read_to_string(a.folder().join("audit.jsonl")).unwrap();
    assert!(
        audit.contains(r#""event":"node_approved""#) && audit.contains(r#""event":"node_removed""#)
    );
    kill_process(serving[2].pid(), Signal::TERM).unwrap();
    serving[2].end().await;
}

async fn wait_for_terms(node: &Installed, expected: &[(&str, &str)]) {
    let began = Instant::now();
    loop {
        let terms = node.terms();
        let is_so = terms
            .iter()
            .map(|(term, state)| (term.as_str(), state.as_str()));
        if is_so.eq(expected.iter().copied()) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "{terms:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_term_stays_until_every_gateway_has_the_next_one() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let serving = a.serve();
    let mut client = a.connect(serving.port).await;
    let (status, _) = a.store(&mut client, "orders", "secret").await;
    assert!(status.is_success());
    a.run(&["key", "rotate", "--store"]);
    // The running gateway has protected everything anew, and waits for the other one.
    let sql = site.sql().await;
    let began = Instant::now();
    loop {
        let rows = "SELECT count(*) FROM credential_gateway.credential WHERE term = 1";
        let left: i64 = sql.query_one(rows, &[]).await.unwrap().get(0);
        if left == 0 {
            break;
        }
        assert!(began.elapsed() < PATIENCE);
    }
    assert_eq!(a.terms()[1].1, "former");
    let again = String::from_utf8(a.run(&["key", "rotate", "--store"])).unwrap();
    assert!(again.contains("taken the new one: b;"), "{again}");
    assert_eq!(a.terms().len(), 2, "another term was begun");
    // It takes its share when it comes.
    let serving_b = b.serve();
    wait_for_terms(a, &[("term 2", "active"), ("term 1", "gone")]).await;
    assert_eq!(b.revealed("orders"), "secret");
    for node in [a, b] {
        wait_until("a key stays in the keyring", || {
            let keyring = fs::read_to_string(node.folder().join("keyring.json")).unwrap();
            !keyring.contains("\"term\": 1,")
        })
        .await;
    }
    drop((serving, serving_b));
    for node in [a, b] {
        node.run(&["audit", "verify"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_that_are_lost_can_be_removed_one_by_one_and_their_names_stay_used() {
    let site = Site::of(3).await;
    let a = &site.nodes[0];
    site.nodes[1].run(&["key", "rotate"]);
    a.run(&["key", "rotate", "--store"]);
    a.run(&["node", "remove", "c"]);
    a.run(&["node", "remove", "b"]);
    assert_eq!(a.terms()[0], ("term 4".to_owned(), "active".to_owned()));
    assert_former(a, "gone");
    // Its trail's numbers are in the store.
    let (store, outer) = (site.where_it_is(), tempfile::tempdir().unwrap());
    let store: Vec<&str> = store.iter().map(String::as_str).collect();
    let again = [&["init", "--join", "--node", "b"][..], &store].concat();
    let refused = output(&outer.path().join("gateway"), &again);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("choose another --node"), "{said}");
    // A name that is in use is not given to another key.
    let (_outer, asked) = site.ask("d");
    let key = asked["key"].as_str().unwrap();
    let refused = output(&a.folder(), &["node", "approve", "a", key]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("the name of another gateway"), "{said}");
}

/// All terms but the active one are in this state.
fn assert_former(node: &Installed, state: &str) {
    let terms = node.terms();
    assert!(
        terms[1..].iter().all(|(_, found)| found == state),
        "{terms:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn envelope_keys_are_everybodys() {
    let site = Site::of(2).await;
    let serving = site.serve();
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let (mut to_a, mut to_b) = (
        a.connect(serving[0].port).await,
        b.connect(serving[1].port).await,
    );
    let before = to_b.keys().await.to_json();
    a.run(&["key", "rotate"]);
    let after = to_b.keys().await;
    assert_ne!(after.to_json(), before);
    // Sealed for what the one shows, opened by the other.
    let keys = to_a.keys().await;
    let claims = b.claims_for(&keys, "orders");
    let envelope = seal(&keys, &claims, "secret");
    let (status, body) = to_b
        .set(&b.ticket(&claims), &claims, envelope)
        .await
        .unwrap();
    assert_eq!(status, 201, "{body:?}");
    assert_eq!(a.revealed("orders"), "secret");
    let refused = output(&a.folder(), &["key", "replace-identity", "--yes"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("not there for a store that gateways share"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_loses_nothing_that_was_acknowledged() {
    let mut site = Site::of(2).await;
    let serving = site.serve();
    let mut writers = Vec::new();
    let has_crashed = Arc::new(AtomicBool::new(false));
    for (number, node) in site.nodes.iter().enumerate() {
        let (node, port) = (node.clone(), serving[number].port);
        let has_crashed = has_crashed.clone();
        writers.push(tokio::spawn(async move {
            let mut client = node.connect(port).await;
            let keys = client.keys().await;
            let mut afterwards = 0;
            for save in 0.. {
                let began = Instant::now();
                let claims = node.claims(&format!("of-{number}-{save}"));
                let envelope = seal(&keys, &claims, &format!("secret {number} {save}"));
                // As a page does: the same again, until there is an answer.
                loop {
                    assert!(began.elapsed() < PATIENCE, "nothing is stored any more");
                    let ticket = node.ticket(&claims);
                    let (status, body) = client
                        .set(&ticket, &claims, envelope.clone())
                        .await
                        .unwrap();
                    if status.is_success() {
                        assert_eq!(version(&json(&body)["receipt"]), 1);
                        break;
                    }
                    assert_eq!(status, 503, "{body:?}");
                }
                // Whether one was in the middle of something then is luck.
                afterwards += usize::from(has_crashed.load(Ordering::SeqCst));
                if afterwards == 40 {
                    return save + 1;
                }
            }
            unreachable!("the loop has no end")
        }));
    }
    let began = Instant::now();
    let sql = site.sql().await;
    loop {
        let rows = "SELECT count(*) FROM credential_gateway.credential";
        let stored: i64 = sql.query_one(rows, &[]).await.unwrap().get(0);
        if stored >= 20 {
            break;
        }
        assert!(began.elapsed() < PATIENCE);
    }
    drop(sql);
    site.database.crash();
    has_crashed.store(true, Ordering::SeqCst);
    let mut stored = Vec::new();
    for writer in writers {
        stored.push(writer.await.unwrap());
    }
    // A connection that is cut while nobody uses it is not noticed at all.
    let sql = site.sql().await;
    let cut =
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'gateway'";
    let number: i64 = sql.query_one(cut, &[]).await.unwrap().get(0);
    assert!(number >= 2, "{number} connections");
    for (node, serving) in site.nodes.iter().zip(&serving) {
        let mut client = node.connect(serving.port).await;
        let (status, body) = node.store(&mut client, "after", "secret").await;
        assert!(status.is_success(), "{body}");
    }
    for (number, saves) in stored.iter().enumerate() {
        let listed = json(&site.nodes[1 - number].run(&["list", "--json"]));
        let names: BTreeSet<&str> = listed
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["ls"].as_str().unwrap())
            .collect();
        for save in 0..*saves {
            assert!(
                names.contains(format!("of-{number}-{save}").as_str()),
                "{save} is lost"
            );
        }
        let last = saves - 1;
        assert_eq!(
            site.nodes[1 - number].revealed(&format!("of-{number}-{last}")),
            format!("secret {number} {last}")
        );
    }
    drop(serving);
    for node in &site.nodes {
        node.run(&["audit", "verify"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_the_database_gets_no_key_and_changes_nothing() {
    let site = Site::of(2).await;
    let [a, b] = &site.nodes[..] else {
        panic!("two")
    };
    let serving = a.serve();
    let mut client = a.connect(serving.port).await;
    for password in ["first", "second"] {
        let (status, _) = a.store(&mut client, "orders", password).await;
        assert!(status.is_success());
    }
    drop(serving);
    let sql = site.sql().await;
    let on = |statement: &'static str| sql.batch_execute(statement);
    on("SET search_path TO credential_gateway").await.unwrap();

    // A gateway of their own among them: it gets no share of the next term.
    let (_outer, asked) = site.ask("mallory");
    let key = asked["key"].as_str().unwrap();
    let insert = "INSERT INTO node SELECT 'mallory', $1, since, term, seal, share, signed, share_term, share_seal, caught_up FROM node WHERE name = 'b'";
    sql.execute(insert, &[&key]).await.unwrap();
    let listed = json(&a.run(&["node", "list", "--json"]));
    let mallory = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["name"] == "mallory")
        .unwrap();
    assert_eq!(mallory["approved"], false);
    a.run(&["key", "rotate", "--store"]);
    let left: i64 = sql
        .query_one("SELECT count(*) FROM node WHERE name = 'mallory'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, 0);

    // Another share for one that belongs to them: the identity key has not signed it.
    sql.batch_execute("CREATE TABLE public.kept AS SELECT * FROM node")
        .await
        .unwrap();
    let row = "SELECT recipient FROM node WHERE name = 'b'";
    let recipient: String = sql.query_one(row, &[]).await.unwrap().get(0);
    let forged = share_of_another_term(&recipient);
    sql.execute("UPDATE node SET share = $1 WHERE name = 'b'", &[&forged])
        .await
        .unwrap();
    let refused = output(&b.folder(), &["list"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(11), "{said}");
    assert!(said.contains("has signed and sealed it"), "{said}");
    on("UPDATE node SET share = kept.share FROM public.kept WHERE node.name = kept.name")
        .await
        .unwrap();
    b.run(&["key", "rotate"]);

    // Keys that are none, and one that never was: what the folders have stays.
    a.run(&["list"]);
    let kept = fs::read(a.folder().join("identity.key")).unwrap();
    let unknown = format!("envelope-keys/{}.key", "A".repeat(43));
    sql.execute("INSERT INTO shared_file VALUES ($1, 'x')", &[&unknown])
        .await
        .unwrap();
    on("UPDATE shared_file SET content = 'x'; UPDATE key_change SET seq = seq + 1")
        .await
        .unwrap();
    for node in [a, b] {
        node.run(&["list"]);
        assert_eq!(node.revealed("orders"), "second");
        assert!(!node.folder().join(&unknown).exists());
    }
    assert_eq!(fs::read(a.folder().join("identity.key")).unwrap(), kept);
    a.run(&["key", "rotate"]);

    // A table that a crash of the server empties.
    on("ALTER TABLE ticket SET UNLOGGED").await.unwrap();
    let refused = output(&a.folder(), &["list"]);
    assert_eq!(refused.status.code(), Some(11));
    on("ALTER TABLE ticket SET LOGGED").await.unwrap();

    // What the database would carry out by itself.
    on(
        "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
        CREATE TRIGGER spy BEFORE INSERT ON credential FOR EACH ROW EXECUTE FUNCTION spy()",
    )
    .await
    .unwrap();
    let refused = output(&a.folder(), &["list"]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        said.contains("is not made as this version makes it"),
        "{said}"
    );
    on("DROP TRIGGER spy ON credential; DROP FUNCTION spy()")
        .await
        .unwrap();

    // A row that is not as it was written.
    on("UPDATE credential SET target = 'elsewhere.example'")
        .await
        .unwrap();
    let refused = output(&b.folder(), &["reveal", "orders", "--secret", "password"]);
    assert_eq!(refused.status.code(), Some(11));
    assert!(refused.stdout.is_empty());
}

/// What whoever writes the database can make of a gateway's public key alone.
fn share_of_another_term(recipient: &str) -> Vec<u8> {
    let term = TermKey::generate(Term(2), clock::now()).unwrap();
    let recipients = [RecoveryKey::parse(recipient).unwrap()];
    let mut share = age::encrypt(Vec::new(), &Lock::RecoveryKeys(&recipients)).unwrap();
    share.write_all(&terms::to_json(&[Arc::new(term)])).unwrap();
    share.finish().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_that_comes_while_a_gateway_runs_stops_its_writing() {
    let site = Site::of(1).await;
    let a = &site.nodes[0];
    let serving = a.serve();
    let mut client = a.connect(serving.port).await;
    let sql = site.sql().await;
    sql.batch_execute(
        "SET search_path TO credential_gateway; \
         CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE TRIGGER spy BEFORE INSERT ON credential FOR EACH ROW EXECUTE FUNCTION spy()",
    )
    .await
    .unwrap();
    let (status, _) = a.store(&mut client, "orders", "secret").await;
    assert_eq!(status, 503);
    sql.batch_execute("DROP TRIGGER spy ON credential; DROP FUNCTION spy()")
        .await
        .unwrap();
    let (status, body) = a.store(&mut client, "orders", "secret").await;
    assert!(status.is_success(), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_shared_says_why() {
    let site = Site::of(1).await;
    let first = site.nodes[0].folder();
    // Another identity key than the one that a person has read out.
    let (outer, asked) = site.ask("b");
    let folder = outer.path().join("gateway");
    let other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let too_early = output(&folder, &["node", "join", "--identity", other]);
    assert_eq!(too_early.status.code(), Some(6));
    run(
        &first,
        &["node", "approve", "b", asked["key"].as_str().unwrap()],
    );
    let refused = output(&folder, &["node", "join", "--identity", other]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(
        !refused.status.success() && said.contains("the identity key in the store is"),
        "{said}"
    );
    assert!(!folder.join("keyring.json").exists() && !folder.join("identity.key").exists());

    // A password that is wrong, one that is not there, a server with another certificate.
    let configuration = first.join("gateway.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    let refused = || {
        let refused = command(&first, &["list"]).output().unwrap();
        (
            refused.status.code(),
            String::from_utf8(refused.stderr).unwrap(),
        )
    };
    site.put_password("hunter2-hunter2");
    let (code, said) = refused();
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("look after the database server") && !said.contains("hunter2"),
        "{said}"
    );
    fs::remove_file(site.password_file()).unwrap();
    let (code, said) = refused();
    assert!(code == Some(9) && said.contains("password_file"), "{said}");
    site.put_password(PASSWORD);

    let root = forge::root("root of the database");
    let (chain, key) = forge::leaf(&forge::server(|_| ()), &root);
    site.database.show(&chain, &key);
    let authority = first.join("db-ca.pem");
    for (pem, works) in [(root.pem(), true), (forge::root("another").pem(), false)] {
        fs::write(&authority, pem).unwrap();
        let with = text.replace(
            "host = \"127.0.0.1\"",
            &format!("host = \"localhost\"\nauthority = {authority:?}"),
        );
        fs::write(&configuration, with).unwrap();
        let listed = output(&first, &["list"]);
        assert_eq!(
            listed.status.success(),
            works,
            "{}",
            String::from_utf8_lossy(&listed.stderr)
        );
    }
    let without = text.replace("host = \"127.0.0.1\"", "host = \"db.corp.example\"");
    fs::write(&configuration, without).unwrap();
    let refused = output(&first, &["check"]);
    assert_eq!(refused.status.code(), Some(9));
    let said =
        String::from_utf8(refused.stdout).unwrap() + &String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("store.authority"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_may_lose_what_it_said_is_refused() {
    let database = Server::start_with("", &["fsync=off"]);
    let outer = tempfile::tempdir().unwrap();
    let port = database.port.to_string();
    let refused = output(
        &outer.path().join("gateway"),
        &[
            "init",
            "--store-host",
            "127.0.0.1",
            "--store-port",
            &port,
            "--store-database",
            "postgres",
            "--store-user",
            "admin",
            "--node",
            "a",
        ],
    );
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(9), "{said}");
    assert!(said.contains("fsync = off"), "{said}");
}
