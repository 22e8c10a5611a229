//! The files of the package, where they will lie.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use super::{Contents, NAME, SOURCES, version};
use crate::page::{assembly, compression};
use crate::process;
use crate::workspace::Workspace;

const PROGRAM: &str = "usr/bin/credential-gateway";
const DOCUMENTS: &str = "usr/share/doc/credential-gateway";

/// From the folder of the sources, as they are.
const PLACED: [(&str, &str); 4] = [
    (
        "credential-gateway.service",
        "usr/lib/systemd/system/credential-gateway.service",
    ),
    (
        "credential-gateway.sysusers",
        "usr/lib/sysusers.d/credential-gateway.conf",
    ),
    (
        "systemd-creds.conf",
        "usr/share/doc/credential-gateway/examples/systemd-creds.conf",
    ),
    (
        "port-443.conf",
        "usr/share/doc/credential-gateway/examples/port-443.conf",
    ),
];

/// Shells, and where each looks for what completes a program's arguments.
const COMPLETIONS: [(&str, &str); 3] = [
    (
        "bash",
        "usr/share/bash-completion/completions/credential-gateway",
    ),
    (
        "zsh",
        "usr/share/zsh/vendor-completions/_credential-gateway",
    ),
    (
        "fish",
        "usr/share/fish/vendor_completions.d/credential-gateway.fish",
    ),
];

/// Makes the tree anew at `root`.
pub(super) fn plant(workspace: &Workspace, contents: &Contents, root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    strip(&contents.gateway, &root.join(PROGRAM))?;
    for file in assembly::files(&contents.page)? {
        let below = file.strip_prefix(&contents.page)?;
        let page = root.join("usr/share/credential-gateway/page");
        write(&page.join(below), &read(&file)?)?;
    }
    let sources = workspace.path(SOURCES);
    for (name, place) in PLACED {
        write(&root.join(place), &read(&sources.join(name))?)?;
    }
    written_by_the_program(&contents.gateway, root)?;
    documents(workspace, root)
}

/// Gives all files the rights and the time that they are packed with.
pub(super) fn settle(path: &Path, time: SystemTime) -> Result<()> {
    let is_folder = path.is_dir();
    if is_folder {
        for entry in fs::read_dir(path)? {
            settle(&entry?.path(), time)?;
        }
    }
    let is_program = path.parent().is_some_and(|folder| folder.ends_with("bin"))
        || super::control::is_script(path);
    let mode = if is_folder || is_program {
        0o755
    } else {
        0o644
    };
    fs::set_permissions(path, Permissions::from_mode(mode))?;
    File::open(path)?.set_modified(time)?;
    Ok(())
}

/// The program without what only a debugger reads.
fn strip(program: &Path, to: &Path) -> Result<()> {
    make_folder_of(to)?;
    process::capture(
        Command::new("strip")
            .args(["--strip-unneeded", "--remove-section=.comment"])
            .arg("--remove-section=.note")
            .arg("-o")
            .args([to, program]),
    )?;
    Ok(())
}

/// Manual pages and completions.
fn written_by_the_program(program: &Path, root: &Path) -> Result<()> {
    let folder = root.join("usr/share/man/man1");
    fs::create_dir_all(&folder)?;
    process::capture(Command::new(program).args(["man", "--out"]).arg(&folder))?;
    for page in assembly::files(&folder)? {
        let compressed = compression::gzip(&read(&page)?)?;
        fs::remove_file(&page)?;
        write(&page.with_extension("1.gz"), &compressed)?;
    }
    for (shell, place) in COMPLETIONS {
        let text = process::capture(Command::new(program).args(["completions", shell]))?;
        write(&root.join(place), text.as_bytes())?;
    }
    Ok(())
}

fn documents(workspace: &Workspace, root: &Path) -> Result<()> {
    let folder = root.join(DOCUMENTS);
    let sources = workspace.path(SOURCES).join("debian");
    let changelog = fs::read_to_string(sources.join("changelog"))?;
    let changelog = changelog.replace("@VERSION@", &version());
    let compressed = [
        ("changelog.gz", read(&workspace.path("CHANGELOG.md"))?),
        ("changelog.Debian.gz", changelog.into_bytes()),
        (
            "README.md.gz",
            read(&workspace.path("crates/gateway/README.md"))?,
        ),
    ];
    for (name, content) in compressed {
        write(&folder.join(name), &compression::gzip(&content)?)?;
    }
    let licence = fs::read_to_string(workspace.path("LICENSE"))?;
    let (_, terms) = licence
        .split_once("\n\nPermission")
        .with_context(|| format!("LICENSE of {NAME} has no permission"))?;
    let terms = format!("Permission{terms}");
    let lines = terms.trim_end().lines().map(|line| match line {
        "" => " .".to_owned(),
        line => format!(" {line}"),
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    let copyright = fs::read_to_string(sources.join("copyright"))?;
    write(
        &folder.join("copyright"),
        copyright.replace("@LICENSE@", &lines).as_bytes(),
    )
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    make_folder_of(file)?;
    fs::write(file, content).with_context(|| format!("cannot write {}", file.display()))
}

fn make_folder_of(file: &Path) -> Result<()> {
    let folder = file.parent().context("a file is in a folder")?;
    Ok(fs::create_dir_all(folder)?)
}
