//! Who keeps the key-encryption key: each with a folder of its own, and the real program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use kek::local::LocalKek;

use super::{command, json};

/// A folder for gateways, and the surroundings that the program gets.
struct Surroundings {
    outer: tempfile::TempDir,
    variables: Vec<(&'static str, PathBuf)>,
}

impl Surroundings {
    fn new() -> Self {
        Self {
            outer: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.outer.path().join(name)
    }

    fn folder(&self) -> PathBuf {
        self.path("gateway")
    }

    fn output(&self, arguments: &[&str]) -> Output {
        let mut command = command(&self.folder(), arguments);
        command.env_remove("CREDENTIALS_DIRECTORY");
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.output().unwrap()
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Neither serves nor says anything but this, and leaves every file as it was.
    #[track_caller]
    fn refuses(&self, sentences: &[&str]) {
        let before = files(&self.folder());
        for arguments in [&["serve"][..], &["list"], &["key", "rotate", "--store"]] {
            let refused = self.output(arguments);
            let said = String::from_utf8(refused.stderr).unwrap();
            assert!(!refused.status.success(), "{arguments:?}");
            for sentence in sentences {
                assert!(said.contains(sentence), "{arguments:?}: {said}");
            }
        }
        assert!(files(&self.folder()) == before, "a file was changed");
    }

    /// `init` of an interrupted folder makes no new key over what is there.
    #[track_caller]
    fn refuses_to_complete(&self, init: &[&str]) {
        let toml = self.folder().join("gateway.toml");
        std::fs::rename(&toml, self.path("toml")).unwrap();
        let before = files(&self.folder());
        assert!(!self.output(init).status.success());
        assert!(files(&self.folder()) == before, "init has changed a file");
        std::fs::rename(self.path("toml"), &toml).unwrap();
    }

    /// `check` finds this, and nothing else.
    #[track_caller]
    fn is_told_by_check(&self, code: i32, sentence: &str) {
        let checked = self.output(&["check"]);
        let said = String::from_utf8(checked.stderr).unwrap();
        assert_eq!(checked.status.code(), Some(code), "{said}");
        assert!(said.contains("would not start: `kek`"), "{said}");
        assert!(said.contains(sentence), "{said}");
    }

    fn provider(&self) -> String {
        let keyring = std::fs::read(self.folder().join("keyring.json")).unwrap();
        json(&keyring)["provider"].as_str().unwrap().to_owned()
    }

    fn adopt(&self, said: &str) {
        adopt(&self.folder(), said);
    }
}

/// What the person is told to do after `key rewrap`.
pub(super) fn adopt(folder: &Path, said: &str) {
    let (_, section) = said.split_once("\n[kek]").unwrap();
    let (section, _) = section.split_once("\nThen").unwrap();
    let toml = folder.join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    let (head, rest) = text.split_once("\n[kek]").unwrap();
    let (_, tail) = rest.split_once("\n[").unwrap();
    std::fs::write(toml, format!("{head}\n[kek]{section}\n[{tail}")).unwrap();
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        // Nothing but a lock is on serve.lock.
        } else if !["-shm", "-wal", "serve.lock"]
            .iter()
            .any(|end| path.to_string_lossy().ends_with(end))
        {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

fn private(path: &Path, content: &str) {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = std::fs::File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    options
        .open(path)
        .unwrap()
        .write_all(content.as_bytes())
        .unwrap();
}

const LISTEN: [&str; 3] = ["init", "--listen", "127.0.0.1:0"];

#[test]
fn systemd_creds_seals_for_this_machine() {
    let mut here = Surroundings::new();
    // The key of a host of its own, which systemd-creds makes; not this machine's.
    here.variables = vec![("SYSTEMD_CREDENTIAL_SECRET", here.path("host"))];
    let init = [
        &LISTEN[..],
        &["--kek", "systemd-creds", "--kek-with-key", "host"],
    ]
    .concat();
    here.run(&init);
    assert_eq!(here.provider(), "systemd-creds");
    assert!(!here.folder().join("kek.key").exists());
    here.run(&["key", "rotate", "--store"]);
    here.run(&["key", "list"]);

    // Another machine.
    let right = std::mem::take(&mut here.variables);
    here.variables = vec![("SYSTEMD_CREDENTIAL_SECRET", here.path("other-host"))];
    here.refuses(&["systemd-creds", "the machine that sealed it"]);
    here.refuses_to_complete(&init);
    here.variables = right;

    // The credential of another gateway, sealed here; a damaged one; none.
    let credential = here.folder().join("kek.cred");
    let sealed = std::fs::read_to_string(&credential).unwrap();
    let other = seal(&here, &other_kek());
    private(&credential, &other);
    here.refuses(&["put the right kek.cred back"]);
    here.refuses_to_complete(&init);
    private(&credential, &sealed[..sealed.len() / 2]);
    here.refuses(&["systemd-creds"]);
    std::fs::remove_file(&credential).unwrap();
    here.refuses(&["kek.cred is missing"]);
    here.is_told_by_check(1, "kek.cred is missing");
    here.refuses_to_complete(&init);
    assert!(!credential.exists());

    // What the service manager hands over to a unit with LoadCredentialEncrypted=.
    let opened = here.path("credentials");
    std::fs::create_dir(&opened).unwrap();
    let host = ("SYSTEMD_CREDENTIAL_SECRET", here.path("host"));
    private(&here.path("sealed"), &sealed);
    let text = Command::new("systemd-creds")
        .args(["decrypt", "--name=credential-gateway-kek"])
        .args([here.path("sealed"), PathBuf::from("-")])
        .env(host.0, &host.1)
        .output()
        .unwrap();
    private(
        &opened.join("credential-gateway-kek"),
        str::from_utf8(&text.stdout).unwrap(),
    );
    here.variables = vec![("CREDENTIALS_DIRECTORY", opened.clone())];
    here.run(&["key", "list"]);
    here.run(&["check"]);
    private(&opened.join("credential-gateway-kek"), &other_kek());
    here.refuses(&["put the right kek.cred back"]);
}

/// The text of a KEK that is no gateway's.
fn other_kek() -> String {
    LocalKek::generate().unwrap().to_text().to_string()
}

fn seal(here: &Surroundings, text: &str) -> String {
    private(&here.path("text"), text);
    let sealed = Command::new("systemd-creds")
        .args([
            "encrypt",
            "--with-key=host",
            "--name=credential-gateway-kek",
        ])
        .args([here.path("text"), PathBuf::from("-")])
        .env("SYSTEMD_CREDENTIAL_SECRET", here.path("host"))
        .output()
        .unwrap();
    assert!(sealed.status.success());
    String::from_utf8(sealed.stdout).unwrap()
}

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";

/// SoftHSM2 with one token, whose files are in a folder of their own.
fn token(here: &Surroundings, name: &str) -> (&'static str, PathBuf) {
    let (tokens, conf) = (here.path(&format!("{name}-tokens")), here.path(name));
    std::fs::create_dir(&tokens).unwrap();
    let text = format!(
        "directories.tokendir = {}\nlog.level = ERROR\n",
        tokens.display()
    );
    std::fs::write(&conf, text).unwrap();
    let made = Command::new("softhsm2-util")
        .args([
            "--init-token",
            "--free",
            "--label",
            "vault",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ])
        .env("SOFTHSM2_CONF", &conf)
        .output()
        .unwrap();
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    ("SOFTHSM2_CONF", conf)
}

#[test]
fn a_pkcs11_token_wraps_and_its_key_stays_in_it() {
    let mut here = Surroundings::new();
    let right = token(&here, "one");
    here.variables = vec![right.clone()];
    let pin = here.path("pin");
    private(&pin, "1234\n");
    let choice = [
        "--kek",
        "pkcs11",
        "--kek-module",
        MODULE,
        "--kek-token",
        "vault",
        "--kek-pin-file",
        pin.to_str().unwrap(),
    ];
    let init = [&LISTEN[..], &choice].concat();
    here.run(&init);
    assert_eq!(here.provider(), "pkcs11");
    assert!(!here.folder().join("kek.key").exists());
    here.run(&["key", "rotate", "--store"]);
    here.run(&["key", "list"]);

    // The PIN.
    private(&pin, "4321\n");
    here.refuses(&["pkcs11", "PIN"]);
    here.refuses_to_complete(&init);
    private(&pin, "");
    here.refuses(&["has no PIN in it"]);
    here.is_told_by_check(9, "has no PIN in it");
    std::fs::remove_file(&pin).unwrap();
    here.refuses(&["the file with the PIN", "correct pin_file"]);
    here.is_told_by_check(9, "correct pin_file");
    private(&pin, "1234\n");
    let toml = here.folder().join("gateway.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, text.replace(MODULE, "/nowhere/module.so")).unwrap();
    here.refuses(&["the PKCS#11 module /nowhere/module.so"]);
    here.is_told_by_check(9, "the PKCS#11 module /nowhere/module.so");
    std::fs::write(&toml, text).unwrap();
    here.run(&["check"]);

    // A token without the key, one with another key of the same label, no token, no module.
    let other = token(&here, "two");
    here.variables = vec![other];
    here.refuses(&["pkcs11", "has no AES key"]);
    here.refuses_to_complete(&init);
    let elsewhere = Surroundings::new();
    let mut elsewhere_init = command(&elsewhere.folder(), &init);
    let made = elsewhere_init
        .env("SOFTHSM2_CONF", &here.variables[0].1)
        .output()
        .unwrap();
    assert!(made.status.success());
    here.refuses(&["put the right token back"]);
    here.refuses_to_complete(&init);
    let empty = here.path("no-tokens");
    std::fs::create_dir(&empty).unwrap();
    let conf = here.path("three");
    std::fs::write(
        &conf,
        format!("directories.tokendir = {}\n", empty.display()),
    )
    .unwrap();
    here.variables = vec![("SOFTHSM2_CONF", conf)];
    here.refuses(&["has no token \"vault\""]);
    here.refuses_to_complete(&init);

    // From the token to a file, and back.
    here.variables = vec![right];
    let said_not = here.output(&["key", "rewrap"]);
    assert_eq!(said_not.status.code(), Some(2));
    let said = here.run(&["key", "rewrap", "--kek", "file"]);
    assert_eq!(here.provider(), "file");
    here.refuses(&["[kek] in gateway.toml"]);
    here.adopt(&said);
    here.run(&["key", "list"]);
    let back = [&["key", "rewrap"][..], &choice].concat();
    let refused = here.output(&back);
    assert_eq!(refused.status.code(), Some(6));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("token") && told.contains("--use-existing"),
        "{told}"
    );
    let said = here.run(&[&back[..], &["--use-existing"]].concat());
    here.adopt(&said);
    assert_eq!(here.provider(), "pkcs11");
    std::fs::remove_file(here.folder().join("kek.key")).unwrap();
    here.run(&["key", "list"]);
    let audit = std::fs::read_to_string(here.folder().join("audit.jsonl")).unwrap();
    assert_eq!(audit.matches("keyring_rewrapped").count(), 2);
    assert!(!audit.contains("1234\""), "the PIN is in the audit");
}

#[test]
fn a_key_encryption_key_that_somebody_else_has_put_there_is_not_taken() {
    let mut here = Surroundings::new();
    here.variables = vec![("SYSTEMD_CREDENTIAL_SECRET", here.path("host"))];
    let init = [
        &LISTEN[..],
        &["--kek", "systemd-creds", "--kek-with-key", "host"],
    ];
    here.run(&init.concat());
    let planted = other_kek();
    private(&here.folder().join("kek.key"), &planted);
    let keyring = here.folder().join("keyring.json");
    let before = std::fs::read(&keyring).unwrap();
    let rewrap = ["key", "rewrap", "--kek", "file"];
    let refused = here.output(&rewrap);
    assert_eq!(refused.status.code(), Some(6));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(
        told.contains("kek.key") && told.contains("remove it first"),
        "{told}"
    );
    assert!(std::fs::read(&keyring).unwrap() == before);
    // None to take, and one that is known.
    std::fs::remove_file(here.folder().join("kek.key")).unwrap();
    let taking = [&rewrap[..], &["--use-existing"]].concat();
    assert_eq!(here.output(&taking).status.code(), Some(1));
    private(&here.folder().join("kek.key"), &planted);
    here.run(&taking);
    assert_eq!(here.provider(), "file");
}

#[test]
fn an_option_is_taken_with_its_provider_only() {
    let here = Surroundings::new();
    for (options, told) in [
        (
            &["--kek-with-key", "tpm2"][..],
            "--kek-with-key belongs to --kek systemd-creds",
        ),
        (
            &["--kek-pin-file", "/pin"],
            "--kek-pin-file belongs to --kek pkcs11",
        ),
        (
            &["--kek", "file", "--kek-token", "t"],
            "--kek-token belongs to --kek pkcs11",
        ),
        (
            &["--kek", "pkcs11", "--kek-token", "t"],
            "--kek pkcs11 needs --kek-module",
        ),
    ] {
        let refused = here.output(&[&LISTEN[..], options].concat());
        let said = String::from_utf8(refused.stderr).unwrap();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains(told), "{said}");
        assert!(!here.folder().join("keyring.json").exists());
    }
}
