//! Setting a credential, and every exit code but the one for several files.

use crate::case::{Case, REACH, SECRET};
use crate::scratch_gateway::ScratchGateway;

/// A file server, because it has few fields.
const FILE_SERVER: &str = "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share";

fn case<'a>() -> Case<'a> {
    Case {
        arguments: FILE_SERVER,
        more: &[
            "--gateway",
            "{gateway}",
            "--ca-file",
            "{ca}",
            "--password-stdin",
        ],
        stdin: SECRET.as_bytes(),
        ticket: Some("Files"),
        ..Case::default()
    }
}

#[test]
fn what_is_set_is_what_the_gateway_keeps() {
    let gateway = ScratchGateway::new();
    let folder = Case {
        name: "the receipt for people",
        out: &[
            "stored        Files",
            "data factory  default",
            "gateway       gw-credset",
            "OnPremisesFileServer, Windows",
            "account       CORP\\etl",
            "version       1",
            "cgref:gw-credset/default/Files/1",
        ],
        err: &["fetching the key"],
        ..case()
    }
    .check(&gateway);
    assert!(gateway.reveal("Files", "password") == SECRET.as_bytes());
    let known = folder.path().join("state/credset/known-gateways");
    let known = std::fs::read_to_string(known).unwrap();
    assert!(known.starts_with(&gateway.identity) && known.contains(" gw-credset\n"));

    Case {
        name: "the receipt for programs",
        more: &[case().more, &["--json"]].concat(),
        ..case()
    }
    .check(&gateway);
    let output = Case {
        name: "a repeated set is the next version",
        more: &[case().more, &["--json"]].concat(),
        ..case()
    }
    .check_in(&gateway, folder.path());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["receipt"]["version"], 3);
    assert_eq!(document["reference"], "cgref:gw-credset/default/Files/3");
    assert!(document["jws"].as_str().unwrap().split('.').count() == 3);
    assert!(output.stderr.is_empty());
}

#[test]
fn the_link_names_the_gateway() {
    let gateway = ScratchGateway::new();
    let link = gateway.link("Files");
    let case = Case {
        name: "a link",
        more: &["--ca-file", "{ca}", "--password-stdin"],
        files: &[("ticket", link.as_bytes())],
        ticket: None,
        ..case()
    };
    case.check(&gateway);
}

#[test]
fn every_refusal_has_its_exit_code() {
    let mut gateway = ScratchGateway::new();
    let ticket = gateway.ticket("Files", &[]);
    let cut = &ticket[..ticket.len() - 9];
    let deleting = gateway.ticket("Files", &["--delete"]);
    let oracle = gateway.ticket("Files", &["--kind", "OnPremisesOracle"]);
    let last = if ticket.ends_with('A') { 'Q' } else { 'A' };
    // The last character carries the end of the signature.
    let forged = format!("{}{last}", &ticket[..ticket.len() - 1]);
    let offline = ["--gateway", "{gateway}", "--password-stdin"];
    for case in [
        Case {
            name: "1: no such file",
            more: &["--password-file", "{dir}/nothing"],
            code: 1,
            err: &["nothing cannot be read"],
            ..case()
        },
        Case {
            name: "2: no command",
            arguments: "",
            more: &[],
            code: 2,
            ..case()
        },
        Case {
            name: "2: no ticket",
            arguments: "set --kind Http",
            code: 2,
            err: &["a ticket is needed"],
            ..case()
        },
        Case {
            name: "2: no gateway",
            more: &["--password-stdin"],
            code: 2,
            err: &["which gateway?"],
            ..case()
        },
        Case {
            name: "2: no such kind",
            arguments: "set --ticket-file {dir}/ticket --kind Oracle9",
            code: 2,
            err: &["no kind of data store \"Oracle9\"", "OnPremisesOracle"],
            ..case()
        },
        Case {
            name: "2: a field breaks a rule, in the page's words",
            arguments: "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=/etc",
            code: 2,
            err: &["host: "],
            ..case()
        },
        Case {
            name: "2: a field that is not there",
            more: &["--password-stdin", "-p", "colour=red"],
            code: 2,
            err: &["no field \"colour\"; known: host, userid, password"],
            ..case()
        },
        Case {
            name: "2: plain HTTP",
            more: &["--gateway", "http://localhost", "--password-stdin"],
            code: 2,
            err: &["https only"],
            ..case()
        },
        Case {
            name: "2: too long",
            stdin: &[b'x'; 5000],
            code: 2,
            err: &["password: "],
            ..case()
        },
        Case {
            name: "3: nobody listens",
            more: &["--gateway", "https://127.0.0.1:1", "--password-stdin"],
            code: 3,
            err: &["The gateway does not answer"],
            ..case()
        },
        Case {
            name: "3: no such name",
            more: &["--gateway", "https://gateway.invalid", "--password-stdin"],
            code: 3,
            err: &["gateway.invalid is not known here"],
            ..case()
        },
        Case {
            name: "4: nobody trusts its certificate",
            more: &offline,
            code: 4,
            err: &[
                "is not trusted: nobody whom this computer trusts",
                "--ca-file",
            ],
            ..case()
        },
        Case {
            name: "4: another fingerprint",
            more: &[
                case().more,
                &[
                    "--fingerprint",
                    "neurotic spleen poise onboard attic improvise",
                ],
            ]
            .concat(),
            code: 4,
            err: &["The gateway's fingerprint is another one", "{words}"],
            ..case()
        },
        Case {
            name: "5: a ticket that is cut off",
            files: &[("ticket", cut.as_bytes())],
            ticket: None,
            code: 5,
            err: &["The link is damaged"],
            ..case()
        },
        Case {
            name: "5: a forged ticket",
            files: &[("ticket", forged.as_bytes())],
            ticket: None,
            code: 5,
            err: &["credset:"],
            ..case()
        },
        Case {
            name: "5: a ticket for deleting",
            files: &[("ticket", deleting.as_bytes())],
            ticket: None,
            code: 5,
            err: &["This link is not for setting a credential"],
            ..case()
        },
        Case {
            name: "5: a ticket for another kind",
            files: &[("ticket", oracle.as_bytes())],
            ticket: None,
            code: 5,
            err: &["OnPremisesOracle, not for OnPremisesFileServer"],
            ..case()
        },
        Case {
            name: "6: nothing is stored that could be kept",
            more: &[&REACH[..], &["--keep", "password"]].concat(),
            ticket: Some("Nothing"),
            code: 6,
            err: &["The secret has to be typed again", "password"],
            ..case()
        },
    ] {
        case.check(&gateway);
    }
    let used = Case {
        name: "a first use",
        files: &[("ticket", ticket.as_bytes())],
        ticket: None,
        ..case()
    };
    used.check(&gateway);
    Case {
        name: "5: used for another envelope",
        code: 5,
        err: &[
            "The ticket has been used",
            "get a new ticket",
            "The gateway's log has it as request ",
        ],
        ..used.clone()
    }
    .check(&gateway);
    let output = Case {
        name: "5, for programs",
        more: &[case().more, &["--json"]].concat(),
        code: 5,
        ..used
    };
    let folder = tempfile::tempdir().unwrap();
    let output = output.check_in(&gateway, folder.path());
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["exit_code"], 5);
    assert_eq!(document["error"]["code"], "ticket_used");
    assert_eq!(document["error"]["cause"], "ticket");
    let request = document["error"]["request"].as_str().unwrap();
    let log = gateway.log();
    let line = log.lines().find(|line| line.contains(request)).unwrap();
    assert!(line.contains("ticket_used"), "{line}");

    gateway.stop();
    Case {
        name: "3: it has been stopped",
        ticket: None,
        files: &[("ticket", ticket.as_bytes())],
        code: 3,
        err: &["The gateway does not answer"],
        ..case()
    }
    .check(&gateway);
}
