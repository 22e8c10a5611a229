//! A MariaDB of our own: folder, port and accounts. It ends with the test.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    folder: TempDir,
    pub(crate) port: u16,
    process: Child,
}

impl Server {
    /// Without TLS, with nobody but `root` on its socket.
    pub(crate) fn start() -> Self {
        // In memory, where that is: most of the time goes into files that nobody keeps.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        let made = Command::new("mariadb-install-db")
            .args([
                "--no-defaults",
                "--skip-test-db",
                "--auth-root-authentication-method=normal",
            ])
            .args([
                "--skip-name-resolve",
                &as_us(),
                &setting(&folder, "datadir", "data"),
            ])
            .output()
            .expect("MariaDB is installed by `cargo xtask test`");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = serve(&folder, port, &[]);
        Self {
            folder,
            port,
            process,
        }
    }

    /// The same with TLS; it shows this certificate.
    pub(crate) fn restart_with(&mut self, chain: &str, key: &str) {
        self.write(chain, key);
        self.end();
        let files = [
            setting(&self.folder, "ssl-cert", "chain"),
            setting(&self.folder, "ssl-key", "key"),
        ];
        self.process = serve(&self.folder, self.port, &files);
    }

    /// From now on it shows this certificate.
    #[allow(
        dead_code,
        reason = "not every test crate that has this file shows another one"
    )]
    pub(crate) fn show(&self, chain: &str, key: &str) {
        self.write(chain, key);
        self.run(&["FLUSH SSL"]);
    }

    fn write(&self, chain: &str, key: &str) {
        fs::write(self.folder.path().join("chain"), chain).unwrap();
        fs::write(self.folder.path().join("key"), key).unwrap();
    }

    /// As the administrator.
    pub(crate) fn run(&self, statements: &[&str]) {
        let done = Command::new("mariadb")
            .args([
                "--no-defaults",
                "--user=root",
                "--skip-ssl",
                &setting(&self.folder, "socket", "socket"),
            ])
            .arg(format!("--execute={}", statements.join("; ")))
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }

    fn end(&mut self) {
        let _ = kill_process(Pid::from_child(&self.process), Signal::TERM);
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Immediately: there is nothing to keep.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(folder: &TempDir, port: u16, more: &[String]) -> Child {
    // The test may be killed; setpriv ends the server then.
    let mut process = Command::new("setpriv")
        .args([
            "--pdeathsig=KILL",
            "--",
            "mariadbd",
            "--no-defaults",
            &as_us(),
        ])
        .args([
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--performance-schema=OFF",
            "--innodb-flush-method=nosync",
            "--innodb-buffer-pool-size=8M",
            "--innodb-log-file-size=4M",
            "--max-connections=10",
            "--connect-timeout=600",
            // Where a test installs PAM, it asks for the password itself.
            "--loose-pam-use-cleartext-plugin",
        ])
        .arg(format!("--port={port}"))
        .args([
            setting(folder, "datadir", "data"),
            setting(folder, "socket", "socket"),
            setting(folder, "pid-file", "pid"),
        ])
        .args(more)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, log) = mpsc::channel();
    let stderr = BufReader::new(process.stderr.take().unwrap());
    thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    while !log
        .recv_timeout(PATIENCE)
        .unwrap()
        .contains("ready for connections")
    {}
    process
}

fn setting(folder: &TempDir, name: &str, file: &str) -> String {
    format!("--{name}={}", folder.path().join(file).display())
}

/// It does not run as root unless it is told to.
fn as_us() -> String {
    let user = if geteuid().is_root() { "root" } else { "" };
    format!("--user={user}")
}
