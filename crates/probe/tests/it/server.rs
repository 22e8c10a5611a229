//! A PostgreSQL of our own: folder, port and accounts. It ends with the test.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, geteuid, kill_process};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_postgres::{Client, Config, NoTls};

pub(crate) const PASSWORD: &str = "correct-horse-battery";
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Server {
    folder: TempDir,
    pub(crate) port: u16,
    process: Child,
    log: Receiver<String>,
    settings: Vec<String>,
}

impl Server {
    pub(crate) fn start(hba: &str) -> Self {
        Self::start_with(hba, &["fsync=off", "max_connections=20"])
    }

    /// With these settings.
    pub(crate) fn start_with(hba: &str, settings: &[&str]) -> Self {
        // In memory, where that is: most of the time goes into files that nobody keeps.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
        let folder = folder.unwrap();
        own(folder.path());
        let database = folder.path().join("database");
        let mut initdb = as_nobody_special("initdb");
        initdb.args([
            "--no-sync",
            "--username=admin",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "-D",
        ]);
        let made = initdb.arg(&database).output().unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        fs::write(
            database.join("pg_hba.conf"),
            format!("host all admin 127.0.0.1/32 trust\n{hba}"),
        )
        .unwrap();
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let settings: Vec<String> = settings.iter().map(ToString::to_string).collect();
        let (process, log) = launch(&database, port, &settings);
        let server = Self {
            folder,
            port,
            process,
            log,
            settings,
        };
        server.wait_for("ready to accept connections");
        server
    }

    /// Ends it as a crash would, and starts it again at the same port.
    #[allow(
        dead_code,
        reason = "not every test crate that has this file crashes it"
    )]
    pub(crate) fn crash(&mut self) {
        let _ = kill_process(Pid::from_child(&self.process), Signal::QUIT);
        let _ = self.process.wait();
        let database = self.folder.path().join("database");
        (self.process, self.log) = launch(&database, self.port, &self.settings);
        self.wait_for("ready to accept connections");
    }

    fn wait_for(&self, words: &str) {
        while !self.log.recv_timeout(PATIENCE).unwrap().contains(words) {}
    }

    /// The administrator, without a password.
    pub(crate) async fn admin(&self) -> Client {
        self.admin_of("postgres").await
    }

    /// The same in another database.
    pub(crate) async fn admin_of(&self, database: &str) -> Client {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
            .await
            .unwrap();
        let mut config = Config::new();
        config
            .user("admin")
            .dbname(database)
            .ssl_mode(tokio_postgres::config::SslMode::Disable);
        let (client, connection) = config.connect_raw(stream, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    pub(crate) async fn run(&self, statements: &[&str]) {
        let admin = self.admin().await;
        for statement in statements {
            admin.simple_query(statement).await.unwrap();
        }
    }

    /// From now on it shows this certificate.
    pub(crate) fn show(&self, chain: &str, key: &str) {
        let database = self.folder.path().join("database");
        fs::write(database.join("server.crt"), chain).unwrap();
        let path = database.join("server.key");
        fs::write(&path, key).unwrap();
        own(&path);
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, mode).unwrap();
        fs::write(database.join("postgresql.auto.conf"), "ssl = on\n").unwrap();
        let postgres = Pid::from_child(&self.process);
        kill_process(postgres, Signal::HUP).unwrap();
        self.wait_for("reloading configuration files");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Immediately: there is nothing to keep.
        let _ = kill_process(Pid::from_child(&self.process), Signal::QUIT);
        let _ = self.process.wait();
    }
}

fn launch(database: &Path, port: u16, settings: &[String]) -> (Child, Receiver<String>) {
    let mut command = as_nobody_special("postgres");
    command.arg("-D").arg(database);
    let own = [
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        format!("port={port}"),
    ];
    for setting in own.iter().chain(settings) {
        command.args(["-c", setting]);
    }
    let mut process = command
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
    (process, log)
}

/// PostgreSQL does not run as root: then it runs as the user that its package made.
fn as_nobody_special(program: &str) -> Command {
    let path = installed(program);
    if !geteuid().is_root() {
        return Command::new(path);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid=postgres",
            "--regid=postgres",
            "--init-groups",
            "--pdeathsig=QUIT",
            "--",
        ])
        .arg(path)
        .current_dir("/");
    command
}

fn own(path: &Path) {
    if geteuid().is_root() {
        let status = Command::new("chown")
            .arg("postgres")
            .arg(path)
            .status()
            .unwrap();
        assert!(status.success());
    }
}

/// Debian has the programs of each version in a folder of its own: the newest is taken.
fn installed(program: &str) -> PathBuf {
    let versions =
        fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed by `cargo xtask test`");
    let mut found: Vec<PathBuf> = versions
        .map(|version| version.unwrap().path().join("bin").join(program))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found
        .pop()
        .expect("PostgreSQL is installed by `cargo xtask test`")
}
