//! What whoever installs the package gets.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::confinement::Confinement;
use super::unit::Unit;
use super::{NAME, Package, SOURCES, build, installation};
use crate::process;
use crate::workspace::Workspace;

/// What the unit may leave exposed, in tenths of systemd's own measure: less than this.
const EXPOSED: u32 = 20;

/// Files that somebody looks for, and where; the rest of the package is their contents.
const EXPECTED: [&str; 12] = [
    "./usr/bin/credential-gateway",
    "./usr/lib/systemd/system/credential-gateway.service",
    "./usr/lib/sysusers.d/credential-gateway.conf",
    "./usr/share/bash-completion/completions/credential-gateway",
    "./usr/share/credential-gateway/page/index.html",
    "./usr/share/doc/credential-gateway/README.md.gz",
    "./usr/share/doc/credential-gateway/changelog.Debian.gz",
    "./usr/share/doc/credential-gateway/copyright",
    "./usr/share/doc/credential-gateway/examples/systemd-creds.conf",
    "./usr/share/man/man1/credential-gateway.1.gz",
    "./usr/share/man/man1/credential-gateway-serve.1.gz",
    "./usr/share/zsh/vendor-completions/_credential-gateway",
];

type Check = fn(&Workspace, &Package) -> Result<()>;

const OF_FILES: [(&str, Check); 4] = [
    ("the unit leaves less than 2.0 exposed", exposure),
    ("what the unit forbids ends a process", forbidden_calls),
    ("everything is there, and root's alone to change", files),
    ("a second package is the same to the byte", reproduction),
];

const OF_INSTALLATION: &str =
    "it is installed, serves and tries credentials as its unit says, and is purged without a trace";

/// Calls `each` with the outcome of each check that changes nothing.
pub fn of_files(
    workspace: &Workspace,
    package: &Package,
    mut each: impl FnMut(&'static str, Result<()>),
) {
    for (name, check) in OF_FILES {
        each(name, check(workspace, package));
    }
}

/// Calls `each` with the outcome of the check that installs the package on this machine, and sends it credentials with this `credset`. Only
/// root can.
pub fn of_installation(
    package: &Package,
    credset: &Path,
    mut each: impl FnMut(&'static str, Result<()>),
) {
    each(OF_INSTALLATION, installation::check(package, credset));
}

fn unit(workspace: &Workspace) -> Result<Unit> {
    let path = workspace.path(SOURCES).join(format!("{NAME}.service"));
    Unit::read(path)
}

fn exposure(workspace: &Workspace, _: &Package) -> Result<()> {
    let found = unit(workspace)?.exposure()?;
    ensure!(
        found < EXPOSED,
        "systemd-analyze security says {}.{}",
        found / 10,
        found % 10
    );
    Ok(())
}

/// Else a service that runs under the same filter would show nothing.
fn forbidden_calls(workspace: &Workspace, _: &Package) -> Result<()> {
    let confinement = Confinement::of(&unit(workspace)?)?;
    let signal = |program: &str, arguments: &[&str]| -> Result<Option<i32>> {
        let mut command = Command::new(program);
        confinement.confine(command.args(arguments));
        let output = command.output()?;
        Ok(output.status.signal())
    };
    let forbidden = Some(rustix::process::Signal::SYS.as_raw());
    ensure!(signal("true", &[])?.is_none(), "nothing runs at all");
    ensure!(
        signal("chroot", &["/", "true"])? == forbidden,
        "another root is not refused"
    );
    ensure!(
        signal("nice", &["true"])? == forbidden,
        "another priority is not refused"
    );
    Ok(())
}

fn files(_: &Workspace, package: &Package) -> Result<()> {
    let listed = process::capture(
        Command::new("dpkg-deb")
            .arg("--contents")
            .arg(&package.file),
    )?;
    let mut missing = EXPECTED.to_vec();
    for line in listed.lines() {
        let mut words = line.split_whitespace();
        let mode = words.next().context("a line has no mode")?;
        let owner = words.next().context("a line has no owner")?;
        let path = line.rsplit_once(' ').map_or("", |(_, path)| path);
        let is_root_s = owner == "root/root";
        let is_plain = ["drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"].contains(&mode);
        ensure!(is_root_s && is_plain, "{path} is {owner}'s, {mode}");
        missing.retain(|expected| *expected != path);
    }
    ensure!(missing.is_empty(), "not there: {}", missing.join(", "));
    Ok(())
}

fn reproduction(workspace: &Workspace, package: &Package) -> Result<()> {
    let first = fs::read(&package.file)?;
    let again = build(workspace, &package.contents, package.packing)?;
    ensure!(first == fs::read(again.file)?, "the two are not the same");
    Ok(())
}
