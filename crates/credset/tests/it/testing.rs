//! A test of the credential at a real PostgreSQL, before it is stored and instead of storing it.

use rcgen::{CertifiedIssuer, KeyPair};
use serde_json::{Value, json};

use crate::case::{Case, SECRET};
use crate::postgresql_server::{PASSWORD as WRONG, Server};
use crate::scratch_gateway::ScratchGateway;

const LS: &str = "Orders";

/// A gateway that may reach a data store of its own machine, whose certificate nobody knows.
struct Shop {
    gateway: ScratchGateway,
    store: Server,
    sha256: String,
}

impl Shop {
    fn open(save: &str) -> Self {
        let store = Server::start("hostssl all all 127.0.0.1/32 scram-sha-256\n");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let role = format!(
            "CREATE ROLE etl LOGIN PASSWORD '{}'",
            SECRET.replace('\'', "''")
        );
        let statements = [role.as_str(), "CREATE DATABASE sales"];
        runtime.unwrap().block_on(store.run(&statements));
        let key = KeyPair::generate().unwrap();
        let names = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = CertifiedIssuer::self_signed(names, key).unwrap();
        store.show(&certificate.pem(), &certificate.key().serialize_pem());
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate.der());
        let sha256 = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
        let mut gateway = ScratchGateway::new();
        let allow = format!(
            "[test]\nsave = \"{save}\"\nallow = [{{ network = \"127.0.0.0/8\", ports = [{}] }}]",
            store.port
        );
        gateway.reconfigure("[test]", &allow);
        Self {
            gateway,
            sha256: sha256.collect(),
            store,
        }
    }

    /// What every case is told.
    fn arguments(&self, command: &str) -> String {
        format!(
            "{command} --ticket-file {{dir}}/ticket --gateway {{gateway}} --ca-file {{ca}} --kind OnPremisesPostgreSql \
             -p server=localhost:{} -p database=sales -p username=etl",
            self.store.port
        )
    }

    /// The same, and trusting the data store's certificate.
    fn trusting(&self, command: &str) -> String {
        let arguments = self.arguments(command);
        format!("{arguments} --trust-certificate {}", self.with_colons())
    }

    /// As others write it.
    fn with_colons(&self) -> String {
        let pairs = self.sha256.as_bytes().chunks(2);
        let pairs: Vec<_> = pairs.map(String::from_utf8_lossy).collect();
        pairs.join(":").to_uppercase()
    }

    fn stored(&self) -> Value {
        self.gateway.json(&["list", "--json"])
    }
}

fn case<'a>() -> Case<'a> {
    Case {
        more: &["--password-stdin"],
        stdin: SECRET.as_bytes(),
        ticket: Some(LS),
        ..Case::default()
    }
}

#[test]
fn a_credential_is_tried_and_nothing_is_stored() {
    let shop = Shop::open("chosen");
    Case {
        name: "a certificate that nobody has signed",
        arguments: &shop.arguments("test"),
        code: 8,
        out: &[
            "passed   connect",
            "failed   tls",
            &format!("SHA-256 {}", shop.sha256),
            "skipped  query",
            "failed   the test",
        ],
        ..case()
    }
    .check(&shop.gateway);
    Case {
        name: "without TLS, which this store does not allow",
        arguments: &format!("{} --unencrypted", shop.arguments("test")),
        code: 8,
        out: &["skipped  tls", "failed   authenticate"],
        ..case()
    }
    .check(&shop.gateway);
    Case {
        name: "a wrong password",
        arguments: &shop.trusting("test"),
        stdin: WRONG.as_bytes(),
        code: 8,
        out: &[
            "passed   tls",
            "failed   authenticate",
            "code 28P01",
            "failed   the test",
        ],
        ..case()
    }
    .check(&shop.gateway);
    let folder = Case {
        name: "the right one",
        arguments: &shop.trusting("test"),
        out: &["passed   query", "passed   the test"],
        err: &["sealing and sending"],
        ..case()
    }
    .check(&shop.gateway);
    assert_eq!(shop.stored(), json!([]));

    // The ticket is not used up.
    let again = Case {
        name: "for programs",
        arguments: &shop.trusting("test --json"),
        ticket: None,
        ..case()
    };
    let report: Value =
        serde_json::from_slice(&again.check_in(&shop.gateway, folder.path()).stdout).unwrap();
    assert_eq!(report["stages"].as_array().unwrap().len(), 7);
    assert_eq!(report["ending"]["outcome"], "passed");
    let set = Case {
        name: "and then it is set",
        arguments: &shop.trusting("set --json"),
        ..again
    };
    let stored: Value =
        serde_json::from_slice(&set.check_in(&shop.gateway, folder.path()).stdout).unwrap();
    assert_eq!(stored["receipt"]["test"]["outcome"], "passed");

    Case {
        name: "what is stored",
        arguments: &shop.trusting("test --keep password"),
        more: &[],
        out: &["passed   the test"],
        ..case()
    }
    .check(&shop.gateway);
}

#[test]
fn a_set_may_be_for_what_passes_only() {
    let shop = Shop::open("chosen");
    Case {
        name: "it does not",
        arguments: &shop.trusting("set --test"),
        stdin: WRONG.as_bytes(),
        code: 8,
        err: &["failed   authenticate", "The connection test failed: "],
        ..case()
    }
    .check(&shop.gateway);
    Case {
        name: "for programs",
        arguments: &shop.trusting("set --test --json"),
        stdin: WRONG.as_bytes(),
        code: 8,
        out: &[r#""code": "wrong_password""#, r#""cause": "data_store""#],
        ..case()
    }
    .check(&shop.gateway);
    assert_eq!(shop.stored(), json!([]));
    Case {
        name: "it does",
        arguments: &shop.trusting("set --test"),
        out: &["stored        Orders"],
        err: &["passed   the test"],
        ..case()
    }
    .check(&shop.gateway);
    assert!(shop.gateway.reveal(LS, "password") == SECRET.as_bytes());
}

#[test]
fn a_gateway_that_stores_nothing_untried_is_asked_to_try() {
    let shop = Shop::open("tested");
    Case {
        name: "it does not work",
        arguments: &shop.trusting("set"),
        stdin: WRONG.as_bytes(),
        code: 8,
        err: &["failed   authenticate"],
        ..case()
    }
    .check(&shop.gateway);
    assert_eq!(shop.stored(), json!([]));
    Case {
        name: "it works",
        arguments: &shop.trusting("set"),
        out: &["stored        Orders"],
        err: &["passed   the test"],
        ..case()
    }
    .check(&shop.gateway);
}

#[test]
fn a_gateway_may_try_nothing() {
    let shop = Shop::open("off");
    Case {
        name: "it says so",
        arguments: &shop.trusting("test"),
        code: 6,
        err: &["The gateway makes no tests", "Nothing was tried."],
        ..case()
    }
    .check(&shop.gateway);
}
