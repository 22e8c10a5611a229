//! What other processes can see of one that has a secret, and what is left of it when it dies.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::case::{SECRET, command, filled};
use crate::scratch_gateway::ScratchGateway;

/// A run that has read everything and waits for a gateway that does not answer.
struct Waiting {
    process: Child,
    /// It accepts and says nothing.
    _listener: TcpListener,
    _folder: tempfile::TempDir,
}

impl Waiting {
    fn new(gateway: &ScratchGateway) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("ticket"), gateway.ticket("Files", &[])).unwrap();
        fs::write(path.join("password"), SECRET).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let arguments = filled(
            "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-file {dir}/password --gateway",
            gateway,
            path,
        );
        let process = command(path)
            .args(arguments.split_whitespace())
            .arg(format!("https://127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It connects after it has read the secret.
        let (connection, _) = listener.accept().unwrap();
        // Kept open for as long as the test runs.
        std::mem::forget(connection);
        Self {
            process,
            _listener: listener,
            _folder: folder,
        }
    }

    fn proc(&self, name: &str) -> Vec<u8> {
        fs::read(format!("/proc/{}/{name}", self.process.id())).unwrap_or_default()
    }
}

fn has(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn nothing_is_in_the_command_line_or_the_environment() {
    let gateway = ScratchGateway::new();
    let mut waiting = Waiting::new(&gateway);
    let arguments = waiting.proc("cmdline");
    assert!(
        has(&arguments, "--password-file"),
        "this is not its command line"
    );
    for seen in [arguments, waiting.proc("environ")] {
        assert!(!has(&seen, SECRET) && !has(&seen, "eyJhbGci"));
    }
    waiting.process.kill().unwrap();
    waiting.process.wait().unwrap();
}

#[test]
fn no_core_is_written() {
    let gateway = ScratchGateway::new();
    let mut waiting = Waiting::new(&gateway);
    let limits = String::from_utf8(waiting.proc("limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let zeros = core
        .unwrap()
        .split_whitespace()
        .filter(|word| *word == "0")
        .count();
    assert_eq!(zeros, 2, "{core:?}");
    // What belongs to a process that cannot be dumped is root's.
    let owner = std::os::unix::fs::MetadataExt::uid(
        &fs::metadata(format!("/proc/{}/mem", waiting.process.id())).unwrap(),
    );
    assert_eq!(owner, 0);
    kill_process(Pid::from_child(&waiting.process), Signal::ABORT).unwrap();
    let status = waiting.process.wait().unwrap();
    assert_eq!(status.signal(), Some(Signal::ABORT.as_raw()));
    assert!(!status.core_dumped());
}

#[test]
fn an_interrupted_run_says_so() {
    let gateway = ScratchGateway::new();
    let mut waiting = Waiting::new(&gateway);
    // It has connected, so it listens for the signal.
    kill_process(Pid::from_child(&waiting.process), Signal::INT).unwrap();
    let status = waiting.process.wait().unwrap();
    assert_eq!(status.code(), Some(130), "{status}");
}
