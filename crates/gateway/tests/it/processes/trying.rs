//! `test`: a stored credential at a real PostgreSQL, in the process of its own that the program starts of itself.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::mpsc;

use envelope::protocol::test_path;
use envelope::{Binding, Secret, SecretChange};

use super::*;
use crate::certificates::forge;
use crate::postgresql_server::{PASSWORD, Server};

fn sealed(
    keys: &JwkSet,
    claims: &TicketClaims,
    operation: Operation,
    port: u16,
    password: &str,
) -> String {
    let server = format!("localhost:{port}");
    let properties = [
        ("server", server.as_str()),
        ("database", "sales"),
        ("username", "author"),
    ];
    let password = SecretChange::Replace(Secret::new(password.to_owned()));
    let binding = Binding::from_ticket(claims, operation);
    let what = ("OnPremisesPostgreSql", &properties[..]);
    seal_basic(keys, claims, &binding, what, password)
}

impl Installed {
    /// From the next start on.
    fn allow_tests_to(&self, port: u16) {
        let configuration = self.folder().join("gateway.toml");
        let text = std::fs::read_to_string(&configuration).unwrap();
        let allow = format!("[test]\nallow = [{{ network = \"127.0.0.0/8\", ports = [{port}] }}]");
        std::fs::write(&configuration, text.replacen("[test]", &allow, 1)).unwrap();
    }
}

/// The stages with their results, the cause at the end, and the exit code.
fn tested(installed: &Installed, arguments: &[&str]) -> (Vec<String>, Value, i32) {
    let arguments = [&["test", "--json"], arguments].concat();
    let output = output(&installed.folder(), &arguments);
    let report = json(&output.stdout);
    let stages = report["stages"].as_array().unwrap().iter();
    let word = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
    let stages = stages.map(|line| format!("{} {}", word(line, "stage"), word(line, "result")));
    let cause = report["ending"]["cause"].clone();
    (stages.collect(), cause, output.status.code().unwrap())
}

fn output_of_list(installed: &Installed, arguments: &[&str]) -> String {
    let arguments = [&["list"], arguments].concat();
    let output = output(&installed.folder(), &arguments);
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_credential_is_tried_at_its_data_store() {
    let store = Server::start("hostssl all all 127.0.0.1/32 scram-sha-256\n");
    let author = format!("CREATE ROLE author LOGIN PASSWORD '{PASSWORD}'");
    store.run(&[&author, "CREATE DATABASE sales"]).await;
    let root = forge::root("root of the data store");
    let (leaf, key) = forge::leaf(&forge::server(|_| ()), &root);
    store.show(&leaf, &key);

    let installed = Installed::new();
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    for (name, password) in [("orders", PASSWORD), ("wrong", "hunter2-hunter2")] {
        let claims = installed.claims(name);
        let envelope = sealed(&keys, &claims, Operation::Set, store.port, password);
        let (status, _) = client
            .set(&installed.ticket(&claims), &claims, envelope)
            .await
            .unwrap();
        assert_eq!(status, 201);
    }
    let claims = installed.claims("warehouse");
    let envelope = seal_untriable(&keys, &claims);
    client
        .set(&installed.ticket(&claims), &claims, envelope)
        .await
        .unwrap();

    // Not to this machine, unless the administrator says so.
    let (stages, cause, code) = tested(&installed, &["orders"]);
    assert_eq!(cause, "policy_loopback", "{stages:?}");
    assert_eq!(code, 12);
    installed.allow_tests_to(store.port);

    let (stages, cause, code) = tested(&installed, &["orders"]);
    let expected = [
        "policy passed",
        "resolve passed",
        "connect passed",
        "tls failed",
        "authenticate skipped",
        "authorise skipped",
        "query skipped",
    ];
    assert_eq!(stages, expected);
    assert_eq!((cause.as_str(), code), (Some("certificate_untrusted"), 12));

    let output = output(&installed.folder(), &["test", "orders"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let sha256 = said
        .lines()
        .find_map(|line| line.trim().strip_prefix("SHA-256 "))
        .unwrap_or_else(|| panic!("{said}"));
    let trust = ["--trust", sha256];
    let (stages, cause, code) = tested(&installed, &[&["orders"], &trust[..]].concat());
    assert_eq!(stages.len(), 7, "{stages:?}");
    assert_eq!((cause, code), (Value::Null, 0));
    let (stages, cause, code) = tested(&installed, &[&["wrong"], &trust[..]].concat());
    assert_eq!(stages[4], "authenticate failed");
    assert_eq!((cause.as_str(), code), (Some("wrong_password"), 12));
    let (_, cause, code) = tested(&installed, &["orders", "--unencrypted"]);
    assert_eq!((cause.as_str(), code), (Some("not_admitted"), 12));
    let (_, cause, code) = tested(&installed, &["warehouse"]);
    assert_eq!((cause.as_str(), code), (Some("no_driver"), 12));

    // The last test of each is remembered.
    let listed = output_of_list(&installed, &["--json"]);
    let listed = json(listed.as_bytes());
    let last = |name: &str| {
        let mut listed = listed.as_array().unwrap().iter();
        let listed = listed.find(|listed| listed["ls"] == name).unwrap();
        listed["last_test"].clone()
    };
    assert_eq!(last("orders")["cause"], "not_admitted");
    assert_eq!(last("wrong")["cause"], "wrong_password");
    assert_eq!(last("wrong")["outcome"], "failed");
    assert!(last("wrong")["at"].is_u64());
    let table = output_of_list(&installed, &[]);
    assert!(
        table.contains("  wrong_password, ") && table.contains(" s ago\n"),
        "{table}"
    );

    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    let lines: Vec<_> = audit.lines().map(|line| json(line.as_bytes())).collect();
    let begun = |line: &&Value| line["event"] == "credential_test_begun";
    assert_eq!(lines.iter().filter(begun).count(), 7);
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line["event"] == "credential_tested")
        .map(|line| line["reason"].as_str().unwrap_or("").to_owned())
        .collect();
    let expected = [
        "policy_loopback",
        "certificate_untrusted",
        "certificate_untrusted",
        "",
        "wrong_password",
        "not_admitted",
        "no_driver",
    ];
    assert_eq!(told, expected);
    assert!(!audit.contains(PASSWORD) && !audit.contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_tries_what_is_stored_on_a_schedule() {
    let installed = Installed::new();
    // Nothing listens there: that could lock no account.
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    installed.allow_tests_to(port);
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let claims = installed.claims("orders");
    let envelope = sealed(&keys, &claims, Operation::Set, port, PASSWORD);
    let ticket = installed.ticket(&claims);
    let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
    assert_eq!(status, 201);
    let audit = || std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    assert!(!audit().contains("credential_test"));
    drop(serving);

    let configuration = installed.folder().join("gateway.toml");
    let text = std::fs::read_to_string(&configuration).unwrap();
    let text = text.replacen("[test]", "[test]\nevery_hours = 1", 1);
    std::fs::write(&configuration, text).unwrap();
    let serving = installed.serve();
    wait_until("nothing is tried", || audit().contains("credential_tested")).await;
    let audit = audit();
    let lines: Vec<_> = audit.lines().map(|line| json(line.as_bytes())).collect();
    let of = |event: &str| {
        let line = lines.iter().find(|line| line["event"] == event).unwrap();
        (
            line["who"].clone(),
            line["ls"].clone(),
            line["reason"].clone(),
        )
    };
    let (who, ls) = ("schedule".into(), "orders".into());
    assert_eq!(of("credential_test_begun"), (who, ls, Value::Null));
    let expected = ("schedule".into(), "orders".into(), "refused".into());
    assert_eq!(of("credential_tested"), expected);
    let listed = json(output_of_list(&installed, &["--json"]).as_bytes());
    assert_eq!(listed[0]["last_test"]["cause"], "refused");
    drop(serving);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_ends_when_its_caller_goes_away() {
    // It takes the connection, and never says anything.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let (sender, closed) = mpsc::channel();
    std::thread::spawn(move || {
        let (mut stream, _) = silent.accept()?;
        let read = stream.read_to_end(&mut Vec::new());
        // The child's end, whether or not it said goodbye.
        let _ = sender.send(Instant::now());
        read
    });
    let installed = Installed::new();
    installed.allow_tests_to(port);
    let serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let claims = installed.claims("orders");
    let request = Request::post(test_path(&claims.df, &claims.ls))
        .header(header::HOST, &client.host)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", installed.ticket(&claims)),
        )
        .header(header::CONTENT_TYPE, MEDIA_TYPE_ENVELOPE);
    let envelope = sealed(&keys, &claims, Operation::Test, port, PASSWORD);
    client.sender.ready().await.unwrap();
    let request = request.body(Body::from(envelope)).unwrap();
    let mut report = client.sender.send_request(request).await.unwrap();
    assert_eq!(report.status(), 200);
    let mut told = Vec::new();
    // Each line comes when its stage has ended, not with the last one.
    while !String::from_utf8_lossy(&told).contains(r#""stage":"connect""#) {
        let frame = report.body_mut().frame().await.unwrap().unwrap();
        told.extend_from_slice(&frame.into_data().unwrap());
    }
    let gone = Instant::now();
    drop((report, client));
    let closed = tokio::task::spawn_blocking(move || closed.recv_timeout(PATIENCE));
    let took = closed.await.unwrap().unwrap() - gone;
    // By itself the child would go on for twelve seconds.
    assert!(took < Duration::from_secs(6), "{took:?}");
    let audit = || std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    wait_until("the audit trail is not told", || {
        audit().contains(r#""reason":"caller_gone""#)
    })
    .await;
}
