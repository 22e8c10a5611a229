//! A test, by a child, and what was told of it.

use std::collections::BTreeMap;

use envelope::Secret;
use probe::parent::{Confinement, Program, Test};
use probe::policy::Policy;
use probe::report::{Cause, Ending, Line, Outcome, Stage, StageReport};
use probe::request::{Destination, Encryption, Limits, Request};

use crate::spelling::{Spelling, spellings};

pub(crate) fn child() -> Program {
    Program {
        path: env!("CARGO_BIN_EXE_probe-child").into(),
        arguments: Vec::new(),
    }
}

/// `ann` of the database `shop` on this machine, which is allowed.
pub(crate) fn request(port: u16) -> Request {
    let text = |text: &str| text.to_owned();
    Request {
        kind: text("OnPremisesPostgreSql"),
        destination: Destination {
            host: text("localhost"),
            port,
        },
        sign_in: None,
        auth: text("Basic"),
        encryption: Encryption::Off,
        properties: BTreeMap::from([
            (text("username"), text("ann")),
            (text("database"), text("shop")),
        ]),
        secrets: BTreeMap::from([(text("password"), Secret::new(text(super::server::PASSWORD)))]),
        policy: loopback(),
        trusted: Vec::new(),
        authorities: Vec::new(),
        limits: Limits {
            total_ms: 10_000,
            connect_ms: 5_000,
        },
    }
}

fn loopback() -> Policy {
    toml::from_str(r#"allow = [{ network = "127.0.0.0/8" }, { network = "::1/128" }]"#).unwrap()
}

/// In no form that goes over a wire, and in none that a document gives it.
#[track_caller]
pub(crate) fn assert_no_secret<'a>(line: &str, secrets: impl Iterator<Item = &'a str>) {
    let bare = |text: &str| text.replace('\\', "");
    for secret in secrets.filter(|secret| !secret.is_empty()) {
        for Spelling { form, bytes } in spellings(secret) {
            let is_there = line
                .as_bytes()
                .windows(bytes.len())
                .any(|part| part == bytes);
            assert!(!is_there, "a secret was told, as {form}");
        }
        let escaped = secret.replace('&', "&amp;").replace('<', "&lt;");
        let quoted = escaped.replace('"', "&quot;");
        for form in [secret, &escaped, &quoted, &secret.replace('}', "}}")] {
            assert!(!bare(line).contains(&bare(form)), "a secret was told");
        }
    }
}

/// What was told.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) stages: Vec<StageReport>,
    pub(crate) ending: Ending,
}

impl Told {
    pub(crate) async fn of(request: &Request) -> Self {
        Self::by(&child(), request, Confinement::default()).await
    }

    pub(crate) async fn by(program: &Program, request: &Request, confinement: Confinement) -> Self {
        let mut test = Test::start(program, request, confinement).unwrap();
        let mut stages = Vec::new();
        loop {
            let line = test.next().await.unwrap();
            let text = serde_json::to_string(&line).unwrap();
            assert_no_secret(&text, request.secrets.values().map(Secret::expose));
            match line {
                Line::Stage(report) => stages.push(report),
                Line::Ending(ending) => {
                    assert!(test.next().await.is_none());
                    return Self { stages, ending };
                }
            }
        }
    }

    /// The stage that failed, why, and the store's code.
    pub(crate) fn failure(&self) -> Option<(Stage, Cause, &str)> {
        let mut stages = self.stages.iter();
        let failed = stages.find(|report| report.result == Outcome::Failed)?;
        assert!(stages.all(|report| report.result == Outcome::Skipped));
        assert_eq!(failed.cause, self.ending.cause);
        let code = failed.code.as_ref().map_or("", |code| code.as_str());
        Some((failed.stage, failed.cause?, code))
    }

    /// The same of a test that has to fail.
    pub(crate) async fn failure_of(request: &Request) -> (Stage, Cause, String) {
        let told = Self::of(request).await;
        let found = told.failure();
        let (stage, cause, code) = found.unwrap_or_else(|| panic!("it passed: {told:?}"));
        (stage, cause, code.to_owned())
    }

    pub(crate) fn stage(&self, stage: Stage) -> &StageReport {
        self.stages
            .iter()
            .find(|report| report.stage == stage)
            .unwrap()
    }

    pub(crate) fn has_passed(&self) -> bool {
        self.failure().is_none() && self.ending.outcome == Outcome::Passed
    }
}
