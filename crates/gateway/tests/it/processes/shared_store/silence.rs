//! A database that says nothing any more: its machine is gone, and no connection ends.

use std::fs;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use http::{Request, StatusCode, header};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::{Installed, PATIENCE, Site, Sql};

/// What nobody has to wait longer for. A request ends after 30 seconds.
const BOUND: Duration = Duration::from_secs(25);
/// All that a gateway has for reading.
const READING: i64 = 4;

/// Stands between a gateway and its database, and falls silent.
struct Between {
    port: u16,
    is_silent: Arc<AtomicBool>,
}

impl Between {
    async fn to(database: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_silent = Arc::new(AtomicBool::new(false));
        let told = is_silent.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect((Ipv4Addr::LOCALHOST, database)).await;
                let (from_near, to_near) = near.into_split();
                let (from_far, to_far) = far.unwrap().into_split();
                tokio::spawn(pass_on(from_near, to_far, told.clone()));
                tokio::spawn(pass_on(from_far, to_near, told.clone()));
            }
        });
        Self { port, is_silent }
    }

    fn fall_silent(&self) {
        self.is_silent.store(true, Ordering::SeqCst);
    }

    /// For new connections: nothing that was begun before is heard of again.
    fn speak(&self) {
        self.is_silent.store(false, Ordering::SeqCst);
    }
}

async fn pass_on(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    is_silent: Arc<AtomicBool>,
) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(number @ 1..) = from.read(&mut buffer).await {
        if is_silent.load(Ordering::SeqCst) {
            // Neither heard of nor closed.
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..number]).await.is_err() {
            return;
        }
    }
}

/// The list at the gateway, asked over a connection of its own: its status, and how long it took.
async fn listed(node: Arc<Installed>, port: u16) -> (StatusCode, Duration) {
    let mut client = node.connect(port).await;
    let claims = node.claims("orders");
    let request = Request::get("/v1/factories/factory/linked-services?name=orders").header(
        header::AUTHORIZATION,
        format!("Bearer {}", node.ticket(&claims)),
    );
    let began = Instant::now();
    let (status, _) = client.send(request, Body::empty()).await.unwrap();
    (status, began.elapsed())
}

async fn wait_for_blocked(sql: &Sql, table: &str, expected: i64) {
    let began = Instant::now();
    let blocked = format!(
        "SELECT count(*) FROM pg_locks WHERE relation = 'credential_gateway.{table}'::regclass AND NOT granted"
    );
    while sql.query_one(&blocked, &[]).await.unwrap().get::<_, i64>(0) < expected {
        assert!(began.elapsed() < PATIENCE, "nobody waits for the table");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_falls_silent_is_answered_for_and_got_over_without_a_restart() {
    let site = Site::of(1).await;
    let node = &site.nodes[0];
    let between = Between::to(site.database.port).await;
    let configuration = node.folder().join("gateway.toml");
    let text = fs::read_to_string(&configuration).unwrap();
    let port = format!("port = {}", site.database.port);
    assert!(text.contains(&port));
    fs::write(
        &configuration,
        text.replace(&port, &format!("port = {}", between.port)),
    )
    .unwrap();
    let serving = node.serve();
    let mut client = node.connect(serving.port).await;
    let (status, _) = node.store(&mut client, "orders", "before").await;
    assert_eq!(status, 201);
    let keys = client.keys().await;

    // The connection that writes, and every one for reading, is in the middle of a statement.
    let (sql, other) = (site.sql().await, site.sql().await);
    sql.batch_execute("BEGIN; LOCK TABLE credential_gateway.gateway IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let mut asked = JoinSet::new();
    let claims = node.claims("orders");
    let envelope = crate::scratch::seal(&keys, &claims, "meanwhile");
    let ticket = node.ticket(&claims);
    let again = (ticket.clone(), claims.clone(), envelope.clone());
    let (writer, port) = (node.clone(), serving.port);
    asked.spawn(async move {
        let mut client = writer.connect(port).await;
        let began = Instant::now();
        let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
        (status, began.elapsed())
    });
    wait_for_blocked(&other, "gateway", 1).await;
    sql.batch_execute("LOCK TABLE credential_gateway.credential IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    for _ in 0..READING {
        asked.spawn(listed(node.clone(), serving.port));
    }
    wait_for_blocked(&other, "credential", READING).await;
    between.fall_silent();
    sql.batch_execute("ROLLBACK").await.unwrap();
    while let Some(answer) = asked.join_next().await {
        let (status, took) = answer.unwrap();
        assert_eq!(status, 503);
        assert!(took < BOUND, "{took:?}");
    }
    // So it stays.
    let (status, took) = listed(node.clone(), serving.port).await;
    assert!(status == 503 && took < BOUND, "{status} {took:?}");

    between.speak();
    let (ticket, claims, envelope) = again;
    let began = Instant::now();
    loop {
        let mut client = node.connect(serving.port).await;
        let answer = client.set(&ticket, &claims, envelope.clone()).await;
        let (status, body) = answer.unwrap();
        if status.is_success() {
            break;
        }
        assert!(status == 503 && began.elapsed() < PATIENCE, "{body:?}");
    }
    // As many at a time as before.
    let mut asked = JoinSet::new();
    for _ in 0..2 * READING {
        asked.spawn(listed(node.clone(), serving.port));
    }
    while let Some(answer) = asked.join_next().await {
        assert_eq!(answer.unwrap().0, 200);
    }
    assert_eq!(node.revealed("orders"), "meanwhile");
    drop(serving);
    node.run(&["audit", "verify"]);
}
