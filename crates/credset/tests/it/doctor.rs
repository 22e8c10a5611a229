//! What is found out about a gateway that cannot be used.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use serde_json::Value;

use crate::case::{Case, REACH};
use crate::scratch_gateway::ScratchGateway;

/// Something that speaks TLS with a certificate of our choice, and answers every request with this.
struct Impostor {
    port: u16,
    ca: PathBuf,
    _folder: tempfile::TempDir,
}

impl Impostor {
    fn new(
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
        answer: &'static str,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority_key = KeyPair::generate().unwrap();
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = authority.self_signed(&authority_key).unwrap();
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, certificate.pem()).unwrap();
        let issuer = rcgen::Issuer::from_params(&authority, &authority_key);
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut parameters = CertificateParams::new(names).unwrap();
        change(&mut parameters);
        let certificate = parameters.signed_by(&key, &issuer).unwrap();
        let private = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for socket in listener.incoming() {
                let session = rustls::ServerConnection::new(config.clone()).unwrap();
                let mut stream = rustls::StreamOwned::new(session, socket.unwrap());
                // Whoever does not trust the certificate hangs up here.
                if stream.read(&mut [0; 4096]).is_ok() {
                    let _ = stream.write_all(answer.as_bytes());
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            }
        });
        Self {
            port,
            ca,
            _folder: folder,
        }
    }

    fn case<'a>(&self, more: &'a [&'a str]) -> Case<'a> {
        Case {
            arguments: "doctor",
            more,
            code: 4,
            ..Case::default()
        }
    }

    fn reach(&self, host: &str) -> [String; 4] {
        [
            "--gateway".to_owned(),
            format!("https://{host}:{}", self.port),
            "--ca-file".to_owned(),
            self.ca.to_str().unwrap().to_owned(),
        ]
    }
}

/// A refusal whose words would be written over others, or look like another program's.
#[test]
fn what_a_gateway_says_moves_no_cursor() {
    let impostor = Impostor::new(
        &["localhost"],
        |_| {},
        concat!(
            "HTTP/1.1 422 Said\r\nConnection: close\r\nContent-Type: application/problem+json\r\n\r\n",
            r#"{"type":"about:blank","title":"t","status":422,"code":"invalid_credential","#,
            r#""detail":"no\u001b[2K\ncredset: all is well","#,
            r#""errors":[{"field":"ho\u001bst\nb","rule":"required"}]}"#,
        ),
    );
    let reach = impostor.reach("localhost");
    let output = Case {
        name: "a refusal",
        arguments: "keys show --trust-on-first-use",
        more: &reach.each_ref().map(String::as_str),
        code: 6,
        err: &[
            "no\u{fffd}[2K\u{fffd}credset: all is well",
            "  ho\u{fffd}st\u{fffd}b: ",
        ],
        ..Case::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let output = output.check_in(&ScratchGateway::new(), folder.path());
    assert!(!output.stderr.contains(&0x1b));
}

#[test]
fn a_gateway_that_is_well_is_said_to_be() {
    let gateway = ScratchGateway::new();
    Case {
        name: "for people",
        arguments: "doctor --ticket-file {dir}/ticket",
        more: &REACH,
        ticket: Some("Files"),
        out: &[
            "ok     resolve   127.0.0.1",
            "ok     connect   127.0.0.1:",
            "ok     tls       TLSv1_3",
            "ok     keys      1 of them",
            "ok     identity  gw-credset: {words}",
            "ok     clock     ",
            "ok     ticket    for Files in default, ",
        ],
        ..Case::default()
    }
    .check(&gateway);
    let folder = tempfile::tempdir().unwrap();
    let output = Case {
        name: "for programs",
        arguments: "doctor --json",
        more: &REACH,
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let steps: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told: Vec<_> = steps
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["step"].as_str().unwrap(),
                step["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("resolve", "ok"),
            ("connect", "ok"),
            ("tls", "ok"),
            ("keys", "ok"),
            ("identity", "ok"),
            ("clock", "ok"),
            ("ticket", "skipped"),
        ]
    );
    // Looking changes nothing.
    assert!(!folder.path().join("state").exists());
}

#[test]
fn each_step_says_why_and_what_helps() {
    let gateway = ScratchGateway::new();
    let other = ScratchGateway::new();
    let foreign = other.ticket("Files", &[]);
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    let not_tls = format!("https://127.0.0.1:{port}");
    thread::spawn(move || {
        for socket in plain.incoming() {
            let mut socket = socket.unwrap();
            let _ = socket.read(&mut [0; 1024]);
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    for case in [
        Case {
            name: "resolve",
            arguments: "doctor --gateway https://gateway.invalid",
            code: 3,
            out: &[
                "FAILED resolve",
                "Check the spelling",
                "connect   not reached",
            ],
            ..Case::default()
        },
        Case {
            name: "connect",
            arguments: "doctor --gateway https://127.0.0.1:1",
            code: 3,
            out: &["ok     resolve", "FAILED connect", "Connection refused"],
            ..Case::default()
        },
        Case {
            name: "TLS",
            arguments: "doctor --gateway",
            more: &[&not_tls],
            code: 3,
            out: &["FAILED tls       What listens at", "does not speak TLS"],
            ..Case::default()
        },
        Case {
            name: "nobody trusts it",
            arguments: "doctor --gateway {gateway}",
            code: 4,
            out: &[
                "FAILED tls",
                "nobody whom this computer trusts has issued it",
                "--ca-file",
            ],
            ..Case::default()
        },
        Case {
            name: "an authority that is another gateway's",
            arguments: "doctor --gateway {gateway} --ca-file",
            more: &[other.ca().to_str().unwrap()],
            code: 4,
            out: &["FAILED tls"],
            ..Case::default()
        },
        Case {
            name: "another fingerprint",
            arguments: "doctor --gateway {gateway} --ca-file {ca} --fingerprint",
            more: &["neurotic spleen poise onboard attic improvise"],
            code: 4,
            out: &["FAILED identity", "fingerprint is another one"],
            ..Case::default()
        },
        Case {
            name: "a ticket of another gateway",
            arguments: "doctor --gateway {gateway} --ca-file {ca} --ticket-file {dir}/ticket",
            files: &[("ticket", foreign.as_bytes())],
            code: 4,
            out: &[
                "ok     clock",
                "FAILED ticket    The gateway's key is not the one in your ticket",
            ],
            ..Case::default()
        },
        Case {
            name: "no ticket at all",
            arguments: "doctor --gateway {gateway} --ca-file {ca} --ticket-file {dir}/ticket",
            files: &[("ticket", b"nonsense")],
            code: 5,
            out: &["FAILED ticket    The link is damaged"],
            ..Case::default()
        },
    ] {
        case.check(&gateway);
    }
}

#[test]
fn the_reason_for_distrust_is_named() {
    let gateway = ScratchGateway::new();
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    let expired = Impostor::new(
        &["localhost"],
        |parameters| {
            parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(2021, 1, 1);
        },
        ok,
    );
    let early = Impostor::new(
        &["localhost"],
        |parameters| {
            parameters.not_before = rcgen::date_time_ymd(2090, 1, 1);
            parameters.not_after = rcgen::date_time_ymd(2091, 1, 1);
        },
        ok,
    );
    let named = Impostor::new(&["other.corp"], |_| {}, ok);
    let no_keys = Impostor::new(&["localhost"], |_| {}, ok);
    let elsewhere = Impostor::new(
        &["localhost"],
        |_| {},
        "HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n",
    );
    for (name, impostor, code, said) in [
        ("expired", &expired, 4, "it expired "),
        ("not valid yet", &early, 4, "it will be valid in "),
        (
            "another name",
            &named,
            4,
            "not for the name localhost, but for",
        ),
        (
            "no keys",
            &no_keys,
            4,
            "The gateway's key is not acceptable",
        ),
        (
            "a redirection is not followed",
            &elsewhere,
            3,
            "HTTP status 302",
        ),
    ] {
        let reach = impostor.reach("localhost");
        let reach: Vec<&str> = reach.iter().map(String::as_str).collect();
        Case {
            name,
            code,
            out: &[said],
            ..impostor.case(&reach)
        }
        .check(&gateway);
    }
}

/// The gateway's clock is what its answers say.
#[test]
fn clocks_that_differ_are_told() {
    let gateway = ScratchGateway::new();
    let keys = Case {
        name: "saved",
        arguments: "keys save {dir}/keys.json --trust-on-first-use",
        more: &REACH,
        ..Case::default()
    }
    .check(&gateway);
    let keys = std::fs::read_to_string(keys.path().join("keys.json")).unwrap();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: {}\r\n\r\n{keys}",
        keys.len()
    );
    let impostor = Impostor::new(&["localhost"], |_| {}, answer.leak());
    let reach = impostor.reach("localhost");
    let reach: Vec<&str> = reach.iter().map(String::as_str).collect();
    Case {
        name: "thirty years",
        out: &[
            "FAILED clock",
            "seconds ahead of the gateway's",
            "time server",
        ],
        ..impostor.case(&reach)
    }
    .check(&gateway);
}
