//! A gateway process with a folder of its own, on a free port.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What the gateway is called.
pub(crate) const ID: &str = "gw-credset";

/// A gateway that runs until it is dropped.
pub(crate) struct ScratchGateway {
    outer: TempDir,
    process: Option<Child>,
    pub(crate) port: u16,
    /// The six words.
    pub(crate) words: String,
    pub(crate) identity: String,
}

impl ScratchGateway {
    /// Made and serving.
    pub(crate) fn new() -> Self {
        let outer = tempfile::tempdir().unwrap();
        let mut gateway = Self {
            outer,
            process: None,
            port: 0,
            words: String::new(),
            identity: String::new(),
        };
        let made = gateway.json(&["init", "--listen", "127.0.0.1:0", "--id", ID, "--json"]);
        gateway.words = made["words"].as_str().unwrap().to_owned();
        gateway.identity = made["identity"].as_str().unwrap().to_owned();
        gateway.serve();
        gateway
    }

    /// Changes a text in gateway.toml, and serves by it, on another port than before.
    pub(crate) fn reconfigure(&mut self, from: &str, to: &str) {
        let path = self.folder().join("gateway.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "no {from} in gateway.toml");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        self.stop();
        self.serve();
    }

    /// Starts `serve`, on another port than before.
    pub(crate) fn serve(&mut self) {
        let log = fs::File::create(self.outer.path().join("log")).unwrap();
        let mut process = self
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let out = process.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("listening https://localhost:");
        self.port = port.unwrap_or_else(|| panic!("{line:?}")).parse().unwrap();
        self.process = Some(process);
    }

    /// What it has logged since it was started.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.outer.path().join("log")).unwrap()
    }

    /// Stops it.
    pub(crate) fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command
            .arg("--data-folder")
            .arg(self.folder())
            .args(arguments)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command of the gateway's.
    pub(crate) fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(arguments).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {complaint}");
        output.stdout
    }

    /// Runs one that does not succeed, for what it says.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// The same for one that prints JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.run(arguments)).unwrap()
    }

    /// A ticket for setting a linked service.
    pub(crate) fn ticket(&self, ls: &str, more: &[&str]) -> String {
        let port = self.port.to_string();
        let arguments = ["ticket", ls, "--json", "--port", &port];
        let issued = self.json(&[&arguments[..], more].concat());
        issued["ticket"].as_str().unwrap().to_owned()
    }

    /// The link that such a ticket is in.
    pub(crate) fn link(&self, ls: &str) -> String {
        let port = self.port.to_string();
        let issued = self.json(&["ticket", ls, "--json", "--port", &port]);
        issued["link"].as_str().unwrap().to_owned()
    }

    /// A stored secret.
    pub(crate) fn reveal(&self, ls: &str, secret: &str) -> Vec<u8> {
        self.run(&["reveal", ls, "--secret", secret])
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.outer.path().join("gateway")
    }

    /// Its own authority's certificate.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder().join("tls/ca.pem")
    }

    /// Where it listens.
    pub(crate) fn origin(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

impl Drop for ScratchGateway {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The gateway's program: the one that is named, or the one that was built together with this test.
fn program() -> PathBuf {
    let named = std::env::var_os("CREDENTIAL_GATEWAY_BIN").map(PathBuf::from);
    let program = named.unwrap_or_else(|| {
        Path::new(env!("CARGO_BIN_EXE_credset")).with_file_name("credential-gateway")
    });
    assert!(
        program.exists(),
        "{} is not there: `cargo build -p gateway`",
        program.display()
    );
    program
}
