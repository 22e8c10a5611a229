//! A run as data: arguments, standard input and files; exit code, what is printed and what is not.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::scratch_gateway::ScratchGateway;

/// The secret of most cases: whatever a program can stumble over, in one line.
pub(crate) const SECRET: &str = "pä$$ w0rd;\"quoted\"='x'{b}\\%41<&>";

/// What is run, and what becomes of it. In arguments `{dir}` is the folder of the files, `{gateway}` the origin, `{ca}` the authority's file,
/// `{words}` the fingerprint.
#[derive(Clone, Default)]
pub(crate) struct Case<'a> {
    pub(crate) name: &'a str,
    /// Separated by spaces; what has spaces in it is among `more`.
    pub(crate) arguments: &'a str,
    pub(crate) more: &'a [&'a str],
    pub(crate) stdin: &'a [u8],
    pub(crate) files: &'a [(&'a str, &'a [u8])],
    /// Linked service of the ticket in the file `ticket`; none without.
    pub(crate) ticket: Option<&'a str>,
    pub(crate) code: i32,
    /// In standard output.
    pub(crate) out: &'a [&'a str],
    /// In standard error.
    pub(crate) err: &'a [&'a str],
}

/// What every case against a gateway is told.
pub(crate) const REACH: [&str; 4] = ["--gateway", "{gateway}", "--ca-file", "{ca}"];

impl Case<'_> {
    /// Runs it in a folder of its own, and checks what was said.
    pub(crate) fn check(&self, gateway: &ScratchGateway) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        self.check_in(gateway, folder.path());
        folder
    }

    /// Runs it in this folder.
    pub(crate) fn check_in(&self, gateway: &ScratchGateway, folder: &Path) -> Output {
        for (name, content) in self.files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        if let Some(ls) = self.ticket {
            fs::write(folder.join("ticket"), gateway.ticket(ls, &[])).unwrap();
        }
        let arguments: Vec<String> = self
            .arguments
            .split_whitespace()
            .chain(self.more.iter().copied())
            .map(|text| filled(text, gateway, folder))
            .collect();
        let output = run(command(folder).args(&arguments), self.stdin);
        let (out, err) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        let said = format!("{}: {arguments:?}\n{out}\n{err}", self.name);
        assert_eq!(output.status.code(), Some(self.code), "{said}");
        for expected in self.out {
            let expected = filled(expected, gateway, folder);
            assert!(
                out.contains(&expected),
                "no {expected:?} on stdout of {said}"
            );
        }
        for expected in self.err {
            let expected = filled(expected, gateway, folder);
            assert!(
                err.contains(&expected),
                "no {expected:?} on stderr of {said}"
            );
        }
        assert_silent(&output, self.name);
        output
    }
}

/// Neither the secret nor a piece of a ticket's signature was printed.
pub(crate) fn assert_silent(output: &Output, name: &str) {
    for printed in [&output.stdout, &output.stderr] {
        let printed = String::from_utf8_lossy(printed);
        // Not in the message: that would be printed, too.
        assert!(!printed.contains(SECRET), "{name}: the secret is printed");
        assert!(!printed.contains("pä$$"), "{name}: a part of it is printed");
        assert!(
            !printed.contains("eyJhbGciOiJFZERTQSIsInR5cCI6ImNyZWRlbnRpYWwtdGlja2V0"),
            "{name}: the ticket is printed"
        );
    }
}

/// Has `env` begin a program with the signals that a terminal's have: whoever runs the tests may have some ignored.
pub(crate) const USUAL_SIGNALS: &str = "--default-signal=INT,QUIT,TERM,HUP";

/// The program, with an environment that has nothing of the tester's.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new("/usr/bin/env");
    command
        .args([USUAL_SIGNALS, env!("CARGO_BIN_EXE_credset")])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder)
        .env("XDG_STATE_HOME", folder.join("state"))
        .current_dir(folder);
    command
}

/// Runs it with this standard input.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A program that does not read it may have ended.
    let _ = pipe.write_all(stdin);
    drop(pipe);
    child.wait_with_output().unwrap()
}

/// With the places named.
pub(crate) fn filled(text: &str, gateway: &ScratchGateway, folder: &Path) -> String {
    text.replace("{dir}", folder.to_str().unwrap())
        .replace("{gateway}", &gateway.origin())
        .replace("{ca}", gateway.ca().to_str().unwrap())
        .replace("{words}", &gateway.words)
        .replace("{identity}", &gateway.identity)
}
