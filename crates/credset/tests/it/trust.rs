//! Whom the tool believes: fingerprint, first use, what was remembered, and what a ticket names.

use std::fs;

use crate::case::{Case, SECRET};
use crate::scratch_gateway::ScratchGateway;

const SAVE: &str = "keys save {dir}/keys.json --gateway {gateway} --ca-file {ca}";

#[test]
fn a_gateway_that_nothing_is_known_of_is_not_believed() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let case = Case {
        arguments: SAVE,
        ..Case::default()
    };
    Case {
        name: "unknown",
        code: 4,
        err: &[
            "Nothing says that this is the right gateway",
            "{words}",
            "--fingerprint",
        ],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    assert!(!folder.path().join("keys.json").exists());
    assert!(!folder.path().join("state").exists());
    Case {
        name: "first use",
        more: &["--trust-on-first-use"],
        out: &["{words}", "{identity}", "3072 bits"],
        ..case.clone()
    }
    .check_in(&gateway, folder.path());
    Case {
        name: "known now",
        ..case.clone()
    }
    .check_in(&gateway, folder.path());

    // Another gateway at the same name: what the first use was good for.
    let other = ScratchGateway::new();
    for more in [&[][..], &["--trust-on-first-use"]] {
        Case {
            name: "another one",
            more,
            code: 4,
            err: &[
                "This is not the gateway that you met before",
                &gateway.words,
                "{words}",
            ],
            ..case.clone()
        }
        .check_in(&other, folder.path());
    }
    Case {
        name: "compared",
        more: &["--fingerprint", "{identity}"],
        ..case.clone()
    }
    .check_in(&other, folder.path());
    Case {
        name: "remembered instead",
        ..case.clone()
    }
    .check_in(&other, folder.path());
    Case {
        name: "and the first no more",
        code: 4,
        ..case
    }
    .check_in(&gateway, folder.path());
}

#[test]
fn a_fingerprint_is_six_words_or_a_thumbprint() {
    let gateway = ScratchGateway::new();
    for told in ["{words}", "{identity}"] {
        Case {
            name: told,
            arguments: SAVE,
            more: &["--fingerprint", told],
            ..Case::default()
        }
        .check(&gateway);
    }
    for (told, code) in [
        ("neurotic spleen poise onboard attic improvise", 4),
        ("neurotic spleen poise onboard attic", 2),
        ("neurotic spleen poise onboard attic xyzzy", 2),
    ] {
        Case {
            name: told,
            arguments: SAVE,
            more: &["--fingerprint", told],
            code,
            ..Case::default()
        }
        .check(&gateway);
    }
}

#[test]
fn nothing_is_sealed_for_another_key_than_the_tickets() {
    let (gateway, other) = (ScratchGateway::new(), ScratchGateway::new());
    let ticket = other.ticket("Files", &[]);
    let case = Case {
        arguments: "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-stdin --gateway {gateway} --ca-file {ca}",
        stdin: SECRET.as_bytes(),
        ..Case::default()
    };
    Case {
        name: "a ticket of another gateway",
        files: &[("ticket", ticket.as_bytes())],
        code: 4,
        err: &["The gateway's key is not the one in your ticket"],
        ..case.clone()
    }
    .check(&gateway);

    let known = format!("{} 1 https://elsewhere:8050 gw-credset\n", other.identity);
    Case {
        name: "a gateway that had another identity key before",
        files: &[("state/credset/known-gateways", known.as_bytes())],
        ticket: Some("Files"),
        code: 4,
        err: &["This is not the gateway that you met before"],
        ..case.clone()
    }
    .check(&gateway);
    let ahead = format!(
        "{} 9999999999 {} gw-credset\n",
        gateway.identity,
        gateway.origin()
    );
    Case {
        name: "a document that is older than one that was seen",
        files: &[("state/credset/known-gateways", ahead.as_bytes())],
        ticket: Some("Files"),
        code: 4,
        err: &["statement_older"],
        ..case.clone()
    }
    .check(&gateway);
    Case {
        name: "a file that is damaged",
        files: &[("state/credset/known-gateways", b"nonsense\n")],
        ticket: Some("Files"),
        code: 4,
        err: &["known-gateways is damaged"],
        ..case
    }
    .check(&gateway);
}

/// The key is replaced between two sets: the second is sealed for the new one, under a ticket from before.
#[test]
fn a_replaced_key_is_not_noticed() {
    let gateway = ScratchGateway::new();
    let before = gateway.ticket("Files", &[]);
    gateway.run(&["key", "rotate", "--now"]);
    Case {
        name: "after a rotation",
        arguments: "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-stdin --gateway {gateway} --ca-file {ca}",
        stdin: SECRET.as_bytes(),
        files: &[("ticket", before.as_bytes())],
        ..Case::default()
    }
    .check(&gateway);
    assert!(gateway.reveal("Files", "password") == SECRET.as_bytes());
}

#[test]
fn a_key_document_that_was_changed_is_refused() {
    let (gateway, other) = (ScratchGateway::new(), ScratchGateway::new());
    let saved = |gateway: &ScratchGateway| {
        let folder = Case {
            name: "saved",
            arguments: SAVE,
            more: &["--trust-on-first-use"],
            ..Case::default()
        }
        .check(gateway);
        fs::read_to_string(folder.path().join("keys.json")).unwrap()
    };
    let (ours, theirs) = (saved(&gateway), saved(&other));
    let (keys, statement) = ours.split_once(",\"statement\"").unwrap();
    let (other_keys, _) = theirs.split_once(",\"statement\"").unwrap();
    let missing = format!("{keys}}}");
    let substituted = format!("{other_keys},\"statement\"{statement}");
    let at = keys.find("\"n\":\"").unwrap() + 20;
    let mut bit = ours.clone();
    bit.replace_range(at..=at, if &ours[at..=at] == "A" { "B" } else { "A" });
    let mut signature = ours.clone();
    let end = ours.len() - 8;
    signature.replace_range(end..=end, if &ours[end..=end] == "A" { "B" } else { "A" });
    for (name, text, said) in [
        ("no statement", missing.as_str(), "statement_missing"),
        ("another's keys", &substituted, "statement_keys"),
        ("a bit of the modulus", &bit, "key_refused"),
        ("the signature", &signature, "statement_signature"),
    ] {
        let folder = Case {
            name,
            arguments: "seal --ticket-file {dir}/ticket --keys {dir}/keys.json --out {dir}/envelope --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-stdin --json",
            stdin: SECRET.as_bytes(),
            files: &[("keys.json", text.as_bytes())],
            ticket: Some("Files"),
            code: 4,
            out: &[if said == "key_refused" { said } else { "" }],
            err: &[if said == "key_refused" { "" } else { said }],
            ..Case::default()
        }
        .check(&gateway);
        assert!(!folder.path().join("envelope").exists(), "{name}");
    }
}
