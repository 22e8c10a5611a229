//! A data store on this machine, where the installed gateway tries a credential: a PostgreSQL with TLS, whose processes and files are
//! the service's user's.

use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use tempfile::TempDir;

use super::installation::LIMIT;
use super::user::User;
use crate::process;
use crate::process::service::Service;
use crate::setup::postgresql;

pub(super) const ACCOUNT: &str = "etl";
/// The account's, and nobody else's: it is made here, and goes with the folder.
const PASSWORD: &str = "correct-horse-battery";

/// It runs until it is dropped.
pub(super) struct DataStore {
    folder: TempDir,
    _service: Service,
    pub(super) port: u16,
    /// Of its certificate, which nobody else has signed.
    pub(super) fingerprint: String,
}

impl DataStore {
    pub(super) fn start(user: &User) -> Result<Self> {
        postgresql::ensure()?;
        let folder = tempfile::tempdir()?;
        let path = |name: &str| -> Result<String> {
            let path = folder.path().join(name);
            Ok(path.to_str().context("a path is UTF-8")?.to_owned())
        };
        let (certificate, key) = (path("certificate.pem")?, path("key.pem")?);
        let (password, database) = (path("password")?, path("database")?);
        certify(&certificate, &key)?;
        fs::write(&password, PASSWORD)?;
        for file in [folder.path(), Path::new(&key), Path::new(&password)] {
            chown(file, Some(user.user), Some(user.group))?;
        }
        fs::set_permissions(&password, Permissions::from_mode(0o600))?;
        process::capture(
            user.command(&program("initdb")?)
                .args(["--no-sync", "--username", ACCOUNT, "--pwfile", &password])
                .args(["--auth=scram-sha-256", "--no-locale", "-D", &database]),
        )?;
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = free.local_addr()?.port();
        drop(free);
        // What it says goes to standard error, and is waited for.
        let mut command = user.command("sh");
        command
            .args(["-c", r#"exec "$0" "$@" 2>&1"#, &program("postgres")?])
            .args(["-D", &database]);
        for setting in [
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={port}"),
            "unix_socket_directories=".to_owned(),
            "fsync=off".to_owned(),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={certificate}"),
            format!("ssl_key_file={key}"),
        ] {
            command.args(["-c", &setting]);
        }
        let mut service = Service::start("postgresql", &mut command, || {})?;
        service.wait_for(LIMIT, |line| {
            let is_ready = line.contains("ready to accept connections");
            is_ready.then_some(())
        })?;
        Ok(Self {
            fingerprint: fingerprint(&certificate)?,
            folder,
            _service: service,
            port,
        })
    }

    /// Where files are that go with it.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file that has the account's password.
    pub(super) fn password_file(&self) -> PathBuf {
        self.folder().join("password")
    }
}

fn certify(certificate: &str, key: &str) -> Result<()> {
    let mut command = Command::new("openssl");
    command
        .args(["req", "-x509", "-newkey", "ec", "-nodes"])
        .args(["-pkeyopt", "ec_paramgen_curve:P-256", "-days", "2"])
        .args(["-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-out", certificate, "-keyout", key]);
    process::capture(&mut command).map(drop)
}

/// SHA-256, as openssl writes it: pairs of digits.
fn fingerprint(certificate: &str) -> Result<String> {
    let mut command = Command::new("openssl");
    command.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]);
    let said = process::capture(command.arg(certificate))?;
    let fingerprint = said.trim().rsplit_once('=').map(|(_, digits)| digits);
    let fingerprint = fingerprint.unwrap_or_default();
    ensure!(fingerprint.contains(':'), "openssl shows no fingerprint");
    Ok(fingerprint.to_owned())
}

fn program(name: &str) -> Result<String> {
    let path = postgresql::program(name).with_context(|| format!("there is no {name}"))?;
    Ok(path.to_str().context("a path is UTF-8")?.to_owned())
}
