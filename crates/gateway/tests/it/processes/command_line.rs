//! Every command: its help, its exit code, its JSON, and that the documents say the same.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::certificates::forge;

/// The commands that the help of `path` lists, each with its words.
fn commands(path: &[&str]) -> Vec<Vec<String>> {
    let help = help(path);
    let (_, list) = help.split_once("Commands:\n").unwrap_or(("", ""));
    let names = list
        .lines()
        .take_while(|line| !line.trim().is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .filter(|name| *name != "help");
    let mut found = Vec::new();
    for name in names {
        let inner: Vec<_> = path.iter().copied().chain([name]).collect();
        match commands(&inner) {
            none if none.is_empty() => {
                found.push(inner.into_iter().map(str::to_owned).collect());
            }
            some => found.extend(some),
        }
    }
    found
}

fn help(path: &[&str]) -> String {
    let arguments: Vec<_> = path.iter().copied().chain(["-h"]).collect();
    String::from_utf8(run(Path::new("/nowhere"), &arguments)).unwrap()
}

fn readme() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn each_command_has_an_example_and_a_manual_page_and_prints_json() {
    let commands = commands(&[]);
    assert!(commands.len() >= 18, "{commands:?}");
    let pages = tempfile::tempdir().unwrap();
    let out = pages.path().to_str().unwrap();
    run(Path::new("/nowhere"), &["man", "--out", out]);
    let readme = readme();
    for words in &commands {
        let name = words.join(" ");
        let help = help(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(
            help.contains("Example:\n") && help.contains(&format!("credential-gateway {name}")),
            "{name} has no example in cli/examples.rs"
        );
        assert!(help.contains("\nExit codes:\n  0 "), "{name}");
        let page = pages
            .path()
            .join(format!("credential-gateway-{}.1", words.join("-")));
        let page = std::fs::read_to_string(page).unwrap();
        for title in [".TH", ".SH EXAMPLE\n", ".SH \"EXIT STATUS\"\n"] {
            assert!(page.contains(title), "{name}: {title}");
        }
        assert!(!page.contains("EXTRA"), "{name}");
        let is_text = ["completions", "man", "openapi"].contains(&name.as_str());
        assert_eq!(help.contains("--json"), !is_text, "{name}");
        assert!(
            readme.contains(&format!("`{name}")),
            "{name} is not in the README"
        );
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = run(Path::new("/nowhere"), &["completions", shell]);
        let script = String::from_utf8(script).unwrap();
        assert!(
            script.contains("fingerprint") && script.contains("ticket-stdin"),
            "{shell}"
        );
    }
}

#[test]
fn the_exit_codes_are_documented_alike() {
    let help = String::from_utf8(run(Path::new("/nowhere"), &["--help"])).unwrap();
    let (_, told) = help.split_once("Exit codes:\n").unwrap();
    let told: Vec<_> = told
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(told.len(), 11, "{told:?}");
    let readme = readme();
    for line in told {
        let (code, meaning) = line.split_once(' ').unwrap();
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(readme.contains(&row), "the README has not: {row}");
    }
}

/// The exit code of a command; with `--json` it is in the document too, and nothing else is on standard output.
#[track_caller]
fn assert_code(folder: &Path, arguments: &[&str], code: u8, cause: &str) {
    for json_wanted in [false, true] {
        let mut arguments = arguments.to_vec();
        if json_wanted {
            arguments.push("--json");
        }
        let ended = output(folder, &arguments);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(
            ended.status.code(),
            Some(code.into()),
            "{arguments:?}: {said}"
        );
        if json_wanted {
            let told = json(&ended.stdout);
            assert_eq!(told["error"]["cause"], cause, "{told}");
            assert_eq!(told["exit_code"], code);
            assert!(!told["error"]["title"].as_str().unwrap().is_empty());
        } else {
            assert!(ended.stdout.is_empty() && !said.is_empty());
        }
    }
}

#[test]
fn each_cause_has_its_exit_code() {
    let installed = Installed::new();
    let folder = installed.folder();
    assert_code(&folder, &["show", "none"], 8, "not_found");
    assert_code(&folder, &["show", "none", "--factory", "f"], 8, "not_found");
    assert_code(
        &folder,
        &["reveal", "none", "--factory", "f"],
        8,
        "not_found",
    );
    assert_code(
        &folder,
        &["delete", "none", "--factory", "f"],
        8,
        "not_found",
    );
    assert_code(&folder, &["portal", "remove", "none"], 8, "not_found");
    assert_code(&folder, &["portal", "csp", "none"], 8, "not_found");
    assert_code(&folder, &["list", "--no-such-option"], 2, "usage");
    assert_code(&folder, &["show", "a/b"], 2, "usage");
    assert_code(
        &installed.outer.path().join("nowhere"),
        &["list"],
        1,
        "local",
    );
    assert_code(&folder, &["init"], 6, "refused");
    let kind = ["ticket", "a", "--port", "1", "--kind", "Nothing"];
    assert_code(&folder, &kind, 2, "usage");
    assert_code(&folder, &["ticket", "a"], 2, "usage");
    let garbage = installed.outer.path().join("garbage");
    std::fs::write(&garbage, "garbage").unwrap();
    let garbage = garbage.to_str().unwrap();
    assert_code(
        &folder,
        &["import", garbage, "--ticket-file", garbage],
        5,
        "ticket",
    );
    assert_code(
        &folder,
        &["import", "/nowhere", "--ticket-file", garbage],
        1,
        "local",
    );

    let mut none = command(&folder, &["list"]);
    let none = none.env_remove("CREDENTIAL_GATEWAY_DATA").output().unwrap();
    assert_eq!(none.status.code(), Some(2));
    // Not the folder in which somebody happens to be.
    for empty in [&["list"][..], &["init"], &["list", "--data-folder", ""]] {
        let mut empty = command(Path::new(""), empty);
        let empty = empty.current_dir(&folder).output().unwrap();
        let said = String::from_utf8(empty.stderr).unwrap();
        assert_eq!(empty.status.code(), Some(2), "{said}");
        assert!(said.contains("which gateway?"), "{said}");
    }
    for no_folder in [&["completions", "bash"][..], &["restore", "-", "--check"]] {
        let needs_none = command(Path::new(""), no_folder).output().unwrap();
        assert_ne!(needs_none.status.code(), Some(2), "{no_folder:?}");
    }

    let serving = installed.serve();
    let busy = output(&folder, &["serve"]);
    assert_eq!(busy.status.code(), Some(10));
    drop(serving);

    let kek = std::fs::read(folder.join("kek.key")).unwrap();
    std::fs::write(folder.join("kek.key"), "credential-gateway").unwrap();
    assert_code(&folder, &["list"], 11, "damaged");
    std::fs::write(folder.join("kek.key"), kek).unwrap();

    let nobody = rustix::fs::Uid::from_raw(65534);
    if rustix::fs::chown(&folder, Some(nobody), None).is_ok() {
        assert_code(&folder, &["reveal", "none", "--factory", "f"], 6, "refused");
    }
}

/// What `check` says of each key, and what it notes.
fn checked(folder: &Path) -> (Vec<(String, String)>, String) {
    let told = json(&output(folder, &["check", "--json"]).stdout);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let faults = told["error"]["faults"].as_array().into_iter().flatten();
    let faults = faults.map(|fault| (text(&fault["key"]), text(&fault["rule"])));
    (faults.collect(), told["notes"].to_string())
}

#[test]
fn check_looks_at_what_the_start_looks_at() {
    let installed = Installed::new();
    let folder = installed.folder();
    let toml = folder.join("gateway.toml");
    let good = std::fs::read_to_string(&toml).unwrap();
    let (faults, notes) = checked(&folder);
    assert!(faults.is_empty() && notes == "[]", "{faults:?} {notes}");

    // A pair that would be shown, and that no browser would take.
    let pair = |days: i64, name: &str| {
        let root = forge::root("root");
        let params = forge::server(|params| {
            params.not_after = forge::now() + time::Duration::days(days);
            params.subject_alt_names = vec![rcgen::SanType::DnsName(name.try_into().unwrap())];
        });
        let (leaf, key) = forge::leaf(&params, &root);
        (leaf, root.pem(), key)
    };
    let own = folder.join("tls/own.pem");
    let (leaf, root, key) = pair(-1, "localhost");
    std::fs::write(&own, [&*leaf, &root, &key].concat()).unwrap();
    let (faults, _) = checked(&folder);
    assert!(faults.len() == 1 && faults[0].0 == "tls", "{faults:?}");
    assert!(faults[0].1.contains("expired on"), "{faults:?}");
    let (leaf, _, key) = pair(90, "localhost");
    std::fs::write(&own, [&*leaf, &key].concat()).unwrap();
    let (faults, _) = checked(&folder);
    assert!(
        faults[0].1.contains("the chain is incomplete"),
        "{faults:?}"
    );
    let (leaf, root, key) = pair(90, "elsewhere");
    std::fs::write(&own, [&*leaf, &root, &key].concat()).unwrap();
    let (faults, notes) = checked(&folder);
    assert!(faults.is_empty(), "{faults:?}");
    assert!(notes.contains("it is not for localhost"), "{notes}");
    std::fs::remove_file(&own).unwrap();

    // What the provider needs.
    let kek = folder.join("kek.key");
    let kept = installed.outer.path().join("kek.key");
    std::fs::copy(&kek, &kept).unwrap();
    std::fs::write(&kek, "credential-gateway").unwrap();
    let (faults, _) = checked(&folder);
    assert!(faults.len() == 1 && faults[0].0 == "kek", "{faults:?}");
    assert!(faults[0].1.contains("kek.key is damaged"), "{faults:?}");
    std::fs::remove_file(&kek).unwrap();
    let (faults, _) = checked(&folder);
    assert!(faults.len() == 1 && faults[0].0 == "kek", "{faults:?}");
    assert!(faults[0].1.contains("kek.key is missing"), "{faults:?}");
    std::fs::rename(&kept, &kek).unwrap();

    // Another provider than the one that has wrapped the keyring, a port for two, a socket that nobody reaches.
    let (head, tail) = good.rsplit_once("provider = \"file\"").unwrap();
    let section = "provider = \"systemd-creds\"";
    std::fs::write(&toml, format!("{head}{section}{tail}")).unwrap();
    let (faults, _) = checked(&folder);
    assert!(faults.len() == 1 && faults[0].0 == "kek", "{faults:?}");
    assert!(
        faults[0].1.contains("wrapped by the provider"),
        "{faults:?}"
    );
    let path = folder.join("run/credential.sock");
    let section = format!(
        "[credential_socket]\npath = \"{}\"\nusers = [0]\n",
        path.display()
    );
    std::fs::write(&toml, format!("{good}\n{section}")).unwrap();
    let (faults, _) = checked(&folder);
    assert!(faults[0].1.contains("in the data folder"), "{faults:?}");
    assert_code(&folder, &["check"], 9, "configuration");
    let served = output(&folder, &["serve"]);
    assert_eq!(served.status.code(), Some(9));
    assert!(!path.exists());
}

#[test]
fn check_says_all_that_is_wrong_and_starts_nothing() {
    let installed = Installed::new();
    let folder = installed.folder();
    let toml = folder.join("gateway.toml");
    let whole = std::fs::read_to_string(&toml).unwrap();
    let checked = json(&installed.run(&["check", "--json"]));
    assert_eq!(checked["faults"], Value::Array(Vec::new()));
    assert!(
        checked["configuration"]
            .as_str()
            .unwrap()
            .ends_with("gateway.toml")
    );

    let wrong = format!("{whole}\nconections = 3\nidle_seconds = 0\n");
    std::fs::write(&toml, wrong).unwrap();
    assert_code(&folder, &["check"], 9, "configuration");
    for arguments in [&["check", "--json"][..], &["serve", "--check", "--json"]] {
        let ended = output(&folder, arguments);
        let faults = json(&ended.stdout)["error"]["faults"].clone();
        let line = whole.lines().count() as u64 + 2;
        let expected = serde_json::json!([
            {"line": line, "key": "limits.conections", "rule": "is unknown; did you mean `connections`?"},
            {"line": line + 1, "key": "limits.idle_seconds", "rule": "must be at least 1"},
        ]);
        assert_eq!(faults, expected);
    }

    // Files that are named and not there, and users.
    let missing = format!(
        "page = \"/nowhere/page\"\n{whole}\n[tls]\ncertificate = \"/nowhere/a.pem\"\nkey = \"/nowhere/a.key\"\n\
         [credential_socket]\npath = \"/nowhere/socket\"\nusers = [\"no-such-user\"]\n"
    );
    std::fs::write(&toml, missing).unwrap();
    let ended = output(&folder, &["serve", "--check", "--json"]);
    assert_eq!(ended.status.code(), Some(9));
    let faults = json(&ended.stdout)["error"]["faults"].clone();
    let keys: Vec<_> = faults
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["key"].clone())
        .collect();
    assert_eq!(keys, ["page", "tls", "credential_socket"]);
    let audit = std::fs::read_to_string(folder.join("audit.jsonl")).unwrap();
    assert!(!audit.contains("\"started\""), "it was started");
}

#[test]
fn what_is_registered_and_replaced_is_told_to_programs() {
    let installed = Installed::new();
    let listed = json(&installed.run(&["portal", "list", "--json"]));
    assert_eq!(
        listed,
        serde_json::json!([{"name": "portal", "origin": "https://portal.corp", "factory": "factory",
            "linked_services": ["*"], "modes": ["popup"]}])
    );
    let csp = json(&installed.run(&["portal", "csp", "portal", "--port", "1", "--json"]));
    assert_eq!(
        csp["content_security_policy"][0],
        "connect-src 'self' https://localhost:1"
    );
    let rotated = json(&installed.run(&["key", "rotate", "--json"]));
    assert_eq!(rotated["former"], installed.kid.as_str());
    assert_eq!(rotated["former_state"], "retiring");
    let removed = json(&installed.run(&["portal", "remove", "portal", "--json"]));
    assert_eq!(removed, serde_json::json!({"name": "portal"}));
}

#[test]
fn an_interrupted_init_is_completed_under_the_id_that_it_had_chosen() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    let init = ["init", "--listen", "127.0.0.1:0", "--json"];
    let first = json(&run(&folder, &init));
    std::fs::remove_file(folder.join("gateway.toml")).unwrap();
    let second = json(&run(&folder, &init));
    assert_eq!(first["gateway"], second["gateway"]);
    assert_eq!(first["identity"], second["identity"]);
}

#[test]
fn nothing_is_exported_over_a_file_that_is_there() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &["init", "--listen", "127.0.0.1:0"]);
    let kek = folder.join("kek.key");
    let before = std::fs::read(&kek).unwrap();
    let trust = |out: &str| output(&folder, &["certificate", "trust", "--out", out]);
    let refused = trust(kek.to_str().unwrap());
    assert_eq!(refused.status.code(), Some(6), "{refused:?}");
    assert!(std::fs::read(&kek).unwrap() == before);
    let exported = trust("-");
    assert!(exported.status.success(), "{exported:?}");
    let authority = std::fs::read(folder.join("tls/ca.pem")).unwrap();
    assert!(exported.stdout == authority);
}

#[test]
fn a_report_of_what_is_wrong_is_one_document_and_a_cause_is_told_once() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &["init", "--listen", "127.0.0.1:0"]);
    run(&folder, &["ticket", "sales", "--port", "8050"]);
    let audit = folder.join("audit.jsonl");
    let text = std::fs::read_to_string(&audit).unwrap();
    std::fs::write(&audit, text.replacen("ticket_issued", "ticket_issueD", 1)).unwrap();
    let broken = output(&folder, &["audit", "verify", "--json"]);
    assert_eq!(broken.status.code(), Some(11), "{broken:?}");
    assert_eq!(json(&broken.stdout)["whole"], false);

    let missing = output(&folder, &["audit", "verify", "/nowhere/audit.jsonl"]);
    let said = String::from_utf8(missing.stderr).unwrap();
    assert_eq!(said.matches("No such file").count(), 1, "{said}");
}

#[test]
fn a_trail_that_is_gone_is_named_by_its_file() {
    let installed = Installed::new();
    let audit = installed.folder().join("audit.jsonl");
    std::fs::remove_file(&audit).unwrap();
    let name = format!("{}:0", audit.display());
    for arguments in [&["audit", "verify"][..], &["doctor"]] {
        let found = output(&installed.folder(), arguments);
        assert_eq!(found.status.code(), Some(11), "{found:?}");
        let said = String::from_utf8(found.stdout).unwrap();
        assert!(said.contains(&name), "{said}");
    }
}

#[test]
fn only_the_owner_s_service_writes_into_a_data_folder() {
    assert!(
        rustix::process::geteuid().is_root(),
        "it is run as root, who can give a folder away: `cargo xtask test` says so"
    );
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("gateway");
    run(&folder, &["init", "--listen", "127.0.0.1:0"]);
    let nobody = rustix::fs::Uid::from_raw(65534);
    rustix::fs::chown(&folder, Some(nobody), None).unwrap();
    let refused = output(&folder, &["serve"]);
    assert_eq!(refused.status.code(), Some(6), "{refused:?}");
}

#[test]
fn who_is_not_let_into_the_folder_is_told_so() {
    let installed = Installed::new();
    let folder = installed.folder();
    let is_root = rustix::process::geteuid().is_root();
    // Root without the right to pass over permissions is as anybody.
    let drop_rights = match is_root {
        true => "exec setpriv --bounding-set=-dac_override,-dac_read_search",
        false => "exec",
    };
    let nobody = rustix::fs::Uid::from_raw(65534);
    match is_root {
        true => rustix::fs::chown(&folder, Some(nobody), None).unwrap(),
        false => std::fs::set_permissions(&folder, Permissions::from_mode(0o000)).unwrap(),
    }
    for command in ["list", "check", "doctor", "serve", "audit verify", "init"] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("{drop_rights} \"$0\" {command}")]);
        shell.arg(env!("CARGO_BIN_EXE_credential-gateway"));
        shell.env("CREDENTIAL_GATEWAY_DATA", &folder);
        let refused = shell.output().unwrap();
        let said = [refused.stdout, refused.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(refused.status.code(), Some(6), "{command}: {said}");
        let user = rustix::process::geteuid().as_raw();
        let expected = format!(
            "user {user} has no permission for the data folder {}",
            folder.display()
        );
        assert!(said.contains(&expected), "{command}: {said}");
        assert!(!said.contains("credential-gateway init"), "{said}");
    }
    if !is_root {
        std::fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
    }
}

#[test]
fn a_cause_has_the_same_code_in_every_command() {
    let installed = Installed::new();
    for _ in 0..2 {
        installed.run(&["ticket", "orders", "--port", "8050"]);
    }
    let folder = installed.folder();
    let kept = installed.outer.path().join("kept");
    let same = |name: &str, content: Option<&str>, code: i32, commands: &[&str]| {
        let file = folder.join(name);
        std::fs::copy(&file, &kept).unwrap();
        match content {
            Some(content) => std::fs::write(&file, content).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        for command in commands {
            let arguments: Vec<&str> = command.split(' ').collect();
            let ended = output(&folder, &arguments);
            assert_eq!(
                ended.status.code(),
                Some(code),
                "{name}: {command}: {ended:?}"
            );
        }
        std::fs::rename(&kept, &file).unwrap();
    };
    let all = ["check", "serve", "doctor", "key verify", "audit verify"];
    same("kek.key", None, 1, &all);
    same("keyring.json", Some("{}"), 11, &all);
    same("tls/leaf.pem", None, 1, &all[..3]);
    same("tls/leaf.pem", Some("no certificate"), 11, &all[..3]);
    same("issuers/portal.toml", Some("name = 1"), 9, &all[..4]);
    same("gateway.toml", None, 1, &all);
    same("store.sqlite", None, 1, &all[1..]);
    same("identity.key", Some("no key"), 11, &all[1..]);
    same("audit.jsonl", None, 11, &all[3..]);
}
