//! OpenSSH's server, and a user of the system for it.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

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

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program}: {said}");
    String::from_utf8(output.stdout).unwrap()
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

    pub(super) fn with_keys_only() -> Self {
        Self::with("PasswordAuthentication no", &["ed25519"])
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

/// Root makes a user of the system, and removes it. Anybody else is the user, with keys alone: a server of their own cannot look at
/// passwords.
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
        run("useradd", &[&options[..], &[&name]].concat());
        let user = Self {
            name,
            is_made: true,
        };
        let mut chpasswd = Command::new("chpasswd")
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = chpasswd.stdin.take().unwrap();
        writeln!(stdin, "{}:{PASSWORD}", user.name).unwrap();
        drop(stdin);
        assert!(chpasswd.wait().unwrap().success());
        user
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn has_password(&self) -> bool {
        self.is_made
    }

    pub(crate) fn lock(&self) {
        run("usermod", &["--lock", &self.name]);
    }

    /// From now on its home is there.
    pub(crate) fn live_in(&self, folder: &str) {
        run("usermod", &["--home", folder, &self.name]);
    }

    pub(crate) fn unlock(&self) {
        run("usermod", &["--unlock", &self.name]);
    }
}

impl Drop for User {
    fn drop(&mut self) {
        if self.is_made {
            let _ = Command::new("userdel")
                .arg(&self.name)
                .stderr(Stdio::null())
                .status();
        }
    }
}
