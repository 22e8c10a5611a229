//! `doctor`: step by step from a name to a ticket, and what helps where it stops.

use std::process::ExitCode;

use clap::Args;
use envelope::UnixSeconds;
use envelope::statement::StatementRefusal;
use serde::Serialize;

use super::interruption;
use crate::arguments::General;
use crate::failure::{Cause, Failure};
use crate::fingerprint;
use crate::gateway_client::GatewayClient;
use crate::key_document::{Expectation, FirstUse, KeyDocument};
use crate::terminal::{Mark, Terminal};
use crate::ticket_source::GivenTicket;
use crate::{tls_trust, trouble};

/// A difference between two clocks that no ticket survives for long. In seconds.
const MOST_SKEW: u64 = envelope::ticket::CLOCK_LEEWAY_SECONDS;

#[derive(Args)]
#[command(after_help = "\
Examples:
  credset doctor --gateway https://gateway.corp:8050
  credset doctor --ticket-file ticket --ca-file ca.pem --json")]
pub(crate) struct Doctor {}

/// One step.
#[derive(Serialize)]
struct Step {
    step: &'static str,
    /// `ok`, `failed` or `skipped`.
    outcome: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    found: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

#[derive(Default)]
struct Findings(Vec<Step>);

impl Findings {
    /// Notes a step, and hands on what it found.
    fn note<T>(&mut self, step: &'static str, outcome: Result<(T, String), Failure>) -> Option<T> {
        let (outcome, found, failure, value) = match outcome {
            Ok((value, found)) => ("ok", found, None, Some(value)),
            Err(failure) => ("failed", String::new(), Some(failure), None),
        };
        self.0.push(Step {
            step,
            outcome,
            found,
            failure,
        });
        value
    }

    fn skip(&mut self, step: &'static str, why: &str) {
        self.0.push(Step {
            step,
            outcome: "skipped",
            found: why.to_owned(),
            failure: None,
        });
    }

    fn lines(&self) -> String {
        let mut lines = String::new();
        for step in &self.0 {
            let (mark, said) = match &step.failure {
                Some(failure) => (Mark::Bad, failure.to_string().replace('\n', "\n       ")),
                None if step.outcome == "ok" => (Mark::Good, step.found.clone()),
                None => (Mark::Left, step.found.clone()),
            };
            lines += &Terminal::item(mark, &format!("{:<9} {said}\n", step.step));
        }
        lines
    }
}

impl Doctor {
    pub(crate) async fn run(self, general: &General) -> Result<ExitCode, Failure> {
        let source = general.ticket.source();
        let given = source.map(|_| general.ticket.read());
        let linked = match &given {
            Some(Ok(given)) => given.gateway.clone(),
            _ => None,
        };
        let gateway = general.client(linked)?;
        let findings = interruption::or(async {
            let mut findings = Findings::default();
            let document = look_at_gateway(general, &gateway, &mut findings).await;
            match given {
                Some(given) => {
                    let ticket = given.and_then(|given| ticket(general, &given, document.as_ref()));
                    findings.note("ticket", ticket.map(|found| ((), found)));
                }
                None => findings.skip("ticket", "none was given"),
            }
            Ok(findings)
        })
        .await?;
        general.terminal().result(&findings.0, &findings.lines())?;
        let first = findings.0.iter().find_map(|step| step.failure.as_ref());
        Ok(first.map_or(ExitCode::SUCCESS, Failure::exit))
    }
}

async fn look_at_gateway(
    general: &General,
    gateway: &GatewayClient,
    findings: &mut Findings,
) -> Option<KeyDocument> {
    let steps = ["connect", "tls", "keys", "identity", "clock"];
    let skip = |findings: &mut Findings, from: usize| {
        for step in &steps[from..] {
            findings.skip(step, "not reached");
        }
    };
    let resolved = gateway.resolve().await.map(|addresses| {
        let shown: Vec<_> = addresses.iter().map(|one| one.ip().to_string()).collect();
        (addresses, shown.join(", "))
    });
    let Some(addresses) = findings.note("resolve", resolved) else {
        skip(findings, 0);
        return None;
    };
    let connected = gateway.connect(&addresses).await.map(|tcp| {
        let peer = tcp.peer_addr().map(|peer| peer.to_string());
        (tcp, peer.unwrap_or_default())
    });
    let Some(tcp) = findings.note("connect", connected) else {
        skip(findings, 1);
        return None;
    };
    let secured = gateway.secure(tcp).await.map(|stream| {
        let (_, session) = stream.get_ref();
        let version = session.protocol_version();
        (
            (),
            version.map_or(String::new(), |version| format!("{version:?}")),
        )
    });
    if findings.note("tls", secured).is_none() {
        skip(findings, 2);
        return None;
    }
    let fetched = KeyDocument::fetch(gateway).await.map(|document| {
        let count = document.keys().keys().len();
        (document, format!("{count} of them, as they should be"))
    });
    let Some(document) = findings.note("keys", fetched) else {
        skip(findings, 3);
        return None;
    };
    findings.note("identity", identity(general, gateway, &document));
    findings.note("clock", clock(&document));
    Some(document)
}

fn identity(
    general: &General,
    gateway: &GatewayClient,
    document: &KeyDocument,
) -> Result<((), String), Failure> {
    let known = general.known_gateways()?;
    let origin = gateway.address().to_string();
    let expectation = general.expectation(&known, Some(&origin));
    let now = document.at.unwrap_or_else(tls_trust::now);
    document.believe(&expectation, FirstUse::Trusted, now)?;
    let statement = document.statement();
    let seen = known.seen(&statement.gw, Some(&origin))?;
    let standing = match (&general.fingerprint, seen.is_empty()) {
        (Some(_), _) => "the fingerprint that was given",
        (None, false) => "as it was before",
        (None, true) => "compare the words with its administrator",
    };
    let words = fingerprint::in_words(&statement.identity.thumbprint());
    Ok(((), format!("{}: {words} ({standing})", statement.gw)))
}

fn clock(document: &KeyDocument) -> Result<((), String), Failure> {
    let Some(theirs) = document.at else {
        return Ok(((), "the gateway does not say".to_owned()));
    };
    let ours = tls_trust::now();
    let skew = ours.0.abs_diff(theirs.0);
    let direction = if theirs > ours { "behind" } else { "ahead" };
    if skew > MOST_SKEW {
        return Err(Failure::new(
            Cause::Trust,
            StatementRefusal::Time.as_str(),
            format!("This computer's clock is {skew} seconds {direction} of the gateway's"),
        )
        .advise("Have both set by a time server: tickets, certificates and statements about keys depend on it."));
    }
    Ok(((), format!("{skew} seconds apart")))
}

/// What can be known of a ticket without using it up: its times by the gateway's clock, its gateway, and the key that it names.
fn ticket(
    general: &General,
    given: &GivenTicket,
    document: Option<&KeyDocument>,
) -> Result<String, Failure> {
    let claims = given.ticket.claims();
    let now = document.and_then(|document| document.at);
    let now = now.unwrap_or_else(tls_trust::now);
    let gateway = match document {
        Some(document) => &document.statement().gw,
        None => &claims.aud,
    };
    let checked = claims.check(now, gateway);
    checked.map_err(trouble::ticket_refused)?;
    if let Some(document) = document {
        let expectation = Expectation {
            fingerprint: None,
            known: &general.known_gateways()?,
            origin: None,
        };
        // What was seen before is a finding of its own.
        match document.key_for(claims, &expectation) {
            Err(failure) if failure.code != "identity_changed" => return Err(failure),
            _ => {}
        }
    }
    let UnixSeconds(end) = claims.exp;
    Ok(format!(
        "for {} in {}, {} seconds left",
        claims.ls,
        claims.df,
        end.saturating_sub(now.0)
    ))
}
