//! Whether a gateway runs on the folder, and whether it is the one that its files say.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::fs::FileTypeExt;

use envelope::protocol::{DESCRIPTION_PATH, GatewayDescription};
use http::StatusCode;
use tokio::net::TcpStream;

use super::caller::{self, Secured};
use super::finding::{Findings, shown};
use crate::certificate::source::Source;
use crate::cli::failure::Cause;
use crate::config::{Config, ServedName};
use crate::data_folder::DataFolder;
use crate::identity::Identity;

pub(super) async fn look(
    folder: &DataFolder,
    config: &Config,
    identity: Option<&Identity>,
    findings: &mut Findings,
) {
    let Some(runs) = findings.take("gateway", folder.is_served()) else {
        return;
    };
    if runs {
        gateway(folder, config, identity, findings).await;
        health(config, findings).await;
        socket(config, findings);
    } else {
        stopped(config, findings).await;
        findings.skip("health", "no gateway runs");
    }
}

/// Where this machine reaches what listens on `listen`.
fn here(listen: SocketAddr) -> SocketAddr {
    let address = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        address => address,
    };
    SocketAddr::new(address, listen.port())
}

async fn gateway(
    folder: &DataFolder,
    config: &Config,
    identity: Option<&Identity>,
    findings: &mut Findings,
) {
    const NAME: &str = "gateway";
    if config.listen.port() == 0 {
        return findings.skip(
            NAME,
            "it runs, on any free port (`listen` in gateway.toml), which nobody knows here",
        );
    }
    let address = here(config.listen);
    let localhost = ServedName::localhost();
    let name = config.names.first().unwrap_or(&localhost);
    let origin = name.origin(address.port());
    let authority = origin.trim_start_matches("https://");
    let host = name.host().to_string();
    let called = caller::https(address, &host, authority, DESCRIPTION_PATH).await;
    let secured = match called {
        Ok(secured) => secured,
        Err(error) => {
            let found = format!("it runs and does not answer at {address}: {error}");
            let advice = "look into its log; after a change of `listen` it has to be started anew";
            return findings.fail(NAME, Cause::Busy, found, advice);
        }
    };
    match differs(folder, config, identity, &secured) {
        None => findings.pass(
            NAME,
            format_args!(
                "it answers at {address}, called {authority}, with its own certificate and id"
            ),
        ),
        Some((found, advice)) => {
            let found = format!("at {address}, {found}");
            findings.fail(NAME, Cause::Configuration, found, advice);
        }
    }
}

/// In which way what answers is not the gateway of this folder, and what to do.
fn differs(
    folder: &DataFolder,
    config: &Config,
    identity: Option<&Identity>,
    secured: &Secured,
) -> Option<(String, &'static str)> {
    let shown = &secured.certificate_sha256;
    // That there is none is told elsewhere.
    let there = Source::of(folder, config).load().ok();
    let is_shown = |there: &str| there == shown;
    if let Some(there) = &there
        && !is_shown(&there.fingerprint().certificate_sha256)
    {
        let there = &there.fingerprint().certificate_sha256;
        return Some((
            format!("the certificate {shown} is shown, and the files have {there}"),
            "a gateway takes another certificate within two seconds unless it is refused: its log says why. `[tls]` in gateway.toml counts from the next start",
        ));
    }
    let answer = &secured.answer;
    let description: Option<GatewayDescription> = serde_json::from_slice(&answer.body).ok();
    let Some(description) = description.filter(|_| answer.status == StatusCode::OK) else {
        return Some((
            format!(
                "the answer is {}, and no description of a gateway",
                answer.status
            ),
            "`names` in gateway.toml counts from the next start; else something other than this gateway answers",
        ));
    };
    if description.id != config.id {
        return Some((
            format!("the gateway {} answers", description.id),
            "another gateway has this port: stop it, or choose another `listen`",
        ));
    }
    let is_other = |identity: &&Identity| description.identity != *identity.public();
    identity.filter(is_other).map(|_| {
        (
            "a gateway with another identity key answers".to_owned(),
            "start it anew; if that does not help, another gateway has this port",
        )
    })
}

async fn health(config: &Config, findings: &mut Findings) {
    const NAME: &str = "health";
    let Some(address) = config.health_listen.filter(|address| address.port() != 0) else {
        return findings.skip(NAME, "`health_listen` is not set");
    };
    let advice = "look into its log: it says what does not answer";
    match caller::plain(address, "/readyz").await {
        Ok(answer) if answer.status == StatusCode::OK => {
            findings.pass(NAME, format_args!("ready, says {address}"));
        }
        Ok(answer) => {
            let found = format!("{address} answers {}", answer.status);
            findings.fail(NAME, Cause::Busy, found, advice);
        }
        Err(error) => {
            let found = format!("{address} does not answer: {error}");
            findings.fail(NAME, Cause::Busy, found, advice);
        }
    }
}

/// Nobody connects: whoever is not listed would be a line in the audit trail.
fn socket(config: &Config, findings: &mut Findings) {
    let Some(settings) = &config.credential_socket else {
        return;
    };
    let metadata = std::fs::symlink_metadata(&settings.path);
    if metadata.is_ok_and(|found| found.file_type().is_socket()) {
        return;
    }
    let found = format!("{} is not there", shown(&settings.path));
    let advice = "something has removed it, or [credential_socket] is newer than the gateway's start: start it anew";
    findings.fail("socket_file", Cause::Local, found, advice);
}

async fn stopped(config: &Config, findings: &mut Findings) {
    const NAME: &str = "gateway";
    let address = here(config.listen);
    let connecting = TcpStream::connect(address);
    let connecting = tokio::time::timeout(std::time::Duration::from_secs(2), connecting);
    if address.port() != 0 && matches!(connecting.await, Ok(Ok(_))) {
        let found = format!("none runs on this folder, and something else listens on {address}");
        let advice =
            "it could not be started now: stop what uses the port, or choose another `listen`";
        return findings.note(NAME, found, advice);
    }
    findings.skip(NAME, "none runs on this folder");
}
