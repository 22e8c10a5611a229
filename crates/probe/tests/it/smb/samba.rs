//! Samba's server, with a list of accounts of its own.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

use crate::server::PASSWORD;
use crate::service::{Service, free_ports, scratch};

pub(super) struct Samba {
    _service: Service,
    folder: TempDir,
    pub(super) port: u16,
}

impl Samba {
    pub(super) const DOMAIN: &str = "PROBES";

    /// With this user of the system, and shares: one for everybody, and one for others.
    pub(super) fn start(user: &str, settings: &str) -> Self {
        let folder = scratch();
        let [port] = free_ports();
        let root = folder.path().display().to_string();
        for (name, mode) in [
            ("", 0o755),
            ("state", 0o755),
            ("files", 0o755),
            ("files/2026", 0o755),
            ("files/2026/sales and stock", 0o755),
            ("files/closed", 0o700),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let mut config = format!(
            "[global]\nworkgroup = {}\nserver role = standalone server\nsmb ports = {port}\ninterfaces = 127.0.0.1\n\
             bind interfaces only = yes\npassdb backend = tdbsam:{root}/state/accounts.tdb\nlog level = 0\n\
             load printers = no\nprintcap name = /dev/null\ndisable spoolss = yes\n{settings}\n",
            Self::DOMAIN
        );
        for name in [
            "private dir",
            "lock directory",
            "state directory",
            "cache directory",
            "pid directory",
            "ncalrpc dir",
        ] {
            config += &format!("{name} = {root}/state\n");
        }
        config += &format!(
            "[files]\npath = {root}/files\nguest ok = yes\n[others]\npath = {root}/files\nvalid users = root\n\
             [sealed]\npath = {root}/files\nsmb encrypt = required\n"
        );
        fs::write(folder.path().join("config"), config).unwrap();
        let config = format!("--configfile={root}/config");
        let accounts = Accounts(folder.path().join("config").display().to_string());
        accounts.add(user);
        let arguments = [
            "--foreground",
            "--no-process-group",
            "--debug-stdout",
            &config,
        ];
        let service = Service::start("/usr/sbin/smbd", &arguments, &[port]);
        Self {
            _service: service,
            folder,
            port,
        }
    }

    fn accounts(&self) -> Accounts {
        Accounts(self.folder.path().join("config").display().to_string())
    }

    pub(super) fn disable(&self, user: &str) {
        self.accounts().run("smbpasswd", &["-d", user], "");
    }

    pub(super) fn enable(&self, user: &str) {
        self.accounts().run("smbpasswd", &["-e", user], "");
    }

    /// The next login has to change it.
    pub(super) fn expire_password(&self, user: &str) {
        self.accounts()
            .run("net", &["sam", "set", "pwdmustchangenow", user, "yes"], "");
    }

    pub(super) fn renew_password(&self, user: &str) {
        self.accounts()
            .run("net", &["sam", "set", "pwdmustchangenow", user, "no"], "");
    }

    pub(super) fn lock_out_after_one(&self) {
        let arguments = ["-P", "bad lockout attempt", "-C", "1"];
        self.accounts().run("pdbedit", &arguments, "");
    }
}

impl Drop for Samba {
    /// smbd has started helpers by itself, in a group of their own.
    fn drop(&mut self) {
        let state = self.folder.path().join("state");
        for entry in fs::read_dir(state).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !name.to_string_lossy().starts_with("samba-dcerpcd") {
                continue;
            }
            let leader = fs::read_to_string(entry.path()).unwrap_or_default();
            if let Some(leader) = leader.trim().parse().ok().and_then(Pid::from_raw) {
                // It may have ended by itself.
                let _ = kill_process_group(leader, Signal::KILL);
            }
        }
    }
}

/// The accounts of a configuration, by Samba's own programs.
struct Accounts(String);

impl Accounts {
    fn add(&self, user: &str) {
        let twice = format!("{PASSWORD}\n{PASSWORD}\n");
        self.run("smbpasswd", &["-s", "-a", user], &twice);
    }

    fn run(&self, program: &str, arguments: &[&str], input: &str) {
        let option = match program {
            "smbpasswd" => "-c",
            _ => "-s",
        };
        let mut process = Command::new(program)
            .args([option, &self.0])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it is installed by `cargo xtask test`");
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{program}: {said}");
    }
}
