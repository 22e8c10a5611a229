//! The credential socket of the real program: who gets what, and what everybody else is told.

use std::fs::Permissions;
use std::io::{Read as _, Write as _};

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;

use credential_client::{CredentialSocket, Error, Problem};

use super::*;

/// Everything that some format gives a meaning to, and characters of all lengths.
const HOSTILE: &str = "p'ä\"ß\\n;{}=%00\u{1}\t€😀\u{2028}</script>$(id) \u{7f}";
/// A user that every Linux has.
const DAEMON: u32 = 1;

/// The `[credential_socket]` section with these lines, and where the socket will be.
pub(super) fn with_socket(installed: &Installed, lines: &str) -> PathBuf {
    // Other users must get past the temporary folder.
    std::fs::set_permissions(installed.outer.path(), Permissions::from_mode(0o755)).unwrap();
    let path = installed.outer.path().join("run/credential.sock");
    let toml = installed.folder().join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let section = format!("{text}\n[credential_socket]\npath = {path:?}\n{lines}\n");
    std::fs::write(&toml, section).unwrap();
    path
}

async fn set(installed: &Installed, serving: &Serving, name: &str) {
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let claims = installed.claims(name);
    let envelope = seal(&keys, &claims, HOSTILE);
    let (status, _) = client
        .set(&installed.ticket(&claims), &claims, envelope)
        .await
        .unwrap();
    assert_eq!(status, StatusCode::CREATED);
}

/// The example, run by another user.
fn python(installed: &Installed, user: u32, arguments: &[&str]) -> Output {
    let example = installed.outer.path().join("credential.py");
    let text = include_str!("../../../../credential-client/examples/credential.py");
    std::fs::write(&example, text).unwrap();
    let mut python = Command::new("python3");
    if user != own_user() {
        python.uid(user).gid(user);
    }
    python
        .arg(&example)
        .args(arguments)
        .current_dir("/")
        .output()
        .unwrap()
}

pub(super) fn own_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

fn audit(installed: &Installed) -> Vec<Value> {
    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    let lines = audit.lines().map(|line| json(line.as_bytes()));
    lines
        .filter(|line| line["event"] == "credential_revealed")
        .collect()
}

fn refusal(answer: Result<credential_client::Credential, Error>) -> Problem {
    match answer {
        Err(Error::Refused { problem, .. }) => problem,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("a credential was given"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_user_gets_what_was_set_and_it_is_recorded_first() {
    let installed = Installed::new();
    let path = with_socket(&installed, &format!("users = [{}]", own_user()));
    let serving = installed.serve();
    set(&installed, &serving, "orders").await;

    let socket = CredentialSocket::new(&path);
    let given = socket
        .credential("factory", "orders")
        .unwrap_or_else(|error| panic!("{error}"));
    let line = audit(&installed).pop().unwrap();
    assert_eq!(
        (&line["result"], &line["ls"]),
        (&"ok".into(), &"orders".into())
    );
    let who = line["who"].as_str().unwrap();
    let expected = format!("uid {}, pid {}", own_user(), std::process::id());
    assert!(who.ends_with(&expected), "{who}");
    assert!(given.secret("password").unwrap().expose() == HOSTILE);
    assert_eq!(
        (given.version(), given.kind(), given.auth()),
        (1, "Http", "Basic")
    );
    assert_eq!(given.property("userName"), Some("etl"));

    let printed = installed.run(&["reveal", "orders"]);
    assert!(given.connection_string().expose().as_bytes() == printed.trim_ascii_end());
    let arguments = [path.to_str().unwrap(), "factory", "orders", "1"];
    let example = python(&installed, own_user(), &arguments);
    assert!(
        example.stdout == printed,
        "{}",
        String::from_utf8_lossy(&example.stderr)
    );

    let other = socket.credential_version("factory", "orders", 2);
    assert_eq!(refusal(other), Problem::OtherVersion);
    assert_eq!(
        refusal(socket.credential("factory", "none")),
        Problem::NotFound
    );
    let reasons: Vec<_> = audit(&installed)
        .iter()
        .map(|line| line["reason"].clone())
        .collect();
    assert_eq!(reasons[reasons.len() - 2..], ["other_version", "not_found"]);

    for file in ["log", "gateway/audit.jsonl"] {
        let text = std::fs::read_to_string(installed.outer.path().join(file)).unwrap();
        assert!(!text.contains("$(id)"), "a secret is in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_listed_gets_nothing_not_even_root() {
    // Only root can act as somebody else.
    if own_user() != 0 {
        return;
    }
    let installed = Installed::new();
    let lines = "users = [{ name = \"daemon\", linked_services = [\"factory/open-*\"] }]";
    let path = with_socket(&installed, lines);
    let serving = installed.serve();
    set(&installed, &serving, "open-1").await;
    set(&installed, &serving, "closed").await;

    let root = CredentialSocket::new(&path).credential("factory", "open-1");
    assert_eq!(refusal(root), Problem::NotAllowed);
    let line = audit(&installed).pop().unwrap();
    let expected = ("refused".into(), "not_allowed".into(), Value::Null);
    assert_eq!(
        (&line["result"], &line["reason"], &line["ls"]),
        (&expected.0, &expected.1, &expected.2)
    );
    assert!(line["who"].as_str().unwrap().starts_with("uid 0, pid "));

    let ask = |ls: &str| python(&installed, DAEMON, &[path.to_str().unwrap(), "factory", ls]);
    let given = ask("open-1");
    assert!(
        given.status.success(),
        "{}",
        String::from_utf8_lossy(&given.stderr)
    );
    assert!(given.stdout == installed.run(&["reveal", "open-1"]));
    // Whether it is stored is not told.
    for ls in ["closed", "nothing"] {
        let refused = ask(ls);
        assert_eq!(refused.status.code(), Some(1));
        assert!(refused.stdout.is_empty());
        assert!(
            String::from_utf8(refused.stderr)
                .unwrap()
                .contains("(not_allowed)")
        );
        let line = audit(&installed).pop().unwrap();
        assert_eq!(
            (&line["result"], &line["ls"]),
            (&"refused".into(), &ls.into())
        );
        assert!(
            line["who"]
                .as_str()
                .unwrap()
                .starts_with("daemon, uid 1, pid ")
        );
    }
    let stranger = python(
        &installed,
        65533,
        &[path.to_str().unwrap(), "factory", "open-1"],
    );
    assert!(stranger.stdout.is_empty());
    assert!(
        String::from_utf8(stranger.stderr)
            .unwrap()
            .contains("(not_allowed)")
    );
}

/// The code of the answer to these bytes, sent by this process.
fn code_for(path: &Path, bytes: &[u8]) -> Value {
    let mut stream = UnixStream::connect(path).unwrap();
    // One that has been answered already does not read on.
    let _ = stream.write_all(bytes);
    code(&mut stream)
}

fn code(stream: &mut UnixStream) -> Value {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.ends_with(b"\n"));
    json(&answer)["problem"]["code"].clone()
}

#[test]
fn whoever_asks_badly_is_told_and_holds_nobody_up() {
    let installed = Installed::new();
    let lines = format!(
        "users = [{}]\nconnections = 4\nrequest_seconds = 1",
        own_user()
    );
    let path = with_socket(&installed, &lines);
    let _serving = installed.serve();
    let request = b"{\"v\":1,\"df\":\"factory\",\"ls\":\"none\"}\n";
    // The place of the one before is given back in its own time.
    let answered = |bytes: &[u8]| {
        let began = Instant::now();
        loop {
            match code_for(&path, bytes) {
                busy if busy == "busy" && began.elapsed() < PATIENCE => {}
                code => return code,
            }
        }
    };
    assert_eq!(answered(b"GET / HTTP/1.1\r\n\r\n"), "malformed");
    assert_eq!(answered(b"{\"v\":9}\n"), "unknown_protocol");
    assert_eq!(answered(&b" ".repeat(1 << 20)), "too_large");
    assert_eq!(answered(request), "not_found");

    // Of four places one is this user's: whoever gets in first holds it up to the time limit, and no longer.
    let began = Instant::now();
    loop {
        let mut slow = UnixStream::connect(&path).unwrap();
        let _ = slow.write_all(b"{\"v\":");
        let second = code_for(&path, request);
        match (code(&mut slow).as_str(), second.as_str()) {
            (Some("timeout"), Some("busy")) => break,
            told => assert!(began.elapsed() < PATIENCE, "{told:?}"),
        }
    }
    assert_eq!(answered(request), "not_found");
    let lines = audit(&installed);
    assert!(
        lines.iter().all(|line| line["reason"] == "not_found"),
        "what was not asked is recorded"
    );
}

#[tokio::test]
async fn the_socket_lives_as_long_as_its_gateway() {
    let installed = Installed::new();
    let path = with_socket(&installed, &format!("users = [{}]", own_user()));
    let socket = CredentialSocket::new(&path);
    let mut serving = installed.serve();
    assert_eq!(
        refusal(socket.credential("factory", "none")),
        Problem::NotFound
    );
    kill_process(serving.pid(), Signal::KILL).unwrap();
    serving.end().await;
    assert!(path.exists(), "a kill leaves it");
    assert!(matches!(
        socket.credential("factory", "none"),
        Err(Error::Socket(_))
    ));

    let mut serving = installed.serve();
    assert_eq!(
        refusal(socket.credential("factory", "none")),
        Problem::NotFound
    );
    kill_process(serving.pid(), Signal::TERM).unwrap();
    assert!(serving.end().await.success());
    assert!(!path.exists(), "a stop leaves the socket");

    std::fs::write(&path, "somebody's").unwrap();
    let refused = output(&installed.folder(), &["serve"]);
    assert!(!refused.status.success());
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert!(
        complaint.contains("credential.sock is there and is no socket"),
        "{complaint}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "somebody's");
}

#[test]
fn a_user_that_is_not_there_is_named_at_the_start() {
    let installed = Installed::new();
    with_socket(&installed, "users = [\"no-such-user\"]");
    let refused = output(&installed.folder(), &["serve"]);
    assert!(!refused.status.success());
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert!(
        complaint.contains("credential_socket.users") && complaint.contains("\"no-such-user\""),
        "{complaint}"
    );
}

#[tokio::test]
async fn a_client_does_not_wait_longer_for_a_connection_than_it_was_told() {
    let outer = tempfile::tempdir().unwrap();
    let path = outer.path().join("socket");
    let listening = tokio::net::UnixSocket::new_stream().unwrap();
    listening.bind(&path).unwrap();
    let _listening = listening.listen(0).unwrap();
    // The one that has room; nobody takes it.
    let _waiting = UnixStream::connect(&path).unwrap();
    let asked = tokio::task::spawn_blocking(move || {
        let client = CredentialSocket::new(path).patience(Duration::from_millis(50));
        client.credential("factory", "orders").err()
    });
    let asked = tokio::time::timeout(Duration::from_secs(20), asked).await;
    let late = asked.expect("it waits").unwrap();
    assert!(
        matches!(&late, Some(Error::Socket(late)) if late.kind() == std::io::ErrorKind::TimedOut),
        "{late:?}"
    );
}
