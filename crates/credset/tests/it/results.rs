//! What is printed: results that nobody can read, and names that are no plain text.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Stdio;

use serde_json::Value;

use crate::case::{Case, REACH, SECRET, command, filled};
use crate::scratch_gateway::ScratchGateway;

/// Whoever was to read standard output is gone before the command has what it needs.
#[test]
fn a_result_that_cannot_be_written_is_a_failure() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definition = r#"{"name":"N","properties":{"type":"OnPremisesMySql","typeProperties":{"server":"a","database":"b","username":"u","password":"p4ssw0rd"}}}"#;
    fs::write(folder.path().join("a.json"), definition).unwrap();
    fs::write(folder.path().join("password"), SECRET).unwrap();
    const STORED: &str = "The credential is stored. The result could not be written";
    for (ls, arguments, err) in [
        (
            "Set",
            "set --ticket-stdin --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-file {dir}/password",
            STORED,
        ),
        (
            "Json",
            "set --ticket-stdin --json --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-file {dir}/password",
            STORED,
        ),
        (
            "Value",
            "encrypt-value --ticket-stdin --type OnPremisesFileSystemLinkedService --server \\\\files\\share --user-name CORP\\etl --password-file {dir}/password",
            STORED,
        ),
        ("N", "apply --ticket-stdin {dir}/a.json", STORED),
        (
            "Again",
            "apply --ticket-stdin {dir}/a.json",
            "credset: The result could not be written",
        ),
    ] {
        let arguments = filled(arguments, &gateway, folder.path());
        let mut process = command(folder.path())
            .args(arguments.split_whitespace())
            .args(REACH.map(|text| filled(text, &gateway, folder.path())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(process.stdout.take());
        let ticket = gateway.ticket(ls, &[]);
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(ticket.as_bytes()).unwrap();
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {said}");
        assert!(said.contains(err), "{arguments}: {said}");
    }
    let listed = gateway.json(&["list", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 4);
}

#[test]
fn a_name_that_is_no_text_is_told_as_well_as_it_can_be() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir(&definitions).unwrap();
    fs::write(definitions.join(OsStr::from_bytes(b"b\xff.json")), "{}").unwrap();
    let output = Case {
        name: "a byte that is no character",
        arguments: "apply {dir}/definitions --json",
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = document["files"][0]["file"].as_str().unwrap();
    assert!(name.ends_with("b\u{fffd}.json"), "{name}");
}

#[test]
fn what_others_have_named_moves_no_cursor() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let definitions = folder.path().join("definitions");
    fs::create_dir(&definitions).unwrap();
    let name = "a\u{1b}[2K\n[1\u{202e}].json";
    fs::write(definitions.join(name), "{}").unwrap();
    let below = definitions.join("b\u{1b}[2J\r.json");
    fs::write(&below, "no JSON").unwrap();
    fs::write(definitions.join("c\u{9b}.json"), [0xff]).unwrap();
    let output = Case {
        name: "for people",
        arguments: "apply {dir}/definitions",
        code: 7,
        err: &[
            "/a\u{fffd}[2K\u{fffd}[1\u{fffd}].json: left alone",
            "/b\u{fffd}[2J\u{fffd}.json: FAILED",
            "/c\u{fffd}.json is not UTF-8 text",
        ],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 3, "{said:?}");
}
