//! How the gateway is reached, as far as its files tell: certificate, names, page, portals, credential socket.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use super::finding::{Findings, shown};
use crate::certificate::standing::Standing;
use crate::cli::failure::Cause;
use crate::clock::{now, rfc3339};
use crate::config::Config;
use crate::config::served_name::Host;
use crate::credential_socket::CredentialSocket;
use crate::data_folder::DataFolder;
use crate::issuers;
use crate::page_files::PageFiles;

/// How long a name is looked up.
const LOOK_UP: Duration = Duration::from_secs(3);

pub(super) async fn look(folder: &DataFolder, config: &Config, findings: &mut Findings) {
    certificate(folder, config, findings);
    names(config, findings).await;
    page(config, findings);
    portals(folder, findings);
    socket(folder, config, findings);
}

fn certificate(folder: &DataFolder, config: &Config, findings: &mut Findings) {
    const NAME: &str = "certificate";
    let standing = Standing::of(folder, config, now());
    let Some(standing) = findings.take(NAME, standing) else {
        return;
    };
    let (days, end) = (standing.days_left, rfc3339(standing.expires_at));
    let source = standing.source.told();
    let until = format!("{source}, valid until {end} ({days} days)");
    let advice = standing.advice.as_deref();
    if let Some(fault) = &standing.fault {
        let advice = advice.unwrap_or("a gateway that runs goes on with the one before and refuses this one; `certificate replace` or `certificate renew` puts another in its place");
        return findings.fail(
            NAME,
            Cause::Configuration,
            format!("{until}; {fault}"),
            advice,
        );
    }
    let mut noted = standing.reservations.clone();
    noted.insert(0, until.clone());
    match (advice, noted.len()) {
        (Some(advice), _) => findings.note(NAME, noted.join("\n"), advice),
        (None, 1) => findings.pass(NAME, until),
        (None, _) => findings.note(
            NAME,
            noted.join("\n"),
            "a certificate for all names takes `certificate renew --new-authority`, or one of your own",
        ),
    }
}

/// A machine behind a proxy has other addresses than its name, so this is never a failure.
async fn names(config: &Config, findings: &mut Findings) {
    const NAME: &str = "names";
    let own = if_addrs::get_if_addrs().unwrap_or_default();
    let own: BTreeSet<IpAddr> = own.iter().map(if_addrs::Interface::ip).collect();
    let is_own = |address: &IpAddr| address.is_loopback() || own.contains(&address.to_canonical());
    let mut noted = Vec::new();
    for name in &config.names {
        match name.host() {
            Host::Address(address) if is_own(address) => {}
            Host::Address(address) => noted.push(format!("{address} is not this machine's")),
            Host::Dns(host) => {
                let found = tokio::net::lookup_host((host.as_str(), 0));
                match tokio::time::timeout(LOOK_UP, found).await {
                    Ok(Ok(found)) => {
                        let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
                        if !found.iter().any(is_own) {
                            noted.push(format!("{host} is the name of another machine"));
                        }
                    }
                    _ => noted.push(format!("{host} cannot be found")),
                }
            }
        }
    }
    if noted.is_empty() {
        let names: Vec<String> = config.names.iter().map(ToString::to_string).collect();
        findings.pass(NAME, names.join(", "));
    } else {
        let advice = "nothing is wrong if a proxy or a balancer has that name; else ask whoever keeps the names, or correct `names` in gateway.toml";
        findings.note(NAME, noted.join("\n"), advice);
    }
}

fn page(config: &Config, findings: &mut Findings) {
    let Some(page) = &config.page else {
        return findings.skip("page", "none is served");
    };
    if let Some(files) = findings.take("page", PageFiles::load(page)) {
        let hash = files.hash().unwrap_or_default();
        findings.pass("page", format_args!("{}, hash {hash}", shown(page)));
    }
}

fn portals(folder: &DataFolder, findings: &mut Findings) {
    const NAME: &str = "portals";
    let Some(each) = findings.take(NAME, issuers::load_each(folder)) else {
        return;
    };
    let (mut wrong, mut noted, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for portal in each {
        match portal {
            Err(error) => wrong.push(error.to_string()),
            Ok(portal) => {
                let name = portal.name().to_owned();
                match portal.origin() {
                    Some(origin) if !issuers::is_protected(origin) => {
                        noted.push(format!(
                            "{name} has the origin {origin}, which is not https"
                        ));
                    }
                    _ => good.push(name),
                }
            }
        }
    }
    if !wrong.is_empty() {
        let advice = "a gateway does not start with such a file: correct it, or remove it and register the portal again (`portal add`)";
        findings.fail(NAME, Cause::Configuration, wrong.join("\n"), advice);
    } else if !noted.is_empty() {
        let advice = "whoever is on the way can change what that portal's pages do: have it served over https, then `portal remove` and `portal add`";
        findings.note(NAME, noted.join("\n"), advice);
    } else if good.is_empty() {
        findings.pass(NAME, "none: only the gateway itself issues tickets");
    } else {
        good.sort();
        findings.pass(NAME, good.join(", "));
    }
}

fn socket(folder: &DataFolder, config: &Config, findings: &mut Findings) {
    const NAME: &str = "credential_socket";
    let Some(settings) = &config.credential_socket else {
        return findings.skip(NAME, "it is off");
    };
    let Ok(owner) = fs::metadata(folder.path()).map(|metadata| metadata.uid()) else {
        return;
    };
    let checked = CredentialSocket::check_for(settings, folder, owner);
    if findings.take(NAME, checked).is_none() {
        return;
    }
    let (path, users) = (shown(&settings.path), settings.users.len());
    findings.pass(NAME, format_args!("{path}, for {users} users"));
}
