//! `apply --check`: what it says holds, and nothing is changed.

use std::fs;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use serde_json::Value;

use crate::case::Case;
use crate::scratch_gateway::ScratchGateway;

const DEFINITION: &str = r#"{"name":"N","properties":{"type":"OnPremisesMySql","typeProperties":{"server":"a","database":"b","username":"u","password":"p4ssw0rd"}}}"#;

const FILES: &[(&str, &[u8])] = &[("a.json", DEFINITION.as_bytes())];

fn case<'a>() -> Case<'a> {
    Case {
        arguments: "apply --check {dir}/a.json --ticket-file {dir}/ticket --gateway {gateway}",
        files: FILES,
        ..Case::default()
    }
}

/// The ticket as it was issued an hour ago.
fn old(ticket: &str) -> String {
    let mut segments: Vec<String> = ticket.split('.').map(str::to_owned).collect();
    let claims = Base64UrlUnpadded::decode_vec(&segments[1]).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    for time in ["iat", "nbf", "exp"] {
        claims[time] = (claims[time].as_u64().unwrap() - 3_600).into();
    }
    segments[1] = Base64UrlUnpadded::encode_string(&serde_json::to_vec(&claims).unwrap());
    segments.join(".")
}

#[test]
fn no_folder_is_made() {
    let gateway = ScratchGateway::new();
    let folder = Case {
        name: "a folder that is not there",
        more: &["--emit", "{dir}/new/deep/x.json"],
        ticket: Some("N"),
        out: &["1 file: 1 would be set"],
        ..case()
    }
    .check(&gateway);
    assert!(!folder.path().join("new").exists());
    Case {
        name: "for good",
        arguments: "apply {dir}/a.json --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca} --emit {dir}/new/deep/x.json",
        out: &["1 file: 1 set"],
        ..case()
    }
    .check_in(&gateway, folder.path());
    let emitted = fs::read_to_string(folder.path().join("new/deep/x.json")).unwrap();
    assert!(emitted.contains("cgref:gw-credset/default/N/1"));
    let left = Case {
        name: "what cannot be set makes no folder either",
        arguments: "apply {dir}/a.json --ticket-file {dir}/ticket --emit {dir}/other/x.json",
        code: 2,
        err: &["which gateway?"],
        ..case()
    };
    left.check_in(&gateway, folder.path());
    assert!(!folder.path().join("other").exists());
}

#[test]
fn what_would_fail_is_not_promised() {
    let gateway = ScratchGateway::new();
    let expired = old(&gateway.ticket("N", &[]));
    Case {
        name: "an expired ticket",
        files: &[
            ("a.json", DEFINITION.as_bytes()),
            ("ticket", expired.as_bytes()),
        ],
        code: 5,
        out: &["1 file: 1 failed"],
        err: &["expired"],
        ..case()
    }
    .check(&gateway);
    Case {
        name: "no gateway",
        arguments: "apply --check {dir}/a.json --ticket-file {dir}/ticket",
        ticket: Some("N"),
        code: 2,
        out: &["1 file: 1 failed"],
        err: &["which gateway?"],
        ..case()
    }
    .check(&gateway);
}
