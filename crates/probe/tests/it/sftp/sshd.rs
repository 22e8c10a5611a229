//! OpenSSH's server, and a user of the system for it.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::geteuid;
use tempfile::TempDir;

use crate::server::PASSWORD;
use crate::service::{Service, free_ports, scratch};

/// Files with keys that may log in, in `key-file`'s tests.
pub(super) const KEYS: [&str; 12] = [
    "ed25519.openssh",
    "ed25519.encrypted.openssh",
    "ed25519.pkcs8.pem",
    "ed25519.encrypted.v3.ppk",
    "p-256.openssh",
    "p-256.des3.pkcs8.pem",
    "p-256.aes-128-cbc.traditional.pem",
    "rsa-2048.openssh",
    "rsa-2048.pkcs8.pem",
    "rsa-2048.aes128-sha1.pkcs8.pem",
    "rsa-2048.traditional.pem",
    "p-256.v2.ppk",
];

fn test_key(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../key-file/tests/keys/files");
    fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

/// As it is stored: in its normal form.
pub(super) fn key(name: &str) -> String {
    let file = key_file::recognise(test_key(name).as_bytes()).unwrap();
    file.content().to_string()
}

pub(super) fn key_passphrase() -> String {
    test_key("passphrase").trim().to_owned()
}

/// As long as others may keep the list of users.
const PATIENCE: Duration = Duration::from_secs(60);

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// The same for a program that changes the system's users: one at a time, others wait.
fn change_users(program: &str, arguments: &[&str], input: &str) -> Result<(), String> {
    let until = Instant::now() + PATIENCE;
    loop {
        let mut process = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = process.stdin.take().unwrap();
        // It may have ended without reading.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let output = process.wait_with_output().unwrap();
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_busy = said.contains("lock") || said.contains("used by process");
        if !is_busy || Instant::now() > until {
            return Err(format!("{program}: {said}"));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

pub(super) struct Sshd {
    _service: Service,
    folder: TempDir,
    pub(super) port: u16,
}

impl Sshd {
    pub(super) fn start() -> Self {
        Self::with("Subsystem sftp internal-sftp", &["ed25519", "ecdsa", "rsa"])
    }

    pub(super) fn without_files() -> Self {
        Self::with("", &["ed25519"])
    }

    /// Nobody is told where he is.
    pub(super) fn without_paths() -> Self {
        Self::with("Subsystem sftp internal-sftp -P realpath", &["ed25519"])
    }

    /// Everybody is locked into a folder that is not there.
    pub(super) fn without_folder() -> Self {
        let settings = "Subsystem sftp internal-sftp\nChrootDirectory /nowhere-at-all";
        Self::with(settings, &["ed25519"])
    }

    pub(super) fn with_keys_only() -> Self {
        Self::with("PasswordAuthentication no", &["ed25519"])
    }

    /// A password is right, and not enough.
    pub(super) fn with_keys_after_passwords() -> Self {
        Self::with("AuthenticationMethods password,publickey", &["ed25519"])
    }

    pub(super) fn with_rsa_only() -> Self {
        Self::with("", &["rsa"])
    }

    fn with(more: &str, kinds: &[&str]) -> Self {
        let folder = scratch();
        let [port] = free_ports();
        let root = folder.path().display();
        let mut config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\nMaxStartups 100\n\
             KbdInteractiveAuthentication no\nAuthorizedKeysFile {root}/authorized\n{more}\n"
        );
        for kind in kinds {
            let path = format!("{root}/{kind}");
            run("ssh-keygen", &["-q", "-t", kind, "-N", "", "-f", &path]);
            config += &format!("HostKey {path}\n");
        }
        let authorized = [
            "ed25519.pub",
            "ed25519.pkcs8.pub",
            "p-256.pub",
            "rsa-2048.pub",
        ]
        .map(test_key);
        fs::write(folder.path().join("authorized"), authorized.join("\n")).unwrap();
        fs::write(folder.path().join("config"), config).unwrap();
        // Others than its owner read it, in the name of the user who logs in.
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(folder.path(), mode).unwrap();
        if geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let config = format!("{root}/config");
        let service = Service::start("/usr/sbin/sshd", &["-D", "-e", "-f", &config], &[port]);
        Self {
            _service: service,
            folder,
            port,
        }
    }

    /// As `ssh-keygen` writes it.
    pub(super) fn fingerprint(&self, kind: &str, hash: &str) -> String {
        let path = format!("{}/{kind}.pub", self.folder.path().display());
        let line = run("ssh-keygen", &["-l", "-E", hash, "-f", &path]);
        line.split(' ').nth(1).unwrap().to_owned()
    }
}

/// Root makes a user of the system, and removes it. Anybody else is the user, with keys alone.
pub(crate) struct User {
    name: String,
    is_made: bool,
}

impl User {
    pub(crate) fn new() -> Self {
        if !geteuid().is_root() {
            let name = run("id", &["-un"]).trim().to_owned();
            return Self {
                name,
                is_made: false,
            };
        }
        let name = format!("probe-{}-{}", std::process::id(), free_ports::<1>()[0]);
        let options = ["--no-create-home", "--home-dir", "/", "--shell", "/bin/sh"];
        change_users("useradd", &[&options[..], &[&name]].concat(), "").unwrap();
        let user = Self {
            name,
            is_made: true,
        };
        let entry = format!("{}:{PASSWORD}\n", user.name);
        change_users("chpasswd", &[], &entry).unwrap();
        user
    }

    /// One with a password, at servers that look at the system's: no others than root's can.
    pub(crate) fn with_password() -> Self {
        assert!(
            geteuid().is_root(),
            "it is run as root, who makes a user of the system: `cargo xtask test` says so"
        );
        Self::new()
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn lock(&self) {
        change_users("usermod", &["--lock", &self.name], "").unwrap();
    }

    /// From now on its home is there.
    pub(crate) fn live_in(&self, folder: &str) {
        change_users("usermod", &["--home", folder, &self.name], "").unwrap();
    }

    pub(crate) fn unlock(&self) {
        change_users("usermod", &["--unlock", &self.name], "").unwrap();
    }
}

impl Drop for User {
    fn drop(&mut self) {
        if self.is_made {
            let removed = change_users("userdel", &[&self.name], "");
            // A second panic would hide the first.
            assert!(removed.is_ok() || thread::panicking(), "{removed:?}");
        }
    }
}
