//! What a signal does to a run, wherever it is.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, SpecialCodeIndex, tcgetattr};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::case::{Case, REACH, SECRET, USUAL_SIGNALS, assert_silent, command, filled};
use crate::scratch_gateway::ScratchGateway;

/// What stops a run.
const STOPPING: [Signal; 4] = [Signal::INT, Signal::TERM, Signal::HUP, Signal::QUIT];

/// Both ends of a terminal.
struct Pty {
    outer: File,
    inner: File,
}

impl Pty {
    fn new() -> Self {
        let outer = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&outer).unwrap();
        unlockpt(&outer).unwrap();
        let name = ptsname(&outer, Vec::new()).unwrap().into_string().unwrap();
        let inner = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name)
            .unwrap();
        Self {
            outer: File::from(outer),
            inner,
        }
    }

    /// A run with this terminal, and no other.
    fn spawn(&self, arguments: &str) -> Child {
        let end = || Stdio::from(OwnedFd::from(self.inner.try_clone().unwrap()));
        Command::new("setsid")
            .args(["--ctty", "/usr/bin/env", USUAL_SIGNALS])
            .arg(env!("CARGO_BIN_EXE_credset"))
            .args(arguments.split_whitespace())
            .env_clear()
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap()
    }

    /// What is shown until this is.
    fn shown(&mut self, last: &str) -> String {
        let mut shown = Vec::new();
        while !String::from_utf8_lossy(&shown).contains(last) {
            let mut more = [0; 256];
            let count = self.outer.read(&mut more).unwrap();
            shown.extend(&more[..count]);
        }
        String::from_utf8(shown).unwrap()
    }

    /// Whether what is typed is shown, lines arrive whole, and Ctrl-C and Ctrl-Z are signals.
    fn is_usual(&self) -> bool {
        let is = tcgetattr(&self.inner).unwrap();
        is.local_modes
            .contains(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG)
            && is.special_codes[SpecialCodeIndex::VSUSP] == 26
    }
}

#[test]
fn the_terminal_is_as_it_was_after_a_signal_at_the_prompt() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ticket"), gateway.ticket("Files", &[])).unwrap();
    let arguments = filled(
        "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=etl -p host=files --gateway {gateway}",
        &gateway,
        folder.path(),
    );
    for signal in [None].into_iter().chain(STOPPING.map(Some)) {
        let mut pty = Pty::new();
        let mut process = pty.spawn(&arguments);
        pty.shown("Password: ");
        assert!(!pty.is_usual(), "{signal:?}: it shows what is typed");
        // What is typed before it is gone, too.
        pty.outer.write_all(b"half").unwrap();
        match signal {
            Some(signal) => kill_process(Pid::from_child(&process), signal).unwrap(),
            None => pty.outer.write_all(b"\x03").unwrap(),
        }
        let status = process.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{signal:?}: {status}");
        assert!(pty.is_usual(), "{signal:?}: it is still quiet");
        let shown = pty.shown("Stopped");
        assert!(!shown.contains("half"), "{signal:?}: {shown}");
    }
}

/// A gateway's double, which has its keys and says nothing more once an envelope has arrived.
struct Mute {
    port: u16,
    arrived: Receiver<()>,
}

impl Mute {
    fn of(gateway: &ScratchGateway) -> Self {
        let keys = Case {
            name: "its keys",
            arguments: "keys save {dir}/keys.json --trust-on-first-use",
            more: &REACH,
            ..Case::default()
        }
        .check(gateway);
        let keys = fs::read_to_string(keys.path().join("keys.json")).unwrap();
        let length = keys.len();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{keys}");
        let tls = gateway.folder().join("tls");
        let chain = CertificateDer::pem_file_iter(tls.join("leaf.pem")).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                chain.map(Result::unwrap).collect(),
                PrivateKeyDer::from_pem_file(tls.join("leaf.pem")).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (told, arrived) = channel();
        thread::spawn(move || {
            let mut kept = Vec::new();
            for socket in listener.incoming() {
                let session = rustls::ServerConnection::new(config.clone()).unwrap();
                let mut stream = rustls::StreamOwned::new(session, socket.unwrap());
                let mut first = [0; 1];
                stream.read_exact(&mut first).unwrap();
                if first == *b"G" {
                    stream.write_all(answer.as_bytes()).unwrap();
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                } else {
                    told.send(()).unwrap();
                    kept.push(stream);
                }
            }
        });
        Self { port, arrived }
    }

    /// A run that has sent its envelope.
    fn sent(&self, mut run: Command) -> Child {
        let process = run
            .arg(format!("--gateway=https://localhost:{}", self.port))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        self.arrived.recv().unwrap();
        process
    }
}

const SET: &str = "set --ticket-file {dir}/ticket --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-file {dir}/password --ca-file {ca}";

/// A run in a folder with a ticket and a password.
fn setting(gateway: &ScratchGateway, folder: &Path) -> Command {
    fs::write(folder.join("ticket"), gateway.ticket("Files", &[])).unwrap();
    fs::write(folder.join("password"), SECRET).unwrap();
    let mut run = command(folder);
    run.args(filled(SET, gateway, folder).split_whitespace());
    run
}

#[test]
fn a_stopped_run_says_whether_anything_was_sent() {
    let gateway = ScratchGateway::new();
    let mute = Mute::of(&gateway);
    for signal in STOPPING {
        let folder = tempfile::tempdir().unwrap();
        let process = mute.sent(setting(&gateway, folder.path()));
        kill_process(Pid::from_child(&process), signal).unwrap();
        let output = process.wait_with_output().unwrap();
        assert_silent(&output, "sent");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal:?}: {said}");
        assert!(
            said.contains("Stopped: the credential may be stored already"),
            "{said}"
        );
        assert!(said.contains("`credential-gateway show`"), "{said}");

        // Before that there is nothing to look for.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let process = setting(&gateway, folder.path())
            .arg(format!("--gateway=https://localhost:{port}"))
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _connection = listener.accept().unwrap();
        kill_process(Pid::from_child(&process), signal).unwrap();
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal:?}: {said}");
        assert!(said.ends_with("credset: Stopped\n"), "{said}");
    }
}

/// A first signal waits for the file that is being set, a second one does not; neither leaves anything beside it.
#[test]
fn a_definition_stays_whole_by_any_signal() {
    let gateway = ScratchGateway::new();
    let mute = Mute::of(&gateway);
    let definition = r#"{"name":"Files","properties":{"type":"OnPremisesFileServer","typeProperties":{"host":"\\\\files\\share","userId":"etl","password":"secret"}}}"#;
    for signal in STOPPING {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("definitions/files.json");
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, definition).unwrap();
        fs::write(folder.path().join("ticket"), gateway.ticket("Files", &[])).unwrap();
        let arguments = "apply {dir}/definitions --ticket-file {dir}/ticket --ca-file {ca}";
        let mut run = command(folder.path());
        run.args(filled(arguments, &gateway, folder.path()).split_whitespace());
        let mut process = mute.sent(run);
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        kill_process(Pid::from_child(&process), signal).unwrap();
        let first = lines.next().unwrap().unwrap();
        assert_eq!(first, "stopping after this file", "{signal:?}");
        kill_process(Pid::from_child(&process), signal).unwrap();
        let rest: Vec<String> = lines.map(Result::unwrap).collect();
        let status = process.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{signal:?}: {rest:?}");
        assert!(rest[0].contains("may be stored already"), "{rest:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), definition);
        let beside = fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(beside.count(), 1, "{signal:?}");
    }
}

/// It would be read for ever, and a signal would change nothing.
#[test]
fn a_definition_that_is_a_pipe_is_refused() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.json");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    Case {
        name: "a pipe",
        arguments: "apply {dir}/pipe.json --ticket-file {dir}/ticket",
        ticket: Some("Files"),
        code: 2,
        err: &["pipe.json is no regular file"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
}

/// As with `nohup`: what was to be ignored is not taken.
#[test]
fn an_ignored_signal_stays_ignored() {
    let gateway = ScratchGateway::new();
    let mute = Mute::of(&gateway);
    let folder = tempfile::tempdir().unwrap();
    let inner = setting(&gateway, folder.path());
    let mut quiet = Command::new("/usr/bin/env");
    quiet
        .args(["--default-signal=INT,QUIT,TERM", "--ignore-signal=HUP"])
        .args(inner.get_args().skip_while(|part| *part == USUAL_SIGNALS))
        .env_clear()
        .env("HOME", folder.path())
        .current_dir(folder.path());
    let process = mute.sent(quiet);
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let has = |set: &str, signal: Signal| {
        let bits = status.lines().find_map(|line| line.strip_prefix(set));
        let bits = u64::from_str_radix(bits.unwrap().trim(), 16).unwrap();
        bits >> (signal.as_raw() - 1) & 1 == 1
    };
    assert!(has("SigIgn:", Signal::HUP) && !has("SigCgt:", Signal::HUP));
    assert!(has("SigCgt:", Signal::TERM) && has("SigCgt:", Signal::INT));
    kill_process(Pid::from_child(&process), Signal::TERM).unwrap();
    let output = process.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
}
