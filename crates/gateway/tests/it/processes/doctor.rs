//! `doctor`: a healthy gateway has nothing to complain of, and each thing that is broken is named, with what to do, and nothing else.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use gateway::custody::{Custody, Settings};
use gateway::data_folder::DataFolder;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::*;
use crate::certificates::forge;

/// The machine that tests run on may have no name that is found, and no right to lock memory.
const OF_THE_MACHINE: [&str; 3] = ["names", "memory", "disk"];

/// A gateway that has a credential in its second version, and stopped; the store with the first is beside the folder.
async fn patient() -> Installed {
    let installed = Installed::new();
    let mut serving = installed.serve();
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let first = installed.outer.path().join("first.sqlite");
    for password in ["one", "two"] {
        let claims = installed.claims("orders");
        let envelope = seal(&keys, &claims, password);
        let ticket = installed.ticket(&claims);
        let (status, _) = client.set(&ticket, &claims, envelope).await.unwrap();
        assert!(status.is_success());
        if !first.exists() {
            let copy = format!("VACUUM INTO '{}'", first.display());
            sql(&installed.folder(), copy).await;
        }
    }
    kill_process(serving.pid(), Signal::TERM).unwrap();
    assert!(serving.end().await.success());
    installed
}

async fn sql(folder: &Path, statements: String) {
    let options = SqliteConnectOptions::new().filename(folder.join("store.sqlite"));
    let mut connection = options.connect().await.unwrap();
    let statements = sqlx::AssertSqlSafe(statements);
    sqlx::raw_sql(statements)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    fs::set_permissions(to, fs::metadata(from).unwrap().permissions()).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// Every file with what is in it, but what SQLite keeps beside its file while somebody has it open.
pub(super) fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_string_lossy();
        if path.is_dir() {
            found.extend(contents(&path));
        } else if !name.ends_with("-wal") && !name.ends_with("-shm") {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

/// Each check with its state, and with what is said of it.
fn doctor(folder: &Path) -> (i32, BTreeMap<String, (String, String)>) {
    let output = output(folder, &["doctor", "--json"]);
    let code = output.status.code().unwrap();
    let examined = json(&output.stdout);
    assert_eq!(examined["exit_code"], code, "{examined:#}");
    let checks = examined["checks"].as_array().unwrap().iter().map(|check| {
        let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let said = format!("{}\n{}", text("found"), text("advice"));
        (text("name"), (text("state"), said))
    });
    (code, checks.collect())
}

#[track_caller]
fn is_healthy_but(
    checks: &BTreeMap<String, (String, String)>,
    what: &str,
    expected: &[(&str, &str, &str)],
) {
    for (name, state, words) in expected {
        let (found, said) = &checks
            .get(*name)
            .unwrap_or_else(|| panic!("{what}: no check {name}: {checks:#?}"));
        assert_eq!(found, state, "{what}: {name}: {said}");
        for word in words.split(" … ") {
            assert!(said.contains(word), "{what}: {name}: {word:?} in {said}");
        }
        assert!(
            said.lines().count() > 1 || *state != "note",
            "{what}: no advice: {said}"
        );
        let cause = "(os error ";
        assert!(said.matches(cause).count() <= 1, "{what}: twice: {said}");
    }
    for (name, (state, said)) in checks {
        let is_expected = expected.iter().any(|(expected, _, _)| name == expected);
        let is_fine = ["passed", "skipped"].contains(&state.as_str());
        let is_of_the_machine = state == "note" && OF_THE_MACHINE.contains(&name.as_str());
        assert!(
            is_expected || is_fine || is_of_the_machine,
            "{what}: {name} {state}: {said}"
        );
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

type Break = Box<dyn Fn(&Path) + Send + Sync>;

/// What is broken, how, and which checks say what of it; the exit code is the cause's.
struct Case {
    what: &'static str,
    harm: Break,
    code: i32,
    expected: Vec<(&'static str, &'static str, &'static str)>,
}

impl Case {
    /// What another check says of the same.
    fn and(mut self, expected: (&'static str, &'static str, &'static str)) -> Self {
        self.expected.push(expected);
        self
    }
}

fn case(
    what: &'static str,
    code: i32,
    expected: (&'static str, &'static str, &'static str),
    harm: impl Fn(&Path) + Send + Sync + 'static,
) -> Case {
    Case {
        what,
        harm: Box::new(harm),
        code,
        expected: vec![expected],
    }
}

fn envelope_key(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder.join("envelope-keys")).unwrap();
    files.next().unwrap().unwrap().path()
}

fn written(folder: &Path, name: &str, content: &str) {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
}

fn edited(folder: &Path, name: &str, edit: impl Fn(&str) -> String) {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let changed = edit(&text);
    assert_ne!(changed, text, "nothing was changed in {name}");
    fs::write(folder.join(name), changed).unwrap();
}

/// One of the administrator's own, for so many days from now.
fn certificate_for(folder: &Path, days: i64) {
    let root = forge::root("root");
    let end = forge::now() + time::Duration::days(days);
    let params = forge::server(|params| params.not_after = end);
    let (leaf, key) = forge::leaf(&params, &root);
    written(folder, "tls/own.pem", &[leaf, root.pem(), key].concat());
}

/// Runs in a thread of its own, so that it may wait.
fn done(handle: &tokio::runtime::Handle, folder: &Path, statements: impl Into<String>) {
    handle.block_on(sql(folder, statements.into()));
}

fn cases(handle: &tokio::runtime::Handle, id: &GatewayId) -> Vec<Case> {
    let waiting = || handle.clone();
    let mut cases = vec![
        case(
            "a key that others may read",
            1,
            ("rights", "failed", "mode 0644 … chmod 600"),
            |folder| {
                fs::set_permissions(envelope_key(folder), Permissions::from_mode(0o644)).unwrap();
            },
        ),
        case(
            "a lost key-encryption key",
            1,
            ("kek", "failed", "kek.key is missing … backup"),
            |folder| fs::remove_file(folder.join("kek.key")).unwrap(),
        ),
        case(
            "another identity key",
            11,
            ("identity", "failed", "identity.key … damaged"),
            |folder| written(folder, "identity.key", "no key"),
        ),
        case(
            "a lost envelope key",
            1,
            (
                "envelope_keys",
                "failed",
                ".key is missing … copy … key rotate --now",
            ),
            |folder| fs::remove_file(envelope_key(folder)).unwrap(),
        ),
        case(
            "a file that no row knows",
            0,
            ("envelope_keys", "note", "of no key of the store's"),
            |folder| {
                let kid = "A".repeat(43);
                written(folder, &format!("envelope-keys/{kid}.key"), "");
            },
        ),
        case(
            "an audit line cut out of the middle",
            11,
            ("audit", "failed", "audit.jsonl:2 … audit verify"),
            |folder| {
                edited(folder, "audit.jsonl", |text| {
                    let mut lines: Vec<_> = text.split_inclusive('\n').collect();
                    lines.remove(1);
                    lines.concat()
                });
            },
        )
        // What the store is compared with.
        .and(("credentials", "skipped", "see `audit`")),
        case(
            "the lost folder of the envelope keys",
            1,
            ("envelope_keys", "failed", "envelope-keys is missing"),
            |folder| fs::remove_dir_all(folder.join("envelope-keys")).unwrap(),
        )
        .and(("terms", "skipped", "see `envelope_keys`")),
        case(
            "an expired certificate",
            9,
            ("certificate", "failed", "expired on … certificate replace"),
            |folder| {
                certificate_for(folder, -2);
            },
        ),
        case(
            "a certificate that ends soon",
            0,
            ("certificate", "note", "days) … get a new one"),
            // Clear of the boundary, which is at 30 days to the second.
            |folder| certificate_for(folder, 20),
        ),
        case(
            "a socket in a folder that everybody may write",
            9,
            ("credential_socket", "failed", "others may write"),
            |folder| {
                let open = folder.with_extension("open");
                fs::create_dir(&open).unwrap();
                fs::set_permissions(&open, Permissions::from_mode(0o777)).unwrap();
                edited(folder, "gateway.toml", |text| {
                    let path = open.join("socket");
                    let path = path.display();
                    format!("{text}\n[credential_socket]\npath = \"{path}\"\nusers = [0]\n")
                });
            },
        ),
        case(
            "what a kill has left",
            0,
            ("contents", "note", "cut off … rm "),
            |folder| written(folder, "tls/.leaf.pem.4999999.new", ""),
        ),
        case(
            "a file of somebody else's",
            0,
            ("contents", "note", "thesis.txt is not the gateway's"),
            |folder| written(folder, "thesis.txt", "years of work"),
        ),
        case(
            "a damaged portal",
            9,
            ("portals", "failed", "issuers/portal.toml … portal add"),
            |folder| written(folder, "issuers/portal.toml", "name = \"portal\"\n"),
        ),
        case(
            "a portal without TLS",
            0,
            ("portals", "note", "http://portal.corp … https"),
            |folder| {
                edited(folder, "issuers/portal.toml", |text| {
                    text.replace("https://", "http://")
                });
            },
        ),
        case(
            "a mistake in the configuration",
            9,
            ("configuration", "failed", "limts"),
            |folder| edited(folder, "gateway.toml", |text| format!("limts = 3\n{text}")),
        ),
        case(
            "a lost store",
            1,
            ("store", "failed", "store.sqlite is missing"),
            |folder| fs::remove_file(folder.join("store.sqlite")).unwrap(),
        ),
        case(
            "a page that is not there",
            9,
            ("page", "failed", "nowhere … page"),
            |folder| {
                edited(folder, "gateway.toml", |text| {
                    format!("page = \"nowhere\"\n{text}")
                });
            },
        ),
        case(
            "a changed row",
            11,
            ("credentials", "failed", "orders in factory: row_changed"),
            {
                let handle = waiting();
                move |folder| {
                    done(
                        &handle,
                        folder,
                        "UPDATE credential SET target = 'evil.example'",
                    );
                }
            },
        ),
        case(
            "a row that was put back",
            11,
            (
                "credentials",
                "failed",
                "orders in factory: row_rolled_back",
            ),
            {
                let handle = waiting();
                move |folder| {
                    let first = folder.parent().unwrap().join("first.sqlite");
                    let statements = format!(
                        "ATTACH '{}' AS first; DELETE FROM credential; INSERT INTO credential SELECT * FROM first.credential;",
                        first.display()
                    );
                    done(&handle, folder, statements);
                }
            },
        ),
        case(
            "a store that was put back whole",
            11,
            (
                "credentials",
                "failed",
                "orders in factory: row_rolled_back",
            ),
            |folder| {
                let first = folder.parent().unwrap().join("first.sqlite");
                fs::copy(first, folder.join("store.sqlite")).unwrap();
                let private = Permissions::from_mode(0o600);
                fs::set_permissions(folder.join("store.sqlite"), private).unwrap();
            },
        )
        // The trail goes on after what that store knows.
        .and(("audit", "failed", "the store knows nothing of this line")),
        case(
            "a row that was removed with its seal",
            11,
            (
                "credentials",
                "failed",
                "rows_put_back_or_removed … row_removed",
            ),
            {
                let handle = waiting();
                let statements = "DELETE FROM credential; DELETE FROM last_version;";
                move |folder| done(&handle, folder, statements)
            },
        ),
        case(
            "an envelope key that is overdue",
            0,
            ("envelope_keys", "note", "should have been replaced"),
            {
                let handle = waiting();
                let statements = "UPDATE envelope_key SET since = since - 31 * 86400";
                move |folder| done(&handle, folder, statements)
            },
        ),
        case(
            "terms that are being replaced",
            0,
            (
                "terms",
                "note",
                "term 1 is being replaced: 2 rows and 2 key files",
            ),
            {
                let (handle, id) = (waiting(), id.clone());
                move |folder| {
                    handle.block_on(async {
                        let folder = DataFolder::open(folder).unwrap();
                        let settings = Settings::new(id.clone());
                        let custody = Custody::open(&folder, settings).await.unwrap();
                        custody.rotate_terms(None, clock::now()).await.unwrap();
                        custody.shutdown().await;
                    });
                }
            },
        ),
    ];
    if rustix::process::geteuid().is_root() {
        cases.push(case(
            "a file of another user",
            1,
            (
                "owner",
                "failed",
                "audit.jsonl belongs to user 65534 … chown 0",
            ),
            |folder| {
                let nobody = rustix::fs::Uid::from_raw(65534);
                rustix::fs::chown(folder.join("audit.jsonl"), Some(nobody), None).unwrap();
            },
        ));
    }
    cases
}

// One test, because making a gateway with a credential takes longer than looking at it.
#[tokio::test(flavor = "multi_thread")]
async fn each_thing_that_is_broken_is_named_with_what_to_do_and_nothing_else() {
    let patient = patient().await;
    let folder = patient.folder();

    let before = contents(&folder);
    let (code, checks) = doctor(&folder);
    is_healthy_but(&checks, "stopped", &[("gateway", "skipped", "none runs")]);
    assert_eq!(code, 0);
    assert_eq!(
        contents(&folder),
        before,
        "a doctor has changed the patient"
    );
    assert!(!folder.join("store.sqlite-wal").exists());
    for name in [
        "kek",
        "keyring",
        "identity",
        "envelope_keys",
        "terms",
        "store",
        "credentials",
        "audit",
        "certificate",
        "portals",
        "clock",
        "rights",
        "owner",
        "contents",
    ] {
        assert_eq!(checks[name].0, "passed", "{name}");
    }

    let cases = cases(&tokio::runtime::Handle::current(), &patient.id);
    let outer = patient.outer.path();
    std::thread::scope(|scope| {
        for (number, case) in cases.iter().enumerate() {
            let folder = folder.clone();
            scope.spawn(move || {
                let broken = outer.join(format!("broken-{number}"));
                copy(&folder, &broken);
                (case.harm)(&broken);
                let before = contents(&broken);
                let (code, checks) = doctor(&broken);
                is_healthy_but(&checks, case.what, &case.expected);
                assert_eq!(code, case.code, "{}: {checks:#?}", case.what);
                assert_eq!(contents(&broken), before, "{}", case.what);
            });
        }
    });
    running(&patient).await;
}

/// The same gateway while it runs, and what can be wrong with that.
async fn running(patient: &Installed) {
    let folder = patient.folder();
    let (port, health) = (free_port(), free_port());
    edited(&folder, "gateway.toml", |text| {
        let text = text.replace("127.0.0.1:0", &format!("127.0.0.1:{port}"));
        format!("health_listen = \"127.0.0.1:{health}\"\n{text}")
    });
    let mut serving = patient.serve();
    let before = contents(&folder);
    let (code, checks) = doctor(&folder);
    is_healthy_but(
        &checks,
        "running",
        &[
            ("gateway", "passed", "its own certificate"),
            ("health", "passed", "ready"),
        ],
    );
    assert_eq!(code, 0);
    assert_eq!(
        contents(&folder),
        before,
        "a doctor has changed the patient"
    );

    let said = String::from_utf8(patient.run(&["doctor"])).unwrap();
    assert!(said.contains("passed   gateway"), "{said}");

    // Named in the configuration, which counts from the next start.
    let (chain, key) = forge::sound();
    for (name, content) in [("chain.pem", chain), ("key.pem", key)] {
        written(&folder, name, &content);
    }
    let toml = fs::read_to_string(folder.join("gateway.toml")).unwrap();
    edited(&folder, "gateway.toml", |text| {
        format!("{text}\n[tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"\n")
    });
    let (code, checks) = doctor(&folder);
    let other = (
        "gateway",
        "failed",
        "the certificate … is shown … next start",
    );
    is_healthy_but(
        &checks,
        "another certificate",
        &[other, ("certificate", "note", "it is not for")],
    );
    assert_eq!(code, 9);
    for name in ["chain.pem", "key.pem"] {
        fs::remove_file(folder.join(name)).unwrap();
    }

    let other_health = toml.replace(&health.to_string(), &free_port().to_string());
    fs::write(folder.join("gateway.toml"), other_health).unwrap();
    let (code, checks) = doctor(&folder);
    is_healthy_but(
        &checks,
        "no health",
        &[("health", "failed", "does not answer")],
    );
    assert_eq!(code, 10);

    let other_id = toml.replace("gw-process", "gw-another");
    fs::write(folder.join("gateway.toml"), other_id).unwrap();
    let (_, checks) = doctor(&folder);
    assert_eq!(checks["gateway"].0, "failed");
    assert!(checks["gateway"].1.contains("gw-process answers"));

    // After a kill, what SQLite has not put into its file yet is in the journal, and stays there.
    kill_process(serving.pid(), Signal::KILL).unwrap();
    serving.end().await;
    fs::write(folder.join("gateway.toml"), &toml).unwrap();
    let journal = || fs::read(folder.join("store.sqlite-wal")).unwrap();
    let (before, journal_before) = (contents(&folder), journal());
    assert!(!journal_before.is_empty());
    let (code, checks) = doctor(&folder);
    is_healthy_but(&checks, "killed", &[("gateway", "skipped", "none runs")]);
    assert_eq!(code, 0);
    assert_eq!(
        contents(&folder),
        before,
        "a doctor has changed the patient"
    );
    assert!(
        journal() == journal_before,
        "a doctor has emptied the journal"
    );
}
