//! What a signal does to a run, wherever it is.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, SpecialCodeIndex, tcgetattr};

use crate::case::filled;
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
            .args(["--ctty", env!("CARGO_BIN_EXE_credset")])
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
