//! Envelopes that travel as files.

use std::fs;
use std::path::Path;

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::case::{Case, SECRET};
use crate::scratch_gateway::ScratchGateway;

const SEAL: &str = "seal --ticket-file {dir}/ticket --keys {dir}/keys.json --out {dir}/envelope --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-stdin";
const POST: &str =
    "post {dir}/envelope --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca}";

fn seal(gateway: &ScratchGateway, folder: &Path) {
    Case {
        name: "saved",
        arguments: "keys save {dir}/keys.json --trust-on-first-use --gateway {gateway} --ca-file {ca}",
        ..Case::default()
    }
    .check_in(gateway, folder);
    Case {
        name: "sealed",
        arguments: SEAL,
        stdin: SECRET.as_bytes(),
        ticket: Some("Files"),
        out: &["for           Files in default at gw-credset"],
        ..Case::default()
    }
    .check_in(gateway, folder);
}

#[test]
fn an_envelope_is_sealed_without_a_network_and_posted_later() {
    let mut gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    Case {
        name: "saved",
        arguments: "keys save {dir}/keys.json --trust-on-first-use --gateway {gateway} --ca-file {ca}",
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let ticket = gateway.ticket("Files", &[]);
    gateway.stop();
    Case {
        name: "sealed while nobody answers",
        arguments: SEAL,
        stdin: SECRET.as_bytes(),
        files: &[("ticket", ticket.as_bytes())],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let envelope = fs::read_to_string(folder.path().join("envelope")).unwrap();
    assert_eq!(envelope.split('.').count(), 5);
    gateway.serve();
    for name in ["posted", "posted again: the same receipt"] {
        Case {
            name,
            arguments: POST,
            out: &["stored        Files", "version       1"],
            ..Case::default()
        }
        .check_in(&gateway, folder.path());
    }
    assert!(gateway.reveal("Files", "password") == SECRET.as_bytes());
}

#[test]
fn an_envelope_goes_with_its_own_ticket() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    Case {
        name: "another ticket for the same",
        arguments: POST,
        ticket: Some("Files"),
        code: 5,
        err: &["sealed under another ticket: jti differs"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
}

#[test]
fn what_is_no_envelope_is_not_sent() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    let path = folder.path().join("envelope");
    let envelope = fs::read_to_string(&path).unwrap();
    fs::write(&path, &envelope[1..]).unwrap();
    let case = Case {
        arguments: POST,
        ..Case::default()
    };
    Case {
        name: "a character is missing",
        code: 2,
        err: &["is no envelope"],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    let last = if envelope.ends_with('A') { "Q" } else { "A" };
    fs::write(&path, format!("{}{last}", &envelope[..envelope.len() - 1])).unwrap();
    Case {
        name: "a bit of the tag",
        code: 6,
        err: &["The gateway could not open the envelope"],
        ..case
    }
    .check_in(&gateway, folder.path());
}

#[test]
fn a_key_that_is_gone_is_told() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    gateway.run(&["key", "rotate", "--now"]);
    Case {
        name: "destroyed meanwhile",
        arguments: POST,
        code: 6,
        err: &["The gateway has a new key", "seal anew"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
}

#[test]
fn saved_keys_are_shown() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    Case {
        name: "shown",
        arguments: "keys show {dir}/keys.json --json",
        out: &["\"gateway\": \"gw-credset\"", "{words}", "\"bits\": 3072"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
}

#[test]
fn what_is_sent_is_ciphertext() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    let case = Case {
        arguments: "open-test {dir}/envelope --password-file {dir}/password",
        files: &[("password", SECRET.as_bytes())],
        ..Case::default()
    };
    Case {
        name: "sealed by this program",
        out: &[
            "\"ls\": \"Files\"",
            "\"alg\": \"RSA-OAEP-256\"",
            "16 bytes  authentication tag",
            "password is nowhere in it",
        ],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    let short = Case {
        name: "too short to be looked for",
        files: &[("password", b"pw")],
        code: 2,
        err: &["found anywhere by chance"],
        ..case.clone()
    };
    short.check_in(&gateway, folder.path());

    // A file of the right form whose ciphertext is none.
    let path = folder.path().join("envelope");
    let envelope = fs::read_to_string(&path).unwrap();
    let mut segments: Vec<String> = envelope.split('.').map(str::to_owned).collect();
    for (name, plain) in [
        ("as it is", SECRET.as_bytes().to_vec()),
        (
            "as UTF-16",
            SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
    ] {
        let mut text = vec![b' '; 256];
        text[7..7 + plain.len()].copy_from_slice(&plain);
        segments[3] = Base64UrlUnpadded::encode_string(&text);
        fs::write(&path, segments.join(".")).unwrap();
        Case {
            name,
            code: 4,
            err: &["password can be read in this file", name],
            ..case.clone()
        }
        .check_in(&gateway, folder.path());
    }
}

/// The other way for an envelope to arrive: by hand, at the gateway's machine, while it serves.
#[test]
fn a_gateway_imports_what_was_sealed() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    seal(&gateway, folder.path());
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (envelope, ticket) = (at("envelope"), at("ticket"));
    let import = ["import", &envelope, "--ticket-file", &ticket];
    let said = String::from_utf8(gateway.run(&import)).unwrap();
    assert!(
        said.starts_with("stored version 1 of Files in default"),
        "{said}"
    );
    assert!(gateway.reveal("Files", "password") == SECRET.as_bytes());
    // The same again is the same receipt, as over HTTP; another envelope is refused, and so is no envelope.
    let again = gateway.json(&[&import[..], &["--json"]].concat());
    assert_eq!(again["receipt"]["version"], 1);
    let audit = fs::read_to_string(gateway.folder().join("audit.jsonl")).unwrap();
    assert_eq!(audit.matches("\"credential_set\"").count(), 2, "{audit}");
    fs::write(&ticket, gateway.ticket("Files", &[])).unwrap();
    let refused = gateway.refused(&import);
    assert!(refused.contains("the envelope was rejected"), "{refused}");
    fs::write(&ticket, gateway.ticket("Files", &["--delete"])).unwrap();
    let refused = gateway.refused(&import);
    assert!(refused.contains("ticket"), "{refused}");
    let refused = gateway.refused(&["import", &envelope]);
    assert!(refused.contains("--ticket-file"), "{refused}");
}
