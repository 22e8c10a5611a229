//! The package as an administrator meets it: installed, used, removed and purged on this machine. There may be no systemd that runs, so
//! what its unit says is done here: its command, its user, its limits to what a service may do.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::confinement::Confinement;
use super::trying::Trial;
use super::unit::Unit;
use super::user::User;
use super::{NAME, Package};
use crate::process;
use crate::process::service::Service;

const UNIT: &str = "/usr/lib/systemd/system/credential-gateway.service";
const PAGE: &str = "/usr/share/credential-gateway/page";
pub(super) const FOLDER: &str = "/var/lib/credential-gateway";

/// Whatever else would be there after a purge that forgets something.
const TRACES: [&str; 5] = [
    FOLDER,
    "/usr/share/credential-gateway",
    "/usr/share/doc/credential-gateway",
    "/etc/systemd/system/multi-user.target.wants/credential-gateway.service",
    "/var/lib/systemd/deb-systemd-helper-enabled/credential-gateway.service.dsh-also",
];

pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// With its pages the machine's index of all manuals would be made anew, twice.
const WITHOUT_MANUAL: &str = "--path-exclude=/usr/share/man/*";

/// Installs it, uses it, and looks that nothing is left.
pub(super) fn check(package: &Package, credset: &Path) -> Result<()> {
    nothing_is_there()?;
    let installed = Installed::from(package)?;
    use_it(credset)?;
    dpkg(&["--remove", NAME])?;
    ensure!(
        Path::new(FOLDER).join("gateway.toml").exists() && has_user(),
        "the gateway is gone with its program"
    );
    let paths = installed.purge()?;
    for path in paths.iter().map(String::as_str).chain(TRACES) {
        let is_left = fs::symlink_metadata(path).is_ok_and(|found| !found.is_dir());
        let is_traced = TRACES.contains(&path) && Path::new(path).exists();
        ensure!(!is_left && !is_traced, "{path} is left");
    }
    nothing_is_there()
}

/// A gateway that somebody has here would be purged in the end.
fn nothing_is_there() -> Result<()> {
    let mut query = Command::new("dpkg-query");
    query.args(["--show", "--showformat", "${db:Status-Status}", NAME]);
    let (is_known, state) = process::transcript(&mut query)?;
    ensure!(
        !is_known || state.trim() == "not-installed",
        "{NAME} is on this machine already: {}",
        state.trim()
    );
    ensure!(!has_user(), "there is a user or a group {NAME}");
    ensure!(!Path::new(FOLDER).exists(), "there is a {FOLDER}");
    Ok(())
}

fn has_user() -> bool {
    ["passwd", "group"]
        .iter()
        .any(|database| process::succeeds(Command::new("getent").args([database, NAME])))
}

/// A package that is purged again, whatever happens.
struct Installed {
    /// Everything that it has put somewhere.
    paths: Vec<String>,
}

impl Installed {
    fn from(package: &Package) -> Result<Self> {
        let mut installed = Self { paths: Vec::new() };
        let file = package.file.to_str().context("a path is UTF-8")?;
        dpkg(&[WITHOUT_MANUAL, "--install", file])?;
        let paths = process::capture(Command::new("dpkg-query").args(["--listfiles", NAME]))?;
        installed.paths = paths.lines().map(str::to_owned).collect();
        Ok(installed)
    }

    fn purge(mut self) -> Result<Vec<String>> {
        dpkg(&["--purge", NAME])?;
        Ok(std::mem::take(&mut self.paths))
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        // After a purge there is nothing to do, and dpkg says so.
        let _ = dpkg(&["--purge", NAME]);
    }
}

fn dpkg(arguments: &[&str]) -> Result<()> {
    let mut command = Command::new("dpkg");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    process::capture(command.args(arguments)).map(drop)
}

fn use_it(credset: &Path) -> Result<()> {
    let unit = Unit::read(UNIT.into())?;
    let (said_well, said) = process::transcript(
        Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(unit.path()),
    )?;
    ensure!(
        said_well && !said.contains(NAME),
        "systemd-analyze verify: {}",
        said.trim()
    );
    let [user] = unit.words("User")?[..] else {
        anyhow::bail!("User= is one word");
    };
    let user = User::named(user)?;
    let listen = ["--listen", "127.0.0.1:0", "--host", "localhost"];
    let page = ["--page", PAGE, "--data-folder", FOLDER];
    user.run(&[&["init"][..], &listen, &page].concat())?;

    let trial = Trial::prepare(&user)?;

    let confinement = Confinement::of(&unit)?;
    let words = unit.words("ExecStart")?;
    let mut command = user.command(words[0]);
    command.args(&words[1..]);
    confinement.confine(&mut command);
    let mut service = Service::start(NAME, &mut command, || {})?;
    let address = service.wait_for(LIMIT, |line| {
        line.strip_prefix("listening ").map(str::to_owned)
    })?;
    let port = address.rsplit_once(':').map_or("", |(_, port)| port);

    let said = user.run(&["fingerprint", "--data-folder", FOLDER, "--json"])?;
    ensure!(said.contains("identity_key"), "there is no identity key");
    // A ticket is a secret: it is not shown.
    let said = user.run(&["ticket", "orders", "--port", port, "--data-folder", FOLDER])?;
    ensure!(said.contains("#ticket="), "there is no link with a ticket");
    let served = get(&format!("{address}/set"))?;
    let page = fs::read_to_string(Path::new(PAGE).join("index.html"))?;
    ensure!(served == page, "another page is served");
    user.run(&["doctor", "--data-folder", FOLDER])?;
    trial.of_service(credset, &address)?;
    trial.of_command(&confinement)?;
    service.stop(LIMIT)?;
    let audit = fs::read_to_string(Path::new(FOLDER).join("audit.jsonl"))?;
    // Written last: a call that ends the process, after it has begun to serve, has it missing.
    ensure!(
        audit.contains(r#""event":"stopped""#),
        "the service has not come to its end"
    );
    Ok(())
}

/// As a browser that trusts the gateway's authority.
fn get(address: &str) -> Result<String> {
    process::capture(
        Command::new("curl")
            .args(["--silent", "--show-error", "--fail", "--noproxy", "*"])
            .args(["--max-time", "20", "--cacert"])
            .arg(Path::new(FOLDER).join("tls/ca.pem"))
            .arg(address),
    )
}
