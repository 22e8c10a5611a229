//! Places of files: links, pipes, devices, other people's files and folders.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;
use std::process::Command;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::case::{Case, SECRET, filled, run};
use crate::scratch_gateway::ScratchGateway;

const SAVE: &str =
    "keys save {dir}/keys.json --trust-on-first-use --gateway {gateway} --ca-file {ca}";
const SEAL: &str = "seal --ticket-file {dir}/ticket --keys {dir}/keys.json --kind OnPremisesFileServer -p userid=CORP\\etl -p host=\\\\files\\share --password-stdin --out";
const APPLY: &str =
    "apply {dir}/a.json --ticket-file {dir}/ticket --gateway {gateway} --ca-file {ca}";

fn definition() -> String {
    let password = serde_json::to_string(SECRET).unwrap();
    format!(
        r#"{{"name":"N","properties":{{"type":"OnPremisesMySql","typeProperties":{{"server":"a","database":"b","username":"u","password":{password}}}}}}}"#
    )
}

fn save(gateway: &ScratchGateway, folder: &Path) {
    Case {
        name: "saved",
        arguments: SAVE,
        ..Case::default()
    }
    .check_in(gateway, folder);
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).unwrap().is_symlink()
}

#[test]
fn a_link_whose_end_is_not_there_yet_stays() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("real")).unwrap();
    symlink("middle", at("keys.json")).unwrap();
    symlink("real/keys", at("middle")).unwrap();
    symlink("real/envelope", at("envelope")).unwrap();
    symlink(at("real/out.json"), at("out.json")).unwrap();
    save(&gateway, folder.path());
    let text = definition();
    Case {
        name: "sealed",
        arguments: SEAL,
        more: &["{dir}/envelope"],
        stdin: SECRET.as_bytes(),
        ticket: Some("Files"),
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    Case {
        name: "emitted",
        arguments: APPLY,
        more: &["--emit", "{dir}/out.json"],
        files: &[("a.json", text.as_bytes())],
        ticket: Some("N"),
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    for (link, end) in [
        ("keys.json", "real/keys"),
        ("middle", "real/keys"),
        ("envelope", "real/envelope"),
        ("out.json", "real/out.json"),
    ] {
        assert!(is_link(&at(link)), "{link}");
        assert!(fs::symlink_metadata(at(end)).unwrap().is_file(), "{end}");
    }
    symlink("b", at("round")).unwrap();
    symlink("round", at("b")).unwrap();
    Case {
        name: "in a circle",
        arguments: SEAL,
        more: &["{dir}/round"],
        stdin: SECRET.as_bytes(),
        code: 1,
        err: &["round cannot be written"],
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    assert!(is_link(&at("round")) && is_link(&at("b")));
}

#[test]
fn what_is_no_regular_file_is_refused_and_stays() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    save(&gateway, folder.path());
    mknodat(CWD, at("pipe"), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    symlink("pipe", at("link")).unwrap();
    // As /dev/stdout is one: what it leads to has no name in the file system.
    symlink("/proc/self/fd/1", at("output")).unwrap();
    fs::write(at("ticket"), gateway.ticket("N", &[])).unwrap();
    fs::write(at("a.json"), definition()).unwrap();
    for (place, err) in [
        (
            "{dir}/pipe",
            "pipe cannot be written: it is no regular file",
        ),
        (
            "{dir}/link",
            "link cannot be written: it is no regular file",
        ),
        (
            "{dir}/output",
            "output cannot be written: it is no regular file",
        ),
        ("-", "- cannot be written: only files are written"),
    ] {
        let sealed = format!("{SEAL} {place}");
        let saved = SAVE.replace("{dir}/keys.json", place);
        let applied = format!("{APPLY} --emit {place}");
        for arguments in [&sealed, &saved, &applied] {
            Case {
                name: place,
                arguments,
                stdin: SECRET.as_bytes(),
                code: 1,
                err: &[err],
                ..Case::default()
            }
            .check_in(&gateway, folder.path());
        }
        assert!(
            fs::symlink_metadata(at("pipe"))
                .unwrap()
                .file_type()
                .is_fifo()
        );
        assert!(is_link(&at("link")) && is_link(&at("output")));
        assert!(!at("-").exists());
    }
    let listed = gateway.json(&["list", "--json"]);
    assert!(listed.as_array().unwrap().is_empty(), "{listed}");
}

/// Only who may do anything can make such a file, and is asked to do without the one right that matters.
#[test]
fn a_file_does_not_change_its_owner() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    if fs::metadata(folder.path()).unwrap().uid() != 0 {
        return;
    }
    let path = folder.path().join("a.json");
    fs::write(&path, definition()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    chown(&path, Some(4_321), Some(4_321)).unwrap();
    fs::write(folder.path().join("ticket"), gateway.ticket("N", &[])).unwrap();
    let arguments = filled(APPLY, &gateway, folder.path());
    let mut without = Command::new("setpriv");
    without
        .args(["--inh-caps=-chown", "--bounding-set=-chown"])
        .arg(env!("CARGO_BIN_EXE_credset"))
        .args(arguments.split_whitespace())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder.path());
    let output = run(&mut without, b"");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("it belongs to another user or group"),
        "{said}"
    );
    assert!(fs::read_to_string(&path).unwrap() == definition());
    let listed = gateway.json(&["list", "--json"]);
    assert!(listed.as_array().unwrap().is_empty(), "{listed}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

    Case {
        name: "with the right to give a file away",
        arguments: APPLY,
        ..Case::default()
    }
    .check_in(&gateway, folder.path());
    let after = fs::metadata(&path).unwrap();
    assert_eq!((after.uid(), after.gid()), (4_321, 4_321));
    assert_eq!(after.mode() & 0o7777, 0o644);
}

#[test]
fn a_folder_that_cannot_be_read_is_one_failure() {
    let gateway = ScratchGateway::new();
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("definitions/b");
    fs::create_dir_all(&closed).unwrap();
    fs::write(folder.path().join("definitions/c.json"), definition()).unwrap();
    fs::write(folder.path().join("ticket"), gateway.ticket("N", &[])).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o0)).unwrap();
    let arguments = APPLY.replace("a.json", "definitions");
    let arguments = filled(&arguments, &gateway, folder.path());
    let program = env!("CARGO_BIN_EXE_credset");
    // Who may do anything is asked to do without the rights that matter.
    let mut process = match fs::metadata(folder.path()).unwrap().uid() {
        0 => {
            let mut without = Command::new("setpriv");
            without.args([
                "--inh-caps=-dac_override,-dac_read_search",
                "--bounding-set=-dac_override,-dac_read_search",
                program,
            ]);
            without
        }
        _ => Command::new(program),
    };
    process
        .args(arguments.split_whitespace())
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder.path());
    let output = run(&mut process, b"");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert_eq!(output.status.code(), Some(7), "{said}");
    assert!(said.contains("2 files: 1 set, 1 failed"), "{said}");
    assert!(said.contains("definitions/b cannot be read"), "{said}");
}
