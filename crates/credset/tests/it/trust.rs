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
        ("-ZTgt3QAEqi_2jyP_dTcH_IcsLZslurVMTg0zASq484", 4),
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

/// One gateway at two names of one place; then another gateway there.
#[test]
fn a_place_is_remembered_whatever_was_met_since() {
    let (first, other) = (ScratchGateway::new(), ScratchGateway::new());
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("state/credset/known-gateways");
    let by_address = "keys show --gateway https://127.0.0.1:{port} --ca-file {ca}";
    let by_address = by_address.replace("{port}", &first.port.to_string());
    for arguments in ["keys show --gateway {gateway} --ca-file {ca}", &by_address] {
        Case {
            name: "both are believed",
            arguments,
            more: &["--trust-on-first-use"],
            ..Case::default()
        }
        .check_in(&first, folder.path());
    }
    let lines = fs::read_to_string(&known).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");

    // Another key at a place that is known, while the name is not; and the other way round.
    let elsewhere = format!("{} 1 https://elsewhere:8050 gw-credset\n", other.identity);
    let at = |identity: &str, name: &str| format!("{identity} 1 {} {name}\n", other.origin());
    let case = Case {
        name: "what differs decides",
        arguments: "keys show --gateway {gateway} --ca-file {ca}",
        code: 4,
        err: &[
            "This is not the gateway that you met before",
            &first.words,
            "{words}",
        ],
        ..Case::default()
    };
    for text in [
        at(&first.identity, "gw-other"),
        elsewhere.clone() + &at(&first.identity, "gw-other"),
        at(&first.identity, "gw-other") + &elsewhere,
        at(&other.identity, "gw-credset") + &elsewhere.replace(&other.identity, &first.identity),
    ] {
        for more in [&[][..], &["--trust-on-first-use"]] {
            Case {
                files: &[("state/credset/known-gateways", text.as_bytes())],
                more,
                ..case.clone()
            }
            .check_in(&other, folder.path());
            assert_eq!(fs::read_to_string(&known).unwrap(), text);
        }
    }

    // A person has compared: what contradicts goes, what agrees stays, and so does what has nothing to do with it.
    let unrelated = format!("{} 1 https://far:8050 gw-far\n", first.identity);
    let text = [
        &at(&other.identity, "gw-credset"),
        &at(&first.identity, "gw-other"),
        &elsewhere,
        &unrelated,
    ];
    let text: String = text.into_iter().map(String::as_str).collect();
    for more in [&["--fingerprint", "{identity}"][..], &[]] {
        let files = [("state/credset/known-gateways", text.as_bytes())];
        Case {
            name: "compared",
            more,
            code: 0,
            err: &[],
            files: if more.is_empty() { &[] } else { &files },
            ..case.clone()
        }
        .check_in(&other, folder.path());
        let left = fs::read_to_string(&known).unwrap();
        assert!(
            left.contains(&elsewhere) && left.contains(&unrelated),
            "{left}"
        );
        assert!(
            left.contains(&format!("{} gw-credset\n", other.origin())),
            "{left}"
        );
        assert_eq!(left.lines().count(), 3, "{left}");
    }
}

#[test]
fn the_lock_is_a_file_of_its_own_and_not_waited_for_without_end() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let case = Case {
        name: "files of similar names",
        arguments: "keys show --gateway {gateway} --ca-file {ca} --trust-on-first-use --known-gateways {dir}/k.json",
        files: &[("k.lock", b"somebody's"), ("k.json.lock", b"somebody's")],
        ..Case::default()
    };
    case.check_in(&gateway, folder.path());
    for name in ["k.lock", "k.json.lock"] {
        let text = fs::read(folder.path().join(name)).unwrap();
        assert_eq!(text, b"somebody's", "{name}");
    }
    let held = fs::File::create(folder.path().join("k.json.lock")).unwrap();
    held.lock().unwrap();
    Case {
        name: "held",
        code: 1,
        files: &[],
        err: &["k.json.lock cannot be locked: another program holds it"],
        ..case
    }
    .check_in(&gateway, folder.path());
}
