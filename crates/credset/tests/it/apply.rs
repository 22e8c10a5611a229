//! Definitions in files: rewritten in place, to the byte, whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::case::{Case, SECRET, command, filled, run};
use crate::scratch_gateway::ScratchGateway;

/// As Windows' editors write it.
fn definition(name: &str, password: &str) -> String {
    let password = serde_json::to_string(password).unwrap();
    format!(
        "\u{feff}{{\r\n  \"name\": \"{name}\",\r\n  \"annotations\": 1,\r\n  \"properties\": {{\r\n    \"type\": \"onpremisesmysql\",\r\n    \"typeProperties\": {{\r\n      \"Server\": \"my01\",\r\n      \"database\": \"sales\",\r\n      \"userName\": \"etl\",\r\n      \"Password\":{password},\r\n      \"gatewayName\": \"mine\"\r\n    }}\r\n  }}\r\n}}\r\n"
    )
}

/// What becomes of it.
fn rewritten(name: &str, version: u64) -> String {
    let reference =
        format!("\"encryptedCredential\": \"cgref:gw-credset/default/{name}/{version}\"");
    definition(name, "p").replace("\"Password\":\"p\"", &reference)
}

/// Tickets for these, in a folder.
fn tickets(gateway: &ScratchGateway, folder: &Path, names: &[&str]) {
    let path = folder.join("tickets");
    fs::create_dir_all(&path).unwrap();
    for name in names {
        fs::write(path.join(name), gateway.ticket(name, &[])).unwrap();
    }
}

fn case<'a>() -> Case<'a> {
    Case {
        arguments: "apply {dir}/definitions --tickets {dir}/tickets --gateway {gateway} --ca-file {ca}",
        ..Case::default()
    }
}

#[test]
fn one_file_is_rewritten_to_the_byte() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.json");
    fs::write(&path, definition("Sales", SECRET)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let before = fs::metadata(&path).unwrap();
    let case = Case {
        name: "one file",
        arguments: "apply {dir}/sales.json --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca}",
        ticket: Some("Sales"),
        ..Case::default()
    };
    Case {
        out: &["1 file: 1 set"],
        err: &["sales.json: set, version 1"],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    assert_eq!(fs::read_to_string(&path).unwrap(), rewritten("Sales", 1));
    assert!(gateway.reveal("Sales", "password") == SECRET.as_bytes());
    let after = fs::metadata(&path).unwrap();
    assert_eq!(after.mode(), before.mode());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    Case {
        name: "again: there is nothing to do, and no ticket is used",
        out: &["1 file: 1 left alone"],
        ..case
    }
    .check_in(&gateway, folder.path());
    assert_eq!(fs::read_to_string(&path).unwrap(), rewritten("Sales", 1));
}

#[test]
fn a_folder_goes_on_after_a_failure() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir_all(definitions.join("below")).unwrap();
    let broken = definition("B", SECRET).replace("\"name\"", "\"name");
    for (name, text) in [
        ("a.json", definition("A", SECRET)),
        ("b.json", broken.clone()),
        ("below/c.JSON", definition("C", "other")),
        ("d.json", definition("D", SECRET)),
        (
            "dataset.json",
            "{\"name\":\"set\",\"properties\":{}}".to_owned(),
        ),
        ("notes.txt", SECRET.to_owned()),
    ] {
        fs::write(definitions.join(name), text).unwrap();
    }
    tickets(&gateway, folder.path(), &["A", "B", "C"]);
    let output = Case {
        name: "a folder",
        more: &["--json"],
        code: 7,
        ..case()
    }
    .check_in(&gateway, folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcome = |name: &str| {
        let mut files = document["files"].as_array().unwrap().iter();
        let file = files.find(|file| file["file"].as_str().unwrap().ends_with(name));
        file.unwrap().clone()
    };
    assert_eq!(outcome("a.json")["outcome"], "set");
    assert_eq!(
        outcome("a.json")["reference"],
        "cgref:gw-credset/default/A/1"
    );
    assert_eq!(outcome("b.json")["error"]["cause"], "usage");
    assert_eq!(outcome("below/c.JSON")["version"], 1);
    assert_eq!(outcome("/d.json")["error"]["code"], "no_ticket");
    assert_eq!(outcome("dataset.json")["reason"], "not a linked service");
    assert_eq!(
        (&document["set"], &document["failed"], &document["skipped"]),
        (&2.into(), &2.into(), &1.into())
    );
    let now = |name| fs::read_to_string(definitions.join(name)).unwrap();
    assert_eq!(now("a.json"), rewritten("A", 1));
    assert_eq!(now("below/c.JSON"), rewritten("C", 1));
    // What failed is as it was, with nothing beside it.
    assert!(now("b.json") == broken && now("d.json") == definition("D", SECRET));
    assert_eq!(fs::read_dir(&definitions).unwrap().count(), 6);

    let output = Case {
        name: "the same for people",
        code: 7,
        out: &["5 files: 3 left alone, 2 failed"],
        err: &[
            "[1/5]",
            "a.json: left alone: has its reference already",
            "There is no ticket",
        ],
        ..case()
    }
    .check_in(&gateway, folder.path());
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
}

#[test]
fn all_that_fail_alike_have_their_own_exit_code() {
    let mut gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (definition("A", SECRET), definition("B", SECRET));
    tickets(&gateway, folder.path(), &["A", "B"]);
    let origin = gateway.origin();
    gateway.stop();
    Case {
        name: "nobody answers",
        arguments: "apply {dir}/definitions --tickets {dir}/tickets --ca-file {ca} --gateway",
        more: &[&origin],
        files: &[
            ("definitions/a.json", a.as_bytes()),
            ("definitions/b.json", b.as_bytes()),
        ],
        code: 3,
        out: &["2 files: 2 failed"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    assert!(fs::read_to_string(folder.path().join("definitions/a.json")).unwrap() == a);
}

#[test]
fn check_changes_nothing_and_emit_writes_elsewhere() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (definition("A", SECRET), definition("B", SECRET));
    let object: BTreeMap<&str, String> = ["A", "B"]
        .into_iter()
        .map(|name| (name, gateway.ticket(name, &[])))
        .collect();
    let object = serde_json::to_vec(&object).unwrap();
    let case = Case {
        arguments: "apply {dir}/definitions --tickets {dir}/tickets.json --gateway {gateway} --ca-file {ca}",
        files: &[
            ("definitions/a.json", a.as_bytes()),
            ("definitions/sub/b.json", b.as_bytes()),
            ("tickets.json", &object),
        ],
        ..Case::default()
    };
    Case {
        name: "check",
        more: &["--check"],
        out: &["2 files: 2 would be set"],
        err: &["would be set (OnPremisesMySql)"],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    let at = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(at("definitions/a.json") == a && at("definitions/sub/b.json") == b);
    assert!(
        gateway
            .json(&["list", "--json"])
            .as_array()
            .unwrap()
            .is_empty()
    );
    Case {
        name: "elsewhere",
        more: &["--emit", "{dir}/sealed"],
        ..case
    }
    .check_in(&gateway, folder.path());
    assert!(at("definitions/a.json") == a && at("definitions/sub/b.json") == b);
    assert_eq!(at("sealed/a.json"), rewritten("A", 1));
    assert_eq!(at("sealed/sub/b.json"), rewritten("B", 1));
}

#[test]
fn links_stay_links_and_what_may_not_be_written_is_refused() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir(&definitions).unwrap();
    let real = folder.path().join("real.json");
    fs::write(&real, definition("Linked", SECRET)).unwrap();
    symlink("../real.json", definitions.join("link.json")).unwrap();
    tickets(&gateway, folder.path(), &["Linked", "Fixed"]);
    Case {
        name: "a symbolic link",
        ..case()
    }
    .check_in(&gateway, folder.path());
    assert!(
        fs::symlink_metadata(definitions.join("link.json"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(fs::read_to_string(&real).unwrap(), rewritten("Linked", 1));

    let fixed = definitions.join("link.json");
    fs::remove_file(&fixed).unwrap();
    let fixed = definitions.join("fixed.json");
    fs::write(&fixed, definition("Fixed", SECRET)).unwrap();
    fs::set_permissions(&fixed, fs::Permissions::from_mode(0o444)).unwrap();
    for more in [&[][..], &["--check"]] {
        Case {
            name: "read-only",
            more,
            code: 1,
            err: &["cannot be written: it is read-only"],
            ..case()
        }
        .check_in(&gateway, folder.path());
    }
    assert!(fs::read_to_string(&fixed).unwrap() == definition("Fixed", SECRET));
    // It was refused before anything was stored.
    let listed = gateway.json(&["list", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
}

/// Stopped while it works on a folder: every file is either as it was or as it should be.
#[test]
fn an_interrupted_run_leaves_whole_files() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir(&definitions).unwrap();
    let names: Vec<String> = (10..30).map(|number| format!("L{number}")).collect();
    for name in &names {
        fs::write(
            definitions.join(format!("{name}.json")),
            definition(name, SECRET),
        )
        .unwrap();
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    tickets(&gateway, folder.path(), &names);
    let arguments = filled(case().arguments, &gateway, folder.path());
    let mut process = command(folder.path())
        .args(arguments.split_whitespace())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(
        first.contains("[1/20]") && first.ends_with("set, version 1"),
        "{first}"
    );
    kill_process(Pid::from_child(&process), Signal::INT).unwrap();
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(process.wait().unwrap().code(), Some(130), "{rest:?}");
    let (mut set, mut left) = (0, 0);
    for name in &names {
        let text = fs::read_to_string(definitions.join(format!("{name}.json"))).unwrap();
        if text == rewritten(name, 1) {
            assert!(gateway.reveal(name, "password") == SECRET.as_bytes());
            set += 1;
        } else {
            assert!(text == definition(name, SECRET), "{name} is neither");
            left += 1;
        }
    }
    assert!(set >= 1 && left >= 1, "{set} set, {left} left");
    assert_eq!(fs::read_dir(&definitions).unwrap().count(), names.len());
}

/// The disk takes nothing more: what is replaced must not be empty.
#[test]
fn a_file_that_cannot_be_written_stays_as_it_was() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir(&definitions).unwrap();
    let path = definitions.join("a.json");
    tickets(&gateway, folder.path(), &["A", "B"]);
    fs::write(&path, definition("A", SECRET)).unwrap();
    // Once without the limit, so that the gateway is known and nothing but the definition is to be written.
    let first = case();
    first.check_in(&gateway, folder.path());
    fs::write(&path, definition("B", SECRET)).unwrap();
    let arguments = filled(case().arguments, &gateway, folder.path());
    let program = env!("CARGO_BIN_EXE_credset");
    let mut shell = std::process::Command::new("sh");
    // The limit's signal is ignored, so that the writing fails as on a full disk.
    shell
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f 0; exec {program} {arguments}"),
        ])
        .env_clear()
        .env("HOME", folder.path())
        .env("XDG_STATE_HOME", folder.path().join("state"));
    let output = run(&mut shell, b"");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("The credential is stored, and the file is as it was"),
        "{said}"
    );
    assert!(fs::read_to_string(&path).unwrap() == definition("B", SECRET));
    assert_eq!(fs::read_dir(&definitions).unwrap().count(), 1);
}
