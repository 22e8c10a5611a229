//! The whole drill with the real program: a backup while the gateway serves and rotates its keys, the folder destroyed, another
//! folder restored, and everything there.

use std::os::unix::fs::PermissionsExt;

use super::*;

/// A recovery key in a folder: its public half, and the identity's file.
pub(super) fn recovery_key(folder: &Path) -> (String, PathBuf) {
    let file = folder.join("identity.txt");
    let made = run(folder, &["recovery-key", "--out", file.to_str().unwrap()]);
    (String::from_utf8(made).unwrap().trim().to_owned(), file)
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn passphrase_file(folder: &Path, text: &str) -> PathBuf {
    let file = folder.join(format!("{}.passphrase", text.len()));
    std::fs::write(&file, format!("{text}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    file
}

/// Sets one credential and gives its receipt.
async fn set(installed: &Installed, client: &mut Client, keys: &JwkSet, name: &str) -> Value {
    let claims = TicketClaims {
        thp: keys.keys()[0].kid().clone(),
        ..installed.claims(name)
    };
    let password = format!("password of {name}");
    let envelope = seal(keys, &claims, &password);
    let (status, body) = client
        .set(&installed.ticket(&claims), &claims, envelope)
        .await
        .unwrap();
    assert!(status.is_success(), "{status}");
    json(&body)
}

/// Checks a receipt's signature with the identity key of a gateway's own description.
fn verifies(receipt: &Value, jwk: &Value) -> bool {
    let jws = receipt["jws"].as_str().unwrap();
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    let decode = |text: &str| Base64UrlUnpadded::decode_vec(text).unwrap();
    let key = decode(jwk["x"].as_str().unwrap());
    let key = aws_lc_rs::signature::UnparsedPublicKey::new(&aws_lc_rs::signature::ED25519, key);
    key.verify(signed.as_bytes(), &decode(signature)).is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_there_after_the_folder_was_destroyed() {
    let installed = Arc::new(Installed::new());
    let (key, identity) = recovery_key(installed.outer.path());
    // What a backup that was killed has left goes when the gateway starts.
    let killed = installed.folder().join(".backup-killed");
    std::fs::create_dir(&killed).unwrap();
    let mut serving = installed.serve();
    assert!(!killed.exists());
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    let receipt = set(&installed, &mut client, &keys, "early").await;
    set(&installed, &mut client, &keys, "early").await;
    installed.run(&["key", "rotate"]);
    installed.run(&["key", "rotate", "--store"]);
    // A connection that nothing is sent on for some seconds is closed.
    let mut client = installed.connect(serving.port).await;
    let keys = client.keys().await;
    set(&installed, &mut client, &keys, "rotated").await;

    let burst = installed.burst(serving.port, &keys);
    burst.wait_for_acknowledged(20).await;
    let before = burst.acknowledged.lock().unwrap().clone();
    let backup = installed.outer.path().join("gateway.backup");
    let made = installed.run(&[
        "backup",
        "--out",
        path(&backup),
        "--recipient",
        &key,
        "--json",
    ]);
    let during = burst.acknowledged.lock().unwrap().len();
    burst.wait_for_acknowledged(during + 10).await;
    assert!(json(&made)["credentials"].as_u64().unwrap() >= before.len() as u64 + 2);
    let mode = std::fs::metadata(&backup).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let audit = std::fs::read_to_string(installed.folder().join("audit.jsonl")).unwrap();
    let line = audit
        .lines()
        .find(|line| line.contains("\"backup_made\""))
        .unwrap();
    assert!(line.contains(&key[..20]), "{line}");

    kill_process(serving.pid(), Signal::KILL).unwrap();
    serving.end().await;
    burst.wait_for_end().await;
    let old_kek = std::fs::read(installed.folder().join("kek.key")).unwrap();
    std::fs::remove_dir_all(installed.folder()).unwrap();

    // Another folder, as on another machine.
    let installed = Arc::try_unwrap(installed).ok().unwrap();
    let (old, elsewhere) = (installed.outer, tempfile::tempdir().unwrap());
    let installed = Arc::new(Installed {
        outer: elsewhere,
        ..installed
    });
    let restore = ["restore", path(&backup), "--identity", path(&identity)];
    let into = installed.folder();
    let check = run(old.path(), &[&restore[..], &["--check"]].concat());
    assert!(String::from_utf8(check).unwrap().contains("gw-process"));
    let report = json(&run(
        old.path(),
        &[&restore[..], &["--into", path(&into), "--json"]].concat(),
    ));
    assert_eq!(report["gateway"], "gw-process");
    assert_eq!(report["audit_findings"], 0, "{report}");
    assert!(std::fs::read(into.join("kek.key")).unwrap() != old_kek);

    let serving = installed.serve();
    // All that was acknowledged before the backup, and each that is there is whole, also what came while it was made.
    let listed = json(&installed.run(&["list", "--json"]));
    let mut stored: BTreeMap<&str, u64> = BTreeMap::new();
    for row in listed.as_array().unwrap() {
        stored.insert(
            row["ls"].as_str().unwrap(),
            row["version"].as_u64().unwrap(),
        );
    }
    assert_eq!((stored["early"], stored["rotated"]), (2, 1));
    assert!(before.iter().all(|name| stored.contains_key(name.as_str())));
    for name in stored.keys() {
        let revealed = installed.run(&["reveal", name, "--secret", "password"]);
        assert!(
            revealed == format!("password of {name}").as_bytes(),
            "{name}"
        );
    }
    let mut client = installed.connect(serving.port).await;
    // The same identity: receipts of before are still good, and browsers take the document for a newer one.
    let (_, body) = client
        .send(Request::get("/v1/keys"), Body::empty())
        .await
        .unwrap();
    let statement = json(&body)["statement"]
        .as_str()
        .unwrap()
        .split('.')
        .nth(1)
        .unwrap()
        .to_owned();
    let statement = json(&Base64UrlUnpadded::decode_vec(&statement).unwrap());
    assert!(verifies(&receipt, &statement["identity"]), "{statement}");
    assert!(statement["seq"].as_u64().unwrap() > clock::now().0);
    // Saves go on, with the next version and under the keys of before.
    let keys = JwkSet::parse(&body).unwrap();
    let next = set(&installed, &mut client, &keys, "early").await;
    assert_eq!(next["receipt"]["version"], 3);

    // The audit trail goes on without a seam.
    let verified = json(&installed.run(&["audit", "verify", "--json"]));
    assert_eq!(verified["whole"], true, "{verified}");
    let audit = std::fs::read_to_string(into.join("audit.jsonl")).unwrap();
    let lines: Vec<Value> = audit.lines().map(|line| json(line.as_bytes())).collect();
    assert!(
        (1..)
            .zip(&lines)
            .all(|(number, line)| line["seq"] == number)
    );
    for event in ["key_rotated", "keyring_rotated", "restored"] {
        assert!(lines.iter().any(|line| line["event"] == event), "{event}");
    }
    assert!(!lines.iter().any(|line| line["event"] == "audit_gap"));
}

#[test]
fn a_passphrase_that_is_worn_through_for_real_opens_a_backup() {
    let installed = Installed::new();
    let outer = installed.outer.path();
    let right = passphrase_file(outer, "six words that nobody guesses soon");
    let wrong = passphrase_file(outer, "six words that somebody guesses soon");
    let short = passphrase_file(outer, "short");
    let backup = outer.join("gateway.backup");
    let make = |passphrase: &Path| {
        let arguments = [
            "backup",
            "--out",
            path(&backup),
            "--passphrase-file",
            path(passphrase),
        ];
        output(&installed.folder(), &arguments)
    };
    let refused = make(&short);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("too short") && !backup.exists());
    assert!(make(&right).status.success());
    let header = std::fs::read(&backup).unwrap();
    let header = String::from_utf8_lossy(&header[..200]).into_owned();
    assert!(header.contains(" 262144 3 1\n"), "{header}");
    // It stays as it is.
    let before = std::fs::read(&backup).unwrap();
    let again = make(&right);
    assert!(String::from_utf8_lossy(&again.stderr).contains("not overwritten"));
    assert!(before == std::fs::read(&backup).unwrap());

    let into = outer.join("restored");
    let restore = |passphrase: &Path| {
        let arguments = [
            "restore",
            path(&backup),
            "--into",
            path(&into),
            "--passphrase-file",
            path(passphrase),
        ];
        output(outer, &arguments)
    };
    let refused = restore(&wrong);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("passphrase is not the one"));
    assert_eq!(refused.status.code(), Some(6));
    let mut damaged = before.clone();
    damaged[before.len() / 2] ^= 1;
    let (file, right) = (outer.join("damaged.backup"), path(&right).to_owned());
    std::fs::write(&file, damaged).unwrap();
    let check = [
        "restore",
        path(&file),
        "--check",
        "--passphrase-file",
        &right,
    ];
    let refused = output(outer, &check);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("changed or cut"));
    assert_eq!(refused.status.code(), Some(11));
    let right = PathBuf::from(right);
    assert_eq!(into.read_dir().unwrap().count(), 0, "something was left");
    assert!(restore(&right).status.success());
    assert!(run(&into, &["list", "--json"]).starts_with(b"["));
    let full = restore(&right);
    assert!(String::from_utf8_lossy(&full.stderr).contains("is not empty"));
    let names = outer
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert!(
        !names
            .map(|name| name.to_string_lossy().into_owned())
            .any(|name| name.starts_with(".backup"))
    );
}

#[test]
fn a_restored_gateway_has_the_configuration_of_its_new_machine() {
    let installed = Installed::new();
    let outer = installed.outer.path();
    let (key, identity) = recovery_key(outer);
    let toml = installed.folder().join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let elsewhere = text.replacen("id = ", "page = \"/nowhere/page\"\nid = ", 1);
    std::fs::write(&toml, &elsewhere).unwrap();
    // Through a pipe.
    let backup = installed.run(&["backup", "--out", "-", "--recipient", &key]);
    let file = outer.join("piped.backup");
    std::fs::write(&file, &backup).unwrap();
    let restore = ["restore", path(&file), "--identity", path(&identity)];
    // With other people's tools, too.
    let mut age = Command::new("age")
        .args(["-d", "-i", path(&identity), path(&file)])
        .stdout(Stdio::piped())
        .spawn()
        .expect("age should be installed");
    let tar = Command::new("tar")
        .args(["-xO", "gateway.toml"])
        .stdin(age.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(age.wait().unwrap().success() && tar.stdout == elsewhere.as_bytes());
    let printed = run(outer, &[&restore[..], &["--print-configuration"]].concat());
    assert!(printed == elsewhere.as_bytes());

    // A page that is not there is told of and no reason to fail.
    let into = outer.join("as-it-was");
    let report = json(&run(
        outer,
        &[&restore[..], &["--into", path(&into), "--json"]].concat(),
    ));
    let remarks = report["remarks"].to_string();
    assert!(remarks.contains("/nowhere/page"), "{remarks}");
    assert!(std::fs::read(into.join("gateway.toml")).unwrap() == elsewhere.as_bytes());

    let other = outer.join("other.toml");
    std::fs::write(
        &other,
        text.replace("listen = \"127.0.0.1:0\"", "listen = \"127.0.0.2:0\""),
    )
    .unwrap();
    let into = outer.join("changed");
    let arguments = [
        "--configuration",
        path(&other),
        "--into",
        path(&into),
        "--kek",
        "file",
    ];
    run(outer, &[&restore[..], &arguments].concat());
    let text = std::fs::read_to_string(into.join("gateway.toml")).unwrap();
    assert!(text.contains("127.0.0.2:0") && text.contains("[kek]\nprovider = \"file\"\n"));
    run(&into, &["list"]);

    std::fs::write(&other, text.replace("gw-process", "gw-other")).unwrap();
    let into = outer.join("foreign");
    let arguments = ["--configuration", path(&other), "--into", path(&into)];
    let refused = output(outer, &[&restore[..], &arguments].concat());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is for the gateway gw-other"));
    assert_eq!(into.read_dir().unwrap().count(), 0, "something was left");
}

#[test]
fn what_is_only_looked_at_gets_no_key_encryption_key() {
    let here = tempfile::tempdir().unwrap();
    for what in ["--check", "--print-configuration"] {
        let refused = output(here.path(), &["restore", "none", what, "--kek", "file"]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(said.contains("--kek") && said.contains("--into"), "{said}");
    }
}
