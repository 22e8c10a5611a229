//! Microsoft's `mssql-mock-tds`: it ends with the test.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

pub(crate) struct Mock {
    pub(crate) port: u16,
    process: Child,
}

impl Mock {
    /// With these arguments.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let program = std::env::var("MSSQL_MOCK_TDS")
            .expect("`cargo xtask test` installs mssql-mock-tds and says where it is");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut process = Command::new("setpriv")
            .args(["--pdeathsig=KILL", "--", &program])
            .args(["--port", &port.to_string()])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("listening") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it has ended");
        }
        // It would stop where nobody reads it.
        thread::spawn(move || log.read_to_end(&mut Vec::new()));
        Self { port, process }
    }

    /// With TLS in the packets of this protocol.
    pub(crate) fn with_tls(folder: &Path, chain: &str, key: &str, more: &[&str]) -> Self {
        let file = |name: &str, content: &str| {
            let path = folder.join(name);
            std::fs::write(&path, content).unwrap();
            path.display().to_string()
        };
        let (chain, key) = (file("chain", chain), file("key", key));
        let arguments = ["--tls-mode", "optional", "--cert", &chain, "--key", &key];
        Self::start(&[&arguments, more].concat())
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
