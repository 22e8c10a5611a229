//! SecantusDB: a server of somebody else's that speaks as MongoDB does, with accounts and roles.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::certificates::{Authority, Leaf};
use crate::server::PASSWORD;
use crate::service::{Service, free_ports, scratch};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/secantusdb/accounts.py");

pub(super) struct SecantusDb {
    _service: Service,
    _folder: TempDir,
    pub(super) port: u16,
}

impl SecantusDb {
    /// Over TLS, for accounts only.
    pub(super) fn start(authority: &Authority) -> Self {
        let python = std::env::var("SECANTUSDB_PYTHON");
        let python = python.expect("it is installed by `cargo xtask test`");
        let folder = scratch();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let made = Command::new(&python)
            .args([SCRIPT, &path("data"), PASSWORD])
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let (chain, key) = authority.issue(&Leaf::Sound);
        fs::write(path("chain"), chain).unwrap();
        fs::write(path("key"), key).unwrap();
        let [port] = free_ports();
        let arguments = [
            &python,
            "-m",
            "secantus",
            "--auth",
            "--log-level",
            "ERROR",
            "--port",
            &port.to_string(),
            "--storage-path",
            &path("data"),
            "--tls-cert-file",
            &path("chain"),
            "--tls-key-file",
            &path("key"),
        ];
        let service = Service::start("env", &arguments, &[port]);
        Self {
            _service: service,
            _folder: folder,
            port,
        }
    }
}
