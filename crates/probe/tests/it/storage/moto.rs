//! moto's server, which checks signatures and permissions.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::certificates::{Authority, Leaf};
use crate::service::{Service, free_ports, scratch};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/object-stores/moto.py");

pub(super) struct Moto {
    _service: Service,
    _folder: TempDir,
    pub(super) port: u16,
    keys: BTreeMap<String, [String; 2]>,
}

impl Moto {
    pub(super) fn start(authority: &Authority) -> Self {
        let python = std::env::var("MOTO_PYTHON").expect("it is installed by `cargo xtask test`");
        let folder = scratch();
        let [port] = free_ports();
        let (chain, key) = authority.issue(&Leaf::Sound);
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (chain_file, key_file, authority_file) =
            (path("chain"), path("key"), path("authority"));
        fs::write(&chain_file, chain).unwrap();
        fs::write(&key_file, key).unwrap();
        fs::write(&authority_file, authority.pem()).unwrap();
        let arguments = [
            &python,
            "-m",
            "moto.server",
            "-H",
            "127.0.0.1",
            "-p",
            &port.to_string(),
            "-s",
            "-c",
            &chain_file,
            "-k",
            &key_file,
        ];
        let service = Service::start("env", &arguments, &[port]);
        let told = Command::new(&python)
            .args([SCRIPT, &format!("https://localhost:{port}")])
            .env("AWS_CA_BUNDLE", &authority_file)
            .env("SSL_CERT_FILE", &authority_file)
            .output()
            .unwrap();
        assert!(
            told.status.success(),
            "{}",
            String::from_utf8_lossy(&told.stderr)
        );
        Self {
            _service: service,
            _folder: folder,
            port,
            keys: serde_json::from_slice(&told.stdout).unwrap(),
        }
    }

    /// Access key and secret.
    pub(super) fn key(&self, user: &str) -> [&str; 2] {
        self.keys[user].each_ref().map(String::as_str)
    }
}
